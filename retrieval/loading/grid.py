"""Write the cells of a sheet down as tables whose rows can be quoted on their own.

A row is written as 'Header: value | Header: value', because a row quoted without its header says nothing. Knows
columns and texts; refuses to know which program stored them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.loading.composing import Composer
from retrieval.loading.loaded import Kind

# A million cells take some fifteen seconds and 200 MB, and make up to 20 MB of text.
MAX_CELLS = 1_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with something in it."""

    column: int
    text: str
    is_label: bool
    """Text, or a year: what can head a column."""


def write_sheet(composer: Composer, title: str, rows: Iterable[Sequence[Cell]]) -> None:
    """Add a sheet: its title as a heading (none if ''), then each stretch of rows between empty ones. A sheet without
    cells leaves no trace."""
    header: dict[int, str] = {}
    for index, block in enumerate(_stretches(rows)):
        if index == 0:
            composer.add(title, Kind.HEADING, level=1)
        header = _write(composer, block, header)


def _stretches(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    stretch: list[Sequence[Cell]] = []
    for row in rows:
        if row:
            stretch.append(row)
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _write(composer: Composer, rows: list[Sequence[Cell]], above: dict[int, str]) -> dict[int, str]:
    """Write down a stretch of rows; `above` is the last header on the sheet. Returns the one that holds now."""
    wide = next((index for index, row in enumerate(rows) if len(row) > 1), len(rows))
    # Single cells above a table, or on their own, are captions and remarks.
    composer.add("\n".join(row[0].text for row in rows[:wide]))
    table = rows[wide:]
    if not table:
        return above
    header = _header(table, above)
    lines = []
    for index, row in enumerate(table):
        if index == 0 and header is not above:
            lines.append(" | ".join(cell.text for cell in row))
        else:
            labels = ((header.get(cell.column), cell.text) for cell in row)
            lines.append(" | ".join(f"{label}: {text}" if label else text for label, text in labels))
    composer.add("\n".join(lines), Kind.TABLE)
    return header or above


def _header(table: list[Sequence[Cell]], above: dict[int, str]) -> dict[int, str]:
    """What heads the columns of a table: its first row, the header above it on the sheet, or nothing known.

    A wrong label is worse than none, so a table below an empty row gets labels only where the cells decide it."""
    first = table[0]
    heads = {cell.column: cell.text.rstrip(" :") for cell in first}
    labels = all(cell.is_label for cell in first) and len(table) > 1
    if not above:
        return heads if labels else {}
    if not labels:
        return above if all(cell.column in above for row in table for cell in row) else {}
    contrast = any(not cell.is_label for row in table[1:] for cell in row if cell.column in heads)
    return heads if contrast else {}
