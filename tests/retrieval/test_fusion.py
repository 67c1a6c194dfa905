"""Rankings are combined by what each passage has of the best of each search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.documents import Via
from retrieval.fusion import convex_combination
from retrieval.index.protocol import Scored

_RANKINGS = st.fixed_dictionaries(
    {
        search: st.lists(st.sampled_from("abcdef"), unique=True).map(
            lambda ids: [Scored(identifier, 1.0 / (rank + 1)) for rank, identifier in enumerate(ids)]
        )
        for search in ("dense", "bm25")
    }
)
_EQUAL = {"dense": 1.0, "bm25": 1.0}


def test_scores_are_weighed_shares_of_the_best_of_each_search() -> None:
    rankings = {
        "dense": [Scored("a", 0.9), Scored("b", 0.8), Scored("c", 0.7)],
        "bm25": [Scored("b", 12.0), Scored("c", 3.0)],
    }
    fused = convex_combination(rankings, weights={"dense": 0.5, "bm25": 1.0})
    assert [one.id for one in fused] == ["b", "a", "c"]
    assert [one.score for one in fused] == pytest.approx([(0.25 + 1) / 1.5, 0.5 / 1.5, 0.25 / 1.5])
    assert fused[0].via == (Via("dense", 2, 0.8), Via("bm25", 1, 12.0))


def test_what_one_search_alone_finds_far_ahead_comes_before_what_both_find_late() -> None:
    late = [Scored(f"x{rank}", 0.5 - rank / 100) for rank in range(20)]
    dense = [Scored("y", 0.6), *late]
    words = [Scored("W914", 14.0), *(Scored(one.id, 2.0) for one in late)]
    fused = convex_combination({"dense": dense, "bm25": words}, weights={"dense": 0.45, "bm25": 1.0})
    assert fused[0].id == "W914"


def test_equal_scores_of_a_search_all_count_whole() -> None:
    rankings = {"dense": [Scored("a", 0.4), Scored("b", 0.4)], "bm25": []}
    assert [one.score for one in convex_combination(rankings, weights={"dense": 1.0, "bm25": 0.0})] == [1.0, 1.0]


def test_a_search_that_weighs_nothing_changes_no_order() -> None:
    rankings = {"dense": [Scored("z", 0.9), Scored("y", 0.8)], "bm25": [Scored("y", 5.0), Scored("z", 4.0)]}
    fused = convex_combination(rankings, weights={"dense": 0.0, "bm25": 1.0})
    assert [one.id for one in fused] == ["y", "z"]


def test_equal_scores_are_ordered_by_id() -> None:
    rankings = {"dense": [Scored("b", 0.9)], "bm25": [Scored("a", 5.0)]}
    assert [one.id for one in convex_combination(rankings, weights=_EQUAL)] == ["a", "b"]


def test_nothing_found_is_an_empty_list() -> None:
    assert convex_combination({"dense": [], "bm25": []}, weights=_EQUAL) == []


@given(_RANKINGS)
def test_everything_found_is_returned_once_best_first(rankings: dict[str, list[Scored]]) -> None:
    fused = convex_combination(rankings, weights=_EQUAL)
    assert sorted(one.id for one in fused) == sorted({scored.id for ranking in rankings.values() for scored in ranking})
    assert [one.score for one in fused] == sorted((one.score for one in fused), reverse=True)
    assert all(0 <= one.score <= 1 + 1e-9 for one in fused)


@given(_RANKINGS)
def test_a_passage_that_ranks_higher_in_both_searches_ranks_higher(rankings: dict[str, list[Scored]]) -> None:
    order = [one.id for one in convex_combination(rankings, weights=_EQUAL)]
    ranks = [[scored.id for scored in ranking] for ranking in rankings.values()]
    for better in order:
        for worse in order:
            if all(better in ids and worse in ids and ids.index(better) < ids.index(worse) for ids in ranks):
                assert order.index(better) < order.index(worse)
