"""What the evaluators' pages ask of a bench, and what it tells them. Plain values and a Protocol.

A bench is what measures this assistant; it is found by the entry point group `stafwijzer.bench`, since nothing here may
import it. Knows nothing of how anything is measured."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from retrieval.access import Principal


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions with known answers."""

    name: str
    cases: int
    answerable: int
    to_abstain_on: int
    corpora: tuple[str, ...]
    problem: str = ""
    """Why it cannot be used."""


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """A set that was asked, or is being asked."""

    name: str
    test_set: str
    system: str
    settings: str
    """Fingerprint."""
    started: str
    """UTC, ISO 8601."""
    finished: bool
    cases: int
    done: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over a run."""

    name: str
    group: str
    mean: float
    low: float | None
    """Of the 95 % interval; None where there is none."""
    high: float | None
    n: int
    unscored: int


@dataclass(frozen=True, slots=True)
class RunResults:
    run: EvaluationRun
    marking: str
    """High-water mark of all that is in it; '' when there is nothing to mark."""
    measured: tuple[Measured, ...]
    lost: Mapping[str, int]
    """How many wrong answers each stage lost."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in two runs of the same cases."""

    name: str
    a: float
    b: float
    difference: float
    low: float | None
    high: float | None
    p: float | None
    """Corrected for how many measures there are."""
    n: int
    verdict: str
    """'better', 'worse' or 'no difference shown': B against A."""


@dataclass(frozen=True, slots=True)
class RunComparison:
    a: EvaluationRun
    b: EvaluationRun
    marking: str
    cases: int
    differing: tuple[str, ...]
    """What else than the system and its settings is not the same."""
    differences: tuple[Difference, ...]
    flipped: tuple[tuple[str, str, bool], ...]
    """Cases that are right in one run only: id, measure, and whether B is the better."""


@dataclass(frozen=True, slots=True)
class Quoted:
    quote: str
    place: str


@dataclass(frozen=True, slots=True)
class AnswerToJudge:
    abstained: bool
    text: str
    claims: tuple[tuple[str, tuple[Quoted, ...]], ...]
    conflicts: tuple[str, ...]
    asked: bool
    """False for one that this evaluator judged before."""


@dataclass(frozen=True, slots=True)
class JudgingTask:
    """An answer, or two side by side, as it is put before an evaluator: nothing tells which system gave it."""

    key: str
    """Names exactly what is shown: a judgement of anything else is refused."""
    question: str
    history: tuple[tuple[str, str], ...]
    expected: tuple[str, ...]
    answers: tuple[AnswerToJudge, ...]
    prefers: bool
    """Which of the two is better is asked too."""
    marking: str
    left: int
    """Cases still to judge, with this one."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an evaluator says of a task."""

    claims: tuple[tuple[str, ...], ...]
    """Of each answer that is asked about, in order: 'right', 'partly', 'wrong' or 'cannot tell' of each claim."""
    answers: tuple[str, ...]
    """Of each answer that is asked about: 'right', 'partly' or 'wrong'."""
    better: str = ""
    """'first', 'second', 'equal', 'neither', or '' when it is not asked."""
    note: str = ""


class Bench(Protocol):
    """Measures this assistant. Runs are for those who may read all that is in them; others get what there is none of.

    Everything raises StafwijzerError for what a person can mend."""

    def sets(self, *, principal: Principal) -> Sequence[QuestionSet]: ...

    def keep_set(self, name: str, text: bytes, *, principal: Principal) -> QuestionSet:
        """Keep a test set that was sent, when it reads as one."""

    def runs(self, *, principal: Principal, on_date: date) -> Sequence[EvaluationRun]:
        """Return the runs, newest first."""

    def results(self, name: str, *, principal: Principal, on_date: date) -> RunResults: ...

    def report(self, name: str, *, principal: Principal, on_date: date) -> Iterator[str]:
        """Return the pieces of a report as an HTML document that runs no script."""

    def compare(self, a: str, b: str, *, principal: Principal, on_date: date) -> RunComparison: ...

    def ask(
        self, test_set: str, *, sample: int | None, principal: Principal, cancelled: threading.Event
    ) -> Iterator[EvaluationRun]:
        """Ask a set as this person, and yield the run after each case. An interrupted one is gone on with."""

    def task(self, names: Sequence[str], *, principal: Principal, on_date: date) -> JudgingTask | None:
        """Return the next case to judge of a run, or of two; None when all are judged."""

    def judge(self, names: Sequence[str], key: str, said: Said, *, principal: Principal, on_date: date) -> None:
        """Keep what a person says of the task of this key."""
