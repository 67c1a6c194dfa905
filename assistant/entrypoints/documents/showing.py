"""Gather what the templates of a document's pages show. Knows nothing of HTML or of requests."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.entrypoints.documents.blocks import Block, lay_out, paragraphs, parts
from assistant.entrypoints.documents.comparing import Change, Row, compare, in_parts
from assistant.entrypoints.documents.library import Library, NotThere, Opened, rectangles
from retrieval.access import Principal
from retrieval.catalog import Reading
from retrieval.documents import Passage, State
from retrieval.rendering import Page, PageMissing, PageNotDrawn, Rectangle, TextLine, text_lines

ZOOMS = (100, 150, 200)
PIXELS = {100: 1240, 150: 1860, 200: 2480}
"""Across, at each zoom: 150 dots to an inch of A4, and more."""
# More stretches of text on one page are no text to select, and would make the page too large.
_MOST_STRETCHES = 1_200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a document's page."""

    start: int = 0
    end: int = 0
    """Of the quote, as offsets; equal: none."""
    page: int = 0
    """0: that of the quote, or the first."""
    part: int = 0
    zoom: int = 100
    as_text: bool = False

    @property
    def quotes(self) -> bool:
        return 0 <= self.start < self.end


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as it is drawn."""

    page: Page
    quoted: Sequence[Rectangle]
    lines: Sequence[TextLine]
    blocks: Sequence[Block]
    """Its text as it is stored."""
    quote_page: int | None
    """Where the quote is, when that is another page."""
    is_uncertain: bool
    """The quote is on the page, and where is not certain."""


@dataclass(frozen=True, slots=True)
class Written:
    """A part of a document as text."""

    blocks: Sequence[Block]
    part: int
    of: int
    not_drawn: bool
    """Its page was to be drawn and cannot be."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a version is today, as the key of the word for it."""

    key: str
    day: date | None = None

    @property
    def badge(self) -> str:
        return {"in force": "good", "not yet": "doubtful"}.get(self.key, "bad")


def standing(reading: Reading, *, on: date, superseded: bool) -> Standing:
    """Return how a version stands on a day. `superseded`: the reader may read what replaces it."""
    version = reading.version
    if superseded:
        return Standing("superseded")
    if version.state is State.RETIRED or not reading.is_current:
        return Standing("retired")
    if version.valid_from and on < version.valid_from:
        return Standing("not yet", version.valid_from)
    if version.valid_until and version.valid_until <= on:
        return Standing("expired", version.valid_until)
    return Standing("in force")


def shown(library: Library, opened: Opened, wanted: Wanted) -> Drawn | Written:
    """Return the page, or the part of the text, that is asked for. Raises NotThere for a page that is not there."""
    original = library.drawable(opened)
    if original is None or wanted.as_text:
        return _written(library, opened, wanted)
    try:
        return _drawn(library, opened, original, wanted)
    except PageMissing:
        raise NotThere from None
    except PageNotDrawn:
        return _written(library, opened, wanted, not_drawn=True)


@dataclass(frozen=True, slots=True)
class Compared:
    rows: Sequence[Row]
    part: int
    of: int
    counts: Counter[Change]


def compared(library: Library, opened: Opened, old: Reading, new: Reading, *, part: int) -> Compared:
    """Return a part of the comparison of two versions. Raises TooLong."""
    texts = [paragraphs(library.whole_text(opened, one)) for one in (old, new)]
    rows = compare(*texts)
    divided = in_parts(rows)
    at = min(max(part, 1), len(divided))
    return Compared(divided[at - 1], at, len(divided), Counter(row.change for row in rows))


def successor(library: Library, opened: Opened, *, reader: Principal) -> Reading | None:
    """Return what replaces a version that is replaced."""
    found = library.successor(opened, reader=reader)
    # A newer version that is not in force yet replaces nothing.
    begins = found.version.valid_from if found else None
    return None if begins and begins > date.today() else found


def _drawn(library: Library, opened: Opened, original: Path, wanted: Wanted) -> Drawn:
    outline = library.outline(opened)
    quoted_on = _page_at(outline, wanted.start) if wanted.quotes else None
    number = wanted.page or quoted_on or 1
    page = library.page(opened, original, number)
    here = [(start, end) for start, end, at in outline if at == number]
    passages = library.text(opened, here[0][0], here[-1][1]) if here else []
    passages = [one for one in passages if one.page == number]
    is_here = wanted.quotes and quoted_on == number
    quoted = rectangles(page, passages, start=wanted.start, end=wanted.end) if is_here else []
    lines = text_lines(page)
    return Drawn(
        page,
        quoted,
        lines if len(lines) <= _MOST_STRETCHES else [],
        _blocks(passages, wanted),
        quoted_on if quoted_on != number else None,
        is_here and not quoted,
    )


def _written(library: Library, opened: Opened, wanted: Wanted, *, not_drawn: bool = False) -> Written:
    outline = library.outline(opened)
    divided = parts(outline) or [(0, 0)]
    at = wanted.part or _part_at(divided, outline, wanted)
    if not 1 <= at <= len(divided):
        raise NotThere
    passages = library.text(opened, *divided[at - 1])
    return Written(_blocks(passages, wanted, paged=True), at, len(divided), not_drawn)


def _blocks(passages: Sequence[Passage], wanted: Wanted, *, paged: bool = False) -> list[Block]:
    start, end = (wanted.start, wanted.end) if wanted.quotes else (0, 0)
    return lay_out(passages, start=start, end=end, paged=paged)


def _page_at(outline: Sequence[tuple[int, int, int | None]], offset: int) -> int | None:
    return next((page for start, end, page in outline if start <= offset < end), None)


def _part_at(divided: Sequence[tuple[int, int]], outline: Sequence[tuple[int, int, int | None]], wanted: Wanted) -> int:
    offset = wanted.start if wanted.quotes else 0
    if wanted.page and not wanted.quotes:
        offset = next((start for start, _, page in outline if page == wanted.page), 0)
    return next((at for at, (start, end) in enumerate(divided, start=1) if start <= offset < end), 1)
