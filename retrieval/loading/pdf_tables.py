"""Tell tables from running text by how the words of consecutive lines stand under each other, and write them in rows.

Pure geometry: knows no file format, no ruled lines and no words. Two columns of prose whose lines were drawn across the
page are told from a table of two columns by how full they are, and read one after the other."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean

from retrieval.loading.paragraphs import Cell, Line, beside

# A table has so many rows of two cells, or so many of more; fewer is a form, a signature or chance.
_ROWS_OF_TWO = 3
_ROWS_OF_MORE = 2
# Rows of one table stand no further apart than this many of their heights, edges under each other within this many.
_FURTHEST = 2.5
_ALIGNED = 0.6
_ALIGNED_SHARE = 0.5
_SIZE_CHANGE = 0.12
# A cell that runs over, or a heading between rows.
_MOST_SINGLE_ROWS = 2
# Lines of prose are long on both sides of the page, for more than a few lines.
_PROSE_ROWS = 6
_PROSE_CHARACTERS = 28
_BULLET = re.compile(r"[•‣▪●○◦■□➢✓*·o\u2013-]")
_MARK = re.compile(r"\(?[0-9a-zA-Z]{1,4}[.):]?|\d+(?:\.\d+)+\.?")
_MARKED_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; a cell that is not there is ''."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """Its rows as lines, its cells divided by ' | '."""
        return "\n".join(" | ".join(row).rstrip(" |") for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Row:
    lines: tuple[Line, ...]
    cells: tuple[Cell, ...]

    @property
    def height(self) -> float:
        return max(line.first.height for line in self.lines)

    @property
    def size(self) -> float:
        return max(line.size for line in self.lines)


def tables_and_lines(lines: Sequence[Line]) -> Iterator[Table | list[Line]]:
    """Divide the lines of one page into tables and stretches of other lines, in the order given."""
    rows = _rows(lines)
    other: list[Line] = []
    at = 0
    while at < len(rows):
        block = _block(rows[at:])
        if _is_prose(block):
            other += _column(block, 0) + _column(block, 1)
        elif _is_table(block):
            if other:
                yield other
            other = []
            yield _table(block)
        else:
            block = block[:1]
            other += block[0].lines
        at += len(block)
    if other:
        yield other


def _rows(lines: Sequence[Line]) -> list[_Row]:
    """Put lines that stand beside each other, the next to the right of the last, into one row."""
    rows: list[list[Line]] = []
    for line in lines:
        last = rows[-1][-1] if rows else None
        if last and last.is_placed and line.is_placed and _goes_on(last, line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_Row(tuple(row), tuple(_cells(row))) for row in rows]


def _goes_on(last: Line, line: Line) -> bool:
    if not (last.cells and line.cells):
        return False
    return beside(last.last, line.first) and line.cells[0].left > last.cells[-1].right - _ALIGNED * last.size


def _cells(row: Sequence[Line]) -> list[Cell]:
    cells: list[Cell] = []
    for line in row:
        rest = list(line.cells)
        if not cells and len(rest) > 1 and _BULLET.fullmatch(rest[0].text):
            rest[:2] = [Cell(f"{rest[0].text} {rest[1].text}", rest[0].left, rest[1].right)]
        # Closer than a gap between cells: the line was broken at a raised note mark or power.
        if cells and rest and rest[0].left - cells[-1].right < _ALIGNED * line.size:
            cells[-1] = Cell(cells[-1].text + rest[0].text, cells[-1].left, rest.pop(0).right)
        cells += rest
    return cells


def _block(rows: Sequence[_Row]) -> list[_Row]:
    """The longest run from the first row on that could be a table."""
    block = [rows[0]]
    if len(rows[0].cells) < 2:
        return block
    single = 0
    for before, row in pairwise(rows):
        single = 0 if len(row.cells) > 1 else single + 1
        if single > _MOST_SINGLE_ROWS or not _follows(before, row) or not _stands_under(block, row):
            break
        block.append(row)
    # What follows a table and stands under its first column: a line, or the numbered heading of what comes next.
    while len(block[-1].cells) < 2 or (len(block) > 1 and _is_item(block[-1]) and not _is_item(block[-2])):
        block.pop()
    return block


def _follows(before: _Row, row: _Row) -> bool:
    upper, lower = before.lines[0].first, row.lines[0].first
    gap = upper.bottom - lower.top
    height = max(before.height, row.height)
    if abs(before.size - row.size) > _SIZE_CHANGE * height:
        return False
    return bool(row.cells) and -0.7 * height < gap < _FURTHEST * height


def _stands_under(block: Sequence[_Row], row: _Row) -> bool:
    """Whether most cells of a row are aligned with cells of the rows before."""
    above = [cell for member in block for cell in member.cells]
    aligned = sum(any(_are_aligned(cell, other, row.size) for other in above) for cell in row.cells)
    return aligned >= _ALIGNED_SHARE * len(row.cells)


def _are_aligned(one: Cell, other: Cell, size: float) -> bool:
    near = _ALIGNED * size
    middles = abs(one.left + one.right - other.left - other.right) / 2
    return abs(one.left - other.left) < near or abs(one.right - other.right) < near or middles < near


def _is_table(block: Sequence[_Row]) -> bool:
    several = [row for row in block if len(row.cells) > 1]
    more = [row for row in several if len(row.cells) > 2]
    if len(several) < _ROWS_OF_TWO and len(more) < _ROWS_OF_MORE:
        return False
    # A list has its marks or numbers before it, and one text after each.
    return sum(_is_item(row) for row in several) < _MARKED_SHARE * len(several)


def _is_item(row: _Row) -> bool:
    mark, text = row.cells[0].text, row.cells[-1].text
    is_marked = len(row.cells) == 2 and _MARK.fullmatch(mark) is not None
    return is_marked and any(character.isalpha() for character in text)


def _is_prose(block: Sequence[_Row]) -> bool:
    if len(block) < _PROSE_ROWS or any(len(row.cells) > 2 for row in block):
        return False
    pairs = [row.cells for row in block if len(row.cells) == 2]
    return len(pairs) >= _PROSE_ROWS and all(
        mean(len(cells[side].text) for cells in pairs) > _PROSE_CHARACTERS for side in (0, 1)
    )


def _column(block: Sequence[_Row], side: int) -> list[Line]:
    """The lines of one of two columns. A row of one cell is of the column that it stands in."""
    middle = mean((row.cells[0].right + row.cells[1].left) / 2 for row in block if len(row.cells) == 2)
    return [
        replace(
            row.lines[0],
            text=cell.text,
            first=replace(row.lines[0].first, left=cell.left),
            last=replace(row.lines[-1].last, right=cell.right),
            cells=(cell,),
        )
        for row in block
        for cell in row.cells
        if (cell.left >= middle) == bool(side)
    ]


def _table(block: Sequence[_Row]) -> Table:
    widest = max(block, key=lambda row: len(row.cells)).cells
    rows = tuple(_in_columns(row.cells, widest) for row in block)
    return Table(rows, tuple(line for row in block for line in row.lines))


def _in_columns(cells: Sequence[Cell], columns: Sequence[Cell]) -> tuple[str, ...]:
    """Put each cell under the column that it shares most with, or stands nearest to."""
    row = [""] * len(columns)
    for cell in cells:
        nearest = max(range(len(columns)), key=lambda at: _shared(cell, columns[at]))
        row[nearest] = f"{row[nearest]} {cell.text}".strip()
    return tuple(row)


def _shared(cell: Cell, column: Cell) -> float:
    """How much two stretches overlap; below zero, how far apart they are."""
    return min(cell.right, column.right) - max(cell.left, column.left)
