"""What goes over the socket comes out the same, and nonsense comes out as BadFrame."""

import socket
import uuid
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index import Candidates, Point, PointFilter, Scored, SparseVector
from retrieval.index.wire import (
    MAX_FRAME_BYTES,
    BadFrame,
    pack_candidates,
    pack_filter,
    pack_points,
    receive,
    send,
    unpack_candidates,
    unpack_filter,
    unpack_points,
)

names = st.text(st.characters(codec="utf-8"), max_size=8)
singles = st.floats(width=32, allow_nan=False, allow_infinity=False)
days = st.integers(0, 4_000_000)
sparse_vectors = st.dictionaries(st.integers(0, 2**32 - 1), singles, max_size=5).map(
    lambda terms: SparseVector(tuple(sorted(terms)), tuple(terms[term] for term in sorted(terms)))
)
dense_vectors = st.lists(singles, min_size=3, max_size=3).map(lambda numbers: np.array(numbers, dtype=np.float32))
points = st.builds(Point, st.uuids().map(str), names, names, names, days, days, dense_vectors, sparse_vectors)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def through_a_socket(message: object) -> dict[str, object]:
    here, there = socket.socketpair()
    with here, there:
        assert isinstance(message, dict)
        send(here, message)
        return dict(receive(there))


@given(st.lists(points, max_size=4))
def test_points_come_out_as_they_went_in(before: list[Point]) -> None:
    after = unpack_points(through_a_socket(pack_points(before)))
    for old, new in zip(before, after, strict=True):
        assert np.array_equal(old.dense, new.dense)
        assert new.dense.dtype == np.float32
        assert (old.id, old.version, old.corpus, old.marking) == (new.id, new.version, new.corpus, new.marking)
        assert (old.valid_from, old.valid_until, old.sparse) == (new.valid_from, new.valid_until, new.sparse)


@given(st.builds(PointFilter, st.frozensets(names), st.frozensets(names), days, st.frozensets(names)))
def test_filters_come_out_as_they_went_in(before: PointFilter) -> None:
    assert unpack_filter(through_a_socket(pack_filter(before))) == before


scored = st.lists(st.builds(Scored, st.uuids().map(str), st.floats(allow_nan=False)), max_size=4).map(tuple)


@given(st.builds(Candidates, dense=scored, sparse=scored))
def test_candidates_come_out_as_they_went_in(before: Candidates) -> None:
    assert unpack_candidates(through_a_socket(pack_candidates(before))) == before


def test_a_message_that_is_too_large_is_not_sent(ends: tuple[socket.socket, socket.socket]) -> None:
    here, there = ends
    with pytest.raises(ValueError, match="does not fit"):
        send(here, {"ids": "x" * (MAX_FRAME_BYTES + 1)})
    here.close()
    assert there.recv(1) == b""


@pytest.mark.parametrize(
    "sent",
    [
        (MAX_FRAME_BYTES + 1).to_bytes(4, "big"),
        b"\xff\xff\xff\xff",
        b"\0\0\0\2\xc1\xc1",
        b"\0\0\0\1\x01",
        b"\0\0\0\3\x93\x01\x02",
        b"\0\0\0\0",
    ],
    ids=["one byte too large", "4 GB", "not msgpack", "a number", "cut short inside", "empty"],
)
def test_nonsense_is_a_bad_frame(ends: tuple[socket.socket, socket.socket], sent: bytes) -> None:
    here, there = ends
    here.sendall(sent)
    with pytest.raises(BadFrame):
        receive(there)


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\x08\x81"])
def test_an_end_in_the_middle_is_a_lost_connection(ends: tuple[socket.socket, socket.socket], sent: bytes) -> None:
    here, there = ends
    here.sendall(sent)
    here.close()
    with pytest.raises(ConnectionResetError):
        receive(there)


def test_one_upsert_of_large_points_fits_a_frame() -> None:
    terms = SparseVector(tuple(range(2_000)), (1.5,) * 2_000)
    large = Point(str(uuid.uuid4()), "v" * 36, "c" * 64, "m" * 64, 0, 1, np.ones(4_096, dtype=np.float32), terms)
    here, there = socket.socketpair()
    with here, there:
        here.setblocking(False)
        with pytest.raises(BlockingIOError):  # the socket is full; the frame was not too large
            send(here, pack_points([large] * 256))
