"""What is stated about a document: its marking, its days of validity, what it supersedes, and who says so. A value."""

from dataclasses import dataclass
from datetime import date

from retrieval.access import Marking


@dataclass(frozen=True, slots=True)
class Stated:
    """What an owner's statements come to for one document."""

    marking: Marking | None = None
    """None: nobody marked it."""
    sources: tuple[str, ...] = ()
    """Who stated the marking, the highest in precedence first."""
    title: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    """The first day on which it no longer holds."""
    supersedes: str | None = None
    """The key of a document in the same corpus."""
    warnings: tuple[str, ...] = ()
    """Sentences for the owner: what disagrees, and what holds."""
    quarantine: str = ""
    """Why it is held back, in one sentence with the remedy: it is listed and not served. '' when it may be served."""
