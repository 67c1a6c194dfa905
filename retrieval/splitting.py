"""Turn the spans of a loaded text into passages: pieces that are searched, shown and quoted as one.

A passage is an exact stretch of the text, stands on one page and under one heading. Neighbouring paragraphs are
joined up to a size, a long one is cut between sentences, a table stays whole as long as it can; where it is cut, its
header is among the headings of each further piece. Knows nothing of file formats, of embedding or of the index."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from retrieval.documents import Passage, passage_id
from retrieval.loading.loaded import Kind, Loaded, Span
from retrieval.sentences import sentence_ranges

SPLITTING_VERSION = "2"
"""Part of a version's id: passages made by another rule are other passages."""

# 1,000 characters are about 240 word pieces, just below the 256 that the default embedder reads.
MAXIMUM_CHARACTERS = 1000
# A table is cut only when it would crowd everything else out of a prompt.
MAXIMUM_TABLE_CHARACTERS = 2000
# Repeated above each piece of a table, so it must leave room for the piece.
_MAXIMUM_HEADER_CHARACTERS = 300
_NUMBER = re.compile(r"[(€$£ ]*[-+\u2212\u2013]?[\d.,\u202f %]*\d[)% ]*")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    page: int | None
    heading: str
    kind: Kind


def split(loaded: Loaded, *, version: str) -> list[Passage]:
    """Return the passages of one version, in reading order."""
    text = loaded.text
    whole = _trimmed(text, _under_headings(loaded))
    return [
        Passage(
            id=passage_id(version, piece.start, piece.end, text[piece.start : piece.end]),
            version=version,
            ordinal=ordinal,
            heading=piece.heading,
            page=piece.page,
            start=piece.start,
            end=piece.end,
            text=text[piece.start : piece.end],
        )
        for ordinal, piece in enumerate(_joined(text, _trimmed(text, _cut(text, whole))))
    ]


def _under_headings(loaded: Loaded) -> Iterator[_Piece]:
    """Give each span the headings above it. A heading with nothing below it is a piece of its own."""
    headings: list[tuple[int, Span]] = []
    bare: Span | None = None
    for span in loaded.spans:
        if span.kind is Kind.HEADING:
            if bare is not None and span.level <= bare.level:
                yield _piece(loaded, bare, headings[:-1])
            while headings and headings[-1][0] >= span.level:
                headings.pop()
            headings.append((span.level, span))
            bare = span
        else:
            bare = None
            yield _piece(loaded, span, headings)
    if bare is not None:
        yield _piece(loaded, bare, headings[:-1])


def _piece(loaded: Loaded, span: Span, headings: list[tuple[int, Span]]) -> _Piece:
    texts = (" ".join(loaded.text[heading.start : heading.end].split()) for _, heading in headings)
    return _Piece(span.start, span.end, span.page, " > ".join(dict.fromkeys(texts)), span.kind)


def _trimmed(text: str, pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """Leave out the white space around each piece, and pieces that are nothing else."""
    for piece in pieces:
        inside = text[piece.start : piece.end]
        start = piece.start + len(inside) - len(inside.lstrip())
        if visible := inside.strip():
            yield replace(piece, start=start, end=start + len(visible))


def _cut(text: str, pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    for piece in pieces:
        if piece.end - piece.start <= _limit(piece):
            yield piece
        else:
            yield from _cut_piece(text, piece)


def _limit(piece: _Piece) -> int:
    return MAXIMUM_TABLE_CHARACTERS if piece.kind is Kind.TABLE else MAXIMUM_CHARACTERS


def _cut_piece(text: str, piece: _Piece) -> Iterator[_Piece]:
    """Cut between sentences (between rows for a table), filling each part as far as it goes."""
    limit = _limit(piece)
    start = end = piece.start
    for unit_start, unit_end in _units(text, piece, limit):
        if unit_end - start > limit and end > start:
            yield replace(piece, start=start, end=end)
            if start == piece.start and piece.kind is Kind.TABLE:
                piece = _under_header(text, piece)
            start = unit_start
        end = unit_end
    yield replace(piece, start=start, end=end)


def _under_header(text: str, piece: _Piece) -> _Piece:
    header = _header(text[piece.start : piece.end])
    return replace(piece, heading=" > ".join(filter(None, (piece.heading, header)))) if header else piece


def _header(table: str) -> str:
    """What heads the columns: the first row with columns, if all of it names something and no row below repeats it."""
    rows = [table[start:end] for start, end in islice(_rows(table), 3)]
    delimiter = max("|\t;,", key=table[:MAXIMUM_TABLE_CHARACTERS].count)
    at = next((index for index, row in enumerate(rows) if row.strip("|").count(delimiter)), len(rows))
    if at + 1 >= len(rows) or delimiter not in rows[at + 1]:
        return ""
    cells = [cell.strip(' \t"') for cell in rows[at].strip("|").split(delimiter)]
    labelled = rows[at + 1].startswith(f"{cells[0].rstrip(' :')}: ")
    named = [cell for cell in cells if cell and (_YEAR.fullmatch(cell) or not _NUMBER.fullmatch(cell))]
    if labelled or len(named) < 2 or len(named) < len([cell for cell in cells if cell]):
        return ""
    header = " | ".join(cells)
    return header if len(header) <= _MAXIMUM_HEADER_CHARACTERS else header[:_MAXIMUM_HEADER_CHARACTERS] + " \u2026"


def _units(text: str, piece: _Piece, limit: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges between which a piece may be cut, none longer than the limit."""
    inside = text[piece.start : piece.end]
    ranges = _rows(inside) if piece.kind is Kind.TABLE else sentence_ranges(inside)
    for start, end in ranges:
        while end - start > limit:
            # A sentence longer than a passage (a list without stops, a data dump): cut at the last white space.
            space = max(inside.rfind(" ", start, start + limit), inside.rfind("\n", start, start + limit))
            cut = space if space > start else start + limit
            yield piece.start + start, piece.start + cut
            start = cut + 1 if space > start else cut
        if start < end:
            yield piece.start + start, piece.start + end


def _rows(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            offset = start + line.index(stripped)
            yield offset, offset + len(stripped)
        start += len(line)


def _joined(text: str, pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """Join neighbours that stand under the same heading on the same page, with only white space between them."""
    held: _Piece | None = None
    for piece in pieces:
        if held is not None and _fits(text, held, piece):
            held = replace(held, end=piece.end)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def _fits(text: str, first: _Piece, second: _Piece) -> bool:
    return (
        first.heading == second.heading
        and first.page == second.page
        and first.kind is second.kind is Kind.PARAGRAPH
        and second.end - first.start <= MAXIMUM_CHARACTERS
        and not text[first.end : second.start].strip()
    )
