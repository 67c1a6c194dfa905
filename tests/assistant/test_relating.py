"""A question's words are known by the words that tell them, in its own language and in the other one."""

import pytest

from assistant.relating import tellers, words_asked
from retrieval.languages import Language
from retrieval.lexical import stems


def told(query: str, text: str, language: Language, of: Language) -> set[str]:
    """Return the question's stems that a text tells."""
    found = set(stems(text, of))
    return {stem for stem, by in words_asked(query, language, of=of) if by & found}


@pytest.mark.parametrize(
    ("query", "text", "language", "of"),
    [
        ("founded", "opened", "en", "en"),
        ("opgericht", "gesticht", "nl", "nl"),
        ("population", "inwoners", "en", "nl"),
        ("commandant", "commands", "nl", "en"),
        ("bevoorradingsroute", "supply route", "nl", "en"),
    ],
)
def test_a_word_is_told_by_others_of_its_relation(query: str, text: str, language: Language, of: Language) -> None:
    assert told(query, text, language, of) == set(stems(query, language))


def test_a_word_tells_itself_and_nothing_unrelated() -> None:
    assert tellers("bridg", "en", of="en") == {"bridg"}
    assert told("When was the club founded?", "The club lost and paid for a road.", "en", "en") == {"club"}


def test_initials_of_words_stand_for_each_of_them() -> None:
    assert told("What military load class?", "MLC 40", "en", "en") == {"militari", "load", "class"}


def test_an_acronym_of_the_term_lists_stands_for_the_word_that_says_what_it_is() -> None:
    assert told("Welke belastingklasse?", "MLC 40", "nl", "en") == set(stems("belastingklasse", "nl"))
