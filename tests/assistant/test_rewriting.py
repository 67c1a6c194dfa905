"""A follow-up is searched with the question that it follows up; a question that stands alone is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Turn
from assistant.rewriting import standalone_query

BEFORE = Turn("Which bridge does the convoy use?", "It uses the Amber bridge [1].")


@pytest.mark.parametrize(
    "text",
    [
        "And when?",
        "What is its load class?",
        "Who guards it?",
        "Why?",
        "How long does that take?",
        "What about the ford?",
        "En wanneer?",
        "Wie bewaakt die?",
        "Hoe lang duurt dat?",
        "Hoe zit het met de doorwaadbare plaats?",
        "Wat is de draagkracht daarvan?",
    ],
)
def test_a_follow_up_is_preceded_by_the_question_it_follows(text: str) -> None:
    assert standalone_query(text, [BEFORE]) == f"{BEFORE.question} {text}"


@pytest.mark.parametrize(
    "text",
    [
        "Which unit secures the assembly area?",
        "What is the radio frequency of the medical company?",
        "Welke eenheid beveiligt het verzamelgebied?",
        "Which of the vehicles that cross the bridge at Lageraelm on Friday carry ammunition?",
        "Welke voertuigen die vrijdag de brug bij Lageraelm oversteken vervoeren munitie?",
    ],
)
def test_a_question_that_names_its_subject_stays_as_it_is(text: str) -> None:
    assert standalone_query(text, [BEFORE]) == text


@given(st.text())
def test_without_history_every_question_stays_as_it_is(text: str) -> None:
    assert standalone_query(text, []) == text


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_nothing_of_an_answer_is_ever_searched(text: str, question: str, answer: str) -> None:
    history = [Turn(question, f"<answer>{answer}")]
    assert standalone_query(text, history) in {text, f"{question} {text}"}


def test_the_question_before_is_the_last_one() -> None:
    first = Turn("Where is the brigade headquarters?", "In Lageraelm [1].")
    assert standalone_query("And when?", [first, BEFORE]) == f"{BEFORE.question} And when?"


def test_a_follow_up_of_a_follow_up_keeps_the_subject() -> None:
    history = [BEFORE, Turn("And what is its load class?", "MLC 60 [1].")]
    assert "bridge" in standalone_query("And its length?", history)
