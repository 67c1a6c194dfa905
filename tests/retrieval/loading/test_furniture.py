"""Running heads and feet are told from the text of a page."""

from retrieval.loading.furniture import running_lines
from retrieval.loading.paragraphs import Box, Line


def _line(text: str, height: float) -> Line:
    box = Box(70, height, 76, height + 10)
    return Line(text, 10, box, box)


def _page(number: int, *texts: str) -> list[Line]:
    body = [_line(text, 700 - 14 * place) for place, text in enumerate(texts)]
    return [_line("RESTRICTED", 800), *body, _line(f"Page {number} of 3", 30.0 + number % 2)]


def test_lines_that_return_at_the_same_height_are_running_whatever_the_number_of_the_page() -> None:
    bodies = [("Order to cross.", "Unit 4 moves."), ("The bridge is open.", "Unit 9 waits."), ("Ends.", "At once.")]
    pages = [_page(number, *texts) for number, texts in enumerate(bodies, start=1)]
    assert running_lines(pages) == [frozenset({0, 3})] * 3


def test_rows_of_numbers_at_the_same_height_are_text() -> None:
    pages = [[_line(f"{fuel} {water}", 700)] for fuel, water in ((120, 7), (64, 1800), (31, 5))]
    assert running_lines(pages) == [frozenset()] * 3


def test_a_single_page_has_no_running_lines() -> None:
    assert running_lines([_page(1, "The order.")]) == [frozenset()]


def test_the_same_words_at_another_height_or_in_the_middle_of_a_page_are_text() -> None:
    filler = [f"Sentence {letter}" for letter in "abcdefgh"]
    pages = [
        [
            _line("The bridge is closed.", 500.0 + 40 * number),
            *(_line(f"{text}{number}", 480 - 12 * place) for place, text in enumerate(filler)),
        ]
        for number in range(3)
    ]
    assert not any(0 in running for running in running_lines(pages))
    middle = [
        [
            *(_line(f"x{number}{place * 7}", 700 - place) for place in range(5)),
            _line("Same.", 400),
            *(_line(f"y{number}{place}", 300 - place) for place in range(5)),
        ]
        for number in "abc"
    ]
    assert running_lines(middle) == [frozenset()] * 3
