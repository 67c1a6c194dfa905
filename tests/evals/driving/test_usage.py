"""What a process has used."""

import os
import socket
import sys
import time

import pytest

from evals.driving.usage import Reading, listening_process, read_usage, usage_between

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_memory_that_is_taken_and_time_that_is_spent_show() -> None:
    begun = time.process_time()
    before = read_usage(os.getpid())
    held = bytearray(os.urandom(1 << 20) * 64)
    until = time.process_time() + 0.3
    while time.process_time() < until:
        pass
    usage = usage_between(before, read_usage(os.getpid()), seconds=0.6)
    assert usage is not None
    assert usage.memory_mebibytes - usage.memory_before_mebibytes > len(held) / 2**20 / 2
    assert usage.peak_mebibytes >= usage.memory_mebibytes
    # The process's own clock counts all of it, taking the memory too; the system counts in hundredths of a second.
    assert 0.3 - 0.05 < usage.processor_seconds < time.process_time() - begun + 0.05
    assert usage.cores == pytest.approx(usage.processor_seconds / 0.6)


def test_a_process_that_is_not_there_or_another_is_unknown() -> None:
    assert read_usage(2**22 + 1) is None
    one = Reading(1, 1.0, 1.0, 1.0)
    assert usage_between(one, None, seconds=1) is None
    assert usage_between(one, Reading(2, 1.0, 1.0, 1.0), seconds=1) is None


def test_the_process_that_listens_on_a_port_is_found() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        assert listening_process(port) is None
        listener.listen()
        assert listening_process(port) == os.getpid()
