"""Summarise the scores of a run: each measure with its mean, N, unscored cases and a bootstrap interval; by label too.

Knows how measures of a whole set come out of scores. Knows no file and no screen."""

from collections.abc import Callable

import numpy as np

from evals.metrics import Abstentions, Aggregate, Statistic, abstention_counts, aurc, bootstrap
from evals.metrics import expected_calibration_error as calibration_error
from evals.metrics.intervals import Weights
from evals.scoring import BY_NAME, SHARES, Scores

_SAMPLES = 1000


def summarise(scores: Scores, *, seed: int = 0, samples: int = _SAMPLES) -> dict[str, Aggregate]:
    """Return every measure that has a case, in the order of BY_NAME."""
    found = bootstrap(scores.columns, set_statistics(scores), seed=seed, samples=samples, proportions=SHARES)
    return {name: found[name] for name in BY_NAME if name in found and found[name].mean is not None}


def by_label(scores: Scores, measure: str, *, seed: int = 0, samples: int = _SAMPLES) -> dict[str, Aggregate]:
    """Return one measure for each tag and language that has a scored case."""
    column = scores.columns[measure]
    having = {
        label: np.array([label in some for some in scores.labels])
        for label in sorted({label for some in scores.labels for label in some})
    }
    parts = {
        label: bootstrap({measure: column[mine]}, {}, seed=seed, samples=samples, proportions=SHARES)[measure]
        for label, mine in having.items()
    }
    return {label: part for label, part in parts.items() if part.mean is not None}


def set_statistics(scores: Scores) -> dict[str, Statistic]:
    """Return the measures of the whole set that have a case."""
    judged = ~np.isnan(scores.should_abstain) & ~np.isnan(scores.abstained)
    answered = ~np.isnan(scores.answered_right) & ~np.isnan(scores.confidence)
    known = ~np.isnan(scores.answerable_here) & ~np.isnan(scores.confidence)
    timed = ~np.isnan(scores.columns["seconds"])
    should, did = scores.should_abstain[judged] == 1, scores.abstained[judged] == 1
    sure, wrong = scores.confidence[answered], 1 - scores.answered_right[answered]
    claimed, here = scores.confidence[known], scores.answerable_here[known]
    seconds = scores.columns["seconds"][timed]

    def counted(read: Callable[[Abstentions], float]) -> Callable[[Weights], float]:
        return lambda weights: read(abstention_counts(should, did, weights=weights))

    def throughput(weights: Weights) -> float:
        took = float(weights @ seconds)
        return 60 * float(weights.sum()) / took if took else float("nan")

    statistics = {
        "abstention precision": Statistic(counted(lambda one: one.precision), judged),
        "abstention recall": Statistic(counted(lambda one: one.recall), judged),
        "abstention f1": Statistic(counted(lambda one: one.f1), judged),
        "aurc": Statistic(lambda weights: aurc(sure, wrong, weights=weights), answered),
        "calibration error": Statistic(lambda weights: calibration_error(claimed, here, weights=weights), known),
        "answers a minute": Statistic(throughput, timed),
    }
    return {name: statistic for name, statistic in statistics.items() if statistic.scored.any()}
