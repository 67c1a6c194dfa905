"""What only the adapter of a server does: say filters in the client's words, and failures in ours."""

import pytest
from qdrant_client import QdrantClient, models

from retrieval.index import IndexUnavailable, PointFilter, QdrantIndex
from retrieval.index.qdrant import client_filter

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")


def test_a_filter_is_said_in_the_words_of_the_client() -> None:
    within = PointFilter(frozenset({"b", "a"}), frozenset({"m"}), 739_000, frozenset({"w", "v"}))
    assert client_filter(within) == models.Filter(
        must=[
            models.FieldCondition(key="corpus", match=models.MatchAny(any=["a", "b"])),
            models.FieldCondition(key="marking", match=models.MatchAny(any=["m"])),
            models.FieldCondition(key="valid_from", range=models.Range(lte=739_000)),
            models.FieldCondition(key="valid_until", range=models.Range(gt=739_000)),
        ],
        must_not=[models.FieldCondition(key="version", match=models.MatchAny(any=["v", "w"]))],
    )


def test_no_versions_to_leave_out_is_no_condition() -> None:
    assert client_filter(PointFilter(frozenset("a"), frozenset("m"), 1)).must_not is None


def test_a_server_that_is_not_there_is_unavailable() -> None:
    client = QdrantClient(url="http://127.0.0.1:9", check_compatibility=False)  # the discard port: nobody listens
    with pytest.raises(IndexUnavailable, match="cannot be reached"):
        QdrantIndex(client, "anything", dimensions=4)


def test_a_collection_of_other_dimensions_is_refused_with_the_remedy() -> None:
    client = QdrantClient(":memory:")
    QdrantIndex(client, "corpus", dimensions=4)
    with pytest.raises(IndexUnavailable, match=r"4 dimensions, .* makes 8.*stafwijzer corpus reindex"):
        QdrantIndex(client, "corpus", dimensions=8)


def test_a_collection_that_is_not_ours_is_refused() -> None:
    client = QdrantClient(":memory:")
    client.create_collection("other", vectors_config=models.VectorParams(size=4, distance=models.Distance.DOT))
    with pytest.raises(IndexUnavailable, match="other vectors"):
        QdrantIndex(client, "other", dimensions=4)


def test_making_a_collection_twice_at_once_is_fine() -> None:
    client = QdrantClient(":memory:")

    class Late(QdrantIndex):
        """Sees no collection, because the other process makes it just afterwards."""

        def _create(self) -> None:
            if not client.collection_exists("corpus"):
                QdrantIndex(client, "corpus", dimensions=4)
            super()._create()

    assert Late(client, "corpus", dimensions=4).count() == 0
