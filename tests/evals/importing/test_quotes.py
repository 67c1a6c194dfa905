"""A quote is one sentence or row of the document, short, and holds the answer by itself."""

from hypothesis import given
from hypothesis import strategies as st

from evals.importing.quotes import LONGEST_QUOTE, quote_at, quote_of, stands_in

TEXT = (
    "First things first. The bridge bears 40 tonnes. The ford bears 400 tonnes, or 1.40 loads.\n\n"
    "| Bridge | 40 |\n| Ford | 40 |"
)


def test_the_quote_is_the_sentence_in_which_the_answer_begins() -> None:
    start = TEXT.index("40 tonnes")
    assert quote_at(TEXT, start, start + 9) == "The bridge bears 40 tonnes."


def test_an_answer_is_found_by_itself_whatever_its_case_and_spaces() -> None:
    assert quote_of(TEXT, "40") == "The bridge bears 40 tonnes."
    assert quote_of(TEXT, "THE  FORD\nBEARS") == "The ford bears 400 tonnes, or 1.40 loads."
    assert quote_of(TEXT, "00") == quote_of(TEXT, "ridge") == quote_of(TEXT, " ") == ""


def test_of_several_places_the_one_nearest_to_the_question_is_quoted() -> None:
    assert quote_of(TEXT, "40", question="What does the table say of the Ford?") == "| Ford | 40 |"


def test_a_long_sentence_is_cut_at_words_around_the_answer() -> None:
    text = "word " * 100 + "the answer " + "word " * 100 + "end."
    quote = quote_of(text, "the answer")
    assert "the answer" in quote
    assert len(quote) <= LONGEST_QUOTE
    assert set(quote.split()) == {"word", "the", "answer"}


def test_a_number_does_not_stand_in_a_longer_one() -> None:
    assert stands_in("It is 10, or 'ten'.", "10")
    assert not any(stands_in(text, "10") for text in ("110", "10,000", "1.10", "10.5", "10th"))


@given(st.text(alphabet="ab .\n|é1", min_size=1, max_size=600), st.data())
def test_a_quote_is_short_and_stands_in_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = quote_at(text, start, end)
    assert quote in text
    assert len(quote) <= max(LONGEST_QUOTE, 1)
