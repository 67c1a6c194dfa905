"""Turn passages of a version's text into headings, paragraphs and tables, with the quoted characters marked.

Every character shown is one of the stored text, so that offsets stay true. Knows nothing of HTML; reads tables by how
the loaders write them: cells divided by bars, a row to a line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from retrieval.documents import Passage

PART_CHARACTERS = 20_000
"""Of text on one page: with its markup it stays well below 200 kB, also where each cell holds one digit."""
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_RULE = re.compile(r"(?=.*(?:--|:-))\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_MARKS = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_FEWEST_ROWS = 2
_MOST_HEADINGS = 5


class Form(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that are all quoted, or all not."""

    text: str
    quoted: bool
    first: bool = False
    """Whether the quote begins here."""


@dataclass(frozen=True, slots=True)
class Block:
    form: Form
    level: int = 0
    """Of a heading, from 1."""
    text: str = ""
    """The number of a page."""
    pieces: tuple[Piece, ...] = ()
    """Of a heading or a paragraph."""
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()
    """Of a table: the pieces of each cell."""


def parts(outline: Sequence[tuple[int, int, int | None]]) -> list[tuple[int, int]]:
    """Divide the passages of a version into parts that fit a page each: offsets of their first and last character."""
    found: list[tuple[int, int]] = []
    shown = PART_CHARACTERS
    for start, end, _ in outline:
        if shown + end - start > PART_CHARACTERS:
            found.append((start, end))
            shown = 0
        found[-1] = found[-1][0], end
        shown += end - start
    return found


def lay_out(passages: Iterable[Passage], *, start: int = 0, end: int = 0, paged: bool = False) -> list[Block]:
    """Return the blocks of consecutive passages. `start` to `end`: what is quoted. `paged`: tell where pages begin."""
    quote = _Quote(start, end)
    blocks: list[Block] = []
    above: list[str] = []
    page: int | None = None
    for passage in passages:
        if paged and passage.page is not None and passage.page != page:
            page = passage.page
            blocks.append(Block(Form.PAGE, text=str(page)))
        told = _headings(passage.heading)
        shorter = min(len(above), len(told))
        same = next((at for at in range(shorter) if above[at] != told[at]), shorter)
        blocks += [_heading(at + 1, (Piece(told[at], False),)) for at in range(same, len(told))]
        above = told
        blocks += _blocks(passage, quote)
    return blocks


def paragraphs(passages: Iterable[Passage]) -> list[str]:
    """Return the paragraphs of passages with the headings above them, to be compared."""
    found: list[str] = []
    for block in lay_out(passages):
        if block.form is Form.TABLE:
            found += [" | ".join("".join(piece.text for piece in cell) for cell in row) for row in block.rows]
        else:
            found.append("".join(piece.text for piece in block.pieces))
    return found


@dataclass(slots=True)
class _Quote:
    """Divides text where the quote begins and ends, and tells once where it begins."""

    start: int
    end: int
    begun: bool = False

    def pieces(self, text: str, offset: int) -> tuple[Piece, ...]:
        """Return the pieces of a text that stands at this offset."""
        first = min(max(self.start - offset, 0), len(text))
        last = min(max(self.end - offset, first), len(text))
        if first == last:
            return (Piece(text, False),)
        quoted = Piece(text[first:last], True, not self.begun)
        self.begun = True
        around = (Piece(text[:first], False), quoted, Piece(text[last:], False))
        return tuple(piece for piece in around if piece.text)


def _headings(heading: str) -> list[str]:
    """The headings above a passage; the header of a table that was cut is none."""
    return [part for part in heading.split(" > ") if part and " | " not in part]


def _blocks(passage: Passage, quote: _Quote) -> Iterator[Block]:
    at = 0
    for gap in [*_BLANK.finditer(passage.text), None]:
        end = gap.start() if gap else len(passage.text)
        if passage.text[at:end].strip():
            yield _block(passage.text[at:end], passage.start + at, quote)
        at = gap.end() if gap else end


def _heading(level: int, pieces: tuple[Piece, ...]) -> Block:
    return Block(Form.HEADING, min(level, _MOST_HEADINGS), pieces=pieces)


def _block(text: str, offset: int, quote: _Quote) -> Block:
    # A heading with nothing below it is a passage of its own, in Markdown with its marks.
    if (marks := _MARKS.match(text)) and "\n" not in text:
        return _heading(len(marks[1]), quote.pieces(text[marks.end() :], offset + marks.end()))
    lines, at = [], offset
    for line in text.split("\n"):
        lines.append((line, at))
        at += len(line) + 1
    barred = [line for line, _ in lines if " | " in line or line.startswith("|")]
    if len(lines) < _FEWEST_ROWS or len(barred) < len(lines) - len(lines) // 3:
        return Block(Form.PARAGRAPH, pieces=quote.pieces(text, offset))
    rows = [tuple(_cells(line, at, quote)) for line, at in lines if line.strip() and not _RULE.fullmatch(line.strip())]
    return Block(Form.TABLE, rows=tuple(rows))


def _cells(line: str, offset: int, quote: _Quote) -> Iterator[tuple[Piece, ...]]:
    whole = line.strip()
    inner = whole.removeprefix("|").removesuffix("|") if whole.startswith("|") else whole
    at = offset + line.index(inner)
    for cell in re.split(r"(?<!\\)\|", inner):
        shown = cell.strip()
        yield quote.pieces(shown, at + (cell.index(shown) if shown else 0))
        at += len(cell) + 1
