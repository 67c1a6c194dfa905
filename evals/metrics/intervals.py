"""Means and set-level measures with their 95 % intervals, from one resampling of the cases.

nan is unscored: it counts in neither mean nor interval. Knows no metric by name."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Weights = npt.NDArray[np.int64]
"""How often each case was drawn, or counts."""

LEVEL = 0.95
_TAIL = (1 - LEVEL) / 2
_CHUNK_VALUES = 1 << 20
"""Weights held at a time: 8 MiB of them, whatever the number of cases."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A mean, or a measure of a whole set, with what it rests on."""

    mean: float | None
    """None when no case could be scored."""
    n: int
    unscored: int
    """Cases that the measure does not apply to, or that failed. They are not zeros."""
    low: float | None
    high: float | None
    """95 % interval. None where resampling can tell none: one case, or the same value in every resample."""


@dataclass(frozen=True, slots=True, eq=False)
class Statistic:
    """A measure of a whole set, such as AURC, over those of its cases that can be scored."""

    measure: Callable[[Weights], float]
    """Takes how often each scored case counts, in their order, at least one of them; returns nan where it is not
    defined."""
    scored: Truths
    """Of each case of the set."""

    def __call__(self, weights: Weights) -> float:
        drawn = weights[self.scored]
        return self.measure(drawn) if drawn.any() else math.nan


def bootstrap(
    columns: Mapping[str, Floats],
    statistics: Mapping[str, Callable[[Weights], float]],
    *,
    seed: int,
    samples: int = 1000,
    proportions: Collection[str] | None = None,
) -> dict[str, Aggregate]:
    """Return each column's mean and each statistic, with percentile bootstrap intervals (Efron 1979).

    Columns are as long as the set: a score a case, nan where unscored. A statistic gets how often each case of the set
    was drawn; give a `Statistic` to have its unscored cases counted as such. All see the same resamples; one in which
    a measure is not defined is left out of its interval. Raises ValueError when they are not of one set.

    A column of ones alone, or of zeros alone, gets the bounds of Clopper & Pearson 1934 instead: its resamples all have
    the same mean, and an interval [1, 1] from five cases would be untrue. Those bounds are of a share of cases. Name
    the columns bounded by 0 and 1 as `proportions` (None: all of them); others, such as counts, get no interval when
    their scores are all the same."""
    cases = _cases(columns, statistics)
    matrix = np.column_stack([*columns.values()]) if columns else np.empty((cases, 0))
    means, measured = _resampled(matrix, list(statistics.values()), cases, seed, samples)
    told = {
        name: _of_column(values, means[:, at], proportion=proportions is None or name in proportions)
        for at, (name, values) in enumerate(columns.items())
    }
    for at, (name, statistic) in enumerate(statistics.items()):
        told[name] = _of_statistic(statistic, measured[:, at], cases)
    return told


def percentile_interval(resampled: Floats) -> tuple[float, float] | None:
    """Return what holds the middle 95 % of the resampled values; nan among them is passed over.

    None when they are all the same."""
    defined = resampled[~np.isnan(resampled)]
    if not len(defined) or np.ptp(defined) <= 1e-12 * max(1.0, float(np.abs(defined).max())):
        return None
    low, high = np.quantile(defined, [_TAIL, 1 - _TAIL])
    return float(low), float(high)


def draws(cases: int, *, seed: int, samples: int) -> Iterator[Weights]:
    """Yield resamples of cases with replacement, as how often each was drawn: arrays (some samples, cases).

    However many cases there are, they are made some at a time."""
    generator = np.random.default_rng(seed)
    at_once = max(1, _CHUNK_VALUES // max(1, cases))
    for start in range(0, samples, at_once):
        count = min(at_once, samples - start)
        # A count of numbers drawn is a multinomial draw, ten times as fast as numpy's own.
        drawn = generator.integers(0, cases, size=(count, cases)) + np.arange(count)[:, None] * cases
        yield np.bincount(drawn.ravel(), minlength=count * cases).reshape(count, cases)


def _cases(columns: Mapping[str, Floats], statistics: Mapping[str, Callable[[Weights], float]]) -> int:
    lengths = {len(values) for values in columns.values()}
    lengths |= {len(one.scored) for one in statistics.values() if isinstance(one, Statistic)}
    if len(lengths) != 1:
        raise ValueError(f"columns and Statistics of one set say how many cases there are; these say {sorted(lengths)}")
    return lengths.pop()


def _resampled(
    matrix: Floats, statistics: list[Callable[[Weights], float]], cases: int, seed: int, samples: int
) -> tuple[Floats, Floats]:
    """Return the mean of each column and the value of each statistic in each resample."""
    if not cases:
        return np.empty((0, matrix.shape[1])), np.empty((0, len(statistics)))
    scored = ~np.isnan(matrix)
    both = np.hstack([np.where(scored, matrix, 0.0), scored.astype(np.float64)])
    means, measured = [], []
    for weights in draws(cases, seed=seed, samples=samples):
        sums, counts = np.hsplit(weights.astype(np.float64) @ both, 2)
        means.append(np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0))
        measured.append([[statistic(one) for statistic in statistics] for one in weights])
    return np.vstack(means), np.concatenate([np.array(one, dtype=np.float64) for one in measured])


def _of_column(values: Floats, resampled: Floats, *, proportion: bool) -> Aggregate:
    scored = values[~np.isnan(values)]
    n, unscored = len(scored), len(values) - len(scored)
    if not n:
        return Aggregate(None, 0, unscored, None, None)
    exact = _exact_bounds(scored) if proportion else None
    low, high = exact or percentile_interval(resampled) or (None, None)
    return Aggregate(math.fsum(scored) / n, n, unscored, low, high)


def _of_statistic(statistic: Callable[[Weights], float], resampled: Floats, cases: int) -> Aggregate:
    n = int(statistic.scored.sum()) if isinstance(statistic, Statistic) else cases
    value = statistic(np.ones(cases, dtype=np.int64)) if n else math.nan
    if math.isnan(value):
        return Aggregate(None, n, cases - n, None, None)
    low, high = percentile_interval(resampled) or (None, None)
    return Aggregate(value, n, cases - n, low, high)


def _exact_bounds(scored: Floats) -> tuple[float, float] | None:
    """Return the bounds of Clopper & Pearson 1934 for all ones and for all zeros; None for other scores."""
    least = _TAIL ** (1 / len(scored))
    if (scored == 1).all():
        return least, 1.0
    return (0.0, 1 - least) if (scored == 0).all() else None
