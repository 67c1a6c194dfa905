"""What a conversation is: questions in their order, and what became of each.

Plain values. Knows nothing of where they are kept or who may read them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.answers import Answer
from retrieval.access import Marking


class Outcome(StrEnum):
    """What became of a question."""

    ASKED = "asked"
    """Nothing yet; or the program ended before there was an answer."""
    ANSWERED = "answered"
    STOPPED = "stopped"
    """Its asker stopped it. What was checked by then is its answer."""
    FAILED = "failed"
    """It broke off. What was checked by then is its answer."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a conversation and its answer."""

    number: int
    """From 1, in the order in which they were asked."""
    asked_at: str
    """UTC, ISO 8601."""
    question: str
    query: str
    """What its asker wanted searched for instead; '' for the question itself."""
    corpora: frozenset[str]
    on_date: date
    outcome: Outcome
    answer: Answer | None = None
    """As it was given, without the text of its passages: the catalog has that."""
    problem: str = ""
    """What its asker was told when it failed; '' when the program ended."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a list of conversations tells of one."""

    id: str
    owner: str
    """The name of who asks in it, and may read it; nobody else does."""
    title: str
    begun_at: str
    changed_at: str
    markings: tuple[Marking, ...]
    """High-water mark of all that was shown in it, one for each policy."""
