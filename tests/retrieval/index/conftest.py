"""Points and folders for the tests of the index."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval.index import ALWAYS, FOREVER, Point, PointFilter, SparseVector, stop_owner

MakePoint = Callable[..., Point]


@pytest.fixture
def make_point() -> MakePoint:
    """Make the same point from the same number every time: different in every part from its neighbours."""

    def make(number: int, *, dimensions: int = 4, version: str | None = None) -> Point:
        vector = np.random.default_rng(number).normal(size=dimensions).astype(np.float32)
        return Point(
            id=str(uuid.UUID(int=number)),
            version=f"v{number // 10}" if version is None else version,
            corpus="a",
            marking="m",
            valid_from=ALWAYS,
            valid_until=FOREVER,
            dense=vector / np.float32(np.linalg.norm(vector)),
            sparse=SparseVector((1, 10 + number), (1.0, 2.0)),
        )

    return make


@pytest.fixture
def everything() -> PointFilter:
    return PointFilter(corpora=frozenset("a"), markings=frozenset("m"), on_day=739_000)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for an index; whatever owner a test leaves behind is ended."""
    path = tmp_path / "index"
    yield path
    if os.path.lexists(path) and path.is_dir():
        stop_owner(path)
