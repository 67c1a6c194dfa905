"""What programs may send to the API. Whatever is not described here is refused.

Knows nothing of what is done with it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

_MOST_CORPORA = 100
_MOST_TURNS = 50
_LONGEST_TEXT = 20_000


def _iso(told: object) -> date:
    """Take a day as ISO 8601 writes it, and nothing else that Python would take for one."""
    if not isinstance(told, str) or len(told) != len("2026-02-04"):
        raise ValueError("a day is written as YYYY-MM-DD")
    return date.fromisoformat(told)


def _whole(told: object) -> object:
    """In JSON 8.0 is the integer 8 (JSON Schema 2020-12, 6.1.1)."""
    return int(told) if isinstance(told, float) and told.is_integer() else told


Day = Annotated[date, BeforeValidator(_iso)]
CorpusName = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True, frozen=True)


class TurnBody(Body):
    """An earlier question in the conversation and the text of its answer."""

    question: str = Field(max_length=_LONGEST_TEXT)
    answer: str = Field(default="", max_length=_LONGEST_TEXT)


class QuestionBody(Body):
    """A question."""

    text: str = Field(min_length=1, max_length=_LONGEST_TEXT, examples=["When is the bridge closed?"])
    """In Dutch or English, and no longer than the operator's settings allow (by default 4,000 characters)."""
    corpora: list[CorpusName] = Field(default=[], max_length=_MOST_CORPORA, examples=[["orders"]])
    """Answer from these only. Empty: from all that the asker may read."""
    on_date: Day | None = Field(default=None, examples=["2026-02-04"])
    """Answer from what is valid on this day. Default: today."""
    history: list[TurnBody] = Field(default=[], max_length=_MOST_TURNS)
    """Earlier turns, oldest first: what a follow-up refers to."""
    query: str = Field(default="", max_length=_LONGEST_TEXT)
    """What to search for, where it is not what the question says."""


class SearchBody(Body):
    """A search for passages."""

    query: str = Field(min_length=1, max_length=4000, examples=["bridge closed tracked vehicles"])
    corpora: list[CorpusName] = Field(default=[], max_length=_MOST_CORPORA)
    """Search these only. Empty: all that the asker may read."""
    on_date: Day | None = Field(default=None, examples=["2026-02-04"])
    """Find what is valid on this day. Default: today."""
    limit: Annotated[int, BeforeValidator(_whole)] = Field(default=8, ge=1, le=100)
    """Most passages to return."""


class FeedbackBody(Body):
    """What the asker thinks of an answer."""

    verdict: Literal["up", "down"]
    comment: str = Field(default="", max_length=4000, examples=["The bridge was opened again on the 7th."])


class DocumentsQuery(BaseModel):
    """Which documents to list."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, frozen=True)

    corpus: str = Field(default="", max_length=128)
    """Of this corpus only."""
    title: str = Field(default="", max_length=200)
    """Those whose title or key holds this."""
    limit: int = Field(default=50, ge=1, le=200)
    """Most documents on a page."""
    cursor: str = Field(default="", max_length=4000)
    """Where to go on: `next` of the page before."""
