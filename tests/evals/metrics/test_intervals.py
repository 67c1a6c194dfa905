"""Intervals: that they hold the truth as often as they say, and what they say where resampling cannot."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest  # type: ignore[import-untyped]

from evals.metrics import Aggregate, Statistic, aurc, bootstrap
from evals.metrics.intervals import Floats, draws

_NAN = math.nan
_SCORES = st.lists(st.one_of(st.just(_NAN), st.floats(0, 1)), max_size=30)


@pytest.mark.parametrize(
    ("name", "draw", "truth"),
    [
        ("Bernoulli 0.3", lambda source, size: (source.random(size) < 0.3).astype(np.float64), 0.3),
        ("Beta(1, 4), skewed", lambda source, size: source.beta(1, 4, size), 0.2),
    ],
)
@pytest.mark.parametrize("cases", [50, 200])
def test_about_95_of_100_intervals_hold_the_truth(
    name: str, draw: Callable[[np.random.Generator, tuple[int, int]], Floats], truth: float, cases: int
) -> None:
    sets = draw(np.random.default_rng(11), (2000, cases))
    held = 0
    for start in range(0, len(sets), 50):
        columns = {str(at): values for at, values in enumerate(sets[start : start + 50])}
        told = bootstrap(columns, {}, seed=start)
        held += sum(one.low <= truth <= one.high for one in told.values() if one.low is not None and one.high)
    coverage = held / len(sets)
    print(f"{name}, N={cases}: {coverage:.1%} of {len(sets)} intervals hold the mean")
    # Three standard errors of 2,000 draws at 95 % are 1.5 points; at N 50 a percentile bootstrap is a point too narrow.
    assert 0.92 <= coverage <= 0.965


def test_an_interval_is_as_wide_as_theory_says_and_narrower_with_more_cases() -> None:
    few, many = (bootstrap({"a": np.tile([0.0, 1.0], half)}, {}, seed=0)["a"] for half in (10, 1000))
    # Binomial, N 2000: 0.5 plus or minus 1.96 * 0.5 / sqrt(2000) = 0.022.
    assert (many.low, many.high) == pytest.approx((0.478, 0.522), abs=0.003)
    assert _width(few) > 5 * _width(many)


@given(_SCORES)
def test_an_interval_holds_the_mean_and_stays_within_the_scores(scores: list[float]) -> None:
    values = np.array(scores, dtype=np.float64)
    told = bootstrap({"a": values}, {}, seed=0, samples=200)["a"]
    scored = [score for score in scores if not math.isnan(score)]
    assert (told.n, told.unscored) == (len(scored), len(scores) - len(scored))
    if not scored:
        assert (told.mean, told.low, told.high) == (None, None, None)
        return
    assert told.mean == pytest.approx(math.fsum(scored) / len(scored))
    if told.low is not None and told.high is not None and set(scored) - {0.0} and set(scored) - {1.0}:
        assert min(scored) - 1e-9 <= told.low <= told.high <= max(scored) + 1e-9


def test_unscored_cases_are_counted_and_are_not_zeros() -> None:
    told = bootstrap({"a": np.array([0.5, _NAN, 0.7, _NAN, 0.6])}, {}, seed=0)["a"]
    assert told.mean == pytest.approx(0.6)
    assert (told.n, told.unscored) == (3, 2)
    assert told.low is not None
    assert told.low >= 0.5


@pytest.mark.parametrize("n", [1, 5, 40])
def test_all_right_and_all_wrong_get_exact_bounds(n: int) -> None:
    unscored = [_NAN] * 3
    told = bootstrap({"right": np.array([1.0] * n + unscored), "wrong": np.array([0.0] * n + unscored)}, {}, seed=0)
    for name, successes in (("right", n), ("wrong", 0)):
        exact = binomtest(successes, n).proportion_ci(0.95, method="exact")
        assert (told[name].low, told[name].high) == pytest.approx((exact.low, exact.high))
        assert (told[name].n, told[name].unscored) == (n, 3)


def test_a_count_that_is_the_same_in_every_case_gets_no_bounds_of_a_share() -> None:
    zeros, ones, mixed = np.zeros(20), np.ones(20), np.tile([0.0, 1.0], 10)
    columns = {"right": ones, "leaks": zeros, "citations": ones, "unresolved": mixed}
    told = bootstrap(columns, {}, seed=0, proportions={"right", "not measured here"})
    assert told["leaks"] == Aggregate(0.0, 20, 0, None, None)
    assert told["citations"] == Aggregate(1.0, 20, 0, None, None)
    every = bootstrap(columns, {}, seed=0)
    assert told["right"] == every["right"]
    assert told["right"].low is not None
    assert told["unresolved"] == every["unresolved"]
    assert every["leaks"].high is not None
    assert bootstrap(columns, {}, seed=0, proportions=()) == {**told, "right": Aggregate(1.0, 20, 0, None, None)}


def test_where_resampling_can_tell_nothing_there_is_no_interval() -> None:
    told = bootstrap({"one": np.array([0.7]), "same": np.array([0.1])}, {"three": lambda weights: 3.0}, seed=0)
    assert told["one"] == Aggregate(0.7, 1, 0, None, None)
    assert told["three"] == Aggregate(3.0, 1, 0, None, None)
    assert bootstrap({"same": np.full(9, 0.1)}, {}, seed=0)["same"].low is None


def test_a_statistic_that_is_a_mean_gets_the_mean_s_interval() -> None:
    source = np.random.default_rng(5)
    values = source.random(120)
    values[::7] = _NAN
    scored = ~np.isnan(values)
    mean = Statistic(lambda weights: float(weights @ values[scored] / weights.sum()), scored)

    told = bootstrap({"column": values}, {"statistic": mean}, seed=2)

    assert told["statistic"].mean == pytest.approx(told["column"].mean)
    assert (told["statistic"].low, told["statistic"].high) == pytest.approx((told["column"].low, told["column"].high))
    assert (told["statistic"].n, told["statistic"].unscored) == (told["column"].n, told["column"].unscored)


def test_resamples_in_which_a_statistic_is_not_defined_are_left_out() -> None:
    confidence, wrong = np.linspace(0, 1, 30), np.tile([0.0, 0.0, 1.0], 10)

    def fickle(weights: npt.NDArray[np.int64]) -> float:
        return aurc(confidence, wrong, weights=weights) if weights[0] or weights.max() == 1 else _NAN

    told = bootstrap({}, {"fickle": Statistic(fickle, np.ones(30, dtype=bool))}, seed=0)["fickle"]
    steady = Statistic(lambda weights: aurc(confidence, wrong, weights=weights), np.ones(30, dtype=bool))
    every = bootstrap({}, {"aurc": steady}, seed=0)["aurc"]
    assert told.mean == every.mean == pytest.approx(aurc(confidence, wrong))
    assert told.low is not None
    assert told.low != every.low


def test_a_statistic_without_a_value_has_no_mean() -> None:
    told = bootstrap({}, {"none": Statistic(lambda weights: _NAN, np.array([True, True, False]))}, seed=0)
    assert told["none"] == Aggregate(None, 2, 1, None, None)
    empty = Statistic(lambda weights: 1 / len(weights), np.array([False, False]))
    assert bootstrap({}, {"none": empty}, seed=0)["none"] == Aggregate(None, 0, 2, None, None)


def test_a_set_without_cases_has_no_means() -> None:
    assert bootstrap({"a": np.empty(0)}, {}, seed=0) == {"a": Aggregate(None, 0, 0, None, None)}


def test_columns_of_different_sets_are_refused() -> None:
    with pytest.raises(ValueError, match="of one set"):
        bootstrap({"a": np.zeros(3), "b": np.zeros(4)}, {}, seed=0)


def test_a_seed_gives_the_same_interval_whatever_else_is_measured() -> None:
    values = np.random.default_rng(1).random(50)
    alone = bootstrap({"a": values}, {}, seed=4)["a"]
    assert bootstrap({"b": values**2, "a": values}, {}, seed=4)["a"] == alone
    assert bootstrap({"a": values}, {}, seed=5)["a"] != alone


def test_every_resample_draws_as_many_cases_as_there_are() -> None:
    drawn = np.vstack(list(draws(3000, seed=0, samples=700)))
    assert drawn.shape == (700, 3000)
    assert (drawn.sum(axis=1) == 3000).all()
    # Each case Poisson-like: on average once, with variance 1 - 1/N.
    assert drawn.var() == pytest.approx(1, abs=0.01)


def _width(told: Aggregate) -> float:
    assert told.low is not None
    assert told.high is not None
    return told.high - told.low
