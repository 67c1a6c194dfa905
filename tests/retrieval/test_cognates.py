"""Words that the two languages spell almost alike are guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.cognates import cognates
from retrieval.languages import LANGUAGES, Language

ALIKE = [
    ("koloniale", "colonial"),
    ("organisatie", "organisation"),
    ("historische", "historical"),
    ("technisch", "technical"),
    ("capaciteit", "capacity"),
    ("archeologie", "archeology"),
    ("kwarantaine", "quarantaine"),
]


@pytest.mark.parametrize(("nl", "en"), ALIKE)
def test_a_dutch_word_gives_its_english_cognate_and_the_reverse(nl: str, en: str) -> None:
    assert en in cognates(nl, "nl")
    if nl.endswith(("tie", "teit", "logie")):
        assert nl in cognates(en, "en")


@pytest.mark.parametrize("word", ["brug", "c130", "", "5.56", "a b c d e"])
def test_short_words_and_codes_are_not_guessed_at(word: str) -> None:
    assert cognates(word, "nl") == ()


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_guesses_are_few_distinct_and_never_the_word_itself(word: str, language: Language) -> None:
    guesses = cognates(word, language)
    assert word not in guesses
    assert len(guesses) == len(set(guesses)) <= 40
