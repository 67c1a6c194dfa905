"""What every index does, whichever engine does it: one suite for all implementations of `Index`."""

import math
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qdrant_client import QdrantClient

from retrieval.index import (
    ALWAYS,
    FOREVER,
    EdgeIndex,
    Index,
    Point,
    PointFilter,
    QdrantIndex,
    Scored,
    SharedEdgeIndex,
    SparseVector,
    Vector,
    stop_owner,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect"),
    pytest.mark.filterwarnings("ignore:Local mode performs exact"),
]

DIMENSIONS = 4
TODAY = 739_000
ANYTHING = PointFilter(corpora=frozenset("ab"), markings=frozenset("mn"), on_day=TODAY)
NOTHING = SparseVector((), ())
ONE_TERM = SparseVector((1,), (1.0,))

Opener = Callable[[], Index]


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with one owner for all tests: each begins by emptying it."""
    folder = tmp_path_factory.mktemp("shared") / "index"
    yield folder
    stop_owner(folder)


@pytest.fixture(params=["edge", "shared", "memory", "server"])
def opener(request: pytest.FixtureRequest, tmp_path: Path, shared_folder: Path) -> Iterator[Opener]:
    """Hand out a function that opens the index of this test: an empty one first, the same one ever after."""
    opened: list[Index] = []

    def close() -> None:
        while opened:
            opened.pop().close()

    if request.param == "edge":

        def open_edge() -> Index:
            close()
            opened.append(EdgeIndex(tmp_path / "index", dimensions=DIMENSIONS))
            return opened[0]

        yield open_edge
        close()
    elif request.param == "shared":

        def open_shared() -> Index:
            index = SharedEdgeIndex(shared_folder, dimensions=DIMENSIONS)
            if opened:
                close()
                stop_owner(shared_folder)
            else:
                index.drop()
            opened.append(index)
            return index

        yield open_shared
        close()
    elif request.param == "memory":
        client = QdrantClient(":memory:")
        yield lambda: QdrantIndex(client, "contract", dimensions=DIMENSIONS)
        client.close()
    else:
        url = os.environ.get("QDRANT_URL")
        if not url:
            pytest.skip("no Qdrant server: set QDRANT_URL to test one")
        client = QdrantClient(url=url)
        collection = f"contract-{uuid.uuid4()}"
        yield lambda: QdrantIndex(client, collection, dimensions=DIMENSIONS)
        client.delete_collection(collection)
        client.close()


@pytest.fixture
def index(opener: Opener) -> Index:
    return opener()


def name(number: int) -> str:
    return str(uuid.UUID(int=number))


def unit(*numbers: float) -> Vector:
    vector = np.array(numbers, dtype=np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def point(
    number: int,
    *,
    dense: Vector | None = None,
    sparse: SparseVector = ONE_TERM,
    version: str = "v",
    corpus: str = "a",
    marking: str = "m",
    valid_from: int = ALWAYS,
    valid_until: int = FOREVER,
) -> Point:
    vector = unit(1, number, 0, 0) if dense is None else dense
    return Point(name(number), version, corpus, marking, valid_from, valid_until, vector, sparse)


def found(index: Index, within: PointFilter, *, limit: int = 100) -> set[str]:
    """Return what both searches find within a filter, having seen that they agree."""
    candidates = index.search(dense=unit(1, 1, 1, 1), sparse=ONE_TERM, within=within, limit=limit)
    dense, sparse = ({scored.id for scored in results} for results in (candidates.dense, candidates.sparse))
    assert dense == sparse
    return dense


# Writing


def test_a_new_index_is_empty(index: Index) -> None:
    assert index.count() == 0
    assert index.ids() == set()
    assert found(index, ANYTHING) == set()


def test_upsert_adds_points(index: Index) -> None:
    index.upsert([point(1), point(2)])
    index.upsert([point(3)])
    assert index.ids() == {name(1), name(2), name(3)}
    assert index.count() == 3


def test_upsert_of_nothing_does_nothing(index: Index) -> None:
    index.upsert([])
    assert index.count() == 0


def test_upsert_takes_more_points_than_fit_one_request(index: Index) -> None:
    index.upsert([point(number) for number in range(600)])
    assert index.count() == 600
    assert index.ids() == {name(number) for number in range(600)}
    assert len(index.vectors([name(number) for number in range(600)])) == 600


def test_upsert_replaces_everything_of_a_point_with_the_same_id(index: Index) -> None:
    index.upsert([point(1, dense=unit(1, 0, 0, 0), sparse=SparseVector((5, 9), (1.0, 1.0)), corpus="a")])
    index.upsert([point(1, dense=unit(0, 1, 0, 0), sparse=SparseVector((7,), (1.0,)), corpus="b", version="w")])
    assert index.count() == 1
    assert index.search(dense=unit(1, 0, 0, 0), sparse=None, within=only(corpora="a"), limit=5).dense == ()
    moved = index.search(dense=unit(0, 1, 0, 0), sparse=SparseVector((5, 9), (1.0, 1.0)), within=ANYTHING, limit=5)
    assert [scored.id for scored in moved.dense] == [name(1)]
    assert moved.dense[0].score == pytest.approx(1.0)
    assert moved.sparse == ()
    index.delete_versions(["v"])
    assert index.count() == 1


def test_a_point_replaced_by_one_without_terms_is_no_longer_found_by_terms(index: Index) -> None:
    index.upsert([point(1, sparse=SparseVector((5,), (1.0,))), point(2, sparse=SparseVector((5,), (1.0,)))])
    index.upsert([point(1, sparse=NOTHING)])
    candidates = index.search(dense=None, sparse=SparseVector((5,), (1.0,)), within=ANYTHING, limit=5)
    assert [scored.id for scored in candidates.sparse] == [name(2)]


BAD_POINTS = [
    point(99, dense=np.array([1, np.nan, 0, 0], dtype=np.float32)),
    point(99, dense=np.array([np.inf, 0, 0, 0], dtype=np.float32)),
    point(99, dense=unit(1, 0, 0)),
    point(99, dense=unit(1, 0, 0, 0, 0)),
    point(99, dense=np.ones((1, 4), dtype=np.float32)),
    point(99, sparse=SparseVector((1, 2), (1.0, math.nan))),
    point(99, sparse=SparseVector((1, 2), (1.0,))),
    point(99, sparse=SparseVector((2, 1), (1.0, 1.0))),
    point(99, sparse=SparseVector((1, 1), (1.0, 1.0))),
    point(99, sparse=SparseVector((-1,), (1.0,))),
    point(99, sparse=SparseVector((2**32,), (1.0,))),
    replace(point(99), id="not-a-uuid"),
    replace(point(99), id=name(99).replace("-", "")),
]


def test_one_bad_point_means_nothing_of_the_batch_is_written(index: Index) -> None:
    good = [point(number) for number in range(300)]
    for bad in BAD_POINTS:
        with pytest.raises(ValueError, match=r"^point "):
            index.upsert([*good, bad])
        assert index.count() == 0, bad
    index.upsert(good[:1])
    assert index.count() == 1


def test_delete_versions_removes_every_point_of_these_versions_only(index: Index) -> None:
    index.upsert([point(number, version=f"v{number % 3}") for number in range(9)])
    index.delete_versions(["v0", "v2", "never seen"])
    assert index.ids() == {name(1), name(4), name(7)}
    assert found(index, ANYTHING) == {name(1), name(4), name(7)}


def test_deleting_unknown_or_no_versions_is_fine(index: Index) -> None:
    index.upsert([point(1)])
    index.delete_versions(["never seen"])
    index.delete_versions([])
    assert index.count() == 1


def test_drop_removes_all_points_and_the_index_goes_on(index: Index) -> None:
    index.upsert([point(1), point(2)])
    index.drop()
    assert index.count() == 0
    assert found(index, ANYTHING) == set()
    index.upsert([point(3)])
    assert found(index, ANYTHING) == {name(3)}


# Filtering


def only(
    *, corpora: str = "ab", markings: str = "mn", on_day: int = TODAY, without: frozenset[str] = frozenset()
) -> PointFilter:
    return PointFilter(frozenset(corpora), frozenset(markings), on_day, without)


def test_only_the_corpora_asked_for_are_searched(index: Index) -> None:
    index.upsert([point(1, corpus="a"), point(2, corpus="b"), point(3, corpus="c")])
    assert found(index, only(corpora="a")) == {name(1)}
    assert found(index, only(corpora="bc")) == {name(2), name(3)}
    assert found(index, only(corpora="x")) == set()


def test_only_the_markings_asked_for_are_searched(index: Index) -> None:
    index.upsert([point(1, marking="m"), point(2, marking="n"), point(3, marking="o")])
    assert found(index, only(markings="m")) == {name(1)}
    assert found(index, only(markings="no")) == {name(2), name(3)}


def test_no_corpora_or_no_markings_match_nothing(index: Index) -> None:
    index.upsert([point(1), point(2, corpus="", marking="")])
    for within in (only(corpora=""), only(markings=""), only(corpora="", markings="")):
        assert found(index, within) == set()


def test_a_point_holds_from_its_first_day_until_the_day_before_its_end(index: Index) -> None:
    index.upsert([point(1, valid_from=TODAY, valid_until=TODAY + 2), point(2)])
    days = {day: found(index, only(on_day=TODAY + day)) for day in (-1, 0, 1, 2)}
    always = {name(2)}
    assert days == {-1: always, 0: always | {name(1)}, 1: always | {name(1)}, 2: always}


def test_a_point_without_dates_holds_on_the_first_and_on_the_last_day_but_one(index: Index) -> None:
    index.upsert([point(1)])
    assert found(index, only(on_day=1)) == {name(1)}
    assert found(index, only(on_day=FOREVER - 1)) == {name(1)}


def test_versions_that_are_not_live_are_left_out(index: Index) -> None:
    index.upsert([point(1, version="old"), point(2, version="new"), point(3, version="staged")])
    assert found(index, only(without=frozenset({"old", "staged", "never seen"}))) == {name(2)}


def test_all_conditions_hold_at_once(index: Index) -> None:
    right = point(1, corpus="a", marking="m", version="live", valid_from=TODAY, valid_until=TODAY + 1)
    wrong = [
        replace(right, id=name(2), corpus="c"),
        replace(right, id=name(3), marking="o"),
        replace(right, id=name(4), version="retired"),
        replace(right, id=name(5), valid_from=TODAY + 1, valid_until=TODAY + 2),
        replace(right, id=name(6), valid_from=TODAY - 1, valid_until=TODAY),
    ]
    index.upsert([right, *wrong])
    assert found(index, only(without=frozenset({"retired"}))) == {name(1)}


def test_the_filter_is_applied_inside_the_search_and_not_to_its_results(index: Index) -> None:
    near = [point(number, dense=unit(1, 0, 0, 0), corpus="c") for number in range(100)]
    index.upsert([*near, point(500, dense=unit(0, 1, 0, 0), corpus="a")])
    assert found(index, only(corpora="a"), limit=1) == {name(500)}


# Searching


def test_dense_scores_are_cosine_similarities_best_first(index: Index) -> None:
    vectors = {1: unit(1, 0, 0, 0), 2: unit(1, 1, 0, 0), 3: unit(-1, 0, 0, 0), 4: unit(0, 0, 1, 0)}
    index.upsert([point(number, dense=vector) for number, vector in vectors.items()])
    results = index.search(dense=unit(1, 0, 0, 0), sparse=None, within=ANYTHING, limit=10).dense
    assert [scored.id for scored in results] == [name(1), name(2), name(4), name(3)]
    assert [scored.score for scored in results] == pytest.approx([1.0, math.sqrt(0.5), 0.0, -1.0], abs=1e-6)


def test_sparse_scores_weigh_rare_terms_more(index: Index) -> None:
    index.upsert([point(number, sparse=SparseVector((1,), (1.5,))) for number in range(5)])
    index.upsert([point(7, sparse=SparseVector((2, 4_294_967_295), (1.5, 1.0)))])
    results = index.search(dense=None, sparse=SparseVector((1, 2), (1.0, 2.0)), within=ANYTHING, limit=10).sparse
    assert [scored.id for scored in results] == [name(7), *(name(number) for number in range(5))]
    rare, common = (math.log((6 - n + 0.5) / (n + 0.5) + 1) for n in (1, 5))
    assert results[0].score == pytest.approx(2.0 * 1.5 * rare, rel=1e-5)
    assert results[1].score == pytest.approx(1.0 * 1.5 * common, rel=1e-5)


def test_sparse_finds_only_points_that_share_a_term(index: Index) -> None:
    index.upsert([point(1, sparse=ONE_TERM), point(2, sparse=SparseVector((2,), (1.0,)))])
    results = index.search(dense=None, sparse=SparseVector((2, 3), (1.0, 1.0)), within=ANYTHING, limit=10).sparse
    assert [scored.id for scored in results] == [name(2)]


def test_none_leaves_a_search_out(index: Index) -> None:
    index.upsert([point(1)])
    dense, sparse = unit(1, 0, 0, 0), ONE_TERM
    both = index.search(dense=dense, sparse=sparse, within=ANYTHING, limit=3)
    assert len(both.dense) == len(both.sparse) == 1
    without_sparse = index.search(dense=dense, sparse=None, within=ANYTHING, limit=3)
    assert (without_sparse.dense, without_sparse.sparse) == (both.dense, ())
    without_dense = index.search(dense=None, sparse=sparse, within=ANYTHING, limit=3)
    assert (without_dense.dense, without_dense.sparse) == ((), both.sparse)
    neither = index.search(dense=None, sparse=None, within=ANYTHING, limit=3)
    assert (neither.dense, neither.sparse) == ((), ())


def test_a_query_without_terms_finds_nothing_by_terms(index: Index) -> None:
    index.upsert([point(1), point(2, sparse=NOTHING)])
    candidates = index.search(dense=unit(1, 0, 0, 0), sparse=NOTHING, within=ANYTHING, limit=3)
    assert len(candidates.dense) == 2
    assert candidates.sparse == ()


def test_limit_bounds_each_search(index: Index) -> None:
    index.upsert([point(number) for number in range(30)])
    assert len(found(index, ANYTHING, limit=30)) == 30
    for limit in (0, 1, 7, 29):
        both = index.search(dense=unit(1, 1, 0, 0), sparse=ONE_TERM, within=ANYTHING, limit=limit)
        assert (len(both.dense), len(both.sparse)) == (limit, limit)


@pytest.mark.parametrize("count", [10, 200])
def test_equal_scores_are_ordered_by_id_and_cut_there(index: Index, count: int) -> None:
    numbers = list(np.random.default_rng(1).permutation(count))
    for start in range(0, count, 50):
        index.upsert([point(int(number), dense=unit(1, 2, 3, 4)) for number in numbers[start : start + 50]])
    index.upsert([point(5_000, dense=unit(1, 2, 3, 3.9), sparse=SparseVector((1,), (0.5,)))])
    expected = [name(number) for number in range(7)]
    results = index.search(dense=unit(1, 2, 3, 4), sparse=ONE_TERM, within=ANYTHING, limit=7)
    assert [scored.id for scored in results.dense] == expected
    assert [scored.id for scored in results.sparse] == expected


def test_a_query_of_the_wrong_shape_is_refused(index: Index) -> None:
    for dense in (unit(1, 0, 0), np.array([np.nan, 0, 0, 0], dtype=np.float32)):
        with pytest.raises(ValueError, match="dense vector"):
            index.search(dense=dense, sparse=None, within=ANYTHING, limit=3)
    for sparse in (SparseVector((1,), (math.inf,)), SparseVector((2, 1), (1.0, 1.0))):
        with pytest.raises(ValueError, match="sparse vector"):
            index.search(dense=None, sparse=sparse, within=ANYTHING, limit=3)


Described = tuple[Vector, SparseVector, str, str, str, int, int]
Asked = tuple[PointFilter, Described, int]

points = st.builds(
    lambda dense, terms, version, corpus, marking, start, days: (
        unit(*dense),
        SparseVector(tuple(sorted(terms)), tuple(terms[term] for term in sorted(terms))),
        version,
        corpus,
        marking,
        TODAY + start,
        TODAY + start + days,
    ),
    st.tuples(*[st.integers(-3, 3)] * 4).filter(any),
    st.dictionaries(st.integers(0, 6), st.sampled_from([0.25, 0.5, 1.0, 2.0]), min_size=1, max_size=4),
    st.sampled_from("uvw"),
    st.sampled_from("abc"),
    st.sampled_from("mno"),
    st.integers(-2, 2),
    st.integers(1, 3),
)
filters = st.builds(
    PointFilter,
    corpora=st.frozensets(st.sampled_from("abcx")),
    markings=st.frozensets(st.sampled_from("mnox")),
    on_day=st.integers(TODAY - 3, TODAY + 5),
    without_versions=st.frozensets(st.sampled_from("uvwx")),
)


@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,  # the same examples everywhere; a shard is made for each
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    contents=st.lists(points, min_size=5, max_size=25),
    asked=st.lists(st.tuples(filters, points, st.integers(1, 8)), min_size=4, max_size=10),
)
def test_search_agrees_with_looking_at_every_point(index: Index, contents: list[Described], asked: list[Asked]) -> None:
    index.drop()
    stored = [
        point(
            number,
            dense=dense,
            sparse=sparse,
            version=version,
            corpus=corpus,
            marking=marking,
            valid_from=start,
            valid_until=end,
        )
        for number, (dense, sparse, version, corpus, marking, start, end) in enumerate(contents)
    ]
    index.upsert(stored)
    for within, (dense, sparse, *_), limit in asked:
        candidates = index.search(dense=dense, sparse=sparse, within=within, limit=limit)
        matching = [each for each in stored if matches(each, within)]
        cosines = {each.id: float(dense @ each.dense) for each in matching}
        terms = bm25(sparse, matching, stored)
        for results, truth in ((candidates.dense, cosines), (candidates.sparse, terms)):
            assert_best(results, truth, limit)


def matches(each: Point, within: PointFilter) -> bool:
    return (
        each.corpus in within.corpora
        and each.marking in within.markings
        and each.valid_from <= within.on_day < each.valid_until
        and each.version not in within.without_versions
    )


def bm25(query: SparseVector, matching: list[Point], stored: list[Point]) -> dict[str, float]:
    holding = {term: sum(term in each.sparse.indices for each in stored) for term in query.indices}
    scores: dict[str, float] = {}
    for each in matching:
        weights = dict(zip(each.sparse.indices, each.sparse.values, strict=True))
        for term, weight in zip(query.indices, query.values, strict=True):
            if term in weights:
                rarity = math.log((len(stored) - holding[term] + 0.5) / (holding[term] + 0.5) + 1)
                scores[each.id] = scores.get(each.id, 0.0) + weight * weights[term] * rarity
    return scores


def assert_best(results: tuple[Scored, ...], truth: dict[str, float], limit: int) -> None:
    assert all(scored.id in truth for scored in results)
    assert [scored.score for scored in results] == pytest.approx([truth[scored.id] for scored in results], abs=1e-5)
    best = sorted(truth.values(), reverse=True)[:limit]
    assert [scored.score for scored in results] == pytest.approx(best, abs=1e-5)
    assert list(results) == sorted(results, key=lambda scored: (-scored.score, scored.id))


# The rest


def test_vectors_are_those_of_the_ids_that_are_present(index: Index) -> None:
    index.upsert([point(1, dense=unit(1, 2, 3, 4)), point(2)])
    vectors = index.vectors([name(1), name(9)])
    assert set(vectors) == {name(1)}
    assert vectors[name(1)].dtype == np.float32
    assert vectors[name(1)].shape == (DIMENSIONS,)
    assert vectors[name(1)] == pytest.approx(unit(1, 2, 3, 4), abs=1e-6)
    assert index.vectors([]) == {}


def test_points_come_back_as_they_went_in(index: Index) -> None:
    given = [
        point(1, dense=unit(1, 2, 3, 4), sparse=SparseVector((5, 2**32 - 1), (1.5, 0.25)), marking="n", valid_from=7),
        point(2, sparse=NOTHING, version="w", corpus="b", valid_until=9),
    ]
    index.upsert(given)
    held = index.points([name(1), name(2), name(3)])
    assert held.keys() == {name(1), name(2)}
    for one in given:
        back = held[one.id]
        assert replace(back, dense=one.dense, sparse=one.sparse) == one
        assert back.dense == pytest.approx(one.dense, abs=1e-6)
        assert sorted(zip(back.sparse.indices, back.sparse.values, strict=True)) == list(
            zip(one.sparse.indices, one.sparse.values, strict=True)
        )


def test_a_purge_changes_nothing_that_can_be_seen(index: Index) -> None:
    index.upsert([point(number, version=f"v{number % 2}") for number in range(300)])
    index.delete_versions(["v1"])
    before = index.search(dense=unit(1, 1, 1, 1), sparse=ONE_TERM, within=ANYTHING, limit=5)
    index.purge()
    assert index.count() == 150
    after = index.search(dense=unit(1, 1, 1, 1), sparse=ONE_TERM, within=ANYTHING, limit=5)
    assert after.dense == before.dense
    # How rare a term is counts what was deleted until the files are rewritten.
    assert [scored.id for scored in after.sparse] == [scored.id for scored in before.sparse]
    index.upsert([point(1)])
    assert index.count() == 151


def test_flush_and_maintain_change_nothing_that_can_be_seen(index: Index) -> None:
    index.upsert([point(number) for number in range(20)])
    before = index.search(dense=unit(1, 1, 0, 0), sparse=ONE_TERM, within=ANYTHING, limit=20)
    index.flush()
    index.maintain()
    after = index.search(dense=unit(1, 1, 0, 0), sparse=ONE_TERM, within=ANYTHING, limit=20)
    assert after == before
    assert index.count() == 20


def test_points_are_still_there_when_the_index_is_opened_again(opener: Opener) -> None:
    first = opener()
    first.upsert([point(number, version=f"v{number % 2}") for number in range(10)])
    first.delete_versions(["v1"])
    first.flush()
    again = opener()
    assert again.ids() == {name(number) for number in range(0, 10, 2)}
    assert found(again, ANYTHING) == again.ids()


def test_health_names_the_engine_and_counts_the_points(index: Index) -> None:
    index.upsert([point(1), point(2)])
    health = index.health()
    assert health.engine.startswith("qdrant")
    assert health.points == 2
