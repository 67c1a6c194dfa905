"""Measures with their values worked out by hand, and what holds for all values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import Aggregate, aggregate, holds_answer, ndcg_at, recall_at

# What each rank shows of the relevant places 0 .. relevant - 1.
_RANKED = st.integers(1, 5).flatmap(
    lambda relevant: st.tuples(
        st.lists(st.frozensets(st.integers(0, relevant - 1)), max_size=12), st.just(relevant), st.integers(1, 12)
    )
)
_SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("ranked", "relevant", "k", "expected"),
    [
        ([[0], [], [1]], 2, 1, 0.5),
        ([[0], [], [1]], 2, 2, 0.5),
        ([[0], [], [1]], 2, 3, 1.0),
        ([[0], [0], [0]], 2, 3, 0.5),
        ([[0, 1]], 2, 1, 1.0),
        ([[], []], 3, 5, 0.0),
        ([], 1, 5, 0.0),
    ],
)
def test_recall_is_the_share_of_places_found_in_the_first_k(
    ranked: list[list[int]], relevant: int, k: int, expected: float
) -> None:
    assert recall_at(k, ranked, relevant) == expected


@pytest.mark.parametrize(
    ("ranked", "relevant", "k", "expected"),
    [
        ([[0]], 1, 10, 1.0),
        ([[], [0]], 1, 10, 1 / math.log2(3)),
        ([[], [], [0]], 1, 2, 0.0),
        ([[0], [1]], 2, 10, 1.0),
        ([[0], [], [1]], 2, 10, (1 + 1 / 2) / (1 + 1 / math.log2(3))),
        ([[0], [0], [1]], 2, 10, (1 + 1 / 2) / (1 + 1 / math.log2(3))),
        ([[0]], 3, 1, 1.0),
        ([], 2, 10, 0.0),
    ],
)
def test_ndcg_is_what_it_is_by_hand(ranked: list[list[int]], relevant: int, k: int, expected: float) -> None:
    assert ndcg_at(k, ranked, relevant) == pytest.approx(expected)


@given(_RANKED)
def test_recall_and_ndcg_are_shares(told: tuple[list[frozenset[int]], int, int]) -> None:
    ranked, relevant, k = told
    assert 0 <= recall_at(k, ranked, relevant) <= 1
    assert 0 <= ndcg_at(k, ranked, relevant) <= 1 + 1e-9


@given(_RANKED)
def test_recall_does_not_fall_when_more_is_looked_at(told: tuple[list[frozenset[int]], int, int]) -> None:
    ranked, relevant, k = told
    assert recall_at(k, ranked, relevant) <= recall_at(k + 1, ranked, relevant)


@given(_RANKED)
def test_ndcg_does_not_fall_when_a_place_is_found_a_rank_earlier(
    told: tuple[list[frozenset[int]], int, int],
) -> None:
    ranked, relevant, _ = told
    assert ndcg_at(20, [frozenset(), *ranked], relevant) <= ndcg_at(20, ranked, relevant) + 1e-9


@pytest.mark.parametrize(
    ("text", "expected", "forbidden", "right"),
    [
        ("The bridge carries 60 tonnes.", ["60 tonnes"], [], True),
        ("The bridge carries\n60  TONNES.", ["60 tonnes"], [], True),
        ("The bridge carries 60 tonnes.", ["sixty", "60 tonnes"], [], True),
        ("The bridge carries 160 tonnes.", ["60 tonnes"], [], False),
        ("The bridge carries 600 tonnes.", ["60"], [], False),
        ("The bridge carries 1.5 tonnes.", ["5 tonnes"], [], False),
        ("It starts at 14:305.", ["14:30"], [], False),
        ("MLC 60, at 14:30 (local).", ["14:30"], [], True),
        ("De brug draagt 60 ton.", ["60 ton"], ["70 ton"], True),
        ("De brug draagt 60 ton of 70 ton.", ["60 ton"], ["70 ton"], False),
        ("De bruggen zijn dicht.", ["brug"], [], True),
        ("Nothing.", ["something"], [], False),
        ("Nothing.", [], [], False),
    ],
)
def test_an_answer_holds_one_of_the_expected_strings_and_no_forbidden_one(
    text: str, expected: list[str], forbidden: list[str], right: bool
) -> None:
    assert holds_answer(text, expected, forbidden) == float(right)


@given(_SCORES)
def test_the_interval_holds_the_mean_and_stays_within_the_scores(scores: list[float]) -> None:
    told = aggregate(scores, samples=200)
    assert told.mean is not None
    assert told.low is not None
    assert told.high is not None
    assert told.mean == pytest.approx(math.fsum(scores) / len(scores))
    assert min(scores) - 1e-9 <= told.low <= told.mean + 1e-9
    assert told.mean - 1e-9 <= told.high <= max(scores) + 1e-9


def test_the_interval_is_narrower_with_more_cases() -> None:
    few, many = aggregate([0.0, 1.0] * 10), aggregate([0.0, 1.0] * 1000)
    assert few.high is not None
    assert few.low is not None
    assert many.high is not None
    assert many.low is not None
    # Binomial, N 2000: 0.5 plus or minus 1.96 * 0.5 / sqrt(2000) = 0.022.
    assert (many.low, many.high) == pytest.approx((0.478, 0.522), abs=0.006)
    assert few.high - few.low > 5 * (many.high - many.low)


def test_unscored_cases_are_counted_and_are_not_zeros() -> None:
    assert aggregate([1.0, None, 1.0, None, None]) == Aggregate(1.0, 2, 3, 1.0, 1.0)


def test_nothing_scored_has_no_mean() -> None:
    assert aggregate([None, None]) == Aggregate(None, 0, 2, None, None)
    assert aggregate([]) == Aggregate(None, 0, 0, None, None)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1))))
def test_an_aggregate_is_the_same_every_time(scores: list[float | None]) -> None:
    assert aggregate(scores, samples=20) == aggregate(scores, samples=20)
