"""Lines become paragraphs by where they stand."""

import math

from hypothesis import given
from hypothesis import strategies as st

from retrieval.loading.paragraphs import Box, Line, paragraphs

HEIGHT = 12.0


def line(text: str, top: float, left: float = 50, right: float = 300, size: float = 10) -> Line:
    return Line(text, size, Box(left, top - HEIGHT, left + 5, top), Box(right - 5, top - HEIGHT, right, top))


def grouped(*lines: Line) -> list[str]:
    return ["".join(line.text for line in group) for group in paragraphs(lines)]


def test_a_gap_begins_a_paragraph() -> None:
    assert grouped(line("a", 700), line("b", 687), line("c", 674), line("d", 654), line("e", 641)) == ["abc", "de"]


def test_an_indented_first_line_begins_a_paragraph() -> None:
    assert grouped(line("a", 700), line("b", 688), line("c", 676, left=65), line("d", 664)) == ["ab", "cd"]


def test_a_bullet_keeps_the_line_that_hangs_under_it() -> None:
    bullet, hanging, following = line("• a", 700), line("b", 688, left=65), line("• c", 676)
    assert grouped(bullet, hanging, following) == ["• ab• c"]


def test_another_column_or_size_begins_a_paragraph() -> None:
    assert grouped(line("a", 100), line("b", 88), line("c", 700, left=320)) == ["ab", "c"]
    assert grouped(line("a", 700, size=16), line("b", 687), line("c", 674)) == ["a", "bc"]


def test_a_raised_mark_stays_with_its_line() -> None:
    mark = Line("1", 6, Box(300, 692, 303, 699), Box(300, 692, 303, 699))
    assert grouped(line("a", 700), mark, line("b", 687)) == ["a1b"]


def test_a_page_of_scattered_words_is_one_paragraph() -> None:
    words = [line(str(number), 700 - 40 * (number % 10), left=60 * number) for number in range(20)]
    assert len(paragraphs(words)) == 1


NUMBERS = st.floats(-1e4, 1e4) | st.just(math.nan)
BOXES = st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS)


@given(st.lists(st.builds(Line, st.text(max_size=3), NUMBERS, BOXES, BOXES), max_size=30))
def test_every_line_is_in_one_paragraph_in_order(lines: list[Line]) -> None:
    assert [line for group in paragraphs(lines) for line in group] == lines
    assert all(paragraphs(lines))
