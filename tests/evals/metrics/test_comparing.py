"""Paired tests: by full enumeration, by simulation, and what they say where they cannot tell."""

import math
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import Statistic, aurc, holm, paired_statistic, paired_test
from evals.metrics.intervals import draws

_NAN = math.nan


def test_the_difference_is_b_minus_a_over_cases_scored_in_both() -> None:
    a, b = np.array([0.0, 1.0, 0.5, _NAN, 0.2]), np.array([1.0, 1.0, 0.75, 1.0, _NAN])
    told = paired_test(a, b, seed=0)
    assert told.n == 3
    assert [told.mean_a, told.mean_b, told.difference] == pytest.approx([0.5, 2.75 / 3, 1.25 / 3])
    assert told.low is not None
    assert told.high is not None
    assert 0 <= told.low < 1.25 / 3 < told.high <= 1


def test_p_is_that_of_all_sign_flips() -> None:
    differences = np.array([0.5, 1.0, -0.25, 0.75, 0.0, 0.3, 0.9, -0.1, 0.4])
    flipped = [abs(np.dot(signs, differences)) for signs in product([1, -1], repeat=len(differences))]
    exact = np.mean(np.array(flipped) >= abs(differences.sum()) - 1e-9)

    told = paired_test(np.zeros(9), differences, seed=0, permutations=100_000)

    # Three standard errors of 100,000 draws.
    assert told.p == pytest.approx(exact, abs=3 * math.sqrt(exact / 100_000))


def test_p_is_below_5_percent_in_5_percent_of_comparisons_of_equals() -> None:
    source = np.random.default_rng(2)
    sets = source.normal(0.5, 0.2, (1000, 2, 40))
    ps = [paired_test(a, b, seed=at, permutations=400, samples=2).p for at, (a, b) in enumerate(sets)]
    share = np.mean([p is not None and p < 0.05 for p in ps])
    # Three standard errors of 1,000 draws at 5 % are 2 points.
    assert 0.03 <= share <= 0.07


def test_a_real_difference_is_found_and_p_is_never_0() -> None:
    source = np.random.default_rng(3)
    a = (source.random(300) < 0.4).astype(np.float64)
    b = np.where(source.random(300) < 0.3, 1.0, a)
    told = paired_test(a, b, seed=0)
    assert told.p == 1 / 10_001
    assert told.low is not None
    assert told.low > 0


def test_equal_columns_show_no_difference() -> None:
    same = np.array([0.1, 0.7, _NAN, 1.0])
    told = paired_test(same, same, seed=0)
    assert (told.n, told.difference, told.p, told.low, told.high) == (3, 0.0, 1.0, None, None)


def test_one_case_proves_nothing() -> None:
    told = paired_test(np.array([0.0]), np.array([1.0]), seed=0)
    assert (told.difference, told.p, told.low) == (1.0, 1.0, None)


def test_without_a_shared_case_there_is_nothing_to_compare() -> None:
    told = paired_test(np.array([_NAN, 1.0]), np.array([1.0, _NAN]), seed=0)
    assert (told.n, told.mean_a, told.difference, told.p) == (0, None, None, None)


def test_a_comparison_is_the_same_every_time_and_reversed_when_turned_round() -> None:
    source = np.random.default_rng(4)
    a, b = source.random((2, 60))
    assert paired_test(a, b, seed=1) == paired_test(a, b, seed=1)
    one, other = paired_test(a, b, seed=1), paired_test(b, a, seed=1)
    assert one.difference == pytest.approx(-(other.difference or 0))
    assert one.p == other.p
    assert one.low == pytest.approx(-(other.high or 0))


def test_a_statistic_of_the_set_is_compared_on_the_same_resamples() -> None:
    source = np.random.default_rng(6)
    wrong = (source.random(200) < 0.3).astype(np.float64)
    knowing, blind = 1 - wrong * 0.8 + source.normal(0, 0.1, 200), source.random(200)
    every = np.ones(200, dtype=bool)
    a, b = (
        Statistic(lambda weights, sure=sure: aurc(sure, wrong, weights=weights), every)  # type: ignore[misc]
        for sure in (blind, knowing)
    )

    told = paired_statistic(a, b, cases=200, seed=0)

    assert told.difference == pytest.approx(aurc(knowing, wrong) - aurc(blind, wrong))
    assert told.high is not None
    assert told.high < 0
    assert told.p == pytest.approx(2 / 10_001)
    same = paired_statistic(a, a, cases=200, seed=0)
    assert (same.difference, same.p, same.low) == (0.0, 1.0, None)


def test_a_clear_difference_of_a_set_is_one_among_28_measures_too() -> None:
    shift = np.linspace(0.4, 0.6, 50)
    told = paired_statistic(lambda weights: 0.0, lambda weights: float(weights @ shift / 50), cases=50, seed=0)
    assert told.p is not None
    others = {str(at): 1.0 for at in range(27)}
    assert holm({"clear": told.p, **others})["clear"] < 0.05


@pytest.mark.parametrize(("shift", "samples"), [(0.0, 1000), (1.0, 10_000)])
def test_many_resamples_are_spent_only_on_what_may_be_a_difference(shift: float, samples: int) -> None:
    differences = np.random.default_rng(7).normal(0, 1, 60)
    differences += shift - differences.mean()
    asked = 0

    def b(weights: npt.NDArray[np.int64]) -> float:
        nonlocal asked
        asked += 1
        return float(weights @ differences / 60)

    told = paired_statistic(lambda weights: 0.0, b, cases=60, seed=0)

    # Once more for the set itself.
    assert asked == samples + 1
    assert told.p is not None
    assert (told.p > 0.05) == (shift == 0)


def test_p_of_a_statistic_is_that_of_all_its_resamples_and_no_more_are_drawn_than_asked_for() -> None:
    differences = np.random.default_rng(8).normal(0, 1, 60)
    differences += 0.3 - differences.mean()
    resampled = np.concatenate([weights @ differences / 60 for weights in draws(60, seed=0, samples=10_000)])
    within = 2 * (1 + int((resampled <= 0).sum())) / 10_001
    told, few = (
        paired_statistic(
            lambda weights: 0.0, lambda weights: float(weights @ differences / 60), cases=60, seed=0, samples=samples
        )
        for samples in (10_000, 100)
    )
    assert 0.0005 < within < 0.05
    assert told.p == pytest.approx(within)
    assert (told.low, told.high) == pytest.approx(tuple(np.quantile(resampled, [0.025, 0.975])))
    assert few.p is not None
    assert few.p >= 2 / 101


def test_a_statistic_that_always_differs_alike_or_has_no_value_has_no_p() -> None:
    constant = paired_statistic(lambda weights: 1.0, lambda weights: 2.0, cases=1, seed=0)
    assert (constant.difference, constant.p, constant.low) == (1.0, None, None)
    assert paired_statistic(lambda weights: _NAN, lambda weights: 2.0, cases=3, seed=0).n == 0


def test_holm_is_what_it_is_by_hand() -> None:
    adjusted = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert adjusted == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})
    assert list(adjusted) == ["a", "b", "c", "d"]
    assert holm({}) == {}


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=8))
def test_holm_keeps_the_order_and_never_lowers_p(p_values: dict[str, float]) -> None:
    adjusted = holm(p_values)
    assert all(p_values[name] <= adjusted[name] <= 1 for name in p_values)
    ranked = sorted(p_values, key=p_values.__getitem__)
    assert [adjusted[name] for name in ranked] == sorted(adjusted.values())
