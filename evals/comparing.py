"""Compare two runs of the same cases: every measure with a paired test, the cases that flipped, each label.

A is what was, B what might be. Knows no screen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evals.metrics import Paired, Statistic, holm, paired_statistic, paired_test
from evals.runs import Run
from evals.scoring import BY_NAME, MEASURES, SET_MEASURES, Scores, scores_of
from evals.summaries import set_statistics
from retrieval.errors import StafwijzerError

_FLIPPING = ("answer", "abstention", "conflict shown", "leaks", "count leaks", "injection")
"""Measures that are right or wrong: a case flips when one of them does."""


class RunsDiffer(StafwijzerError):
    """Two runs that share no case."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that is right in one run and wrong in the other."""

    case: str
    measure: str
    before: float
    after: float
    better: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """B against A."""

    a: str
    b: str
    cases: int
    """Asked in both."""
    changed: tuple[str, ...]
    """Cases of the same id that ask or expect something else; they are left out."""
    measures: dict[str, Paired]
    adjusted: dict[str, float]
    """p of each measure, corrected for how many there are (Holm)."""
    flipped: tuple[Flip, ...]
    by_label: dict[str, dict[str, Paired]]
    """By label, then by measure, for the measures that are right or wrong."""

    def verdict(self, measure: str) -> str:
        """Return 'better', 'worse' or 'no difference shown', at 5 % over all measures together."""
        paired, direction = self.measures[measure], BY_NAME[measure].better
        if not paired.difference or self.adjusted.get(measure, 1) >= 0.05 or not direction:
            return "no difference shown"
        return "better" if (paired.difference > 0) == (direction == "higher") else "worse"


def compare_runs(a: Run, b: Run, *, seed: int = 0) -> Comparison:
    """Compare two runs over the cases that both asked. Raises RunsDiffer."""
    cases_a, cases_b = ({case.id: case for case in run.cases()} for run in (a, b))
    shared = [name for name in cases_a if name in cases_b]
    changed = tuple(name for name in shared if cases_a[name] != cases_b[name])
    kept = [name for name in shared if name not in set(changed)]
    if not kept:
        raise RunsDiffer(f"The runs '{a.name}' and '{b.name}' share no case.", hint="Compare two runs of the same set.")
    return compare(_only(scores_of(a), kept), _only(scores_of(b), kept), a.name, b.name, changed=changed, seed=seed)


def compare(
    a: Scores, b: Scores, name_a: str, name_b: str, *, changed: tuple[str, ...] = (), seed: int = 0
) -> Comparison:
    """Compare scores over the same cases in the same order."""
    measures = {
        measure.name: paired_test(a.columns[measure.name], b.columns[measure.name], seed=seed) for measure in MEASURES
    }
    ours, theirs = set_statistics(a), set_statistics(b)
    for measure in SET_MEASURES:
        if measure.name in ours and measure.name in theirs:
            measures[measure.name] = _of_set(ours[measure.name], theirs[measure.name], len(a.ids), seed)
    measures = {name: paired for name, paired in measures.items() if paired.difference is not None}
    return Comparison(
        name_a,
        name_b,
        len(a.ids),
        changed,
        measures,
        holm({name: paired.p for name, paired in measures.items() if paired.p is not None}),
        tuple(_flips(a, b)),
        _by_label(a, b, seed),
    )


def _of_set(a: Statistic, b: Statistic, cases: int, seed: int) -> Paired:
    paired = paired_statistic(a, b, cases=cases, seed=seed)
    return replace(paired, n=int((a.scored & b.scored).sum()))


def _flips(a: Scores, b: Scores) -> list[Flip]:
    flips = []
    for measure in _FLIPPING:
        before, after = a.columns[measure], b.columns[measure]
        for place in np.flatnonzero((before > 0) != (after > 0)):
            if not np.isnan(before[place]) and not np.isnan(after[place]):
                better = (after[place] > before[place]) == (BY_NAME[measure].better == "higher")
                flips.append(Flip(a.ids[place], measure, float(before[place]), float(after[place]), bool(better)))
    return flips


def _by_label(a: Scores, b: Scores, seed: int) -> dict[str, dict[str, Paired]]:
    found: dict[str, dict[str, Paired]] = {}
    for label in sorted({label for labels in a.labels for label in labels}):
        mine = np.array([label in labels for labels in a.labels])
        parts = {name: paired_test(a.columns[name][mine], b.columns[name][mine], seed=seed) for name in _FLIPPING}
        if parts := {name: paired for name, paired in parts.items() if paired.n}:
            found[label] = parts
    return found


def _only(scores: Scores, kept: Sequence[str]) -> Scores:
    """Return the scores of these cases, in this order."""
    place = {name: number for number, name in enumerate(scores.ids)}
    order = np.array([place[name] for name in kept])
    return Scores(
        tuple(kept),
        tuple(scores.labels[number] for number in order),
        {name: column[order] for name, column in scores.columns.items()},
        scores.confidence[order],
        scores.answerable_here[order],
        scores.should_abstain[order],
        scores.abstained[order],
    )
