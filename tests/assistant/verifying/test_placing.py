"""Where things go and to whom they belong is read from the small words around names."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.verifying.placing import belongings, directions, exchanged


def test_from_and_to_give_a_word_its_direction() -> None:
    assert {(-1, "bremen"), (1, "poznan")} <= directions("The convoy goes from Bremen to Poznan.", "en")
    assert {(-1, "610"), (1, "380")} <= directions("Het daalde van 610 naar 380.", "nl")
    assert directions("The convoy waits in Bremen.", "en") == frozenset()


def test_a_noun_belongs_to_the_name_beside_it_in_either_order() -> None:
    for text in ("The nurses from Belgium wait.", "There Belgium's nurses wait.", "The nurses of Belgium wait."):
        assert ("nurs", "belgium") in belongings(text, "en")
    assert ("chirurg", "noors") in belongings("Daar werken Noorse chirurgen.", "nl")


def test_a_pair_is_exchanged_when_both_of_it_have_another_partner() -> None:
    read = frozenset({("nurs", "belgium"), ("surgeon", "norway")})
    assert exchanged(frozenset({("nurs", "norway")}), read) == ["nurs norway"]
    # Neither a pair that is read so nor a noun that stands alone there.
    assert exchanged(frozenset({("nurs", "belgium")}), read) == []
    assert exchanged(frozenset({("doctor", "norway")}), read) == []


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for language in ("nl", "en"):
        assert all(way in (-1, 1) and word for way, word in directions(text, language))
        assert exchanged(belongings(text, language), belongings(text, language)) == []
