"""One process at a time does a thing, and the others are told who does it."""

import multiprocessing
import os
import threading
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from retrieval.locking import exclusive

# A fork, because it takes milliseconds; these processes do nothing but take a lock.
_processes = multiprocessing.get_context("fork")


def _hold(path: Path, held: Event, release: Event) -> None:
    with exclusive(path):
        held.set()
        release.wait(20)


def test_the_second_process_waits_and_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "plans.lock"
    held, release = _processes.Event(), _processes.Event()
    holder = _processes.Process(target=_hold, args=(path, held, release))
    holder.start()
    try:
        assert held.wait(20)
        told: list[str] = []
        entered = threading.Event()

        def wait() -> None:
            with exclusive(path, on_wait=told.append):
                entered.set()

        waiter = threading.Thread(target=wait)
        waiter.start()
        assert not entered.wait(0.1)
        release.set()
        assert entered.wait(20)
        waiter.join()
        assert told == [str(holder.pid)]
    finally:
        release.set()
        holder.join()


def test_a_process_that_dies_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "plans.lock"
    held, release = _processes.Event(), _processes.Event()
    holder = _processes.Process(target=_hold, args=(path, held, release))
    holder.start()
    assert held.wait(20)
    holder.kill()
    holder.join()
    with exclusive(path, on_wait=lambda process: pytest.fail(f"still held by {process}")):
        assert path.read_text() == str(os.getpid())


def test_an_error_under_the_lock_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "plans.lock"
    with pytest.raises(RuntimeError, match="broken"), exclusive(path):
        raise RuntimeError("broken")
    with exclusive(path, on_wait=lambda process: pytest.fail(f"still held by {process}")):
        pass


def test_other_locks_are_not_waited_for(tmp_path: Path) -> None:
    def fail(process: str) -> None:
        pytest.fail(f"held by {process}")

    with exclusive(tmp_path / "plans.lock"), exclusive(tmp_path / "law.lock", on_wait=fail):
        pass
