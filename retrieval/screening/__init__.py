"""Look at a file at intake for what its owner should know before it is used: hidden text, text for a model, macros.

    screen(name, content, loaded) → Flags, the gravest first; screen_text for what has no file of its own

Flags never change a text and admit or bar nothing. `Severity.HOLD` proposes quarantine; the owner decides."""

from retrieval.screening.flags import Flag, Kind, Place, Severity
from retrieval.screening.screening import SCREENING_VERSION, screen, screen_text

__all__ = ["SCREENING_VERSION", "Flag", "Kind", "Place", "Severity", "screen", "screen_text"]
