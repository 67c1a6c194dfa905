"""A client of a shared index: it finds or starts the owner, and says plainly what is wrong when it cannot."""

import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.index import EdgeIndex, IndexUnavailable, PointFilter, SharedEdgeIndex, discard, rendezvous, stop_owner
from retrieval.index.processes import module_environment
from tests.retrieval.index.conftest import MakePoint

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def index(folder: Path) -> Iterator[SharedEdgeIndex]:
    shared = SharedEdgeIndex(folder, dimensions=4)
    yield shared
    shared.close()


def damage(folder: Path) -> None:
    """Leave an index behind whose shard cannot be opened."""
    EdgeIndex(folder, dimensions=4).close()
    for path in folder.glob("shard-*/**/*"):
        if path.is_file():
            path.write_bytes(b"nonsense")


CLIENT = """
import sys, uuid
from pathlib import Path
import numpy as np
from retrieval.index import ALWAYS, FOREVER, Point, PointFilter, SharedEdgeIndex, SparseVector

index = SharedEdgeIndex(Path(sys.argv[1]), dimensions=4)
within = PointFilter(frozenset("a"), frozenset("m"), 739_000)
first = int(sys.argv[2])
for number in range(first, first + 150):
    vector = np.array([1, number, 0, 0], dtype=np.float32)
    point = Point(str(uuid.UUID(int=number)), "v", "a", "m", ALWAYS, FOREVER, vector, SparseVector((number,), (1.0,)))
    index.upsert([point])
    found = index.search(dense=None, sparse=SparseVector((number,), (1.0,)), within=within, limit=3)
    assert [scored.id for scored in found.sparse] == [point.id]
index.close()
"""


def test_two_processes_write_and_search_at_once(folder: Path, index: SharedEdgeIndex) -> None:
    clients = [
        subprocess.Popen([sys.executable, "-c", CLIENT, str(folder), str(first)], env=module_environment())
        for first in (1_000, 2_000)
    ]
    assert [client.wait(40) for client in clients] == [0, 0]
    assert index.count() == 300


def test_many_threads_use_one_client(index: SharedEdgeIndex, make_point: MakePoint, everything: PointFilter) -> None:
    points = [make_point(number) for number in range(200)]
    index.upsert(points)
    wrong: list[str] = []

    def search(start: int) -> None:
        for wanted in points[start::10]:
            best = index.search(dense=wanted.dense, sparse=wanted.sparse, within=everything, limit=2)
            if best.sparse[0].id != wanted.id:
                wrong.append(wanted.id)

    threads = [threading.Thread(target=search, args=(start,)) for start in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_client_is_usable_after_a_fork(index: SharedEdgeIndex, make_point: MakePoint) -> None:
    index.upsert([make_point(1)])
    child = os.fork()
    if child == 0:
        os._exit(0 if index.count() == 1 and index.ids() == {make_point(1).id} else 1)
    assert [index.count() for _ in range(50)] == [1] * 50
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_folder_that_vanishes_is_begun_anew_and_not_answered_from_memory(
    folder: Path, index: SharedEdgeIndex, make_point: MakePoint, everything: PointFilter
) -> None:
    index.upsert([make_point(1)])
    shutil.rmtree(folder)
    gone = make_point(1)
    assert index.search(dense=gone.dense, sparse=gone.sparse, within=everything, limit=3).dense == ()
    index.upsert([make_point(2)])
    assert index.ids() == {make_point(2).id}
    assert folder.is_dir()


def test_an_owner_whose_folder_vanished_ends_by_itself(folder: Path, index: SharedEdgeIndex) -> None:
    index.count()
    held = os.open(folder / "owner" / "owner.lock", os.O_RDONLY)
    shutil.rmtree(folder)
    deadline = time.monotonic() + 20
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    os.close(held)
    assert not folder.exists()


def test_a_damaged_index_is_told_to_the_client_with_the_remedy(folder: Path, index: SharedEdgeIndex) -> None:
    damage(folder)
    for _ in range(2):
        with pytest.raises(IndexUnavailable, match="stafwijzer corpus reindex"):
            index.count()


def test_a_damaged_index_can_be_emptied(folder: Path, index: SharedEdgeIndex, make_point: MakePoint) -> None:
    damage(folder)
    index.drop()
    index.upsert([make_point(1)])
    assert index.count() == 1


def test_other_dimensions_are_refused_with_the_remedy_whoever_owns_the_index(
    folder: Path, index: SharedEdgeIndex
) -> None:
    index.count()
    other = SharedEdgeIndex(folder, dimensions=8)
    with pytest.raises(IndexUnavailable, match=r"of 4 dimensions, .* makes 8.*stafwijzer corpus reindex"):
        other.count()
    stop_owner(folder)
    with pytest.raises(IndexUnavailable, match=r"of 4 dimensions, .* makes 8.*stafwijzer corpus reindex"):
        other.count()


def test_discarding_begins_anew_whatever_was_there(folder: Path, index: SharedEdgeIndex, make_point: MakePoint) -> None:
    index.upsert([make_point(1)])
    discard(folder)
    other = SharedEdgeIndex(folder, dimensions=8)
    assert other.count() == 0
    other.close()


def test_what_another_process_has_open_is_not_discarded(folder: Path, make_point: MakePoint) -> None:
    alone = EdgeIndex(folder, dimensions=4)
    alone.upsert([make_point(1)])
    with pytest.raises(IndexUnavailable, match="still in use"):
        discard(folder)
    assert alone.intact()
    assert alone.count() == 1
    alone.close()


def test_a_file_in_the_place_of_the_folder_is_refused(folder: Path, index: SharedEdgeIndex) -> None:
    folder.write_text("not a folder")
    with pytest.raises(IndexUnavailable, match="cannot be used"):
        index.count()


def test_an_owner_that_cannot_start_is_given_up_with_the_place_of_its_log(folder: Path) -> None:
    client = SharedEdgeIndex(folder, dimensions=4, owner_options=["--no-such-option"])
    with pytest.raises(IndexUnavailable, match=r"could not be started.*owner\.log"):
        client.count()
    assert "--no-such-option" in (folder / "owner.log").read_text()


def test_an_owner_that_does_not_answer_is_not_waited_for_without_end(folder: Path) -> None:
    client = SharedEdgeIndex(folder, dimensions=4, start_seconds=0.3)
    lock = rendezvous.take_ownership(folder)
    assert lock is not None
    with rendezvous.listen(folder), pytest.raises(IndexUnavailable, match="does not answer"):
        client.count()  # somebody listens, and says nothing
    os.close(lock)


def test_a_closed_client_says_so(index: SharedEdgeIndex, make_point: MakePoint) -> None:
    index.upsert([make_point(1)])
    index.close()
    for act in (index.count, index.drop):
        with pytest.raises(IndexUnavailable, match="closed"):
            act()
