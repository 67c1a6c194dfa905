"""What every loader returns, and how it says that it cannot.

`Loaded.text` is the one text of a version: every offset in the product (passages, citations) counts in it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.screening.flags import Flag


class Kind(StrEnum):
    """What a span of text is, as far as splitting needs to know."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Span:
    """A block of the text, in reading order. Spans do not overlap; text between them is layout (blank lines, page
    markers, markup) that is in nobody's passage."""

    start: int
    end: int
    kind: Kind
    page: int | None = None
    """From 1, None where the format has no pages. A span stands on one page."""
    level: int = 0
    """1-6 for a heading, otherwise 0."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file or record as text."""

    text: str
    """Newlines are '\\n'. For Markdown and plain text: the decoded file itself, so offsets can be checked with a text
    editor. For other formats: the text as this loader writes it down."""
    spans: tuple[Span, ...]
    title: str
    """From the document itself (first heading, title property, subject), or '' when it has none."""
    metadata: dict[str, str] = field(default_factory=dict)
    """What the format says of itself: author, date, sheet names …"""
    warnings: tuple[str, ...] = ()
    """Sentences for the document's owner: what was not read and why."""
    flags: tuple["Flag", ...] = ()
    """What screening found in the file; empty where it was not screened."""


class NotLoaded(Exception):
    """A file that yields no text: `reason` is one plain sentence for the document's owner, with the remedy."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
