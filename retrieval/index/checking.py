"""Check what goes into an index before any engine sees it.

Engines write the good half of a bad batch and accept NaN, so the whole batch is checked first.
Knows the shapes of points and queries; knows no engine."""

import uuid
from collections.abc import Sequence

import numpy as np

from retrieval.index.protocol import Point, SparseVector, Vector

_LARGEST_INDEX = 2**32 - 1


def check_points(points: Sequence[Point], *, dimensions: int) -> None:
    """Raise ValueError naming the first point that no engine should be given."""
    for point in points:
        try:
            _check_id(point.id)
            _check_dense(point.dense, dimensions)
            _check_sparse(point.sparse)
        except ValueError as error:
            raise ValueError(f"point {point.id!r}: {error}") from None


def check_query(dense: Vector | None, sparse: SparseVector | None, *, dimensions: int) -> None:
    """Raise ValueError when a query vector has the wrong shape or is not finite."""
    if dense is not None:
        _check_dense(dense, dimensions)
    if sparse is not None:
        _check_sparse(sparse)


def _check_id(text: str) -> None:
    # Engines hand ids back in the canonical form; any other form would come back as another string.
    if str(uuid.UUID(text)) != text:
        raise ValueError("the id is not a UUID in the canonical form")


def _check_dense(vector: Vector, dimensions: int) -> None:
    if vector.shape != (dimensions,):
        raise ValueError(f"the dense vector has shape {vector.shape}, expected ({dimensions},)")
    if not np.isfinite(vector).all():
        raise ValueError("the dense vector is not finite")


def _check_sparse(sparse: SparseVector) -> None:
    if len(sparse.indices) != len(sparse.values):
        raise ValueError(f"the sparse vector has {len(sparse.indices)} indices and {len(sparse.values)} values")
    if not sparse.indices:
        return
    if not np.isfinite(np.asarray(sparse.values, dtype=np.float32)).all():
        raise ValueError("the sparse vector is not finite")
    indices = np.asarray(sparse.indices, dtype=np.int64)
    if indices[0] < 0 or indices[-1] > _LARGEST_INDEX or not (np.diff(indices) > 0).all():
        raise ValueError("the indices of the sparse vector do not ascend within 32 bits")
