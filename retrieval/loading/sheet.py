"""Read an Excel workbook (.xlsx): the values of every visible sheet, as grid.py writes them.

Refuses to calculate: of a formula it takes the result that was stored. Opens no connection and runs no macro."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from lxml import etree
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from retrieval.loading.composing import Composer, one_line, tell
from retrieval.loading.grid import MAX_CELLS, Cell, write_sheet
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.office_properties import custom_properties
from retrieval.loading.unpacking import DAMAGED, check_archive

# What openpyxl and the XML parsers raise on parts that are missing, malformed or not what their type says.
_BROKEN = (
    *DAMAGED, LookupError, ValueError, AttributeError, TypeError, SyntaxError, AssertionError, ArithmeticError,
)  # fmt: skip

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROW, _COLUMN = f"{{{_MAIN}}}row", f"{{{_MAIN}}}col"
# A formula that yields an empty text has the type 'str' and an empty result.
_UNCALCULATED = etree.XPath("count(m:c[m:f][not(string(m:v))][not(@t = 'str')])", namespaces={"m": _MAIN})
_LAST_COLUMN = 16_384
_CORE_PROPERTIES = "docProps/core.xml"
_CURRENCY = re.compile(r"\[\$([^\]-]+)[^\]]*\]|([€£])")
_UNREAD = (("xl/charts/chart", "charts"), ("xl/media/", "pictures"), ("xl/comments", "comments"))


@dataclass(slots=True)
class _Survey:
    """What openpyxl does not tell about a sheet that it reads in passing."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncalculated: int = 0


def load_sheet(name: str, content: bytes) -> Loaded:
    """Read the bytes of the Excel file called `name`. Raises NotLoaded."""
    with check_archive(name, content) as archive:
        try:
            with warnings.catch_warnings():
                # openpyxl warns of styles and validations that it does not keep; nothing is written back here.
                warnings.simplefilter("ignore")
                return _Workbook(name, archive).read(content)
        except _BROKEN as error:
            raise NotLoaded(
                f"{name} is damaged or not quite an Excel workbook; open it in Excel, save it as .xlsx and add that."
            ) from error


class _Workbook:
    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self._name = name
        self._archive = archive
        self._composer = Composer(name)
        self._cells = 0
        self._hidden_sheets: list[str] = []
        self._hidden_parts: list[str] = []
        self._uncalculated = 0

    def read(self, content: bytes) -> Loaded:
        reader = ExcelReader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        reader.read()
        names = []
        for entry, relation in reader.parser.find_sheets():
            sheet = reader.wb[entry.name] if entry.name in reader.wb.sheetnames else None
            if not isinstance(sheet, ReadOnlyWorksheet):
                continue
            if sheet.sheet_state != "visible":
                self._hidden_sheets.append(sheet.title)
            else:
                names.append(sheet.title)
                self._sheet(sheet, self._survey(relation.target))
        metadata = {"sheets": ", ".join(names)}
        title = ""
        if _CORE_PROPERTIES in reader.valid_files:
            properties = reader.wb.properties
            title = properties.title or ""
            metadata |= {
                "author": properties.creator or "",
                "subject": properties.subject or "",
                "keywords": properties.keywords or "",
            }
            metadata["modified"] = properties.modified.date().isoformat() if properties.modified else ""
        for key, value in custom_properties(self._archive):
            tell(metadata, key, value)
        if not self._composer.blocks and self._hidden_sheets:
            raise NotLoaded(f"{self._name} has text on hidden sheets only; make them visible and add it again.")
        return self._composer.loaded(title=title, metadata=metadata, warnings=self._warnings())

    def _sheet(self, sheet: ReadOnlyWorksheet, survey: _Survey) -> None:
        self._uncalculated += survey.uncalculated
        write_sheet(self._composer, sheet.title, self._rows(sheet, survey))

    def _rows(self, sheet: ReadOnlyWorksheet, survey: _Survey) -> Iterator[list[Cell]]:
        """The rows that are shown, without their hidden cells."""
        # The stated dimensions are often wrong, and rows would be padded to them.
        sheet.reset_dimensions()
        hidden = False
        for number, row in enumerate(sheet.rows, start=1):
            self._cells += len(row) + 1
            if self._cells > MAX_CELLS:
                raise self._too_large()
            cells = [cell for column, value in enumerate(row, start=1) if (cell := _cell(column, value))]
            shown = [cell for cell in cells if cell.column not in survey.hidden_columns]
            if number in survey.hidden_rows:
                shown = []
            hidden = hidden or len(shown) < len(cells)
            if number not in survey.hidden_rows:
                yield shown
        if hidden:
            self._hidden_parts.append(sheet.title)

    def _survey(self, path: str) -> _Survey:
        survey = _Survey()
        number = cells = 0
        with self._archive.open(path) as part:
            for _, element in etree.iterparse(
                part, events=("end",), tag=(_ROW, _COLUMN), resolve_entities=False, no_network=True, huge_tree=False
            ):
                hidden = element.get("hidden") in ("1", "true")
                if element.tag == _ROW:
                    number = int(str(element.get("r", number + 1)))
                    if hidden:
                        survey.hidden_rows.add(number)
                    count = _UNCALCULATED(element)
                    survey.uncalculated += int(count) if isinstance(count, float) else 0
                    cells += len(element)
                    if cells > MAX_CELLS:
                        raise self._too_large()
                    _release(element)
                elif hidden:
                    last = min(int(str(element.get("max"))), _LAST_COLUMN)
                    survey.hidden_columns.update(range(int(str(element.get("min"))), last + 1))
        return survey

    def _too_large(self) -> NotLoaded:
        return NotLoaded(f"{self._name} holds more than {MAX_CELLS:,} cells; split it and add the parts.")

    def _warnings(self) -> list[str]:
        said = []
        if self._hidden_sheets:
            said.append(f"{self._name} has hidden sheets ({', '.join(self._hidden_sheets)}); they were left out.")
        if self._hidden_parts:
            said.append(f"{self._name} has hidden rows or columns on {', '.join(self._hidden_parts)}; left out.")
        if self._uncalculated:
            said.append(
                f"{self._name} holds formulas without a stored result ({self._uncalculated}); "
                "open it in Excel, save it and add it again to have them read."
            )
        members = self._archive.namelist()
        for start, what in _UNREAD:
            if count := sum(member.startswith(start) for member in members):
                said.append(f"{self._name} holds {what} ({count}); they were not read.")
        if any(member.endswith("vbaProject.bin") for member in members):
            said.append(f"{self._name} holds macros; they were neither run nor read.")
        return said


def _release(row: etree._Element) -> None:
    """Forget a row and those before it, or a large sheet is kept whole."""
    row.clear()
    parent = row.getparent()
    while parent is not None and row.getprevious() is not None:
        del parent[0]


def _cell(column: int, cell: object) -> Cell | None:
    value = getattr(cell, "value", None)
    form = str(getattr(cell, "number_format", "")) if isinstance(value, (int, float, datetime)) else ""
    text = _written(value, form)
    if not text:
        return None
    is_year = isinstance(value, int) and 1900 <= value <= 2100
    return Cell(column, text, isinstance(value, str) or is_year)


def _written(value: object, form: str) -> str:
    """A value as its reader knows it: dates in ISO 8601, numbers with their sign, per cent and currency."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case int() | float():
            return _number(value, form)
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return one_line(str(value))


def _number(value: float, form: str) -> str:
    if "%" in form:
        return _plain(value * 100, digits=10) + "%"
    text = _plain(value, digits=15)
    if form.strip("0") == "" and len(form) > 1 and text.isdecimal():
        return text.zfill(len(form))  # Numbers that name something: 00123.
    currency = _CURRENCY.search(form)
    return f"{currency[1] or currency[2]} {text}" if currency else text


def _plain(value: float, *, digits: int) -> str:
    # Fifteen digits are what Excel keeps; more shows the binary fraction (0.30000000000000004).
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else f"{value:.6e}"
    return format(Decimal(f"{value:.{digits}g}"), "f")
