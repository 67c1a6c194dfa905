"""A quote has boxes where it stands on the page, and none where that is not certain."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.rendering import Page, Rectangle, locate, text_lines
from retrieval.rendering.pages import HYPHEN


def a_page(*lines: str, columns: Sequence[int] = ()) -> Page:
    """Return a page whose characters are 50 wide and 100 high, a line to each 150; `columns`: where lines begin."""
    text, boxes = "", list[Rectangle | None]()
    for number, line in enumerate(lines):
        left = columns[number] if columns else 0
        for at, character in enumerate(line):
            text += character
            top = 150 * number if not columns else 150 * (number // 2)
            boxes.append(Rectangle(left + 50 * at, top, left + 50 * at + 50, top + 100))
        text += "\n"
        boxes.append(None)
    return Page(1, 1, 6000, 8000, text, tuple(boxes))


def test_a_quote_over_two_lines_has_a_box_on_each() -> None:
    page = a_page("The bridge is closed to", "tracked vehicles today.")
    boxes = locate(page, "closed to\ntracked vehicles")
    assert boxes == [Rectangle(14 * 50, 0, 23 * 50, 100), Rectangle(0, 150, 16 * 50, 250)]


def test_what_is_not_there_word_for_word_has_no_box() -> None:
    page = a_page("The bridge is closed to tracked vehicles.")
    assert locate(page, "bridge is not closed") == []
    assert locate(page, "bridge was closed") == []
    assert locate(page, "") == []


def test_a_minus_counts() -> None:
    page = a_page("It was -5 degrees.")
    assert locate(page, "was -5 degrees")
    assert locate(page, "was 5 degrees") == []
    assert locate(page, "It was-5-degrees") == []


def test_a_word_broken_at_the_end_of_a_line_is_whole_in_the_quote() -> None:
    page = a_page(f"an inter{HYPHEN}", f"national AI{HYPHEN}", "system")
    assert len(locate(page, "international AI-system")) == 3
    assert len(locate(page, "an international")) == 2


def test_a_row_of_a_table_is_found_without_its_bars() -> None:
    assert len(locate(a_page("Kruisvoorde 40"), "Kruisvoorde | 40")) == 1
    assert locate(a_page("Kruisvoorde | 40"), "Kruisvoorde 40") == []


def test_what_stands_there_twice_is_told_apart_by_what_is_around_it() -> None:
    page = a_page("Amber: closed at night.", "Blue: closed at night.")
    (box,) = locate(page, "closed at night", before="Amber: closed at night.\nBlue: ")
    assert box.top == 150
    assert locate(page, "closed at night") == []


def test_columns_that_are_drawn_across_are_found_piece_by_piece() -> None:
    page = a_page("The first line", "Another story", "goes on below", "goes on too", columns=[0, 2000, 0, 2000])
    boxes = locate(page, "The first line\ngoes on below")
    assert [(box.left, box.top) for box in boxes] == [(0, 0), (0, 150)]


def test_a_piece_that_could_stand_in_two_places_has_no_box() -> None:
    page = a_page("The first line", "The first line", "goes by", "goes on", columns=[0, 2000, 0, 2000])
    assert locate(page, "The first line\ngoes on") == []


def test_a_wide_gap_divides_the_text_that_is_laid_over_the_page() -> None:
    page = a_page("Left", "Right", columns=[0, 900])
    assert [line.text for line in text_lines(page)] == ["Left", "Right"]


@given(st.text(alphabet="ab -\n|", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_boxes_hold_exactly_the_characters_of_the_quote(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    page = a_page(*text.split("\n"))
    quote = text[start:end]
    boxes = locate(page, quote, before=text[:start], after=text[end:])
    if boxes:
        under = [
            character
            for character, box in zip(page.text, page.boxes, strict=True)
            if box and any(_is_within(box, around) for around in boxes)
        ]
        assert _letters("".join(under)) == _letters(quote)


def _is_within(box: Rectangle, around: Rectangle) -> bool:
    is_across = around.left <= box.left and box.right <= around.right
    return is_across and around.top <= box.top and box.bottom <= around.bottom


def _letters(text: str) -> str:
    return "".join(character for character in text if character in "ab")


@pytest.mark.parametrize("text", ["•", "\ue001", "\ufffd"])
def test_a_character_without_a_name_is_any_such_character(text: str) -> None:
    assert locate(a_page(f"{text} item"), "• item")
