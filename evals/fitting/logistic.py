"""Fit a logistic model by Newton's method, and measure probabilities against the truth. Pure: knows arrays alone."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_RIDGE = 1.0
_STEPS = 50


def fit_logistic(rows: Sequence[Sequence[float]], truth: Sequence[bool], weights: Array) -> list[float]:
    """Return the intercept and the weight of each column; the columns' spread is evened out for the unit ridge.

    `weights`: how much each row counts; what matters is their ratio."""
    columns, right = np.array(rows, dtype=np.float64), np.array(truth, dtype=np.float64)
    mean, spread = columns.mean(axis=0), columns.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(len(columns)), (columns - mean) / spread])
    counted = weights * len(weights) / weights.sum()
    ridge = np.diag([0.0, *[_RIDGE] * columns.shape[1]])
    solution: Array = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        predicted = 1 / (1 + np.exp(-design @ solution))
        gradient = design.T @ (counted * (right - predicted)) - ridge @ solution
        curvature = (design * (counted * predicted * (1 - predicted))[:, None]).T @ design + ridge
        solution = solution + np.linalg.solve(curvature, gradient)
    slopes = solution[1:] / spread
    return [float(solution[0] - slopes @ mean), *slopes.tolist()]


def auroc(probability: Array, truth: npt.NDArray[np.bool_], weights: npt.NDArray[np.int64]) -> float:
    """Return how often a true case has a higher probability than a false one, ties half; nan without either.

    Hanley & McNeil 1982. `weights`: how often each case counts."""
    values, place = np.unique(probability, return_inverse=True)
    good = np.bincount(place, weights=weights * truth, minlength=len(values))
    bad = np.bincount(place, weights=weights * ~truth, minlength=len(values))
    pairs = good.sum() * bad.sum()
    below = np.cumsum(bad) - bad / 2
    return float(good @ below / pairs) if pairs else float("nan")
