"""Dutch is told from English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.languages import LANGUAGES, Language, detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Welke brug gebruikt het konvooi?", "nl"),
        ("De brigade verplaatst zich bij duisternis naar het oosten.", "nl"),
        ("Wie is verantwoordelijk voor de beveiliging van de route?", "nl"),
        ("Which bridge does the convoy use?", "en"),
        ("The brigade moves east after dark.", "en"),
        ("Who is responsible for the security of the route?", "en"),
    ],
)
def test_a_sentence_is_recognised(text: str, language: Language) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", " \n", "123 456", "14:30", "...", "—"])
def test_text_without_words_counts_as_english(text: str) -> None:
    assert detect_language(text) == "en"


@given(st.text(max_size=50))
def test_any_text_has_a_language(text: str) -> None:
    assert detect_language(text) in LANGUAGES


def test_half_a_character_does_no_harm() -> None:
    assert detect_language("Welke brug \ud83d gebruikt het konvooi?") == "nl"
