"""The process that owns an index: there is one, it ends when it should, and nothing is lost when it is ended."""

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.index import EdgeIndex, IndexUnavailable, PointFilter, SharedEdgeIndex, rendezvous, stop_owner, wire
from retrieval.index.owner import Owner
from retrieval.index.processes import module_command, module_environment
from tests.retrieval.index.conftest import MakePoint

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def index(folder: Path) -> Iterator[SharedEdgeIndex]:
    shared = SharedEdgeIndex(folder, dimensions=4)
    yield shared
    shared.close()


@contextlib.contextmanager
def connected(folder: Path, **hello: object) -> Iterator[tuple[socket.socket, wire.Message]]:
    """Connect by hand, and hand out what the owner answered to the greeting."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(rendezvous.socket_path(folder)))
        wire.send(connection, {"protocol": wire.PROTOCOL, "dimensions": 4, **hello})
        yield connection, wire.receive(connection)


def owner_of(folder: Path) -> int:
    with connected(folder) as (_, answer):
        process = answer["result"]
    assert isinstance(process, int)
    return process


def wait_for_the_end(folder: Path) -> None:
    deadline = time.monotonic() + 20
    while (lock := rendezvous.take_ownership(folder)) is None:
        assert time.monotonic() < deadline, "the owner did not end"
        time.sleep(0.01)
    os.close(lock)


def run_owner(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    command = module_command("retrieval.index.owner", str(folder), "--dimensions", "4", *options)
    return subprocess.Popen(command, env=module_environment(), stderr=subprocess.PIPE)


# One owner


def test_two_owners_started_at_once_end_as_one(folder: Path, index: SharedEdgeIndex) -> None:
    owners = [run_owner(folder) for _ in range(3)]
    index.count()
    serving = owner_of(folder)
    for owner in owners:
        if owner.pid != serving:
            assert owner.wait(20) == 0
    assert [owner.poll() is None for owner in owners] == [owner.pid == serving for owner in owners]
    assert stop_owner(folder)
    for owner in owners:
        assert owner.wait(20) == 0
        assert owner.stderr is not None
        owner.stderr.close()


def test_clients_that_start_at_once_share_one_owner(folder: Path, make_point: MakePoint) -> None:
    clients = [SharedEdgeIndex(folder, dimensions=4) for _ in range(4)]
    threads = [
        threading.Thread(target=client.upsert, args=([make_point(number)],)) for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [client.count() for client in clients] == [4] * 4
    for client in clients:
        client.close()


def test_an_owner_and_an_index_opened_alone_exclude_each_other(folder: Path, index: SharedEdgeIndex) -> None:
    index.count()
    with pytest.raises(IndexUnavailable, match="open in another process"):
        EdgeIndex(folder, dimensions=4)
    stop_owner(folder)
    alone = EdgeIndex(folder, dimensions=4)
    with pytest.raises(IndexUnavailable, match="open in another process"):
        index.count()
    alone.close()
    assert index.count() == 0


# How it ends


def test_a_killed_owner_is_replaced_and_no_acknowledged_point_is_lost(
    folder: Path, index: SharedEdgeIndex, make_point: MakePoint, everything: PointFilter
) -> None:
    for round_number in range(3):
        index.upsert([make_point(round_number * 100 + number) for number in range(100)])
        index.delete_versions([f"v{round_number * 10}"])
        os.kill(owner_of(folder), signal.SIGKILL)
        expected = {make_point(n).id for n in range(round_number * 100 + 100) if n % 100 >= 10}
        assert index.ids() == expected
        wanted = make_point(round_number * 100 + 50)
        best = index.search(dense=wanted.dense, sparse=wanted.sparse, within=everything, limit=1)
        assert best.dense[0].id == best.sparse[0].id == wanted.id


def test_an_owner_that_is_told_to_end_finishes_and_closes(
    folder: Path, index: SharedEdgeIndex, make_point: MakePoint
) -> None:
    index.upsert([make_point(number) for number in range(10)])
    os.kill(owner_of(folder), signal.SIGTERM)
    wait_for_the_end(folder)
    assert (folder / "owner.log").read_text().rstrip().endswith("closed")
    alone = EdgeIndex(folder, dimensions=4)
    assert alone.count() == 10
    alone.close()


def test_requests_under_way_are_answered_before_the_end(
    folder: Path, index: SharedEdgeIndex, make_point: MakePoint
) -> None:
    points = [make_point(number) for number in range(2_000)]
    writing = threading.Thread(target=index.upsert, args=(points,))
    index.count()
    writing.start()
    time.sleep(0.05)
    assert stop_owner(folder)
    writing.join()
    assert index.count() == 2_000


def test_an_idle_owner_ends_by_itself_but_not_while_a_client_is_connected(folder: Path) -> None:
    client = SharedEdgeIndex(folder, dimensions=4, owner_options=["--idle-seconds", "0.2"])
    assert client.count() == 0
    time.sleep(1.5)
    assert rendezvous.take_ownership(folder) is None
    client.close()
    wait_for_the_end(folder)
    assert "idle, leaving" in (folder / "owner.log").read_text()
    assert not stop_owner(folder)


def test_stopping_without_an_owner_does_nothing(folder: Path) -> None:
    assert not stop_owner(folder)
    assert not folder.exists()
    EdgeIndex(folder, dimensions=4).close()
    assert not stop_owner(folder)


# What it does with messages


def test_an_owner_of_another_version_is_not_talked_to(folder: Path, index: SharedEdgeIndex) -> None:
    index.count()
    with connected(folder, protocol=wire.PROTOCOL + 1) as (_, answer):
        assert "another version" in str(answer["unavailable"])
        assert f"kill {owner_of(folder)}" in str(answer["unavailable"])
    assert stop_owner(folder)


def test_nonsense_ends_its_own_connection_only(folder: Path, index: SharedEdgeIndex) -> None:
    index.count()
    with connected(folder) as (connection, _):
        connection.sendall(b"\xff\xff\xff\xff")
        assert connection.recv(1) == b""
    assert index.count() == 0


def test_a_defect_in_one_request_is_logged_and_ends_nothing(folder: Path, index: SharedEdgeIndex) -> None:
    index.count()
    with connected(folder) as (connection, _):
        for request in ({"do": "no such thing"}, {"do": "search"}, {}):
            wire.send(connection, request)
            assert "defect" in wire.receive(connection)
        wire.send(connection, {"do": "count"})
        assert wire.receive(connection) == {"result": 0}
    assert "defect while answering 'no such thing'" in (folder / "owner.log").read_text()


def test_upkeep_goes_on_behind_the_answer(folder: Path, make_point: MakePoint) -> None:
    client = SharedEdgeIndex(folder, dimensions=4, owner_options=["--tidy-above-bytes", "0"])
    client.upsert([make_point(number) for number in range(100)])
    before = (folder / "index.json").read_text()
    for _ in range(5):
        client.maintain()
    assert (folder / "index.json").read_text() == before  # returned long before it can have ended
    deadline = time.monotonic() + 20
    while (folder / "index.json").read_text() == before:
        assert time.monotonic() < deadline
        assert client.count() == 100
    client.close()


@contextlib.contextmanager
def serving(index: EdgeIndex, folder: Path, *, idle_seconds: float) -> Iterator[threading.Thread]:
    """Run an owner in a thread of this process."""
    lock = rendezvous.take_ownership(folder)
    assert lock is not None
    owner = Owner(index, rendezvous.listen(folder), dimensions=4, idle_seconds=idle_seconds)
    thread = threading.Thread(target=owner.serve)
    thread.start()
    yield thread
    owner.stop()
    thread.join()
    index.close()
    os.close(lock)


def test_connections_past_the_bound_are_refused_in_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.index.owner.MOST_CONNECTIONS", 1)
    first, second = SharedEdgeIndex(folder, dimensions=4), SharedEdgeIndex(folder, dimensions=4)
    with serving(EdgeIndex(folder, dimensions=4), folder, idle_seconds=60):
        assert first.count() == 0
        with pytest.raises(IndexUnavailable, match="too many users"):
            second.count()
        first.close()


def test_an_owner_that_is_tidying_up_is_not_idle(folder: Path) -> None:
    enough = threading.Event()

    class Slow(EdgeIndex):
        def maintain(self) -> None:
            enough.wait()

    client = SharedEdgeIndex(folder, dimensions=4)
    with serving(Slow(folder, dimensions=4), folder, idle_seconds=0.1) as thread:
        client.maintain()
        client.close()
        thread.join(1.5)
        assert thread.is_alive()
        enough.set()
        thread.join(20)
        assert not thread.is_alive()


# What it is made of


def test_the_owner_is_light_and_a_client_needs_no_engine() -> None:
    script = "import sys, {module}; print(' '.join({{name.partition('.')[0] for name in sys.modules}}))"
    heavy = {
        "torch",
        "sqlalchemy",
        "transformers",
        "sentence_transformers",
        "qdrant_client",
        "pydantic",
        "langchain_core",
    }
    for module, without in (
        ("retrieval.index.owner", heavy),
        ("retrieval.index.upkeep", heavy),
        ("retrieval.index.shared", heavy | {"qdrant_edge"}),
    ):
        loaded = subprocess.run(
            [sys.executable, "-c", script.format(module=module)],
            env=module_environment(),
            capture_output=True,
            check=True,
            text=True,
        )
        assert not without & set(loaded.stdout.split())


LOGGING = """
import logging, sys
from pathlib import Path
from retrieval.index.owner_log import log_to
log_to(Path(sys.argv[1]))
for number in range(30_000):
    logging.getLogger("test").info("%d %s", number, "x" * 100)
"""


def test_the_log_keeps_to_a_bound(tmp_path: Path) -> None:
    log = tmp_path / "owner.log"
    subprocess.run([sys.executable, "-c", LOGGING, str(log)], env=module_environment(), check=True)
    assert log.stat().st_size < (1 << 20) + 1_000
    assert (tmp_path / "owner.log.1").stat().st_size < (1 << 20) + 1_000
    assert log.read_text().splitlines()[-1].split()[-2] == "29999"
    assert logging.getLogger("test").level == logging.NOTSET
