"""A folder with a shard: opening it, refusing it, and exchanging the shard without losing anything."""

import fcntl
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from retrieval.index import EdgeIndex, IndexUnavailable, PointFilter, SparseVector, discard, upkeep
from retrieval.index.processes import module_environment
from tests.retrieval.index.conftest import MakePoint


def note(folder: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads((folder / "index.json").read_text())
    return content


def test_the_folder_and_its_shard_are_closed_to_other_users(folder: Path) -> None:
    EdgeIndex(folder, dimensions=4).close()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / str(note(folder)["shard"])).stat().st_mode & 0o777 == 0o700


def test_the_note_says_what_made_the_index(folder: Path) -> None:
    EdgeIndex(folder, dimensions=4).close()
    assert note(folder)["dimensions"] == 4
    assert str(note(folder)["engine"]).startswith("qdrant-edge ")


def test_a_second_opener_is_refused_in_a_plain_sentence(folder: Path) -> None:
    first = EdgeIndex(folder, dimensions=4)
    with pytest.raises(IndexUnavailable, match="open in another process"):
        EdgeIndex(folder, dimensions=4)
    first.close()
    EdgeIndex(folder, dimensions=4).close()


def test_other_dimensions_are_refused_with_the_remedy(folder: Path) -> None:
    EdgeIndex(folder, dimensions=4).close()
    with pytest.raises(IndexUnavailable, match=r"of 4 dimensions, .* makes 8.*stafwijzer corpus reindex"):
        EdgeIndex(folder, dimensions=8)
    EdgeIndex(folder, dimensions=4).close()


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"[1, 2]",
        b'{"dimensions": 4}',
        b'{"dimensions": 4, "engine": "qdrant-edge 0.9.0", "schema": 99}',
        b'{"dimensions": 4, "engine": "qdrant-edge 0.9.0", "shard": "../elsewhere"}',
    ],
)
def test_a_damaged_note_is_refused_with_the_remedy(folder: Path, damage: bytes) -> None:
    EdgeIndex(folder, dimensions=4).close()
    (folder / "index.json").write_bytes(damage)
    with pytest.raises(IndexUnavailable, match="stafwijzer corpus reindex"):
        EdgeIndex(folder, dimensions=4)


def test_a_lost_note_does_not_pass_for_an_empty_index(folder: Path) -> None:
    EdgeIndex(folder, dimensions=4).close()
    (folder / "index.json").unlink()
    with pytest.raises(IndexUnavailable, match=r"lost its index\.json"):
        EdgeIndex(folder, dimensions=4)


def test_a_lost_shard_does_not_pass_for_an_empty_index(folder: Path) -> None:
    EdgeIndex(folder, dimensions=4).close()
    shutil.rmtree(folder / str(note(folder)["shard"]))
    with pytest.raises(IndexUnavailable, match="stafwijzer corpus reindex"):
        EdgeIndex(folder, dimensions=4)


def test_a_damaged_shard_is_refused_and_can_be_discarded(folder: Path, make_point: MakePoint) -> None:
    index = EdgeIndex(folder, dimensions=4)
    index.upsert([make_point(1)])
    index.close()
    for path in (folder / str(note(folder)["shard"])).rglob("*"):
        if path.is_file():
            path.write_bytes(b"nonsense")
    with pytest.raises(IndexUnavailable, match="stafwijzer corpus reindex"):
        EdgeIndex(folder, dimensions=4)
    discard(folder)
    index = EdgeIndex(folder, dimensions=8)
    assert index.count() == 0
    index.close()


def test_a_file_in_the_place_of_the_folder_is_refused(folder: Path) -> None:
    folder.write_text("not a folder")
    with pytest.raises(IndexUnavailable, match="cannot be used"):
        EdgeIndex(folder, dimensions=4)
    folder.unlink()


def test_a_first_shard_that_was_half_made_is_made_again(folder: Path) -> None:
    (folder / "shard-0123456789abcdef" / "segments").mkdir(parents=True)
    (folder / "index.json").write_text('{"dimensions": 4, "engine": "qdrant-edge 0.9.0"}')
    index = EdgeIndex(folder, dimensions=4)
    assert index.count() == 0
    index.close()
    assert [path.name for path in folder.glob("shard-*")] == [note(folder)["shard"]]


def test_left_overs_of_killed_upkeep_are_removed_on_opening(folder: Path, make_point: MakePoint) -> None:
    index = EdgeIndex(folder, dimensions=4)
    index.upsert([make_point(1)])
    index.close()
    stray, temporary = folder / "shard-0123456789abcdef", folder / str(note(folder)["shard"]) / "temp_segments"
    stray.mkdir()
    (temporary / "segment_builder").mkdir(parents=True)
    index = EdgeIndex(folder, dimensions=4)
    assert not stray.exists()
    assert not (temporary / "segment_builder").exists()
    assert index.count() == 1
    index.close()


def test_a_closed_index_says_so_and_can_be_closed_again(folder: Path) -> None:
    index = EdgeIndex(folder, dimensions=4)
    index.close()
    index.close()
    with pytest.raises(IndexUnavailable, match="closed"):
        index.count()


def test_an_index_notices_that_its_folder_was_replaced(folder: Path) -> None:
    index = EdgeIndex(folder, dimensions=4)
    assert index.intact()
    shutil.rmtree(folder)
    assert not index.intact()
    successor = EdgeIndex(folder, dimensions=4)
    assert not index.intact()
    before = note(folder)
    index.close()
    assert note(folder) == before
    assert successor.intact()
    successor.close()


# Upkeep


def test_upkeep_does_nothing_below_its_threshold(folder: Path, make_point: MakePoint) -> None:
    index = EdgeIndex(folder, dimensions=4, tidy_above_bytes=10 * 4 * 4)
    index.upsert([make_point(number) for number in range(10)])
    before = note(folder)["shard"]
    index.maintain()
    assert note(folder)["shard"] == before
    index.upsert([make_point(0)])
    index.maintain()
    assert note(folder)["shard"] != before
    index.close()


def test_upkeep_is_still_due_after_the_index_was_opened_again(folder: Path, make_point: MakePoint) -> None:
    index = EdgeIndex(folder, dimensions=4)
    index.upsert([make_point(number) for number in range(10)])
    index.close()
    before = note(folder)["shard"]
    index = EdgeIndex(folder, dimensions=4, tidy_above_bytes=9 * 4 * 4)
    index.maintain()
    assert note(folder)["shard"] != before
    assert note(folder)["untidied"] == 0
    index.close()


def test_upkeep_builds_graphs_while_others_search_and_write(
    folder: Path, make_point: MakePoint, everything: PointFilter
) -> None:
    dimensions, count = 512, 6_000  # the engine builds graphs from 10 MB of vectors on
    index = EdgeIndex(folder, dimensions=dimensions, tidy_above_bytes=0)
    points = [make_point(number, dimensions=dimensions) for number in range(count + 500)]
    index.upsert(points[:count])
    done = threading.Event()
    searches: list[float] = []
    written: list[str] = []

    def search() -> None:
        while not done.is_set():
            wanted = points[100 + len(searches) % 1_000]
            start = time.perf_counter()
            best = index.search(dense=wanted.dense, sparse=wanted.sparse, within=everything, limit=5)
            searches.append(time.perf_counter() - start)
            assert best.dense[0].id == best.sparse[0].id == wanted.id
            time.sleep(0.005)

    def write() -> None:
        for number in range(count, count + 500):
            if done.is_set():
                break
            index.upsert([points[number]])
            written.append(points[number].id)
            if number == count + 20:
                index.delete_versions(["v0", points[count].version])
            time.sleep(0.005)

    before = note(folder)["shard"]
    with ThreadPoolExecutor() as threads:
        others = [threads.submit(search), threads.submit(write)]
        index.maintain()
        done.set()
    assert [other.result() for other in others] == [None, None]
    assert len(searches) > 20
    assert note(folder)["shard"] != before
    shard = folder / str(note(folder)["shard"])
    assert [path.name for path in folder.glob("shard-*")] == [shard.name]
    assert any('"hnsw"' in path.read_text() for path in shard.glob("segments/*/segment.json"))
    deleted = {point.id for point in points if point.version in ("v0", points[count].version)}
    assert len(written) > 20
    expected = ({point.id for point in points[:count]} | set(written)) - deleted
    # Points of a deleted version that were written after the deletion stay.
    assert expected <= index.ids() <= expected | deleted
    assert index.count() == len(index.ids())
    index.close()


def test_a_build_that_fails_leaves_the_index_as_it_was(
    folder: Path, make_point: MakePoint, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(shard: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])

    monkeypatch.setattr(upkeep, "start_building", fail)
    index = EdgeIndex(folder, dimensions=4, tidy_above_bytes=0)
    index.upsert([make_point(1)])
    before = note(folder)["shard"]
    with caplog.at_level(logging.WARNING):
        index.maintain()
    assert "upkeep was given up" in caplog.text
    assert [path.name for path in folder.glob("shard-*")] == [before]
    index.upsert([make_point(2)])
    assert index.count() == 2
    index.close()


@pytest.mark.parametrize("meanwhile", ["close", "drop"])
def test_upkeep_gives_way_to_closing_and_emptying(folder: Path, make_point: MakePoint, meanwhile: str) -> None:
    index = EdgeIndex(folder, dimensions=4, tidy_above_bytes=0)
    index.upsert([make_point(number) for number in range(50)])
    thread = threading.Thread(target=index.maintain)
    thread.start()
    while len(list(folder.glob("shard-*"))) < 2 and thread.is_alive():
        time.sleep(0.001)
    getattr(index, meanwhile)()
    thread.join()
    index.close()
    index = EdgeIndex(folder, dimensions=4)
    assert index.count() == (50 if meanwhile == "close" else 0)
    assert len(list(folder.glob("shard-*"))) == 1
    index.close()


WRITER = """
import sys, threading, uuid
from pathlib import Path
import numpy as np
from retrieval.index import ALWAYS, FOREVER, EdgeIndex, Point, SparseVector

index = EdgeIndex(Path(sys.argv[1]), dimensions=4, tidy_above_bytes=0)

def tidy():
    while True:
        index.maintain()

threading.Thread(target=tidy, daemon=True).start()
for number in range(int(sys.argv[2]), 1_000_000):
    vector = np.array([1, number % 7, number % 5, 0], dtype=np.float32)
    sparse = SparseVector((1,), (1.0,))
    index.upsert([Point(str(uuid.UUID(int=number)), "v", "a", "m", ALWAYS, FOREVER, vector, sparse)])
    print(uuid.UUID(int=number), flush=True)
"""


@pytest.mark.timeout(60)
def test_no_acknowledged_point_is_lost_when_the_process_is_killed_during_upkeep(folder: Path) -> None:
    acknowledged: set[str] = set()
    for trial, seconds in enumerate((0.25, 0.6, 1.0)):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(trial * 100_000)],
            env=module_environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        acknowledged.add(writer.stdout.readline().strip())
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        acknowledged.update(line.strip() for line in writer.stdout.readlines() if line.endswith("\n"))
        writer.wait()
        index = EdgeIndex(folder, dimensions=4)
        assert acknowledged <= index.ids()
        assert len(list(folder.glob("shard-*"))) == 1
        index.close()
    assert len(acknowledged) > 100


def test_copying_a_shard_keeps_holes_and_content(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "wal").mkdir(parents=True)
    with (source / "wal" / "log").open("wb") as file:
        file.write(b"begin")
        file.seek(8 << 20)
        file.write(b"middle")
        file.truncate(32 << 20)
    (source / "empty").touch()
    upkeep.copy_shard(source, tmp_path / "copy")
    assert (tmp_path / "copy" / "wal" / "log").read_bytes() == (source / "wal" / "log").read_bytes()
    assert (tmp_path / "copy" / "empty").read_bytes() == b""
    assert upkeep.bytes_on_disk(tmp_path / "copy") <= upkeep.bytes_on_disk(source) + 8192


def test_sparse_vectors_survive_catching_up(folder: Path, make_point: MakePoint, everything: PointFilter) -> None:
    index = EdgeIndex(folder, dimensions=4, tidy_above_bytes=0)
    index.upsert([make_point(1)])
    build = upkeep.start_building

    def write_while_building(shard: Path) -> subprocess.Popen[bytes]:
        index.upsert([make_point(2), make_point(1, version="other")])
        return build(shard)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upkeep, "start_building", write_while_building)
        index.maintain()
    assert note(folder)["untidied"] == 2
    found = index.search(dense=None, sparse=SparseVector((11, 12), (1.0, 1.0)), within=everything, limit=5).sparse
    assert {scored.id for scored in found} == {make_point(1).id, make_point(2).id}
    index.delete_versions(["other"])
    assert index.ids() == {make_point(2).id}
    index.close()


def test_an_index_whose_disk_fails_on_closing_is_closed_all_the_same(folder: Path) -> None:
    index = EdgeIndex(folder, dimensions=4)
    shard = folder / str(note(folder)["shard"])
    shutil.rmtree(shard / "segments")
    with pytest.raises(IndexUnavailable):
        index.close()
    index.close()
    lock = os.open(folder / "index.lock", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(lock)


def test_after_a_purge_no_file_of_the_folder_holds_a_deleted_vector(folder: Path, make_point: MakePoint) -> None:
    index = EdgeIndex(folder, dimensions=4)
    kept, deleted = make_point(1, version="kept"), make_point(2, version="deleted")
    index.upsert([kept, deleted])
    index.flush()
    raw = {one.version: index.vectors([one.id])[one.id].tobytes() for one in (kept, deleted)}
    index.delete_versions(["deleted"])
    index.flush()
    assert _files_with(folder, raw["deleted"]), "the engine cleans up by itself: purge is not needed"
    index.purge()
    assert _files_with(folder, raw["deleted"]) == []
    assert _files_with(folder, raw["kept"])
    assert index.ids() == {kept.id}
    index.close()


def _files_with(folder: Path, content: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and content in path.read_bytes()]
