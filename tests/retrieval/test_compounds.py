"""Compounds are taken apart into words that the lexicon has; other words stay whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.compounds import parts_of_compound


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("bevoorradingsroute", ("bevoorrading", "route")),
        ("veiligheidsregio", ("veiligheid", "regio")),
        ("omgevingsvergunningen", ("omgeving", "vergunning")),
        ("luchtmachtbasis", ("luchtmacht", "basis")),
        ("schadevergoeding", ("schade", "vergoeding")),
        ("drinkwatervoorziening", ("drinken", "water", "voorziening")),
    ],
)
def test_a_compound_has_its_parts(word: str, parts: tuple[str, ...]) -> None:
    found = parts_of_compound(word)
    assert found[-1] == parts[-1]
    assert len(found) >= 2


@pytest.mark.parametrize("word", ["verdrag", "bestuur", "toepassing", "gebeurtenis", "brug", "responsible", "c-130"])
def test_a_simple_word_stays_whole(word: str) -> None:
    assert parts_of_compound(word) == ()


@given(st.text(max_size=200))
def test_any_word_can_be_offered_and_its_parts_stand_in_it_in_their_order(word: str) -> None:
    at = 0
    for part in parts_of_compound(word):
        assert word.find(part, at) >= at
        at = word.find(part, at) + len(part)


def test_a_word_of_twenty_thousand_letters_is_no_compound() -> None:
    assert parts_of_compound("weg" * 7000) == ()
