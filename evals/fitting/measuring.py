"""Measure an estimate on held-out questions: AUROC, calibration, and what it lets through at the operating point.

Half answerable is the reference: the unanswerable questions of a set count together as much as the answerable ones.
Fits nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from assistant.answerability import probability
from evals.fitting.logistic import Array, auroc
from evals.fitting.observing import ADVERSARIAL, ANSWERABLE, Observed
from evals.fitting.sets import SEED
from evals.metrics.abstaining import expected_calibration_error
from evals.metrics.intervals import Aggregate, Statistic, Truths, Weights, bootstrap

_SAMPLES = 500
# What a set itself holds unanswerable comes close to its documents, as the questions of people do; a withheld document
# is mostly missed by far. Held-out calibration error with this share, SQuAD 2's own unanswerables alone, and doctrine:
# 0.155 and 0.054 with kinds the same, 0.139 and 0.079 with 0.5, 0.083 and 0.085 with 0.75, 0.062 and 0.107 with 1.
_ADVERSARIAL_SHARE = 0.75
# Shares of the mix become whole numbers, as bootstrap and calibration count cases.
_UNIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What an estimate is worth on one set."""

    counts: dict[str, int]
    """Observations of each kind."""
    figures: dict[str, Aggregate]


def mix(observed: Sequence[Observed]) -> Array:
    """Weigh each set the same; within one, half for the answerable, the rest mostly for its own unanswerable ones."""
    counts = Counter((one.set, one.kind) for one in observed)
    shares = {(name, kind): _share_of(kind, {other for set_, other in counts if set_ == name}) for name, kind in counts}
    weights = [shares[one.set, one.kind] / counts[one.set, one.kind] for one in observed]
    return np.array(weights, dtype=np.float64)


def _share_of(kind: str, kinds: set[str]) -> float:
    """Return the share of a kind of question in a set that has these kinds."""
    if kind == ANSWERABLE:
        return 0.5
    withheld = len(kinds - {ANSWERABLE, ADVERSARIAL})
    if ADVERSARIAL not in kinds:
        return 0.5 / withheld
    if not withheld:
        return 0.5
    return 0.5 * (_ADVERSARIAL_SHARE if kind == ADVERSARIAL else (1 - _ADVERSARIAL_SHARE) / withheld)


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
