"""Set a run beside another of the same cases: the comparison, and both answers to each case that flipped.

Tests nothing itself: that is evals/comparing.py's."""

from collections.abc import Collection
from dataclasses import dataclass

from evals.cases import Case
from evals.comparing import Comparison, Flip, compare_runs
from evals.records import Record
from evals.report.showing import shortened
from evals.runs import Run

# Side by side they take a third of a page each; all of them are in the JSON.
_SHOWN = 100
_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Flipped:
    """A case that is right in one run and wrong in the other, with both answers."""

    case: str
    question: str
    language: str
    measures: tuple[Flip, ...]
    before: str
    after: str

    @property
    def better(self) -> bool | None:
        """None: better by one measure and worse by another."""
        ways = {flip.better for flip in self.measures}
        return ways.pop() if len(ways) == 1 else None


@dataclass(frozen=True, slots=True)
class Contrast:
    """A comparison, and what a reader wants to see of it."""

    comparison: Comparison
    flipped: tuple[Flipped, ...]
    """What became worse first; at most a hundred."""
    better: int
    worse: int
    """Cases, of all that flipped."""


def contrast(run: Run, against: Run) -> Contrast:
    """Compare a run with what was before it. Raises RunsDiffer."""
    comparison = compare_runs(against, run, seed=run.manifest.seed)
    flips: dict[str, list[Flip]] = {}
    for flip in comparison.flipped:
        flips.setdefault(flip.case, []).append(flip)
    order = sorted(flips, key=lambda case: any(flip.better for flip in flips[case]))[:_SHOWN]
    before, after = _answers(against, set(order)), _answers(run, set(order))
    cases = {case.id: case for case in run.cases()}
    return Contrast(
        comparison,
        tuple(_flipped(cases[case], flips[case], before[case], after[case]) for case in order),
        better=sum(all(flip.better for flip in some) for some in flips.values()),
        worse=sum(not any(flip.better for flip in some) for some in flips.values()),
    )


def _flipped(case: Case, flips: list[Flip], before: str, after: str) -> Flipped:
    return Flipped(case.id, case.question, case.language, tuple(flips), before, after)


def _answers(run: Run, wanted: Collection[str]) -> dict[str, str]:
    return {record.case: shortened(_answer(record), _CHARACTERS) for record in run.records() if record.case in wanted}


def _answer(record: Record) -> str:
    return "It abstained." if record.abstained else record.claimed or record.error
