"""Paired tests: by full enumeration, by simulation, and what they say where they cannot tell."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import Statistic, aurc, holm, paired_statistic, paired_test

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
    assert told.p == pytest.approx(2 / 1001)
    same = paired_statistic(a, a, cases=200, seed=0)
    assert (same.difference, same.p, same.low) == (0.0, 1.0, None)


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
