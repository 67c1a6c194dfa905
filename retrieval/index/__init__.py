"""The search index: what it must do, and three ways to have one.

What it must do     Index, Point, SparseVector, PointFilter, Candidates, Scored, IndexHealth, IndexUnavailable
In a folder         SharedEdgeIndex, for any number of processes; EdgeIndex, for one process alone
On a server         QdrantIndex
For operators       stop_owner, discard

Names are loaded when first used: the owner of a folder must stay light, and a client needs no engine."""

from importlib import import_module
from typing import TYPE_CHECKING

from retrieval.index.protocol import (
    ALWAYS,
    FOREVER,
    Candidates,
    Index,
    IndexHealth,
    IndexUnavailable,
    Point,
    PointFilter,
    Scored,
    SparseVector,
    Vector,
)

if TYPE_CHECKING:
    from retrieval.index.edge import EdgeIndex
    from retrieval.index.ending import discard, stop_owner
    from retrieval.index.qdrant import QdrantIndex
    from retrieval.index.shared import SharedEdgeIndex

_LOADED_LATER = {
    "EdgeIndex": "retrieval.index.edge",
    "QdrantIndex": "retrieval.index.qdrant",
    "SharedEdgeIndex": "retrieval.index.shared",
    "discard": "retrieval.index.ending",
    "stop_owner": "retrieval.index.ending",
}

__all__ = [
    "ALWAYS",
    "FOREVER",
    "Candidates",
    "EdgeIndex",
    "Index",
    "IndexHealth",
    "IndexUnavailable",
    "Point",
    "PointFilter",
    "QdrantIndex",
    "Scored",
    "SharedEdgeIndex",
    "SparseVector",
    "Vector",
    "discard",
    "stop_owner",
]


def __getattr__(name: str) -> object:
    if name in _LOADED_LATER:
        return getattr(import_module(_LOADED_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
