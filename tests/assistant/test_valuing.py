"""What a question asks for is told by its words, and values are read as they are written."""

import pytest

from assistant.valuing import Sort, Value, fits, names_in_question, sort_asked, values
from retrieval.languages import Language


@pytest.mark.parametrize(
    ("query", "sort"),
    [
        ("What time does the convoy leave?", Sort.TIME),
        ("Op welk tijdstip is H-uur?", Sort.TIME),
        ("When was the depot built?", Sort.DATE),
        ("In welk jaar is het depot gebouwd?", Sort.DATE),
        ("How many trucks are there?", Sort.NUMBER),
        ("Wat is de belastingklasse van de brug?", Sort.NUMBER),
        ("Who commands the company?", Sort.NAME),
        ("Welke brug wordt gebruikt?", Sort.NAME),
        ("Is a permit required?", Sort.STATEMENT),
        ("Mag de brug worden gebruikt?", Sort.STATEMENT),
    ],
)
def test_the_sort_of_value_is_told_by_the_words_of_the_question(query: str, sort: Sort) -> None:
    assert sort_asked(query) is sort


@pytest.mark.parametrize(
    ("text", "sort", "language", "expected"),
    [
        ("On 3 March 2026 at 05:30 sixty trucks leave.", Sort.DATE, "en", ["3 March 2026"]),
        ("On 3 March 2026 at 05:30 60 trucks leave.", Sort.TIME, "en", ["05:30"]),
        ("Built in 1912, it holds 2,097 men.", Sort.DATE, "en", ["1912"]),
        ("Built in 1912, it holds 2,097 men.", Sort.NUMBER, "en", ["2,097"]),
        ("De brug draagt 60 ton over 1.200 m.", Sort.NUMBER, "nl", ["60 ton", "1.200 m"]),
        ("However, Major Willems leads Bravo Company.", Sort.NAME, "en", ["Major Willems"]),
        ("In March the depot moved.", Sort.NAME, "en", []),
    ],
)
def test_values_are_those_of_the_sort_and_as_written(
    text: str, sort: Sort, language: Language, expected: list[str]
) -> None:
    found = values(text, sort, query="Who leads Bravo Company, and with what?", language=language)
    assert [value.text for value in found] == expected
    assert all(text.find(value.text, value.start) >= 0 for value in found)


def test_what_the_question_holds_is_no_answer_to_it() -> None:
    assert values("In 2026 it is 60.", Sort.NUMBER, query="Is it 60?", language="en") == []


def test_one_value_in_two_notations_agrees() -> None:
    def first(text: str, sort: Sort) -> Value:
        return values(text, sort, query="", language="en")[0]

    pairs = [
        ("on 3 March 2026", "on 2026-03-03", Sort.DATE),
        ("in March 2026", "on 2026-03-03", Sort.DATE),
        ("1,200 men", "1200.0 men", Sort.NUMBER),
        ("by Captain Jansen", "by Jansen", Sort.NAME),
    ]
    for one, other, sort in pairs:
        assert first(one, sort).agrees(first(other, sort)), (one, other)
    assert not first("on 3 March", Sort.DATE).agrees(first("on 4 March", Sort.DATE))
    assert not first("60", Sort.NUMBER).agrees(first("by Jansen", Sort.NAME))


def test_what_a_question_names_has_capitals_or_digits() -> None:
    assert names_in_question("Where is Bravo Company near MLC60?", "en") >= {"bravo", "compani", "mlc60"}
    assert names_in_question("Where is the bridge?", "en") == frozenset()


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        ("The bridge at WK 417552 bears MLC 50.", {"mlc"}, ["50"]),
        ("He reports to KOMPAS 0 with 3 tanks.", set(), ["3"]),
        ("It costs EUR 40.", set(), ["EUR 40"]),
        ("Call extension 4711: 22 go to Role 1.", set(), ["22"]),
    ],
)
def test_a_number_after_capitals_is_a_code_but_for_a_label_or_a_unit(
    text: str, labels: set[str], expected: list[str]
) -> None:
    found = values(text, Sort.NUMBER, query="", language="en", labels=frozenset(labels))
    assert [value.text for value in found] == expected


@pytest.mark.parametrize(
    ("query", "text", "sort", "expected"),
    [
        ("Where does it cross?", "Order 01 says it crosses at the lock at Zuiderwaag.", Sort.NAME, ["Zuiderwaag"]),
        ("Bij welke brug steekt hij over?", "Kolonel Vis steekt over bij Elzerdam.", Sort.NAME, ["Elzerdam"]),
        ("Who crosses?", "Colonel Vis crosses at Elzerdam.", Sort.NAME, ["Colonel Vis", "Elzerdam"]),
        ("What is the load class?", "Of three bridges one has 40.", Sort.NUMBER, ["40"]),
        ("How many bridges are there?", "There are three bridges.", Sort.NUMBER, ["three"]),
    ],
)
def test_what_fits_stands_as_what_is_asked_for_does(query: str, text: str, sort: Sort, expected: list[str]) -> None:
    found = values(text, sort, query=query, language="nl" if " bij " in text else "en")
    assert [value.text for value in found if fits(value, text, query=query)] == expected
