"""What a search index must do, whichever engine does it.

The index is derived: it holds vectors and the few fields that a filter needs, never text. It can be dropped and
rebuilt from the catalog. Every implementation passes `tests/contracts/test_index_contract.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from retrieval.errors import StafwijzerError

Vector = npt.NDArray[np.float32]

ALWAYS = 0
"""`valid_from` of a point that has always been valid, as a proleptic ordinal day."""
FOREVER = 3_652_059
"""`valid_until` of a point without an end: `date.max.toordinal()`."""


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Token ids with their weights; ids ascend and are unique."""

    indices: tuple[int, ...]
    """Unsigned 32-bit."""
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A passage as the index knows it."""

    id: str
    """The passage's id, a UUID."""
    version: str
    corpus: str
    marking: str
    valid_from: int
    """Ordinal day (`date.toordinal()`), ALWAYS when open."""
    valid_until: int
    """The first ordinal day on which it no longer holds, FOREVER when open."""
    dense: Vector
    """float32, shape (dimensions,), unit length."""
    sparse: SparseVector


@dataclass(frozen=True, slots=True)
class PointFilter:
    """What a search may return. All conditions hold at once; an empty `corpora` or `markings` matches nothing."""

    corpora: frozenset[str]
    markings: frozenset[str]
    on_day: int
    """valid_from <= on_day < valid_until."""
    without_versions: frozenset[str] = frozenset()
    """Versions in the index that are not live: still being added, or retired and not yet removed."""


@dataclass(frozen=True, slots=True)
class Scored:
    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """What each search found, best first, ties broken by id."""

    dense: tuple[Scored, ...]
    """Scores are cosine similarities."""
    sparse: tuple[Scored, ...]
    """Scores are BM25: query weight x document weight x inverse document frequency."""


@dataclass(frozen=True, slots=True)
class IndexHealth:
    engine: str
    """For example 'qdrant-edge 0.9.0'."""
    points: int
    segments: int | None
    bytes_on_disk: int | None


class IndexUnavailable(StafwijzerError):
    """The index cannot be reached or opened; the hint says how to mend it."""


class Index(Protocol):
    """A store of points that searches inside a filter.

    All methods raise IndexUnavailable when the engine cannot be reached. Implementations are safe to call from
    several threads."""

    def upsert(self, points: Sequence[Point]) -> None:
        """Add points, replacing those with the same id.

        Raises ValueError, before anything is written, when a vector has the wrong dimension or is not finite."""

    def delete_versions(self, versions: Sequence[str]) -> None:
        """Remove every point of these versions. Unknown versions are ignored."""

    def search(
        self, *, dense: Vector | None, sparse: SparseVector | None, within: PointFilter, limit: int
    ) -> Candidates:
        """Search both ways in one request, each with `limit` results at most. None leaves that search out."""

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        """Return the dense vectors of those ids that are present."""

    def points(self, ids: Sequence[str]) -> dict[str, Point]:
        """Return those of the points that are present, as they are held."""

    def ids(self) -> set[str]:
        """Return the ids of all points."""

    def count(self) -> int:
        """Return the exact number of points."""

    def flush(self) -> None:
        """Make all that was written survive a power cut."""

    def maintain(self) -> None:
        """Let the engine tidy itself (build graphs, merge segments) without stalling readers."""

    def purge(self) -> bool:
        """Leave nothing in the engine's files of points that were deleted or replaced.

        False where the engine decides by itself when it does that."""

    def drop(self) -> None:
        """Remove all points."""

    def health(self) -> IndexHealth: ...

    def close(self) -> None: ...
