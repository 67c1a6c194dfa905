"""A table is told from lists, forms and prose by how its words stand."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as some

from retrieval.loading.paragraphs import Box, Cell, Line
from retrieval.loading.pdf_tables import Table, tables_and_lines

WIDTH = 5.0


def line(top: float, *cells: tuple[float, str], size: float = 10) -> Line:
    placed = tuple(Cell(text, left, left + WIDTH * len(text)) for left, text in cells)
    first = Box(placed[0].left, top - size, placed[0].left + WIDTH, top)
    last = Box(placed[-1].right - WIDTH, top - size, placed[-1].right, top)
    return Line(" ".join(cell.text for cell in placed), size, first, last, placed)


def rows(*texts: Sequence[str], lefts: Sequence[float] = (50, 200, 350), step: float = 12) -> list[Line]:
    """Rows of cells at fixed places; '' leaves a place empty."""
    return [
        line(700 - step * number, *[(left, text) for left, text in zip(lefts, row, strict=False) if text])
        for number, row in enumerate(texts)
    ]


def found(lines: Sequence[Line]) -> list[str]:
    return [
        part.text if isinstance(part, Table) else " / ".join(one.text for one in part)
        for part in tables_and_lines(lines)
    ]


def test_rows_that_stand_under_each_other_are_a_table_with_its_gaps() -> None:
    lines = rows(["Unit", "Plan", "Actual"], ["A", "-1", ""], ["B", "", "5"])
    assert found(lines) == ["Unit | Plan | Actual\nA | -1\nB |  | 5"]


def test_text_before_and_after_a_table_stays_text() -> None:
    lines = [
        line(740, (50, "What follows is a table.")),
        *rows(["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]),
        line(600, (50, "That was it.")),
    ]
    assert found(lines) == ["What follows is a table.", "a | b | c\nd | e | f\ng | h | i", "That was it."]


def test_cells_that_were_drawn_apart_are_one_row() -> None:
    lines = [line(700 - 12 * number, (left, f"{left}.{number}")) for number in range(3) for left in (50, 200, 350)]
    assert found(lines) == ["50.0 | 200.0 | 350.0\n50.1 | 200.1 | 350.1\n50.2 | 200.2 | 350.2"]


def test_a_raised_mark_does_not_break_a_row() -> None:
    head = [line(700, (50, "Unit"), (200, "km")), line(702, (211, "2"), size=6), line(700, (350, "Name"))]
    below = [line(688, (50, "A"), (200, "1"), (350, "x")), line(676, (50, "B"), (200, "2"), (350, "y"))]
    assert found([*head, *below]) == ["Unit | km2 | Name\nA | 1 | x\nB | 2 | y"]


def test_numbers_aligned_on_the_right_are_aligned() -> None:
    lines = [line(700 - 12 * n, (50, "item"), (300 - WIDTH * len(v), v)) for n, v in enumerate(("7", "1000", "25"))]
    assert found(lines) == ["item | 7\nitem | 1000\nitem | 25"]


@pytest.mark.parametrize("marks", ["•••", "-–-", ("1.", "2.", "3."), ("a)", "b)", "c)"), ("2.1", "2.2", "2.3")])
def test_a_list_is_no_table(marks: Sequence[str]) -> None:
    lines = rows(*([mark, "text of an item"] for mark in marks), lefts=(50, 70))
    assert found(lines) == [" / ".join(f"{mark} text of an item" for mark in marks)]


def test_two_rows_of_two_are_no_table() -> None:
    assert found(rows(["Name", "Date"], ["Jan", "May"])) == ["Name Date / Jan May"]


def test_cells_that_stand_nowhere_under_each_other_are_no_table() -> None:
    lines = [line(700 - 12 * n, (50 + 37 * n, "aa"), (200 + 61 * n, "bb")) for n in range(4)]
    assert not any(isinstance(part, Table) for part in tables_and_lines(lines))


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [f"left column line {number} goes on and on" for number in range(8)]
    right = [f"right column line {number} goes on and on" for number in range(8)]
    assert found(rows(*zip(left, right, strict=True), lefts=(50, 300))) == [" / ".join([*left, *right])]


def test_a_numbered_heading_after_a_table_is_not_its_last_row() -> None:
    table = rows(["North", "12", ""], ["South", "7", ""], ["West", "9", ""])
    heading = line(664, (50, "3.2"), (200, "Results over time"))
    assert found([*table, heading]) == ["North | 12\nSouth | 7\nWest | 9", "3.2 Results over time"]


@given(
    some.lists(
        some.lists(some.tuples(some.floats(0, 500), some.text("ab1•", min_size=1, max_size=9)), min_size=1, max_size=4),
        max_size=12,
    )
)
def test_no_line_is_lost_or_read_twice(page: list[list[tuple[float, str]]]) -> None:
    lines = [line(700 - 12 * number, *sorted(cells)) for number, cells in enumerate(page)]
    letters = sorted(letter for one in lines for cell in one.cells for letter in cell.text)
    parts = "".join(found(lines))
    assert sorted(letter for letter in parts if letter in "ab1•") == letters
