"""What the product says itself is said in both languages."""

import json

import pytest

from assistant.verifying import CheckingVerifier, LexicalVerifier
from assistant.wording import _SENTENCES, in_language, say
from evals.sets import SHIPPED
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


def test_every_reason_of_a_verifier_has_a_dutch_form() -> None:
    pairs = [json.loads(line) for line in (SHIPPED / "verifier.jsonl").read_text(encoding="utf-8").splitlines()]
    for verifier in (CheckingVerifier(), LexicalVerifier()):
        for pair in pairs:
            for reason in verifier.verify(pair["claim"], [pair["text"]]).reasons:
                assert in_language(reason, "nl") != reason
                assert in_language(reason, "en") == reason


def test_what_a_reason_is_about_stays_as_it_is() -> None:
    told = in_language("in the cited text this is said of Bravo: {60}, not in the cited text: 5", "nl")
    assert told == "in de aangehaalde tekst gezegd van Bravo: {60}, not in the cited text: 5"
    assert in_language("said by a verifier of another's", "nl") == "said by a verifier of another's"
