"""Build the graphs of a shard in a copy of it, in another process, while the shard itself goes on answering.

The engine holds the interpreter for as long as it builds (28 s for 60,000 points on 2 cores), so building in place
would stop every reader. Knows nothing of which shard is the live one: `edge.py` decides, and swaps."""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qdrant_edge import EdgeShard, FieldCondition, Filter, MatchAny, Point, Record, UpdateOperation

from retrieval.index.manifest import sync_folder
from retrieval.index.processes import die_with_parent, module_command, module_environment

# The engine holds the interpreter during one call; 64 points of 1,024 dimensions keep that near 3 ms.
CALL_POINTS = 64
# The copy, and as much again while the engine merges its segments, and some air.
_ROOM = 2.5

log = logging.getLogger(__name__)


class UpkeepFailed(Exception):
    """The copy could not be made or built. The live shard is as it was."""


@dataclass(slots=True)
class Journal:
    """What was written to the live shard since the copy was taken: names only, the shard itself has the content."""

    points: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    """Versions that were deleted."""

    def take(self) -> "Journal":
        """Return what is noted so far and start afresh. The caller keeps writers out meanwhile."""
        taken = Journal(self.points, self.versions)
        self.points, self.versions = set(), set()
        return taken

    def __len__(self) -> int:
        return len(self.points) + len(self.versions)


def copy_shard(source: Path, target: Path) -> None:
    """Copy a flushed shard that nobody writes to. Holes stay holes: a log file of 32 MB is mostly one."""
    if shutil.disk_usage(source).free < _ROOM * bytes_on_disk(source):
        raise UpkeepFailed(f"there is no room on the disk for a copy of {source}")
    target.mkdir(mode=0o700)
    for parent, _, names in os.walk(source):
        here = target / Path(parent).relative_to(source)
        here.mkdir(exist_ok=True)
        for name in names:
            _copy_file(Path(parent, name), here / name)


def start_building(shard: Path) -> subprocess.Popen[bytes]:
    """Start building the graphs of a closed shard in a child process; exit code 0 is success."""
    return subprocess.Popen(  # noqa: S603  # our own interpreter and module
        module_command("retrieval.index.upkeep", str(shard), str(os.getpid())),
        env=module_environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def catch_up(taken: Journal, *, source: EdgeShard, target: EdgeShard) -> None:
    """Bring to `target` the present state in `source` of everything that was written meanwhile.

    State is copied, not operations, so doing it twice or in several rounds ends the same."""
    if taken.versions:
        target.update(UpdateOperation.delete_points_by_filter(of_versions(sorted(taken.versions))))
    names = sorted(taken.points)
    for batch in (names[start : start + CALL_POINTS] for start in range(0, len(names), CALL_POINTS)):
        records = source.retrieve(list(batch), True, True)
        present = {str(record.id) for record in records}
        gone = [name for name in batch if name not in present]
        if records:
            target.update(UpdateOperation.upsert_points([_point(record) for record in records]))
        if gone:
            target.update(UpdateOperation.delete_points(list(gone)))


def of_versions(versions: Sequence[str]) -> Filter:
    return Filter(must=[FieldCondition(key="version", match=MatchAny(list(versions)))])


def sync_files(folder: Path) -> None:
    """Write a folder's files to the disk itself. Readers go on: unlike the engine's own flush this frees the GIL."""
    for path in _files(folder):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:  # the engine replaced it meanwhile
            continue
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Write a folder's files and the names of all folders in it to the disk itself."""
    sync_files(folder)
    for parent, _, _ in os.walk(folder):
        sync_folder(Path(parent))


def bytes_on_disk(folder: Path) -> int:
    total = 0
    for path in _files(folder):
        try:
            total += path.stat().st_blocks * 512  # POSIX counts blocks of 512 bytes; holes have none
        except FileNotFoundError:
            continue
    return total


def _files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        for name in names:
            yield Path(parent, name)


def _copy_file(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        size = os.fstat(reading.fileno()).st_size
        writing.truncate(size)
        position = 0
        while position < size:
            try:
                start = os.lseek(reading.fileno(), position, os.SEEK_DATA)
            except OSError:  # ENXIO: only a hole is left
                break
            position = os.lseek(reading.fileno(), start, os.SEEK_HOLE)
            reading.seek(start)
            writing.seek(start)
            left = position - start
            while left > 0:
                block = reading.read(min(left, 1 << 20))
                if not block:
                    raise UpkeepFailed(f"{source} became shorter while it was copied")
                writing.write(block)
                left -= len(block)


def _point(record: Record) -> Point:
    assert record.vector is not None  # it was asked for
    return Point(id=record.id, vector=record.vector, payload=record.payload)


def _build(arguments: list[str]) -> None:
    folder, parent = arguments
    die_with_parent(int(parent))
    os.nice(10)  # readers go first
    shard = EdgeShard.load(folder)
    shard.optimize()
    shard.flush()
    shard.close()


if __name__ == "__main__":
    _build(sys.argv[1:])
