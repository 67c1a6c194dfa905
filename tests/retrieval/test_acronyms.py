"""Acronyms are expanded as the documents themselves expand them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.acronyms import Definition, acronyms, definitions, expansions

TEXTS = [
    "The operation order (OPORD) is issued. A COA (course of action) is kept.",
    "Volgens de Algemene verordening gegevensbescherming (AVG) geldt een plicht.",
    "The unit (see annex A) moves, as do standard operating procedures (SOPs).",
]


def test_definitions_are_read_in_either_order() -> None:
    assert list(definitions(TEXTS)) == [
        Definition("OPORD", "operation order"),
        Definition("COA", "course of action"),
        Definition("AVG", "Algemene verordening gegevensbescherming"),
        Definition("SOP", "standard operating procedures"),
    ]


@pytest.mark.parametrize(
    ("query", "other"),
    [
        ("What does an OPORD hold?", ["operation order"]),
        ("What does an operation order hold?", ["OPORD"]),
        ("Wat eist de AVG?", ["Algemene verordening gegevensbescherming"]),
        ("Who commands?", []),
        ("The OPORD, or operation order?", []),
        ("WHAT DOES AN OPORD HOLD", []),
    ],
)
def test_a_query_gets_the_other_form(query: str, other: list[str]) -> None:
    assert expansions(query, TEXTS) == other


def test_words_in_brackets_that_are_no_expansion_are_left() -> None:
    assert list(definitions(["The bridge (NATO) is closed. A bridge (see figure) too."])) == []


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    acronyms(text)
    for one in definitions([text]):
        assert one.long in text
