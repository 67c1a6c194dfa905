"""What goes in and what comes out: questions, evidence, claims, citations, answers, and the events on the way.

Plain values. Knows nothing of how an answer is made, stored or shown."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from retrieval.access import Marking, Principal
from retrieval.documents import Document, Hit, Passage, Via
from retrieval.languages import Language


class Verdict(StrEnum):
    """What became of checking a claim against the text that it cites."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    CONFLICTING = "conflicting"


class Origin(StrEnum):
    """Who wrote a claim."""

    QUOTE = "quote"
    """Copied from a document by software."""
    MODEL = "model"
    """Written by the language model."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question in the conversation and the text of its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    principal: Principal
    corpora: frozenset[str]
    """Names of the corpora to search. Empty: all of them."""
    on_date: date
    """Answer from what is valid on this day."""
    history: tuple[Turn, ...] = ()
    query: str = ""
    """What to search for, in the asker's own words, where the standalone form of a follow-up was not what was meant."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that was put before the model, under a label that means nothing outside this answer."""

    label: int
    """From 1."""
    passage: Passage
    document: Document
    marking: Marking
    language: Language
    score: float
    dated: date | None = None
    """The day from which the version holds, as far as its owner or its file tells."""
    authority: int = 0
    """How much the owner lets the corpus weigh against others. 0: as much as any."""
    via: tuple[Via, ...] = ()
    """What each search made of it."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim stands, word for word, in a document."""

    label: int
    """Of the evidence."""
    passage_id: str
    version_id: str
    corpus: str
    document: str
    """The document's key: its path below the folder that was added."""
    title: str
    page: int | None
    start: int
    end: int
    """Character offsets into the version's text."""
    quote: str
    """Copied by software: the version's text from start to end."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer and what its check found."""

    text: str
    citations: tuple[Citation, ...]
    verdict: Verdict
    reasons: tuple[str, ...]
    """Why the verdict is what it is, in words."""
    origin: Origin


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values that documents give for the same thing."""

    value: str
    """As the document writes it."""
    citation: Citation
    marking: Marking
    dated: date | None
    authority: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Documents that give different values for the same thing. All of them are shown."""

    about: str
    """What the values are of, in words of the question or the documents."""
    sides: tuple[Side, ...]
    """Two or more, best evidence first."""
    prevails: int | None = None
    """Which side a rule prefers, from 0. None: no rule decides."""
    rule: str = ""
    """'newer' or 'authority': the rule that prefers it."""


@dataclass(frozen=True, slots=True)
class Abstention:
    """What an answer tells that is none."""

    corpora: tuple[str, ...]
    """What was searched."""
    owners: tuple[str, ...]
    """Whom to ask."""
    missing: tuple[str, ...]
    """Words of the question that no passage found mentions."""
    nearest: tuple[Citation, ...]
    """What the documents do say about it, best first."""


@dataclass(frozen=True, slots=True)
class Tokens:
    prompt: int = 0
    completion: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """What it takes to repeat an answer and to explain how long it took."""

    settings_fingerprint: str
    query: str
    """What was searched: the question, its standalone form, or the asker's own query."""
    parts: tuple[str, ...]
    """The questions within the question that were searched too."""
    prompt_hashes: dict[str, str]
    """SHA-256 of each prompt template that was used, by name. Empty when the model was not called."""
    model_sha256: str | None
    """None when the model was not called."""
    index_snapshot: str
    """Names what the index was made by."""
    timings: dict[str, float]
    """Seconds from the start of the question to the end of each stage."""
    tokens: Tokens
    answerability: float
    """Probability, 0 to 1, that the evidence answers the question."""
    notes: tuple[str, ...] = ()
    """What went otherwise than usual: the model failed, a claim could not be parsed."""


@dataclass(frozen=True, slots=True)
class Answer:
    id: str
    question: str
    language: Language
    claims: tuple[Claim, ...]
    """What is shown, best first. Each is supported by its citations, or stands word for word in a document that another
    contradicts (conflicting)."""
    text: str
    """The claims as text with [labels]; or, when abstained, the sentence that says so."""
    citations: tuple[Citation, ...]
    """All citations of all claims, each once."""
    evidence: tuple[Evidence, ...]
    """What was searched out. When abstained: the nearest passages, which do not answer the question."""
    abstained: bool
    abstention: Abstention | None
    """What is told instead of an answer; None when there is one."""
    unanswered: tuple[str, ...]
    """Parts of a question in several parts that the evidence does not answer, while it does answer others."""
    conflicts: tuple[Conflict, ...]
    marking: Marking | None
    """High-water mark of all the evidence. None when there was none."""
    withheld: tuple[Claim, ...]
    """What the model wrote and its citations do not support. Never shown as if it were an answer."""
    strikes: bool
    """Show what is withheld, struck through, under its own heading; else only count it."""
    unresolved: int
    """Labels in the model's text that point at no evidence."""
    trace: Trace = field(repr=False)


# What a question yields on its way:
# Stage, Understood, Searched, SourcesFound, Weighed, (ConflictFound | Stage | Drafted | ClaimChecked)*, Answered.


class StageName(StrEnum):
    SEARCHING = "searching"
    WAITING = "waiting"
    COMPOSING = "composing"


@dataclass(frozen=True, slots=True)
class Stage:
    name: StageName
    position: int = 0
    """When waiting for the model: how many are before this question."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What will be searched for."""

    query: str
    parts: tuple[str, ...]
    """The questions within it that are searched too."""
    rewritten: bool
    """The query is not the question itself: it was made of a follow-up."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found, before any of it was selected."""

    hits: tuple[Hit, ...]
    """Best first, all of them within the asker's scope."""


@dataclass(frozen=True, slots=True)
class SourcesFound:
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """Whether the evidence answers the question, before anything is written."""

    probability: float
    """0 to 1."""
    abstaining: bool
    """The evidence is near the question but does not answer it."""


@dataclass(frozen=True, slots=True)
class ConflictFound:
    conflict: Conflict


@dataclass(frozen=True, slots=True)
class Drafted:
    """A piece of the model's text, not yet checked: a sign of life, not an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ClaimChecked:
    """A claim of the answer, supported."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Answered:
    answer: Answer


Event = Stage | Understood | Searched | SourcesFound | Weighed | ConflictFound | Drafted | ClaimChecked | Answered
