"""Read a run once: its scores, and what became of each case.

Holds no passages, so that a run of any size fits in memory. Knows no screen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evals.attribution import Finding, Lost, attribute
from evals.cases import Case
from evals.leaks import TimingLeak, timing_leak
from evals.metrics import Aggregate
from evals.records import Record
from evals.runs import Run
from evals.scoring import Scores, scores_of
from evals.summaries import summarise


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case."""

    case: Case
    error: str
    """Why it has no answer; empty when it has one."""
    text: str
    """The answer."""
    finding: Finding


@dataclass(frozen=True, slots=True)
class Results:
    """What came of a run."""

    scores: Scores
    outcomes: tuple[Outcome, ...]
    """Of the cases that were asked."""
    summary: Mapping[str, Aggregate]
    timing: TimingLeak | None
    """Whether forbidden documents can be noticed by the clock; None when no case has a control."""

    @property
    def unanswered(self) -> Counter[str]:
        """The errors of cases without an answer, and how many have each."""
        return Counter(one.error for one in self.outcomes if one.error)

    @property
    def lost(self) -> dict[Lost, int]:
        """How many wrong answers each stage lost; those that lost one, in the order of a question's way."""
        counted = Counter(one.finding.stage for one in self.outcomes)
        return {stage: counted[stage] for stage in Lost if counted[stage]}


def results_of(run: Run) -> Results:
    """Score and attribute a run. Raises RunDamaged."""
    limit = considered(run)
    outcomes: list[Outcome] = []

    def keep(case: Case, record: Record, scores: Mapping[str, float]) -> None:
        outcomes.append(Outcome(case, record.error, record.text, attribute(case, record, scores, limit=limit)))

    scores, seed = scores_of(run, on_scored=keep), run.manifest.seed
    differences = scores.columns["time difference"]
    timed = not np.isnan(differences).all()
    timing = timing_leak(differences, np.zeros_like(differences), seed=seed) if timed else None
    return Results(scores, tuple(outcomes), summarise(scores, seed=seed), timing)


def considered(run: Run) -> int:
    """Return how many of the passages found the system under test considers."""
    return int(run.manifest.settings["search"]["limit"])
