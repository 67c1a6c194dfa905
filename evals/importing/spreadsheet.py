"""Read a spreadsheet that was saved as CSV: a question a row, columns named for what they hold.

The questions are asked of a corpus that is there already: no documents come with them. A row without a question adds a
place to the question above it. Names the line and the column of what is wrong: whoever made the sheet can mend it."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evals.cases import CASE, Case
from evals.importing.gathering import Imported, Options
from evals.importing.reading import SourceInvalid
from retrieval.loading.decoding import decode
from retrieval.loading.loaded import NotLoaded

_LISTS = ("expected", "must_not_contain", "conflict", "tags", "corpora", "forbidden", "canaries", "planted", "requires")
_TEXTS = ("id", "question", "language", "on_date", "note")
_PLACE = ("document", "quote", "page", "grade")
COLUMNS = (*_TEXTS, *_LISTS, *_PLACE, "answerable", "refusal", "nuggets")
_YES_OR_NO: dict[str, bool | None] = {
    **dict.fromkeys(("yes", "true", "1", "ja", "waar", "y", "x"), True),
    **dict.fromkeys(("no", "false", "0", "nee", "onwaar", "n"), False),
    **dict.fromkeys(("unknown", "?", "onbekend"), None),
}
_HINT = f"Columns: {', '.join(COLUMNS)}. Several values in a cell are divided by |."


@dataclass(frozen=True, slots=True)
class _Row:
    path: Path
    line: int
    """On which it begins, from 1."""
    cells: Mapping[str, str]
    """Not empty, by column."""

    def wrong(self, column: str, why: str) -> SourceInvalid:
        return SourceInvalid(f"{self.path}, line {self.line}, column '{column}': {why}.", hint=_HINT)


def import_csv(source: Path, options: Options) -> Imported:
    """Read a file with a heading row, divided by commas, semicolons or tabs. Raises SourceInvalid."""
    cases: dict[str, Case] = {}
    lines: dict[str, int] = {}
    last = ""
    for number, row in enumerate(_rows(source), start=1):
        if "question" in row.cells:
            case = _case(row, number, options.language)
            if case.id in cases:
                raise row.wrong("id", f"'{case.id}' stands on line {lines[case.id]} as well")
            last, cases[case.id], lines[case.id] = case.id, case, row.line
        elif not last:
            raise row.wrong("question", "it is empty")
        else:
            cases[last] = _with_place(cases[last], row)
    if not cases:
        raise SourceInvalid(f"{source} holds no questions.", hint=_HINT)
    for case in cases.values():
        if case.answerable and not (case.expected or case.relevant or case.nuggets or case.conflict):
            raise SourceInvalid(
                f"{source}, line {lines[case.id]}, column 'expected': it is empty.",
                hint="Say what a right answer holds in 'expected' or 'document', or put 'no' or '?' in 'answerable'.",
            )
    return Imported(tuple(cases.values()), (), ())


def _rows(source: Path) -> Iterator[_Row]:
    try:
        text = decode(source.name, source.read_bytes()).text
    except (OSError, NotLoaded) as error:
        raise SourceInvalid(f"{source} cannot be read ({error}).", hint="Save the sheet as CSV in UTF-8.") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    heading: list[str] = []
    begins = 1
    try:
        for cells in reader:
            if not heading:
                heading = _heading(source, cells)
            elif any(cell.strip() for cell in cells):
                yield _row(source, begins, heading, cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SourceInvalid(f"{source}, line {begins}: {error}.", hint="Save the sheet as CSV again.") from error


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _heading(source: Path, cells: list[str]) -> list[str]:
    names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    where = f"{source}, line 1"
    for name in filter(None, names):
        if name not in COLUMNS:
            raise SourceInvalid(f"{where}: there is no column '{name}'.", hint=_HINT)
        if names.count(name) > 1:
            raise SourceInvalid(f"{where}: the column '{name}' stands there twice.", hint="Remove one of them.")
    if "question" not in names:
        raise SourceInvalid(f"{where}: there is no column 'question'.", hint=_HINT)
    return names


def _row(source: Path, line: int, heading: list[str], cells: list[str]) -> _Row:
    if any(cell.strip() for cell in cells[len(heading) :]):
        raise SourceInvalid(f"{source}, line {line} has more cells than there are columns.", hint=_HINT)
    named = {name: cell.strip() for name, cell in zip(heading, cells, strict=False) if cell.strip()}
    row = _Row(source, line, {name: cell for name, cell in named.items() if name})
    if "" in named:
        raise row.wrong("(without a name)", f"what '{named['']}' is cannot be told")
    return row


def _case(row: _Row, number: int, language: str) -> Case:
    cells = row.cells
    told: dict[str, Any] = {name: cells[name] for name in _TEXTS if name in cells}
    told |= {name: _several(cells[name]) for name in _LISTS if name in cells}
    told |= {name: _yes_or_no(row, name) for name in ("answerable", "refusal") if name in cells}
    if "nuggets" in cells:
        # A nugget's wordings are divided by =, as in 'six o'clock = 06:00 | the Amber bridge'.
        told["nuggets"] = [{"texts": [way.strip() for way in one.split(" = ")]} for one in _several(cells["nuggets"])]
    told["relevant"] = [place] if (place := _place(row)) else []
    told = {"id": f"{row.path.stem}-{number}", "language": language, "source": f"{row.path.name}#{row.line}"} | told
    return _valid(row, told)


def _with_place(case: Case, row: _Row) -> Case:
    place = _place(row)
    if place is None or set(row.cells) - set(_PLACE):
        raise row.wrong("question", "it is empty, and the row is not only a further place of the question above")
    added = _valid(row, {"id": case.id, "question": case.question, "language": case.language, "relevant": [place]})
    return replace(case, relevant=(*case.relevant, *added.relevant))


def _place(row: _Row) -> dict[str, Any] | None:
    told: dict[str, Any] = {name: row.cells[name] for name in _PLACE if name in row.cells}
    for name in ("page", "grade"):
        if name in told:
            if not told[name].isdecimal():
                raise row.wrong(name, f"'{told[name]}' is not a whole number")
            told[name] = int(told[name])
    if told and "document" not in told:
        raise row.wrong("document", "it is empty, and there is a quote, page or grade")
    return told or None


def _yes_or_no(row: _Row, name: str) -> bool | None:
    cell = row.cells[name].casefold()
    if cell not in _YES_OR_NO or (name == "refusal" and _YES_OR_NO[cell] is None):
        raise row.wrong(name, f"'{row.cells[name]}' is not yes or no" + (" or ?" if name == "answerable" else ""))
    return _YES_OR_NO[cell]


def _several(cell: str) -> list[str]:
    return [value.strip() for value in cell.split("|") if value.strip()]


def _valid(row: _Row, told: dict[str, Any]) -> Case:
    try:
        # As from JSON, where a list may stand for a set and text for a date.
        return CASE.validate_json(json.dumps(told))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = [part for part in first["loc"] if isinstance(part, str)]
        column = next((part for part in reversed(place) if part in COLUMNS), "question")
        raise row.wrong(column, first["msg"][:1].lower() + first["msg"][1:]) from error
