"""What the product says itself is said in both languages."""

import pytest

from assistant.wording import _SENTENCES, say
from retrieval.languages import LANGUAGES, Language, detect_language

_FIELDS = {
    "corpora": "{plans}",
    "words": "brug, konvooi",
    "owners": "S3",
    "answer": "1",
    "asker": "officer",
    "day": "2026-02-04",
    "marking": "Geheim",
    "part": "?",
    "question": "?",
}
# Headings and lines of a form, too short to tell the language by.
_LABELS = {name for name in _SENTENCES if name.startswith("request ")} | {"reference", "unverified"}


@pytest.mark.parametrize("name", sorted(_SENTENCES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_said_in_its_language(name: str, language: Language) -> None:
    sentence = say(name, language, **_FIELDS)
    assert sentence
    if name not in _LABELS:
        assert sentence.endswith((".", "?"))
        assert detect_language(sentence) == language


def test_braces_in_a_value_are_plain_text() -> None:
    assert "({plans})" in say("abstained", "en", corpora="{plans}")


def test_an_unknown_sentence_or_a_missing_field_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("goodbye", "en")
    with pytest.raises(KeyError, match="corpora"):
        say("abstained", "en")
