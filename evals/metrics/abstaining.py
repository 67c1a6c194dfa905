"""Measures of knowing what one does not know: abstentions, risk at each coverage, and calibration.

Arrays are one-dimensional, a value a case. Weights are whole numbers, how often a case counts: that is how a bootstrap
draws it. nan where a measure is not defined."""

from dataclasses import dataclass

import numpy as np

from evals.metrics.intervals import Floats, Truths, Weights


@dataclass(frozen=True, slots=True)
class Abstentions:
    """How many, and how good."""

    rightly: int
    """Abstained, and should have."""
    wrongly: int
    """Abstained from what could be answered."""
    missed: int
    """Answered what could not be."""

    @property
    def precision(self) -> float:
        """The share of abstentions that were right."""
        return _ratio(self.rightly, self.rightly + self.wrongly)

    @property
    def recall(self) -> float:
        """The share of the cases to abstain from in which it did."""
        return _ratio(self.rightly, self.rightly + self.missed)

    @property
    def f1(self) -> float:
        """Their harmonic mean (van Rijsbergen 1979)."""
        return _ratio(2 * self.rightly, 2 * self.rightly + self.wrongly + self.missed)


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of about the same confidence."""

    low: float
    high: float
    """The confidence is above low (or 0) and at most high."""
    n: int
    confidence: float
    """Mean of the cases."""
    right: float
    """Share of the cases that are right."""


def abstention_counts(should: Truths, did: Truths, *, weights: Weights | None = None) -> Abstentions:
    """Count abstentions that were right, wrong and missed."""
    counted = _weights(weights, len(did))
    return Abstentions(
        rightly=int(counted[should & did].sum()),
        wrongly=int(counted[~should & did].sum()),
        missed=int(counted[should & ~did].sum()),
    )


def risk_coverage(confidence: Floats, wrong: Floats, *, weights: Weights | None = None) -> tuple[Floats, Floats]:
    """Return coverage and risk for each distinct confidence, from the highest down.

    Coverage is the share of cases at least that sure, risk the mean of `wrong` (0 to 1) among them: what remains when
    the others are abstained from. Cases of equal confidence come together. El-Yaniv & Wiener 2010."""
    counted, summed = _steps(confidence, wrong, _weights(weights, len(wrong)))
    covered = np.cumsum(counted)
    return covered / max(1, counted.sum()), np.cumsum(summed) / covered


def aurc(confidence: Floats, wrong: Floats, *, weights: Weights | None = None) -> float:
    """Return the area under the risk-coverage curve: the mean over cases of the risk at the case's own confidence.

    0 is best. Geifman & El-Yaniv 2017, "Selective Classification for Deep Neural Networks"; Geifman et al. 2019."""
    counted, summed = _steps(confidence, wrong, _weights(weights, len(wrong)))
    risk = np.cumsum(summed) / np.cumsum(counted)
    return float(counted @ risk / counted.sum()) if len(counted) else float("nan")


def calibration_bins(confidence: Floats, right: Floats, *, bins: int = 10, weights: Weights | None = None) -> list[Bin]:
    """Return the bins, of equal width from 0 to 1, that hold a case: the points of a reliability diagram.

    `right` is 0 to 1. DeGroot & Fienberg 1983; Guo et al. 2017."""
    counted, sure, good = _binned(confidence, right, bins, _weights(weights, len(right)))
    return [
        Bin(at / bins, (at + 1) / bins, int(counted[at]), float(sure[at] / counted[at]), float(good[at] / counted[at]))
        for at in np.flatnonzero(counted)
    ]


def expected_calibration_error(
    confidence: Floats, right: Floats, *, bins: int = 10, weights: Weights | None = None
) -> float:
    """Return the mean distance between confidence and share right over bins of equal width, by their cases.

    0 is best. Guo et al. 2017, "On Calibration of Modern Neural Networks"."""
    counted, sure, good = _binned(confidence, right, bins, _weights(weights, len(right)))
    return _ratio(float(np.abs(sure - good).sum()), float(counted.sum()))


def _steps(confidence: Floats, wrong: Floats, weights: Weights) -> tuple[Floats, Floats]:
    """Return the number of cases and of wrong ones at each distinct confidence that has a case, highest first."""
    order = np.argsort(-confidence, kind="stable")
    order = order[weights[order] > 0]
    if not len(order):
        return np.empty(0), np.empty(0)
    firsts = np.flatnonzero(np.diff(confidence[order], prepend=np.inf))
    counted = weights[order].astype(np.float64)
    return np.add.reduceat(counted, firsts), np.add.reduceat(counted * wrong[order], firsts)


def _binned(confidence: Floats, right: Floats, bins: int, weights: Weights) -> tuple[Floats, Floats, Floats]:
    """Return the number of cases, the sum of their confidence and the number right of each bin."""
    upper = np.arange(1, bins + 1) / bins
    at = np.searchsorted(upper[:-1], confidence, side="left")
    sums: list[Floats] = [
        np.bincount(at, weights=weights * values, minlength=bins).astype(np.float64)
        for values in (np.ones(len(right)), confidence, right)
    ]
    return sums[0], sums[1], sums[2]


def _weights(weights: Weights | None, cases: int) -> Weights:
    return np.ones(cases, dtype=np.int64) if weights is None else weights


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
