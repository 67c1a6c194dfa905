"""Say the index protocol in frames of bytes: 4 bytes of length, then msgpack, vectors as raw little-endian numbers.

Nothing that arrives can make code run. Knows no sockets' whereabouts, and does nothing with what it carries."""

import socket
from collections.abc import Mapping, Sequence
from typing import cast

import msgpack
import numpy as np

from retrieval.index.protocol import Candidates, Point, PointFilter, Scored, SparseVector, Vector

PROTOCOL = 2
"""Both ends must speak the same one. Raise it with every change in this file."""

# 256 points of 4,096 dimensions with 2,000 terms each are 8 MB.
MAX_FRAME_BYTES = 32 << 20
UPSERT_POINTS = 256
NAMES = 1024
"""How many ids or versions go in one frame: 1,024 vectors of 4,096 dimensions are 16 MB."""

Message = Mapping[str, object]


class BadFrame(Exception):
    """What arrived is not a message of this protocol; the connection cannot be used any more."""


def send(connection: socket.socket, message: Message) -> None:
    """Send one message. Raises ValueError, before anything is sent, when it is too large for a frame."""
    body = cast(bytes, msgpack.packb(message))
    if len(body) > MAX_FRAME_BYTES:
        raise ValueError(f"a message of {len(body):,} bytes does not fit a frame of {MAX_FRAME_BYTES:,}")
    connection.sendall(len(body).to_bytes(4, "big") + body)


def receive(connection: socket.socket) -> Message:
    """Wait for one message. Raises ConnectionResetError when the other end is gone, BadFrame on nonsense."""
    size = int.from_bytes(_read(connection, 4), "big")
    if size > MAX_FRAME_BYTES:
        raise BadFrame(f"a frame of {size:,} bytes was announced")
    try:
        message = msgpack.unpackb(_read(connection, size))
    except (ValueError, msgpack.UnpackException) as error:
        raise BadFrame("a frame does not hold msgpack") from error
    if not isinstance(message, dict):
        raise BadFrame("a frame does not hold a message")
    return message


def pack_points(points: Sequence[Point]) -> Message:
    sparse = [point.sparse for point in points]
    return {
        "ids": [point.id for point in points],
        "versions": [point.version for point in points],
        "corpora": [point.corpus for point in points],
        "markings": [point.marking for point in points],
        "valid_from": [point.valid_from for point in points],
        "valid_until": [point.valid_until for point in points],
        "dense": [pack_vector(point.dense) for point in points],
        "sparse": [pack_sparse(vector) for vector in sparse],
    }


def unpack_points(message: Message) -> list[Point]:
    columns = cast(
        "tuple[list[str], list[str], list[str], list[str], list[int], list[int], list[bytes], list[list[bytes]]]",
        tuple(
            message[name]
            for name in ("ids", "versions", "corpora", "markings", "valid_from", "valid_until", "dense", "sparse")
        ),
    )
    return [
        Point(id, version, corpus, marking, valid_from, valid_until, unpack_vector(dense), unpack_sparse(sparse))
        for id, version, corpus, marking, valid_from, valid_until, dense, sparse in zip(*columns, strict=True)
    ]


def pack_vector(vector: Vector) -> bytes:
    return vector.astype("<f4").tobytes()


def unpack_vector(packed: object) -> Vector:
    return np.frombuffer(cast(bytes, packed), dtype="<f4").astype(np.float32)


def pack_sparse(sparse: SparseVector) -> list[bytes]:
    return [np.asarray(sparse.indices, "<u4").tobytes(), np.asarray(sparse.values, "<f8").tobytes()]


def unpack_sparse(packed: object) -> SparseVector:
    indices, values = cast("list[bytes]", packed)
    return SparseVector(
        tuple(np.frombuffer(indices, "<u4").tolist()),
        tuple(np.frombuffer(values, "<f8").tolist()),
    )


def pack_filter(within: PointFilter) -> Message:
    return {
        "corpora": list(within.corpora),
        "markings": list(within.markings),
        "on_day": within.on_day,
        "without_versions": list(within.without_versions),
    }


def unpack_filter(packed: object) -> PointFilter:
    message = cast("dict[str, list[str]]", packed)
    return PointFilter(
        corpora=frozenset(message["corpora"]),
        markings=frozenset(message["markings"]),
        on_day=cast(int, message["on_day"]),
        without_versions=frozenset(message["without_versions"]),
    )


def pack_candidates(candidates: Candidates) -> Message:
    return {"dense": _pack_scored(candidates.dense), "sparse": _pack_scored(candidates.sparse)}


def unpack_candidates(message: Message) -> Candidates:
    return Candidates(dense=_unpack_scored(message["dense"]), sparse=_unpack_scored(message["sparse"]))


def _pack_scored(results: Sequence[Scored]) -> list[tuple[str, float]]:
    return [(scored.id, scored.score) for scored in results]


def _unpack_scored(packed: object) -> tuple[Scored, ...]:
    return tuple(Scored(id, score) for id, score in cast("list[tuple[str, float]]", packed))


def _read(connection: socket.socket, size: int) -> bytes:
    buffer = bytearray(size)
    view = memoryview(buffer)
    while view:
        count = connection.recv_into(view)
        if count == 0:
            raise ConnectionResetError("the other end closed the connection")
        view = view[count:]
    return bytes(buffer)
