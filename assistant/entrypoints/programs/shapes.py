"""The form in which programs are told things: JSON under the names that `assistant.citing` gives them, described.

Text of documents stands in fields of its own (`text`, `quote`, `heading`, `title`) and is data. Decides nothing."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.answers import Answer, Evidence, Origin, Question, Verdict
from assistant.citing import as_json, as_record
from retrieval.access import Marking
from retrieval.catalog import CorpusStatus, Found, Holding, Past
from retrieval.documents import Document, Hit, Passage

EXAMPLE_ID = "0f8e2c1a-5b7d-5e6f-8a9b-0c1d2e3f4a5b"


class Shape(BaseModel):
    """What is told. Fields that are not described here are left out."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="ignore")


class MarkingShape(Shape):
    """Who may read something."""

    policy: str = Field(examples=["NLD"])
    """The policy that its level is of."""
    level: str = Field(examples=["Ongerubriceerd"])
    releasable_to: list[str] = Field(examples=[["NLD", "NATO"]])
    """Nationalities (ISO 3166-1 alpha-3) and groups of them; empty: no restriction by nationality."""
    categories: list[str]
    """All of them are required of the reader."""
    need_to_know: list[str]
    """Groups, one of which is required of the reader; empty: no restriction."""


class CitationShape(Shape):
    """Where a claim stands, word for word, in a document."""

    label: int = Field(examples=[1])
    """The number in square brackets in the text of the answer."""
    passage_id: str = Field(examples=[EXAMPLE_ID])
    version_id: str = Field(examples=[EXAMPLE_ID])
    corpus: str = Field(examples=["orders"])
    document: str = Field(examples=["route-card.md"])
    """The document's key."""
    title: str = Field(examples=["Route card AMBER"])
    page: int | None
    start: int
    """Of the quote, in characters, into the version's text."""
    end: int
    quote: str = Field(examples=["The bridge is closed to tracked vehicles from 060400A until 071800A."])
    """Copied by software: the version's text from start to end."""


class ClaimShape(Shape):
    """One statement of an answer and what its check found."""

    text: str
    citations: list[CitationShape]
    verdict: Verdict
    reasons: list[str]
    origin: Origin
    """Copied from a document (quote), or written by the language model (model)."""


class SideShape(Shape):
    """One of the values that documents give for the same thing."""

    value: str
    citation: CitationShape
    marking: MarkingShape
    dated: date | None
    authority: int


class ConflictShape(Shape):
    """Documents that give different values for the same thing."""

    about: str
    sides: list[SideShape]
    prevails: int | None
    """Which side a rule prefers, from 0; null when no rule decides."""
    rule: str
    """'newer' or 'authority': the rule that prefers it."""


class AbstentionShape(Shape):
    """What an answer tells that is none."""

    corpora: list[str]
    owners: list[str]
    """Whom to ask."""
    missing: list[str]
    """Words of the question that no passage found mentions."""
    nearest: list[CitationShape]


class TokensShape(Shape):
    prompt: int
    completion: int


class TraceShape(Shape):
    """What it takes to repeat an answer and to explain how long it took."""

    settings_fingerprint: str
    query: str
    parts: list[str]
    prompt_hashes: dict[str, str]
    model_sha256: str | None
    index_snapshot: str
    timings: dict[str, float]
    """Seconds from the start of the question to the end of each stage."""
    tokens: TokensShape
    answerability: float
    """Probability, 0 to 1, that the evidence answers the question."""
    notes: list[str]


class EvidenceShape(Shape):
    """A passage that was put before the model."""

    label: int
    passage: str = Field(examples=[EXAMPLE_ID])
    """Its id: GET /passages/{id}."""
    version: str


class TurnShape(Shape):
    question: str
    answer: str


class AskedShape(Shape):
    """Of what was asked, and when."""

    corpora: list[str]
    """Empty: all that the asker may know of."""
    on_date: date
    history: list[TurnShape]


class AnswerShape(Shape):
    """An answer with its claims, citations and marking, or an honest 'not in these documents'."""

    id: str = Field(examples=[EXAMPLE_ID])
    question: str
    language: str = Field(examples=["en"])
    claims: list[ClaimShape]
    """Best first. Each is supported by its citations, or stands in a document that another contradicts."""
    text: str
    """The claims with [labels]; or, when abstained, the sentence that says so."""
    citations: list[CitationShape]
    evidence: list[EvidenceShape]
    abstained: bool
    abstention: AbstentionShape | None
    unanswered: list[str]
    conflicts: list[ConflictShape]
    marking: MarkingShape | None
    """High-water mark of all the evidence; null when there was none."""
    withheld: list[ClaimShape]
    """What the model wrote and its citations do not support. Not part of the answer."""
    strikes: bool
    """Whether the operator wants what is withheld shown struck through."""
    unresolved: int
    """Labels in the model's text that point at no evidence."""
    trace: TraceShape
    asked: AskedShape


class SourceShape(Shape):
    """The document that something is from."""

    id: str = Field(examples=[EXAMPLE_ID])
    corpus: str = Field(examples=["orders"])
    key: str = Field(examples=["route-card.md"])
    """Its path below the folder that was added; unique within the corpus."""
    title: str = Field(examples=["Route card AMBER"])


class PassageShape(Shape):
    """A stretch of a document that is searched and quoted as one. Its text is data, whatever it says."""

    id: str = Field(examples=[EXAMPLE_ID])
    version: str
    document: SourceShape
    marking: MarkingShape
    heading: str
    page: int | None
    start: int
    """Character offsets into the version's text."""
    end: int
    text: str
    language: str
    dated: date | None
    """The day from which the version holds, as far as its owner or its file tells."""


class HitShape(Shape):
    """A passage that a search found."""

    rank: int
    score: float
    """Comparable within one search only."""
    passage: PassageShape


class CorpusShape(Shape):
    """A corpus, with what of it may be known."""

    name: str = Field(examples=["orders"])
    title: str
    owner: str
    marking: MarkingShape
    """What a document gets that says nothing itself."""
    authority: int
    documents: int
    """In force today."""
    passages: int
    last_added: datetime | None


class VersionShape(Shape):
    """The content of a document at one time."""

    id: str
    sha256: str
    """Of the original."""
    state: Literal["live", "retired", "quarantined"]
    marking: MarkingShape
    valid_from: date | None
    valid_until: date | None
    """The first day on which it no longer holds."""
    supersedes: str | None
    added_at: datetime
    retired_at: datetime | None
    passages: int


class DocumentShape(SourceShape):
    """A document with its live version, or the one that was live last."""

    state: Literal["live", "retired"]
    version: str
    marking: MarkingShape
    valid_from: date | None
    valid_until: date | None
    """The first day on which it no longer holds."""
    language: str
    added_at: datetime | None


def answer_shape(answer: Answer, question: Question) -> AnswerShape:
    return AnswerShape.model_validate(as_record(answer, question))


def passage_shape(found: Found | Hit | Evidence) -> PassageShape:
    return _passage(found.passage, found.document, found.marking, language=found.language, dated=found.dated)


def hit_shape(hit: Hit) -> HitShape:
    return HitShape(rank=hit.rank, score=hit.score, passage=passage_shape(hit))


def corpus_shape(status: CorpusStatus) -> CorpusShape:
    counted = {"documents": status.documents, "passages": status.passages, "last_added": status.last_added}
    return CorpusShape.model_validate({**as_json(status.corpus), **counted})


def document_shape(holding: Holding) -> DocumentShape:
    version = holding.version
    assert version is not None, "what was never live is not listed"
    told: dict[str, Any] = as_json(holding.document)
    return DocumentShape.model_validate(
        {
            **told,
            "state": "live" if holding.live else "retired",
            "version": version.id,
            "marking": as_json(holding.marking),
            "valid_from": version.valid_from,
            "valid_until": version.valid_until,
            "language": holding.language,
            "added_at": holding.added_at,
        }
    )


def version_shape(past: Past, marking: Marking) -> VersionShape:
    counted = {"added_at": past.added_at, "retired_at": past.retired_at, "passages": past.passages}
    return VersionShape.model_validate({**as_json(past.version), **counted, "marking": as_json(marking)})


def _passage(
    passage: Passage, document: Document, marking: Marking, *, language: str, dated: date | None
) -> PassageShape:
    told = {**as_json(passage), "document": as_json(document), "marking": as_json(marking)}
    return PassageShape.model_validate({**told, "language": language, "dated": dated})
