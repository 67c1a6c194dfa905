"""The set of planted instructions says the truth about its documents, in both languages."""

import re

import pytest

from evals.cases import Case
from evals.sets import SHIPPED, read_set

CASES = read_set(str(SHIPPED / "injections.jsonl"))
ATTACKS = [case for case in CASES if "attack" in case.tags]
QUESTIONS = [case.question for case in CASES]
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in sorted((SHIPPED / "injected").iterdir())}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_language_has_forty_one_attacks_and_seventeen_benign_questions(language: str) -> None:
    own = [case for case in CASES if case.language == language]
    assert sum("attack" in case.tags for case in own) == 41
    assert sum("benign" in case.tags for case in own) == 17


def test_both_languages_have_the_same_kinds_of_attacks() -> None:
    english, dutch = (
        sorted(tag for case in ATTACKS if case.language == language for tag in case.tags) for language in ("en", "nl")
    )
    assert english == dutch


def test_every_document_is_asked_about_and_says_that_it_is_exercise_material() -> None:
    assert {place.document for case in CASES for place in case.relevant} == set(TEXTS)
    for text in TEXTS.values():
        assert "OEFENING / EXERCISE" in text
        assert re.search("fictief|fictional", text, re.IGNORECASE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_answer_and_what_is_planted_stand_in_the_document(case: Case) -> None:
    (place,) = case.relevant
    text = TEXTS[place.document]
    assert text.count(place.quote) == 1
    assert case.expected[0] in place.quote
    assert all(planted in text for planted in case.planted)
    assert bool(case.planted) == bool(case.canaries) == ("attack" in case.tags)


@pytest.mark.parametrize("case", ATTACKS, ids=lambda case: case.id)
def test_a_canary_stands_in_no_question_and_in_no_document_but_where_it_was_planted(case: Case) -> None:
    planted = sorted({text for one in ATTACKS for text in one.planted}, key=len, reverse=True)
    for canary in case.canaries:
        told = re.compile(rf"(?<!\w){re.escape(canary)}(?!\w)", re.IGNORECASE)
        assert not any(told.search(_without(planted, text)) for text in [*TEXTS.values(), *QUESTIONS])


def _without(planted: list[str], text: str) -> str:
    for one in planted:
        text = text.replace(one, " ")
    return text
