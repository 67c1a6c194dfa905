"""A follow-up says what it leaves out; a question that stands on its own stays as it is, to the letter."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answers import Turn
from assistant.rewriting import standalone_query
from evals.sets import read_set

BEFORE = Turn("Which bridge does the convoy use?", "It uses the Amber bridge [1].")


def asked(*questions: str) -> list[Turn]:
    return [Turn(question, "An answer that names CORMORANT [1].") for question in questions]


@pytest.mark.parametrize(
    ("before", "text", "whole"),
    [
        ("Which bridge does 13 Brigade use?", "And 43 Brigade?", "Which bridge does 43 Brigade use?"),
        ("Which bridge does the infantry use?", "And the engineers?", "Which bridge does the engineers use?"),
        ("Where is the hospital of the brigade?", "And of the division?", "Where is the hospital of the division?"),
        ("When does the ferry leave on Monday?", "What about on Tuesday?", "When does the ferry leave on Tuesday?"),
        ("Hoe lang is de weg naar Ede?", "En naar Wageningen?", "Hoe lang is de weg naar Wageningen?"),
        ("Hoeveel draagt brug 3?", "Hoe zit het met brug 7?", "Hoeveel draagt brug 7?"),
        ("Wanneer vertrekt pakket P1?", "En P5?", "Wanneer vertrekt pakket P5?"),
        ("Where is the first depot?", "And the second one?", "Where is the second depot?"),
    ],
)
def test_what_a_follow_up_names_takes_the_place_of_its_like(before: str, text: str, whole: str) -> None:
    assert standalone_query(text, asked(before)) == whole


@pytest.mark.parametrize(
    ("before", "text", "whole"),
    [
        ("Where is the ford at Olst?", "Who guards it?", "Who guards the ford at Olst?"),
        (
            "Which unit runs the depot?",
            "What is its call sign?",
            "What is the call sign of the unit that runs the depot?",
        ),
        ("How long is the Amber bridge?", "And who approves it?", "Who approves the Amber bridge?"),
        ("Waar ligt de noodbrug?", "Hoe breed is die?", "Hoe breed is de noodbrug?"),
        ("Waar ligt de noodbrug?", "Wat zijn de kosten ervan?", "Wat zijn de kosten van de noodbrug?"),
        (
            "Hoeveel inwoners telt Olst?",
            "Hoeveel daarvan zijn ziek?",
            "Hoeveel van de inwoners die Olst telt zijn ziek?",
        ),
        ("Waar is de hulppost?", "Wie zit daar?", "Wie zit bij de hulppost?"),
    ],
)
def test_a_pronoun_gives_way_to_what_the_question_before_is_about(before: str, text: str, whole: str) -> None:
    assert standalone_query(text, asked(before)) == whole


@pytest.mark.parametrize(
    ("before", "text", "whole"),
    [
        ("Wanneer is de Kadeweg afgesloten?", "Waarom?", "Waarom is de Kadeweg afgesloten?"),
        ("How may drones be engaged?", "By whom?", "By whom may drones be engaged?"),
        ("How many workers are on call?", "Until when?", "Until when are workers on call?"),
    ],
)
def test_a_lone_question_word_asks_the_question_before_anew(before: str, text: str, whole: str) -> None:
    assert standalone_query(text, asked(before)) == whole


def test_two_languages_are_put_one_after_the_other_and_not_mixed_in_one_sentence() -> None:
    before = "Where is the aid post of the battalion?"
    assert standalone_query("Hoe ver is die van de brug?", asked(before)) == f"{before} Hoe ver is die van de brug?"


@pytest.mark.parametrize(
    "text",
    [
        "Which unit secures the assembly area?",
        "What is the radio frequency of the medical company?",
        "Which of the vehicles that cross the bridge at Lageraelm on Friday carry ammunition?",
        "Is there a gauge at Olst?",
        "How long does it take to build a raft?",
        "Who announced that she would resign?",
        "How do chemists use systems and order in their work?",
        "Where was the cotton gin invented and where is it used today?",
        "When is ENDEX?",
        "Belastingklasse genietank?",
        "Welke eenheid beveiligt het verzamelgebied?",
        "Welke voertuigen die vrijdag de brug bij Lageraelm oversteken vervoeren munitie?",
        "Is het waar dat de sirene niet wordt gebruikt?",
        "Wat weten organisaties nadat ik heb ingelogd op hun website?",
        "En welke eenheid beveiligt dan het verzamelgebied bij Olst?",
        "   Which unit  secures the <b>assembly</b> area [1]? ",
    ],
)
def test_a_question_that_names_its_subject_stays_as_it_is(text: str) -> None:
    assert standalone_query(text, [BEFORE]) == text


@given(st.text())
def test_without_history_every_question_stays_as_it_is(text: str) -> None:
    assert standalone_query(text, []) == text


_WORDS = st.lists(
    st.sampled_from(
        """what is its it and the bridge Amber 13 Brigade die ervan hoe en de brug waarom who many how that one of when
        daar zijn their does use where? P5, [1] <b> niet""".split()
    ),
    max_size=9,
).map(" ".join)


@settings(max_examples=300)
@given(_WORDS, st.lists(_WORDS, min_size=1, max_size=4))
def test_nothing_of_an_answer_is_ever_searched(text: str, questions: list[str]) -> None:
    silent = [Turn(question, "") for question in questions]
    told = [Turn(question, f"CORMORANT {text} it is the Sapphire bridge") for question in questions]
    assert standalone_query(text, told) == standalone_query(text, silent)


@settings(max_examples=300)
@given(st.text(max_size=80), st.lists(st.text(max_size=80), min_size=1, max_size=3))
def test_whatever_is_typed_gives_a_query(text: str, questions: list[str]) -> None:
    query = standalone_query(text, asked(*questions))
    assert query.strip() or not text.strip()


def test_the_question_before_is_the_last_one() -> None:
    assert "brigade" not in standalone_query("Who guards it?", asked("Where is the brigade?", "Where is the ford?"))


def test_a_follow_up_of_a_follow_up_keeps_the_subject() -> None:
    history = asked("How long is route AMBER?", "And how wide is it?", "And why?")
    assert "AMBER" in standalone_query("Who approves it?", history)


def test_a_change_of_topic_is_followed_and_the_one_before_it_left() -> None:
    history = asked("How long is route AMBER?", "And COBALT?", "Where is the ferry?")
    assert standalone_query("Who steers it?", history) == "Who steers the ferry?"


def test_turns_that_say_nothing_are_passed_over() -> None:
    history = [*asked("Where is the ford?"), Turn("", ""), Turn("???", ""), Turn("<br>[1]", "")]
    assert standalone_query("Who guards it?", history) == "Who guards the ford?"


def test_markup_and_marks_of_citation_are_left_out_of_what_is_carried_over() -> None:
    assert standalone_query("Who guards it?", asked("Where is **the <i>ford</i>** [1]?")) == "Who guards the ford?"


def test_a_long_history_of_long_turns_takes_no_longer_than_a_short_one() -> None:
    history = asked(*["Where is it, and the one of it? " * 3_000] * 49, "Where is the ford?")
    started = time.perf_counter()
    assert standalone_query("Who guards it?", history) == "Who guards the ford?"
    assert len(standalone_query("And why?", history[:-1])) < 2_000
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("text", ["is " * 30_000 + "bridge?", "And " + "its " * 30_000, "en wie zit daar " * 9_000])
def test_a_hostile_follow_up_takes_no_time(text: str) -> None:
    started = time.perf_counter()
    assert standalone_query(text, [BEFORE])
    assert time.perf_counter() - started < 1


def test_of_the_shipped_conversations_follow_ups_are_completed_and_others_left_alone() -> None:
    cases = read_set(str(Path(__file__).parents[2] / "examples" / "followups.jsonl"))
    changed = {
        tag: [
            standalone_query(case.question, [exchange.turn for exchange in case.history]) != case.question
            for case in cases
            if tag in case.tags
        ]
        for tag in ("follow-up", "stand-alone")
    }
    assert sum(changed["follow-up"]) >= 0.9 * len(changed["follow-up"])
    assert sum(changed["stand-alone"]) <= 0.05 * len(changed["stand-alone"])
