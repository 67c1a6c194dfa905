"""Read a run once: its scores, and what became of each case.

Holds no passages, so that a run of any size fits in memory. Knows no screen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assistant.settings import SearchSettings
from evals.attribution import Finding, Lost, attribute
from evals.cases import Case
from evals.leaks import TimingLeak, timing_leak
from evals.marking import high_water
from evals.metrics import Aggregate
from evals.records import Record
from evals.runs import Manifest, Run, markings_of
from evals.scoring import Scores, scores_of
from evals.summaries import summarise
from retrieval.access import Marking


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case."""

    case: Case
    asked: bool
    """False for one that could not be asked."""
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
    """Of the cases that have a record."""
    summary: Mapping[str, Aggregate]
    timing: TimingLeak | None
    """Whether forbidden documents can be noticed by the clock; None when no case has a control."""
    marking: str
    """High-water mark of the cases, and of all that was found and shown; '' when there is nothing to mark."""

    @property
    def asked(self) -> int:
        """How many cases were asked."""
        return sum(one.asked for one in self.outcomes)

    @property
    def unanswered(self) -> Counter[str]:
        """The errors of cases that were asked and have no answer, and how many have each."""
        return Counter(one.error for one in self.outcomes if one.asked and one.error)

    @property
    def unaskable(self) -> Counter[str]:
        """The reasons of cases that could not be asked, and how many have each."""
        return Counter(one.error for one in self.outcomes if not one.asked)

    @property
    def lost(self) -> dict[Lost, int]:
        """How many wrong answers each stage lost; those that lost one, in the order of a question's way."""
        counted = Counter(one.finding.stage for one in self.outcomes)
        return {stage: counted[stage] for stage in Lost if counted[stage]}


def results_of(run: Run) -> Results:
    """Score and attribute a run. Raises RunDamaged or RunClosed."""
    limit = considered(run.manifest)
    outcomes: list[Outcome] = []
    markings: set[Marking] = set(run.markings())

    def keep(case: Case, record: Record, scores: Mapping[str, float]) -> None:
        finding = attribute(case, record, scores, limit=limit)
        outcomes.append(Outcome(case, record.asked, record.error, record.text, finding))
        markings.update(markings_of(case, record))

    scores, seed = scores_of(run, on_scored=keep), run.manifest.seed
    differences = scores.columns["time difference"]
    timed = not np.isnan(differences).all()
    timing = timing_leak(differences, np.zeros_like(differences), seed=seed) if timed else None
    return Results(scores, tuple(outcomes), summarise(scores, seed=seed), timing, high_water(markings))


def considered(manifest: Manifest) -> int:
    """Return how many of the passages found the system under test considers."""
    search = manifest.settings.get("search")
    limit = search.get("limit") if isinstance(search, dict) else None
    return limit if isinstance(limit, int) else SearchSettings().limit
