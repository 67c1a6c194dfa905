"""A query is rendered into the other language term by term."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.languages import LANGUAGES
from retrieval.terms import Term, packaged_terms
from retrieval.vocabulary import Rendered, Vocabulary

SMALL = Vocabulary(
    [
        Term(("weg",), ("road",)),
        Term(("route",), ("route", "road")),
        Term(("bevoorrading",), ("supply",)),
        Term(("eerste hulp",), ("first aid",)),
        Term(("hulp",), ("help",)),
    ]
)
PACKAGED = Vocabulary(packaged_terms())


def test_the_longest_term_is_rendered_whole() -> None:
    assert SMALL.render("Wie geeft eerste hulp?", "nl") == [
        Rendered("geeft", ()),
        Rendered("eerste hulp", ("first aid",)),
    ]


def test_inflected_words_are_found_and_function_words_left_out() -> None:
    assert SMALL.render("de routes", "nl") == [Rendered("routes", ("route", "road"))]
    assert SMALL.render("the roads", "en") == [Rendered("roads", ("weg", "route"))]


def test_a_compound_that_is_no_term_is_rendered_by_its_parts() -> None:
    assert SMALL.render("bevoorradingsroute", "nl") == [
        Rendered("bevoorrading", ("supply",)),
        Rendered("route", ("route", "road")),
    ]


def test_what_an_owner_gives_first_comes_first() -> None:
    own = Vocabulary([Term(("weg",), ("main supply route",)), Term(("weg",), ("road",))])
    assert own.render("weg", "nl") == [Rendered("weg", ("main supply route", "road"))]


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_any_text_can_be_rendered(text: str, language: str) -> None:
    for one in PACKAGED.render(text, "nl" if language == "nl" else "en"):
        assert one.source
