"""Words broken at the end of a line are made whole, those with a hyphen of their own keep it."""

import pytest

from retrieval.loading.hyphens import HYPHEN, join_lines, known_words, mend


@pytest.mark.parametrize(
    ("broken", "document", "whole"),
    [
        ("inter|national", "", "international"),
        ("self|evident", "self-evident truths", "self-evident"),
        ("AI|systeem", "", "AI-systeem"),
        ("1939|1945", "", "1939-1945"),
        ("pages/inter|net", "", "pages/inter-net"),
    ],
)
def test_the_document_knows_best(broken: str, document: str, whole: str) -> None:
    assert mend(broken.replace("|", HYPHEN), known_words([document])) == whole


def test_a_dash_between_words_and_a_minus_stay() -> None:
    text = "it fell -\n5 degrees\n- point\nbro-\nken"
    assert mend(join_lines(text), known_words([])) == "it fell -\n5 degrees\n- point\nbroken"
