"""Make and open shards the one way this project has them, and say in plain words how the engine fails.

Knows the engine's configuration. Knows nothing of which shard is the live one."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from qdrant_edge import (
    Distance,
    EdgeConfig,
    EdgeOptimizersConfig,
    EdgeShard,
    EdgeSparseVectorParams,
    EdgeVectorParams,
    Modifier,
    PayloadSchemaType,
    UpdateOperation,
)

from retrieval.index.manifest import REINDEX
from retrieval.index.protocol import IndexUnavailable
from retrieval.index.upkeep import sync_tree

# In KB. Bounds what one round of building merges again as the index grows.
_SEGMENT_KB = 60_000
_KEYWORDS = ("corpus", "marking", "version")
_INTEGERS = ("valid_from", "valid_until")


@dataclass(slots=True)
class HeldShard:
    """A shard that is open, and how many threads are reading it."""

    shard: EdgeShard
    folder: Path
    identity: tuple[int, int]
    """Tells its folder from another one by the same name."""
    readers: int = 0

    def is_there(self) -> bool:
        """Say whether the folder on disk is still the one that was opened."""
        try:
            return _identity(self.folder) == self.identity
        except OSError:
            return False


def create_shard(folder: Path, *, dimensions: int) -> HeldShard:
    """Make an empty shard in a new folder, safe on the disk."""
    folder.mkdir(mode=0o700)
    shard = EdgeShard.create(str(folder), _configuration(dimensions))
    for key in _KEYWORDS:
        shard.update(UpdateOperation.create_field_index(key, PayloadSchemaType.Keyword))
    for key in _INTEGERS:
        shard.update(UpdateOperation.create_field_index(key, PayloadSchemaType.Integer))
    shard.flush()
    sync_tree(folder)
    return HeldShard(shard, folder, _identity(folder))


def load_shard(folder: Path, *, dimensions: int) -> HeldShard:
    """Open the shard in `folder`. Only for who has that folder to himself."""
    shutil.rmtree(folder / "temp_segments", ignore_errors=True)  # of a build that was killed; the engine keeps them
    shard = EdgeShard.load(str(folder), _configuration(dimensions))
    return HeldShard(shard, folder, _identity(folder))


@contextlib.contextmanager
def engine_errors(home: Path) -> Iterator[None]:
    """Turn what the engine and the disk raise into IndexUnavailable; defects of ours pass."""
    try:
        yield
    except OSError as error:
        raise IndexUnavailable(
            f"The index in {home} cannot be used: {error.strerror}.",
            hint="Check that its disk has room and that this user may write there.",
        ) from error
    except BaseException as error:
        # The engine raises plain Exception for whatever goes wrong, and a panic in it is not even that.
        if type(error) is not Exception and type(error).__name__ != "PanicException":
            raise
        if "WouldBlock" in str(error):
            raise open_elsewhere(home) from error
        raise IndexUnavailable(f"The engine of the index in {home} failed: {error}.", hint=REINDEX) from error


def open_elsewhere(home: Path) -> IndexUnavailable:
    return IndexUnavailable(
        f"The index in {home} is open in another process.",
        hint="End that process, or share the index through its owner (SharedEdgeIndex).",
    )


@cache
def engine_name() -> str:
    return f"qdrant-edge {version('qdrant-edge-py')}"


def _configuration(dimensions: int) -> EdgeConfig:
    return EdgeConfig(
        vectors={"dense": EdgeVectorParams(size=dimensions, distance=Distance.Cosine)},
        sparse_vectors={"bm25": EdgeSparseVectorParams(modifier=Modifier.Idf)},
        optimizers=EdgeOptimizersConfig(max_segment_size=_SEGMENT_KB),
    )


def _identity(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino
