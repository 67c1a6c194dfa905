"""Measure an estimate on held-out questions: AUROC, calibration, and what it lets through at the operating point.

Half answerable is the reference: the unanswerable questions of a set count together as much as the answerable ones, and
their kinds the same. Fits nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from assistant.answerability import probability
from evals.fitting.logistic import Array, auroc
from evals.fitting.observing import ANSWERABLE, Observed
from evals.fitting.sets import SEED
from evals.metrics.abstaining import expected_calibration_error
from evals.metrics.intervals import Aggregate, Statistic, Truths, Weights, bootstrap

_SAMPLES = 500
# Shares of the mix become whole numbers, as bootstrap and calibration count cases.
_UNIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What an estimate is worth on one set."""

    counts: dict[str, int]
    """Observations of each kind."""
    figures: dict[str, Aggregate]


def mix(observed: Sequence[Observed]) -> Array:
    """Weigh each set the same; in a set, half for the answerable, the rest shared by kind."""
    kinds = {one.set: {other.kind for other in observed if other.set == one.set} for one in observed}
    counts: dict[tuple[str, str], int] = {}
    for one in observed:
        counts[one.set, one.kind] = counts.get((one.set, one.kind), 0) + 1
    weights = []
    for one in observed:
        share = 0.5 if one.answerable else 0.5 / max(1, sum(kind != ANSWERABLE for kind in kinds[one.set]))
        weights.append(share / counts[one.set, one.kind])
    return np.array(weights, dtype=np.float64)


def measure(observed: Sequence[Observed], parameters: Mapping[str, float], *, operating_point: float) -> Measured:
    """Return the figures of one set with their 95 % intervals over its cases, and how many of each kind there are."""
    sure = np.array([probability(one.signals, parameters) for one in observed])
    truth = np.array([one.answerable for one in observed])
    kinds = np.array([one.kind for one in observed])
    everyone = np.ones(len(observed), dtype=np.bool_)
    shares = np.maximum(1, mix(observed) * _UNIT).astype(np.int64)
    passed = sure >= operating_point
    statistics = {
        "ECE": Statistic(partial(_calibration, sure, truth, shares), everyone),
        "answered, answerable": Statistic(partial(_share, passed, truth), everyone),
    }
    for kind in sorted(set(kinds[~truth].tolist())):
        of_kind = kinds == kind
        statistics[f"AUROC, {kind}"] = Statistic(partial(_auroc, sure, truth, truth | of_kind), everyone)
        statistics[f"answered, {kind}"] = Statistic(partial(_share, passed, of_kind), everyone)
    figures = bootstrap({}, statistics, seed=SEED, samples=_SAMPLES)
    counts = {kind: int((kinds == kind).sum()) for kind in sorted(set(kinds.tolist()))}
    return Measured(counts, {name: figures[name] for name in statistics})


def _calibration(sure: Array, truth: Truths, shares: Weights, drawn: Weights) -> float:
    return expected_calibration_error(sure, truth.astype(np.float64), weights=drawn * shares)


def _share(passed: Truths, some: Truths, drawn: Weights) -> float:
    total = int(drawn[some].sum())
    return float(drawn[some & passed].sum() / total) if total else float("nan")


def _auroc(sure: Array, truth: Truths, some: Truths, drawn: Weights) -> float:
    return auroc(sure[some], truth[some], drawn[some])
