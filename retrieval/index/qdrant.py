"""Keep and search points in a collection of a Qdrant server, a Qdrant cluster, or a client's memory (for tests).

Says in the client's words what the protocol asks, and what the client raises in ours. Holds no text."""

import contextlib
import uuid
from collections.abc import Iterator, Sequence

import numpy as np
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from retrieval.index.checking import check_points, check_query
from retrieval.index.manifest import REINDEX
from retrieval.index.protocol import (
    Candidates,
    IndexHealth,
    IndexUnavailable,
    Point,
    PointFilter,
    Scored,
    SparseVector,
    Vector,
)
from retrieval.index.ties import best

_REQUEST_POINTS = 256
_PAGE = 5_000
_KEYWORDS = ("corpus", "marking", "version")
_INTEGERS = ("valid_from", "valid_until")
# The same breadth as the shard of `edge.py`, so that moving to a server changes no answers.
_BREADTH = models.SearchParams(hnsw_ef=256)
# The server refuses what we sent: a defect of ours, not something its operator can mend.
_OUR_FAULT = (400, 422)


class QdrantIndex:
    """The points in a collection. Implements `retrieval.index.protocol.Index`.

    The server decides by its own settings how often it writes to disk, and tidies up by itself."""

    def __init__(
        self,
        client: QdrantClient,
        collection: str,
        *,
        dimensions: int,
        shard_number: int = 1,
        replication_factor: int = 1,
    ) -> None:
        """Open the collection, making an empty one when there is none. `close` closes the client as well.

        Raises IndexUnavailable when the server cannot be reached or the collection holds other dimensions."""
        self._client = client
        self._collection = collection
        self._dimensions = dimensions
        self._shard_number = shard_number
        self._replication_factor = replication_factor
        with self._translated():
            if not client.collection_exists(collection):
                self._create()
            self._check_dimensions()

    def upsert(self, points: Sequence[Point]) -> None:
        check_points(points, dimensions=self._dimensions)
        for start in range(0, len(points), _REQUEST_POINTS):
            batch = [_client_point(point) for point in points[start : start + _REQUEST_POINTS]]
            with self._translated():
                self._client.upsert(self._collection, batch, wait=True)

    def delete_versions(self, versions: Sequence[str]) -> None:
        if versions:
            condition = models.FieldCondition(key="version", match=models.MatchAny(any=list(versions)))
            with self._translated():
                self._client.delete(self._collection, models.Filter(must=[condition]), wait=True)

    def search(
        self, *, dense: Vector | None, sparse: SparseVector | None, within: PointFilter, limit: int
    ) -> Candidates:
        check_query(dense, sparse, dimensions=self._dimensions)
        searches: list[tuple[str, list[float] | models.SparseVector]] = []
        if dense is not None:
            searches.append(("dense", dense.tolist()))
        if sparse is not None:
            searches.append(("bm25", _client_sparse(sparse)))
        if not searches or limit < 1 or not within.corpora or not within.markings:
            return Candidates((), ())
        condition = client_filter(within)

        def ask(numbers: Sequence[int], count: int) -> list[list[Scored]]:
            requests = [
                models.QueryRequest(query=query, using=name, filter=condition, limit=count, params=_BREADTH)
                for name, query in (searches[number] for number in numbers)
            ]
            with self._translated():
                answers = self._client.query_batch_points(self._collection, requests)
            return [[Scored(str(point.id), point.score) for point in answer.points] for answer in answers]

        found = best(ask, searches=len(searches), limit=limit)
        return Candidates(dense=found[0] if dense is not None else (), sparse=found[-1] if sparse is not None else ())

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        vectors: dict[str, Vector] = {}
        for start in range(0, len(ids), _REQUEST_POINTS):
            with self._translated():
                records = self._client.retrieve(
                    self._collection,
                    list(ids[start : start + _REQUEST_POINTS]),
                    with_payload=False,
                    with_vectors=["dense"],
                )
            for record in records:
                assert isinstance(record.vector, dict)  # it was asked for by name
                vectors[str(record.id)] = np.asarray(record.vector["dense"], dtype=np.float32)
        return vectors

    def points(self, ids: Sequence[str]) -> dict[str, Point]:
        found: dict[str, Point] = {}
        for start in range(0, len(ids), _REQUEST_POINTS):
            some = list(ids[start : start + _REQUEST_POINTS])
            with self._translated():
                records = self._client.retrieve(self._collection, some, with_payload=True, with_vectors=True)
            found.update((str(record.id), _held_point(record)) for record in records)
        return found

    def ids(self) -> set[str]:
        found: set[str] = set()
        following: int | str | uuid.UUID | None = None
        while True:
            with self._translated():
                records, after = self._client.scroll(
                    self._collection, limit=_PAGE, offset=following, with_payload=False, with_vectors=False
                )
            found.update(str(record.id) for record in records)
            if after is None:
                return found
            following = str(after)

    def count(self) -> int:
        with self._translated():
            return self._client.count(self._collection, exact=True).count

    def flush(self) -> None:
        """Do nothing: every write waited until the server had it in its log, and no call asks for more."""

    def maintain(self) -> None:
        """Do nothing: a server tidies up by itself."""

    def purge(self) -> bool:
        """Do nothing: a server clears its files of deleted points when it merges segments, by its own settings."""
        return False

    def drop(self) -> None:
        with self._translated():
            self._client.delete_collection(self._collection)
            self._create()

    def health(self) -> IndexHealth:
        with self._translated():
            collection = self._client.get_collection(self._collection)
            engine = f"qdrant {self._client.info().version}"
        return IndexHealth(engine, self.count(), segments=collection.segments_count, bytes_on_disk=None)

    def close(self) -> None:
        self._client.close()

    def _create(self) -> None:
        # Another process may have made it a moment ago: that is as good.
        with contextlib.suppress(_AlreadyThere), _noticing_another():
            self._client.create_collection(
                self._collection,
                vectors_config={"dense": models.VectorParams(size=self._dimensions, distance=models.Distance.COSINE)},
                sparse_vectors_config={"bm25": models.SparseVectorParams(modifier=models.Modifier.IDF)},
                shard_number=self._shard_number,
                replication_factor=self._replication_factor,
            )
        for key in _KEYWORDS:
            self._client.create_payload_index(self._collection, key, models.PayloadSchemaType.KEYWORD, wait=True)
        for key in _INTEGERS:
            self._client.create_payload_index(self._collection, key, models.PayloadSchemaType.INTEGER, wait=True)

    def _check_dimensions(self) -> None:
        vectors = self._client.get_collection(self._collection).config.params.vectors
        dense = vectors.get("dense") if isinstance(vectors, dict) else None
        if dense is None or dense.size != self._dimensions:
            held = "other vectors" if dense is None else f"vectors of {dense.size} dimensions"
            raise IndexUnavailable(
                f"The collection {self._collection} holds {held}, the embedding model makes {self._dimensions}.",
                hint=REINDEX,
            )

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except ResponseHandlingException as error:
            raise IndexUnavailable(
                f"The Qdrant server cannot be reached: {error.source}.", hint="Check its address and that it runs."
            ) from error
        except ResourceExhaustedResponse as error:
            raise IndexUnavailable("The Qdrant server is overloaded.", hint="Try again later.") from error
        except UnexpectedResponse as error:
            if error.status_code in _OUR_FAULT:
                raise
            raise IndexUnavailable(
                f"The Qdrant server answered {error.status_code} {error.reason_phrase} "
                f"about the collection {self._collection}.",
                hint="See the server's log, and check the API key.",
            ) from error


def client_filter(within: PointFilter) -> models.Filter:
    """Say a PointFilter in the client's words. The caller has seen to it that no set that must match is empty."""
    excluded = models.FieldCondition(key="version", match=models.MatchAny(any=sorted(within.without_versions)))
    return models.Filter(
        must=[
            models.FieldCondition(key="corpus", match=models.MatchAny(any=sorted(within.corpora))),
            models.FieldCondition(key="marking", match=models.MatchAny(any=sorted(within.markings))),
            models.FieldCondition(key="valid_from", range=models.Range(lte=within.on_day)),
            models.FieldCondition(key="valid_until", range=models.Range(gt=within.on_day)),
        ],
        must_not=[excluded] if within.without_versions else None,
    )


class _AlreadyThere(Exception):
    pass


@contextlib.contextmanager
def _noticing_another() -> Iterator[None]:
    try:
        yield
    except UnexpectedResponse as error:
        if error.status_code == 409:
            raise _AlreadyThere from error
        raise
    except ValueError as error:
        if "already exists" in str(error):  # how the client's memory says it
            raise _AlreadyThere from error
        raise


def _client_point(point: Point) -> models.PointStruct:
    vector: dict[str, models.Vector] = {"dense": point.dense.tolist()}
    if point.sparse.indices:  # a vector without terms would count as a document in the inverse document frequency
        vector["bm25"] = _client_sparse(point.sparse)
    payload = {
        "corpus": point.corpus,
        "marking": point.marking,
        "version": point.version,
        "valid_from": point.valid_from,
        "valid_until": point.valid_until,
    }
    return models.PointStruct(id=point.id, vector=vector, payload=payload)


def _held_point(record: models.Record) -> Point:
    vectors, payload = record.vector, record.payload
    assert isinstance(vectors, dict)  # both have names
    assert payload is not None  # it was asked for
    sparse = vectors.get("bm25")
    return Point(
        id=str(record.id),
        version=payload["version"],
        corpus=payload["corpus"],
        marking=payload["marking"],
        valid_from=payload["valid_from"],
        valid_until=payload["valid_until"],
        dense=np.asarray(vectors["dense"], dtype=np.float32),
        sparse=SparseVector(tuple(sparse.indices), tuple(sparse.values))
        if isinstance(sparse, models.SparseVector)
        else SparseVector((), ()),
    )


def _client_sparse(sparse: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=list(sparse.indices), values=list(sparse.values))
