"""Put the answers to one case beside each other: those of a run, or of two runs of the same set."""

from collections.abc import Sequence

from evals.judging.judgements import Exhibit, exhibits, in_common
from evals.runs import Run

Group = Sequence[tuple[Exhibit, Run]]
"""The answers to one case, one or two, each with the run that holds it."""


def groups_of(runs: Sequence[Run]) -> list[Group]:
    """Return the answers of a run case by case, or of two those in common. Raises NothingToJudge."""
    shown = [exhibits(run) for run in runs]
    if len(shown) == 1:
        return [[(exhibit, runs[0])] for exhibit in shown[0]]
    return [[(one, runs[0]), (other, runs[1])] for one, other in in_common(*shown)]
