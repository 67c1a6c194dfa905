"""A workbook is its visible sheets; a row says what its numbers are."""

import datetime
import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl import Workbook

from retrieval.loading import sheet
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.sheet import load_sheet

Check = Callable[[Loaded], Loaded]
Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]


def saved(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def filled(*rows: list[object]) -> Workbook:
    workbook = openpyxl.Workbook()
    worksheet = workbook.active
    assert worksheet is not None
    worksheet.title = "Sterkte"
    for row in rows:
        worksheet.append(row)
    return workbook


def seen(workbook: Workbook) -> list[tuple[str, str]]:
    loaded = load_sheet("a.xlsx", saved(workbook))
    return [(span.kind.value, loaded.text[span.start : span.end]) for span in loaded.spans]


def changed(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name in source.namelist():
            part = source.read(name)
            written.writestr(name, change(part) if name == member else part)
    return target.getvalue()


def test_a_row_can_be_quoted_on_its_own(check: Check) -> None:
    workbook = filled(["Strength per unit"], ["unit", 2023, "men:"], ["A", -12, 3], [], ["B", None, 0.1 + 0.2])
    assert seen(workbook) == [
        ("heading", "Sterkte"),
        ("paragraph", "Strength per unit"),
        ("table", "unit | 2023 | men:\nunit: A | 2023: -12 | men: 3"),
        ("table", "unit: B | men: 0.3"),
    ]
    loaded = check(load_sheet("a.xlsx", saved(workbook)))
    assert loaded.metadata["sheets"] == "Sterkte"


def test_values_are_written_as_their_reader_knows_them() -> None:
    workbook = filled(["what", "value"])
    worksheet = workbook["Sterkte"]
    values: list[tuple[float | str | datetime.datetime, str]] = [
        (-0.125, "0.0%"),
        (-1234.5, "[$€-413] #,##0.00;[Red]-[$€-413] #,##0.00"),
        (7, "00000"),
        (True, "General"),
        (datetime.datetime(2024, 10, 1), "d-m-yyyy"),
        (datetime.datetime(2024, 10, 1, 13, 5), "d-m-yyyy hh:mm"),
        (1e21, "General"),
        ("two\nlines", "General"),
        ("#N/A", "General"),
    ]
    for number, (value, form) in enumerate(values, start=2):
        worksheet.cell(number, 1, "x")
        worksheet.cell(number, 2, value).number_format = form
    rows = seen(workbook)[1][1].split("\n")[1:]
    assert [row.removeprefix("what: x | value: ") for row in rows] == [
        "-12.5%", "€ -1234.5", "00007", "TRUE", "2024-10-01", "2024-10-01 13:05:00", "1000000000000000000000",
        "two lines", "#N/A",
    ]  # fmt: skip


def test_what_is_hidden_is_left_out_and_said() -> None:
    workbook = filled(["unit", "men", "secret"], ["A", 1, "x"], ["B", 2, "y"])
    workbook["Sterkte"].row_dimensions[2].hidden = True
    workbook["Sterkte"].column_dimensions["C"].hidden = True
    workbook.create_sheet("Geheim").append(["hidden"])
    workbook["Geheim"].sheet_state = "veryHidden"
    loaded = load_sheet("a.xlsx", saved(workbook))
    assert loaded.text == "Sterkte\n\nunit | men\nunit: B | men: 2"
    assert "hidden sheets (Geheim)" in loaded.warnings[0]
    assert "hidden rows or columns on Sterkte" in loaded.warnings[1]


def test_a_second_table_gets_no_labels_that_may_be_wrong() -> None:
    workbook = filled(
        ["unit", "men"], ["A", 1], [], ["place", "town"], ["bridge", "Arnhem"], [], ["year", "n"], ["x", 3]
    )
    assert [text for _, text in seen(workbook)][1:] == [
        "unit | men\nunit: A | men: 1",
        "place | town\nbridge | Arnhem",
        "year | n\nyear: x | n: 3",
    ]


def test_a_formula_without_a_result_is_said() -> None:
    loaded = load_sheet("a.xlsx", saved(filled(["unit", "men"], ["A", "=1+1"])))
    assert any("formulas without a stored result (1)" in warning for warning in loaded.warnings)


def test_a_sheet_that_overstates_its_size_is_read_quickly() -> None:
    content = changed(
        saved(filled(["unit", "men"], ["A", 1])),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"'),
    )
    assert load_sheet("a.xlsx", content).text.endswith("unit: A | men: 1")


@pytest.mark.parametrize(("near", "far"), [(b'<row r="2"', b'<row r="99999999"'), (b'r="B2"', b'r="ZZZ2"')])
def test_a_sheet_of_empty_space_is_bounded(monkeypatch: pytest.MonkeyPatch, near: bytes, far: bytes) -> None:
    monkeypatch.setattr(sheet, "MAX_CELLS", 10_000)
    content = changed(
        saved(filled(["unit", "men"], ["A", 1])), "xl/worksheets/sheet1.xml", lambda part: part.replace(near, far)
    )
    with pytest.raises(NotLoaded, match="more than 10,000 cells; split it"):
        load_sheet("a.xlsx", content)


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    content = changed(saved(filled(["x"])), "xl/worksheets/sheet1.xml", lambda part: bomb + part)
    with pytest.raises(NotLoaded, match="declares XML entities"):
        load_sheet("a.xlsx", content)


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
@pytest.mark.parametrize("part", [b"", b"<x/>", b"<worksheet><sheetData><row r='x'>"])
def test_a_damaged_workbook_is_refused_or_read(settle: Settle, member: str, part: bytes) -> None:
    content = changed(saved(filled(["unit", "men"], ["A", 1])), member, lambda _: part)
    settle(lambda: load_sheet("a.xlsx", content))


def test_a_workbook_without_cells_holds_no_text() -> None:
    with pytest.raises(NotLoaded, match="holds no text"):
        load_sheet("a.xlsx", saved(openpyxl.Workbook()))
