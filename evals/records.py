"""What a run writes down of each case: the answer, its evidence, and what became of the places that answer it.

Plain values, and their JSON. A record holds all that scoring needs, so that a run can be scored again without the
corpora and without a model. Knows no metric."""

import json
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import TypeAdapter

from assistant.answers import Origin, Verdict
from assistant.citing import as_json
from evals.marking import high_water
from retrieval.access import Marking


class PlaceState(StrEnum):
    """Whether search could have found a relevant place at all."""

    INDEXED = "indexed"
    NO_DOCUMENT = "no document"
    """No corpus that was asked has a live document of that key that the asker may read."""
    NO_QUOTE = "no quote"
    """The document is there, its text does not hold the quote."""
    NOT_WHOLE = "not whole"
    """The document's text holds the quote, no single passage does: the splitter cut it."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage that search found, before any was selected."""

    passage: str
    """Its id."""
    corpus: str
    document: str
    """Its document's key."""
    page: int | None
    start: int
    end: int
    score: float
    places: tuple[int, ...] = ()
    """Which of the case's relevant places it shows, from 0."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage that was put before the model."""

    label: int
    passage: str
    corpus: str
    document: str
    title: str
    heading: str
    page: int | None
    start: int
    end: int
    text: str
    marking: str
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cited:
    label: int
    document: str
    page: int | None
    start: int
    end: int
    quote: str
    exact: bool | None
    """Whether the stored text reads so from start to end. None: the system gives no offsets."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim of the answer, or one that was withheld."""

    text: str
    verdict: Verdict
    origin: Origin
    citations: tuple[Cited, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """The same question in a world without the forbidden documents, asked for comparison."""

    text: str
    evidence: int
    """How many passages were shown."""
    found: int
    """How many passages were ranked."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one case."""

    case: str
    """Its id."""
    error: str = ""
    """Why there is no answer. A case with an error is unscored, never 0."""
    text: str = ""
    language: str = ""
    abstained: bool = False
    confidence: float | None = None
    """The system's own probability, 0 to 1, that its evidence answers the question. None: it gives none."""
    statements: tuple[Statement, ...] = ()
    withheld: tuple[Statement, ...] = ()
    """What the model wrote and was not shown."""
    conflicts: tuple[str, ...] = ()
    unresolved: int = 0
    """Labels that point at no evidence."""
    evidence: tuple[Shown, ...] = ()
    ranking: tuple[Ranked, ...] = ()
    """Best first."""
    places: tuple[PlaceState, ...] = ()
    """Of each relevant place of the case."""
    markings: tuple[Marking, ...] = ()
    """Of everything that was found or shown, each once."""
    seconds: float = 0.0
    """From the question to the whole answer."""
    first_source_seconds: float | None = None
    first_token_seconds: float | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds from the question to the end of each stage."""
    notes: tuple[str, ...] = ()
    settings_fingerprint: str = ""
    model_sha256: str | None = None
    prompt_hashes: dict[str, str] = field(default_factory=dict)
    index_snapshot: str = ""
    control: Control | None = None
    searched: bool = True
    """False for a system that searches nothing."""
    asked: bool = True
    """False for a case that could not be asked; the error says why."""

    @property
    def marking(self) -> str:
        """The high-water mark in words."""
        return high_water(self.markings)

    @property
    def claimed(self) -> str:
        """The words of the answer without labels; empty when it abstained."""
        return "" if self.abstained else "\n".join(one.text for one in self.statements) or self.text


_RECORD = TypeAdapter(Record)


def write_record(record: Record) -> str:
    """Return a record as one line of JSON, without the line's end."""
    return json.dumps(as_json(record), ensure_ascii=False)


def read_record(line: str | bytes) -> Record:
    """Read a record back. Raises pydantic's ValidationError."""
    return _RECORD.validate_json(line)
