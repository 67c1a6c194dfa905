"""Read the sheets of an OpenDocument spreadsheet, as grid.py writes them: what is shown, with dates in ISO 8601.

Refuses to calculate: of a formula it takes the result that was stored."""

from collections.abc import Iterator

from lxml import etree

from retrieval.loading.composing import Composer
from retrieval.loading.grid import MAX_CELLS, Cell, write_sheet
from retrieval.loading.loaded import NotLoaded
from retrieval.loading.open_styles import OFFICE, TABLE, Styles
from retrieval.loading.open_text import TextReader

_CELL, _COVERED = f"{TABLE}table-cell", f"{TABLE}covered-table-cell"
_COLUMN_GROUPS = frozenset(f"{TABLE}{tag}" for tag in ("table-columns", "table-column-group", "table-header-columns"))
_LAST_COLUMN = 16_384


class SheetReader:
    """Writes the sheets of one workbook down."""

    def __init__(self, name: str, composer: Composer, styles: Styles, text: TextReader) -> None:
        self._name = name
        self._composer = composer
        self._styles = styles
        self._text = text
        self._cells = 0

    def read(self, body: etree._Element) -> None:
        """Write down every sheet that is shown. Raises NotLoaded if they are too large."""
        for sheet in body.iterchildren(f"{TABLE}table"):
            if str(sheet.get(f"{TABLE}style-name")) in self._styles.hidden:
                self._text.notice("sheets")
            else:
                write_sheet(self._composer, str(sheet.get(f"{TABLE}name") or ""), self._rows(sheet))
                for shapes in sheet.iterchildren(f"{TABLE}shapes"):
                    self._text.blocks(shapes)

    def _rows(self, sheet: etree._Element) -> Iterator[list[Cell]]:
        hidden_columns = set(_hidden_columns(sheet))
        hidden = False
        for row in self._text.rows(sheet):
            cells = list(self._row(row))
            shown = [cell for cell in cells if cell.column not in hidden_columns]
            if row.get(f"{TABLE}visibility") in ("collapse", "filter"):
                hidden = hidden or bool(cells)
                continue
            hidden = hidden or len(shown) < len(cells)
            # A row that is repeated says the same again; empty ones run to the end of the sheet.
            for _ in range(min(_repeated(row, "rows"), MAX_CELLS) if shown else 1):
                self._count(len(shown))
                yield shown
        if hidden:
            self._text.notice("rows")

    def _row(self, row: etree._Element) -> Iterator[Cell]:
        column = 1
        for element in row.iterchildren(_CELL, _COVERED):
            repeated = min(_repeated(element, "columns"), _LAST_COLUMN)
            if text := self._written(element):
                self._count(repeated)
                for at in range(column, column + repeated):
                    yield Cell(at, text, _is_label(element, text))
            column += repeated

    def _count(self, cells: int) -> None:
        self._cells += cells + 1
        if self._cells > MAX_CELLS:
            raise NotLoaded(f"{self._name} holds more than {MAX_CELLS:,} cells; split it and add the parts.")

    def _written(self, cell: etree._Element) -> str:
        kind = cell.get(f"{OFFICE}value-type")
        shown = self._text.cell(cell)
        if kind == "date":
            stored = str(cell.get(f"{OFFICE}date-value") or shown)
            return stored.removesuffix("T00:00:00").replace("T", " ")
        return shown or (str(cell.get(f"{OFFICE}value") or "") if kind == "float" else "")


def _is_label(cell: etree._Element, text: str) -> bool:
    is_year = text.isascii() and text.isdigit() and 1900 <= int(text[:5]) <= 2100
    return cell.get(f"{OFFICE}value-type") in (None, "string") or is_year


def _hidden_columns(sheet: etree._Element) -> Iterator[int]:
    at = 1
    for column in _columns(sheet):
        repeated = min(_repeated(column, "columns"), _LAST_COLUMN)
        if column.get(f"{TABLE}visibility") in ("collapse", "filter"):
            yield from range(at, at + repeated)
        at += repeated


def _columns(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == f"{TABLE}table-column":
            yield child
        elif child.tag in _COLUMN_GROUPS:
            yield from _columns(child)


def _repeated(element: etree._Element, what: str) -> int:
    count = str(element.get(f"{TABLE}number-{what}-repeated") or "1")
    return int(count) if count.isascii() and count.isdigit() and len(count) < 9 else 1
