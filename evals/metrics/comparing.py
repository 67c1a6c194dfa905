"""Tests of a difference between two systems that were asked the same cases.

A is what was, B what might be: differences are B minus A. nan is unscored; a case unscored in either is left out."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np

from evals.metrics.intervals import Floats, Weights, draws, percentile_interval

_CHUNK_VALUES = 1 << 20
_SAMPLES = 1000
_SAMPLES_OF_A_SET = 10_000
"""With 1,000 p would never be below 0.002, which Holm's correction over 28 measures makes 0.056."""
_CLEAR = 0.05
"""Above it after the first `_SAMPLES`, p is not made finer: no correction would make it significant."""


@dataclass(frozen=True, slots=True)
class Paired:
    """Two systems on the same cases."""

    n: int
    """Cases scored in both."""
    mean_a: float | None
    """None, like all below, when there is no such case."""
    mean_b: float | None
    difference: float | None
    """B minus A."""
    low: float | None
    high: float | None
    """95 % interval of the difference. None where resampling can tell none: all cases differ alike."""
    p: float | None
    """Two-sided: how often a difference at least as large would come up if the systems were alike. None where that
    cannot be told either."""


_NOTHING = Paired(0, None, None, None, None, None, None)


def paired_test(a: Floats, b: Floats, *, seed: int, permutations: int = 10_000, samples: int = _SAMPLES) -> Paired:
    """Compare two columns of scores, case by case.

    p is of a permutation test: if the systems are alike, each case's difference might as well have had the other sign
    (Fisher 1935; Smucker et al. 2007 for retrieval). p = (1 + as extreme) / (1 + permutations), which is never 0
    (Phipson & Smyth 2010). The interval is a percentile bootstrap of the mean difference over cases (Efron 1979)."""
    both = ~(np.isnan(a) | np.isnan(b))
    if not both.any():
        return _NOTHING
    differences = b[both] - a[both]
    n = len(differences)
    resampled = [weights.astype(np.float64) @ differences / n for weights in draws(n, seed=seed, samples=samples)]
    low, high = percentile_interval(np.concatenate(resampled)) or (None, None)
    return Paired(
        n=n,
        mean_a=float(a[both].mean()),
        mean_b=float(b[both].mean()),
        difference=float(differences.mean()),
        low=low,
        high=high,
        p=_sign_flip_p(differences, seed, permutations),
    )


def paired_statistic(
    a: Callable[[Weights], float],
    b: Callable[[Weights], float],
    *,
    cases: int,
    seed: int,
    samples: int = _SAMPLES_OF_A_SET,
) -> Paired:
    """Compare a measure of a whole set, such as AURC, between two systems.

    `a` and `b` get how often each case was drawn, the same for both. p is the level at which the bootstrap interval
    would just hold 0 (Efron & Tibshirani 1993, chapter 15), never below 2 / (1 + samples). Where the first 1,000
    resamples put it above 0.05, no more are drawn. It is a little too sure with few cases: of 1,000 simulated pairs of
    equals 8 % came below 0.05 at 10 cases, 4 to 6 % at 20 to 100. None, as the interval, where all resamples differ
    alike. A resample in which either is not defined is left out; n counts all cases."""
    value_a, value_b = (one(np.ones(cases, dtype=np.int64)) for one in (a, b))
    if math.isnan(value_a) or math.isnan(value_b):
        return _NOTHING
    each = (b(one) - a(one) for weights in draws(cases, seed=seed, samples=samples) for one in weights)
    resampled = np.fromiter(islice(each, _SAMPLES), dtype=np.float64)
    if (p := _bootstrap_p(resampled)) <= _CLEAR:
        # Measured: 1,000 cases, AURC, 10,000 resamples of both systems take 0.9 seconds.
        resampled = np.concatenate([resampled, np.fromiter(each, dtype=np.float64)])
        p = _bootstrap_p(resampled)
    if (interval := percentile_interval(resampled)) is None:
        alike = 1.0 if value_a == value_b else None
        return Paired(cases, value_a, value_b, value_b - value_a, None, None, alike)
    return Paired(cases, value_a, value_b, value_b - value_a, *interval, p)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return p values adjusted for how many there are, in the same order (Holm 1979).

    To call those below 0.05 differences is to be wrong about any of them in at most 5 % of comparisons."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    for rank, name in enumerate(sorted(p_values, key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[name]))
        adjusted[name] = highest
    return {name: adjusted[name] for name in p_values}


def _bootstrap_p(resampled: Floats) -> float:
    """Return twice the share of resampled differences, at the smaller side of 0, that are 0 or beyond it."""
    defined = resampled[~np.isnan(resampled)]
    tail = min(int((defined <= 0).sum()), int((defined >= 0).sum()))
    return min(1.0, 2 * (1 + tail) / (1 + len(defined)))


def _sign_flip_p(differences: Floats, seed: int, permutations: int) -> float:
    # A case without a difference has no sign to flip.
    told = differences[differences != 0]
    if not len(told):
        return 1.0
    # Sums of the same numbers in another order differ in their last bits; those are ties.
    total = told.sum()
    least = abs(total) - 1e-9 * np.abs(told).sum()
    generator = np.random.default_rng(seed)
    at_once = max(1, _CHUNK_VALUES // len(told))
    extreme = 0
    for start in range(0, permutations, at_once):
        count = min(at_once, permutations - start)
        flipped = generator.integers(0, 2, size=(count, len(told)), dtype=np.int8).astype(np.float64)
        extreme += int((np.abs(total - 2 * (flipped @ told)) >= least).sum())
    return (1 + extreme) / (1 + permutations)
