"""What a report says, as plain values: its head, its tables, its figures, and what became of each case.

Knows neither HTML nor Markdown, and reads nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from evals.attribution import Lost
from evals.cases import Case
from evals.judging import Judgement
from evals.metrics import Aggregate
from evals.records import Record, Shown
from evals.report.contrasting import Contrast
from evals.report.plotting import Figure
from evals.report.showing import Stretch
from evals.runs import Manifest
from evals.scoring import Measure
from retrieval.languages import Language


class Outcome(StrEnum):
    """What a case came to, in the order of showing."""

    WRONG = "wrong"
    UNSCORED = "unscored"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Outline:
    """One case in a line: what is kept in memory of it."""

    number: int
    """From 1, in the order of the set."""
    id: str
    question: str
    """Its beginning, in one line."""
    outcome: Outcome
    stage: Lost | None
    """What lost it, when it is wrong."""
    why: str
    """The reason of the stage, or why it is unscored."""
    asked: bool = False
    """Whether the run has a record of it."""
    included: bool = False
    """Whether the report shows the case whole."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the summary."""

    measure: Measure
    measured: Aggregate


@dataclass(frozen=True, slots=True)
class Group:
    """The measures of one side of the system."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """The cases that one stage lost."""

    stage: Lost
    about: str
    cases: tuple[Outline, ...]
    share: float
    """Of the wrong cases."""
    left: int
    """The scored cases that neither this stage nor one before it lost."""


@dataclass(frozen=True, slots=True)
class Place:
    """A relevant place of a case, and how far it came."""

    document: str
    page: int | None
    quote: str
    state: str
    rank: int | None
    """Of the first passage found that shows it, from 1."""
    label: int | None
    """Of the first passage before the model that shows it."""
    cited: bool
    """Whether the answer cites that passage."""


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage that was put before the model, cut where a relevant place or a quote begins or ends."""

    shown: Shown
    rank: int | None
    relevant: bool
    language: Language
    pieces: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the report shows it."""

    outline: Outline
    case: Case
    record: Record
    language: str
    """Of the answer."""
    marking: str
    """High-water mark of what was found and shown."""
    places: tuple[Place, ...]
    passages: tuple[PassageView, ...]
    scores: Mapping[str, float]
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All of a report but the cases themselves, which are read as they are written."""

    name: str
    """Of the run."""
    manifest: Manifest
    marking: str
    """High-water mark of all evidence in the run, and in the one that it is set against."""
    models: tuple[str, ...]
    """SHA-256 of the models that were called."""
    outlines: tuple[Outline, ...]
    groups: tuple[Group, ...]
    losses: tuple[Loss, ...]
    figures: tuple[Figure, ...]
    by_label: Mapping[str, Mapping[str, Aggregate]]
    """By measure, then by tag or language."""
    contrast: Contrast | None

    def count(self, outcome: Outcome) -> int:
        """Return how many cases came to that."""
        return sum(one.outcome == outcome for one in self.outlines)

    @property
    def left_out(self) -> int:
        """How many of the cases that were asked are not shown."""
        return sum(one.asked and not one.included for one in self.outlines)
