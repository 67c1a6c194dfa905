"""Documents that disagree are found, shown side by side and judged by a named rule; those that agree are left alone."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.answers import Conflict, Side
from assistant.conflicting import (
    MOST_SIDES,
    alternatives,
    find_conflicts,
    is_side,
    prevailing,
    sentences_to_quote,
)
from assistant.quoting import Sentence, best_sentences, rank_sentences
from retrieval.embedding import HashEmbedder
from retrieval.languages import Language, detect_language
from tests.making import a_document, a_passage, some_evidence

EMBEDDER = HashEmbedder(256)
DISAGREEING = [
    (
        "What is the load class of the bridge at Kruisvoorde?",
        ["The bridge at Kruisvoorde has load class 60.", "The load class of the bridge at Kruisvoorde is 40."],
        {"60", "40"},
    ),
    (
        "Wat is de belastingklasse van de brug bij Kruisvoorde?",
        ["De brug bij Kruisvoorde heeft belastingklasse 60.", "De belastingklasse van de brug bij Kruisvoorde is 40."],
        {"60", "40"},
    ),
    (
        "What time is H-hour for operation Lantern?",
        ["H-hour for operation Lantern is 05:30.", "For operation Lantern H-hour is set at 0600 hrs."],
        {"05:30", "0600 hrs"},
    ),
    (
        "Hoe laat is H-uur van operatie Lantaarn?",
        ["H-uur van operatie Lantaarn is 05.30 uur.", "Het H-uur van operatie Lantaarn is gesteld op 06:00."],
        {"05.30 uur", "06:00"},
    ),
    (
        "Who commands Bravo Company?",
        ["Captain Jansen commands Bravo Company.", "Bravo Company is commanded by Major Willems."],
        {"Captain Jansen", "Major Willems"},
    ),
    (
        "Wie is de commandant van het bataljon Grutto?",
        [
            "De commandant van het bataljon Grutto is overste Verhoef.",
            "De commandant van het bataljon Grutto is overste Dijkstra.",
        ],
        {"Verhoef", "Dijkstra"},
    ),
    (
        "When does exercise Heron begin?",
        ["Exercise Heron begins on 3 March 2026.", "Exercise Heron will begin on 2026-03-10."],
        {"3 March 2026", "2026-03-10"},
    ),
    (
        "Is een vergunning vereist voor de noodbrug?",
        ["Voor de noodbrug is een vergunning vereist.", "Voor de noodbrug is een vergunning niet vereist."],
        {"Voor de noodbrug is een vergunning vereist.", "Voor de noodbrug is een vergunning niet vereist."},
    ),
    (
        "Can convoys use the route Amber at night?",
        ["Convoys may use the route Amber at night.", "Convoys must use the route Amber at night."],
        {"Convoys may use the route Amber at night.", "Convoys must use the route Amber at night."},
    ),
]
AGREEING = {
    "another notation": (
        "When does exercise Heron begin?",
        ["Exercise Heron begins on 3 March 2026.", "Exercise Heron will begin on 2026-03-03."],
    ),
    "another unit": (
        "What is the length of the bridge at Kruisvoorde?",
        ["The length of the bridge at Kruisvoorde is 40 m.", "The bridge at Kruisvoorde has a load limit of 60 tons."],
    ),
    "another thing": (
        "What is the load class of the bridge at Kruisvoorde?",
        ["The load class of the bridge at Kruisvoorde is 60.", "The load class of the bridge at Zuiderwaag is 40."],
    ),
    "another year": (
        "How many vehicles does the depot at Lageraelm hold?",
        [
            "In 2024 the depot at Lageraelm held 40 vehicles.",
            "In 2025 the depot at Lageraelm held 60 vehicles.",
        ],
    ),
    "another person": (
        "Who commands Bravo Company?",
        ["Captain Jansen commands Bravo Company.", "Major Willems commands Delta Company."],
    ),
    "the rank left out": (
        "Who commands Bravo Company?",
        ["Captain Jansen commands Bravo Company.", "Bravo Company is commanded by Jansen."],
    ),
    "grid numbers and counts": (
        "What is the load class of the bridge at Kruisvoorde?",
        [
            "The load class of the bridge at Kruisvoorde is 60.",
            "Class of the bridge at Kruisvoorde: reported to KOMPAS 0 from WK 417552.",
            "Three bridges at Kruisvoorde have a load class.",
        ],
    ),
    "rows of other things": (
        "What is the load class of the bridge at Kruisvoorde?",
        [
            "Vehicle: Tank | Load class: MLC 66 | Remark: too heavy for the bridge at Kruisvoorde",
            "Vehicle: Truck | Load class: MLC 24 | Remark: may use the bridge at Kruisvoorde",
        ],
    ),
    "another permit": (
        "Is een vergunning vereist voor de noodbrug?",
        ["Voor de noodbrug is een vergunning vereist.", "Voor de veerpont is geen ontheffing nodig."],
    ),
}


def ranked(query: str, *texts: str, language: Language | None = None, one_document: bool = False) -> list[Sentence]:
    """Rank the sentences of one text for each document."""
    evidence = [
        replace(
            one,
            document=a_document("one.md" if one_document else f"{one.label}.md"),
            passage=a_passage(
                one.passage.text, version="one" if one_document else str(one.label), start=1000 * one.label
            ),
        )
        for one in some_evidence(texts, language=language or detect_language(query))
    ]
    return rank_sentences(query, evidence, embedder=EMBEDDER, trust=0.0)


def in_two_languages(query: str, dutch: str, english: str) -> list[Sentence]:
    """Rank the sentences of a Dutch and of an English document."""
    languages: tuple[Language, Language] = ("nl", "en")
    evidence = [
        replace(
            one,
            document=a_document(f"{language}.md"),
            language=language,
            passage=a_passage(one.passage.text, version=language, start=1000 * one.label),
        )
        for one, language in zip(some_evidence((dutch, english)), languages, strict=True)
    ]
    return rank_sentences(query, evidence, embedder=EMBEDDER, trust=0.0)


def conflicts_of(query: str, sentences: list[Sentence]) -> list[Conflict]:
    return find_conflicts(query, sentences, alternatives(query, sentences, language=detect_language(query)))


def a_side(dated: date | None = None, authority: int = 0) -> Side:
    query, texts, _ = DISAGREEING[0]
    side = conflicts_of(query, ranked(query, *texts))[0].sides[0]
    return replace(side, dated=dated, authority=authority)


@pytest.mark.parametrize(("query", "texts", "expected"), DISAGREEING)
def test_what_documents_say_differently_is_shown_as_each_writes_it(
    query: str, texts: list[str], expected: set[str]
) -> None:
    (conflict,) = conflicts_of(query, ranked(query, *texts))
    assert {side.value for side in conflict.sides} == expected
    assert {side.citation.quote for side in conflict.sides} == set(texts)


@pytest.mark.parametrize("name", AGREEING)
def test_what_is_no_disagreement_is_not_reported(name: str) -> None:
    query, texts = AGREEING[name]
    assert conflicts_of(query, ranked(query, *texts)) == []


ACROSS = [
    (
        "Welke belastingklasse heeft de brug bij Kruisvoorde?",
        "De belastingklasse van de brug bij Kruisvoorde is MLC 60.",
        "The bridge at Kruisvoorde is classified as MLC 40.",
        {"60", "40"},
    ),
    (
        "When does exercise Heron begin?",
        "De oefening Heron begint op 3 maart 2026.",
        "Exercise Heron begins on 10 March 2026.",
        {"3 maart 2026", "10 March 2026"},
    ),
    (
        "Who is the commander of battalion Grutto?",
        "De commandant van bataljon Grutto is overste Verhoef.",
        "Lieutenant Dijkstra is the commander of battalion Grutto.",
        {"Verhoef", "Lieutenant Dijkstra"},
    ),
]


@pytest.mark.parametrize(("query", "dutch", "english", "expected"), ACROSS)
def test_a_dutch_and_an_english_document_are_held_against_each_other(
    query: str, dutch: str, english: str, expected: set[str]
) -> None:
    sentences = in_two_languages(query, dutch, english)
    (conflict,) = conflicts_of(query, sentences)
    assert {side.value for side in conflict.sides} == expected


def test_a_dutch_and_an_english_document_that_agree_are_no_conflict() -> None:
    query = "When does exercise Heron begin?"
    texts = ("De oefening Heron begint op 3 maart 2026.", "Exercise Heron begins on 3 March 2026.")
    assert conflicts_of(query, in_two_languages(query, *texts)) == []


def test_the_row_of_a_table_is_a_side_where_its_first_cell_is_what_is_asked_about() -> None:
    query = "What military load class does the Kruisvoorde Bridge have?"
    texts = ("The Kruisvoorde Bridge is classified as MLC 40.", "Kruisvoorde Bridge | WK 419640 | MLC 60 | 6.2 | 4.80")
    (conflict,) = conflicts_of(query, ranked(query, *texts))
    assert {side.value for side in conflict.sides} == {"40", "60"}


def test_a_sentence_may_refer_to_what_its_passage_is_about() -> None:
    query = "Who is the architect of the Kidd House?"
    texts = (
        "The Kidd House stands in Lavonia. It was designed by architect Leila Wilburn.",
        "The Kidd House stands in Hartwell. It was designed by architect Willis Irwin.",
    )
    offered = alternatives(query, ranked(query, *texts), language="en")
    assert {one.sentence.text.split(".")[0] for one in offered} == {
        "It was designed by architect Leila Wilburn",
        "It was designed by architect Willis Irwin",
    }


def test_several_values_in_one_document_are_no_conflict() -> None:
    query, texts, _ = DISAGREEING[0]
    assert conflicts_of(query, ranked(query, *texts, one_document=True)) == []


def test_documents_that_agree_are_one_side_cited_from_the_most_authoritative() -> None:
    query, (sixty, forty), _ = DISAGREEING[0]
    sentences = ranked(query, sixty, forty, "In 2026 the bridge at Kruisvoorde was given the load class 60 again.")
    heavier = [replace(one, evidence=replace(one.evidence, authority=one.evidence.label)) for one in sentences]
    (conflict,) = conflicts_of(query, heavier)
    assert sorted((side.value, side.authority) for side in conflict.sides) == [("40", 2), ("60", 3)]
    assert conflict.prevails is not None
    assert (conflict.sides[conflict.prevails].value, conflict.rule) == ("60", "authority")


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        ([a_side(), a_side()], (None, "")),
        ([a_side(authority=1), a_side(date(2026, 1, 1))], (0, "authority")),
        ([a_side(date(2025, 1, 1)), a_side(date(2026, 1, 1))], (1, "newer")),
        ([a_side(date(2026, 1, 1)), a_side(date(2026, 1, 1))], (None, "")),
        ([a_side(date(2026, 1, 1)), a_side()], (None, "")),
        ([a_side(date(2027, 1, 1)), a_side(date(2025, 1, 1), 1), a_side(date(2026, 1, 1), 1)], (2, "newer")),
    ],
)
def test_authority_goes_before_date_and_without_either_nothing_prevails(
    sides: list[Side], expected: tuple[int | None, str]
) -> None:
    assert prevailing(sides) == expected


def test_every_side_is_quoted_and_known_as_one() -> None:
    query, texts, _ = DISAGREEING[0]
    sentences = ranked(query, *texts, "The bridge at Kruisvoorde was built of load-bearing steel by a class of cadets.")
    offered = alternatives(query, sentences, language="en")
    conflicts = find_conflicts(query, sentences, offered)
    quoted = sentences_to_quote(sentences, offered, conflicts, limit=1)
    assert {one.text for one in quoted if is_side(one, conflicts)} == set(texts)
    assert not any(is_side(one, []) for one in quoted)


def test_answers_about_namesakes_are_quoted_but_are_no_conflict() -> None:
    query = "How many people live in Vermeer?"
    texts = ("Vermeer is a village. In 2020 it had 174 people.", "Vermeer is a town. In 2024 it had 9,523 people.")
    sentences = ranked(query, *texts)
    offered = alternatives(query, sentences, language="en")
    quoted = " ".join(one.text for one in sentences_to_quote(sentences, offered, [], limit=1))
    assert "174" in quoted
    assert "9,523" in quoted
    assert find_conflicts(query, sentences, offered) == []


def test_a_question_that_one_document_answers_is_quoted_as_ever() -> None:
    query = "What is the load class of the bridge at Kruisvoorde?"
    sentences = ranked(query, "The bridge at Kruisvoorde has load class 60.", "The canteen opens at 07:00.")
    offered = alternatives(query, sentences, language="en")
    assert offered == []
    assert sentences_to_quote(sentences, offered, [], limit=3) == best_sentences(sentences, 3)


def test_no_more_sides_are_shown_than_can_be_read() -> None:
    query = "What is the load class of the bridge at Kruisvoorde?"
    sentences = ranked(query, *(f"The load class of the bridge at Kruisvoorde is {10 * one}." for one in range(1, 9)))
    assert len(conflicts_of(query, sentences)[0].sides) == MOST_SIDES


def test_nothing_found_is_no_conflict() -> None:
    assert alternatives("Who commands?", [], language="en") == []
    assert find_conflicts("Who commands?", [], []) == []
    assert sentences_to_quote([], [], [], limit=3) == []
