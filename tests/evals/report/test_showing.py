"""What is shown of a text is that text, places in it are found whatever its white space, and nothing in it misleads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.report.showing import find_quote, shortened, shown, stretches

_SPANS = st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40)))


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("MLC 40", "It is MLC 40.", ["MLC 40"]),
        ("MLC 40", "It is MLC\n  40.", ["MLC\n  40"]),
        ("MLC  40 ", "MLC40 and MLC 40", ["MLC40", "MLC 40"]),
        ("MLC 60", "It is MLC 40.", []),
        ("  ", "It is MLC 40.", []),
        ("aa", "aaaa a", ["aa", "aa"]),
    ],
)
def test_a_quote_is_found_whatever_the_white_space(quote: str, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find_quote(quote, text)] == found


@given(st.text(), _SPANS, _SPANS)
def test_the_pieces_of_a_passage_are_the_passage(
    text: str, relevant: list[tuple[int, int]], cited: list[tuple[int, int]]
) -> None:
    pieces = stretches(text, relevant=relevant, cited=cited)
    assert "".join(piece.text for piece in pieces) == text
    marked = {place for start, end in relevant for place in range(max(start, 0), min(end, len(text)))}
    assert sum(len(piece.text) for piece in pieces if piece.relevant) == len(marked)


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\x1b", "\x00", "\x9b", "\ud800", "\ufffe", "\U000e0041"])
def test_what_cannot_be_seen_or_would_mislead_shows_as_a_replacement(hidden: str) -> None:
    assert shown(f"a{hidden}b") == "a\ufffdb"


def test_ordinary_text_is_shown_as_it_is() -> None:
    text = "Coördinaat 31U FT\t“x” – é 👩‍🚒 עברית <b> & \n"
    assert shown(text) == text
    assert shown("a\r\nb\rc\fd") == "a\nb\nc\nd"


@given(st.text())
def test_what_is_shown_can_be_written_as_utf_8(text: str) -> None:
    shown(text).encode("utf-8")


@given(st.text(), st.integers(2, 40))
def test_shortened_text_fits(text: str, characters: int) -> None:
    assert len(shortened(text, characters)) <= characters
