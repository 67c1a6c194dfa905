"""Make text of questions, answers and documents fit to show: nothing in it unseen, quoted places found in it.

Knows no HTML: escaping is the template's work."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Controls, surrogates and non-characters, which HTML cannot hold; marks that reverse the direction of writing, and
# tag characters, which can make a passage read as what it is not or hide words in it.
_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_REPLACEMENT = "\ufffd"

Span = tuple[int, int]
"""Start and end, in characters."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a passage that is shown in one way."""

    text: str
    relevant: bool = False
    """Part of a place that the test set calls relevant."""
    cited: bool = False
    """Part of a quote in the answer."""


def shown(text: str) -> str:
    """Return the text with U+FFFD for each character that cannot be shown or would mislead. Line ends become LF."""
    return _UNSHOWABLE.sub(_REPLACEMENT, _LINE_ENDS.sub("\n", text))


def stretches(text: str, *, relevant: Iterable[Span], cited: Iterable[Span]) -> list[Stretch]:
    """Cut a passage where a relevant place or a cited quote begins or ends. The pieces joined are the passage."""
    places, quotes = _within(relevant, len(text)), _within(cited, len(text))
    edges = sorted({0, len(text), *(edge for span in (*places, *quotes) for edge in span)})
    return [Stretch(text[start:end], _covers(places, start), _covers(quotes, start)) for start, end in pairwise(edges)]


def find_quote(quote: str, text: str) -> list[Span]:
    """Return where the quote stands in the text, white space and its absence being equal. An empty quote: nowhere."""
    wanted = "".join(quote.split())
    if not wanted:
        return []
    positions = [position for position, character in enumerate(text) if not character.isspace()]
    bare = "".join(text[position] for position in positions)
    found, start = [], bare.find(wanted)
    while start >= 0:
        found.append((positions[start], positions[start + len(wanted) - 1] + 1))
        start = bare.find(wanted, start + len(wanted))
    return found


def shortened(text: str, characters: int) -> str:
    """Return the text in one line, cut after a word so that it has at most that many characters."""
    line = " ".join(text.split())
    if len(line) <= characters:
        return line
    cut = line[: characters - 1]
    return f"{cut[: cut.rfind(' ')] if cut.rfind(' ') > characters // 2 else cut}…"


def _within(spans: Iterable[Span], length: int) -> list[Span]:
    clipped = ((max(start, 0), min(end, length)) for start, end in spans)
    return [(start, end) for start, end in clipped if start < end]


def _covers(spans: Sequence[Span], position: int) -> bool:
    return any(start <= position < end for start, end in spans)
