"""Words of the question that few passages have weigh most, whatever language they are stemmed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.matching import Matcher
from retrieval.lexical import stems
from tests.making import some_evidence

_WORDS = st.lists(st.sampled_from(["bridge", "convoy", "depot", "the", "12"]), max_size=6).map(" ".join)


def covered(query: str, text: str, *texts: str) -> float:
    return Matcher(query, some_evidence(texts)).covered(frozenset(stems(text, "en")))


def test_all_words_cover_all_and_none_nothing() -> None:
    texts = ("The bridge is open.", "The depot is closed.")
    assert covered("Which bridges are closed?", "closed bridge", *texts) == pytest.approx(1.0)
    assert covered("Which bridges are closed?", "The convoy leaves.", *texts) == 0.0


def test_a_word_that_few_passages_have_weighs_more_than_one_that_all_have() -> None:
    texts = ("The bridge is open.", "The bridge is wide.", "The bridge at the depot.")
    assert covered("bridge depot", "depot", *texts) > covered("bridge depot", "bridge", *texts)


def test_a_question_of_function_words_is_covered_by_nothing() -> None:
    assert covered("What is it?", "What is it?", "It is a bridge.") == 0.0


def test_a_dutch_question_is_matched_in_dutch() -> None:
    evidence = some_evidence(["De bruggen zijn open."], language="nl")
    assert Matcher("Welke brug is open?", evidence).context(evidence[0]) == pytest.approx(1.0)


def test_title_and_headings_count_for_a_passage() -> None:
    (one,) = some_evidence(["Rations are issued."], title="Brigade order", heading="Logistics")
    assert Matcher("brigade logistics", [one]).context(one) == pytest.approx(1.0)


@given(_WORDS, _WORDS, st.lists(_WORDS, max_size=4))
def test_a_share_is_between_0_and_1_and_more_words_cover_more(query: str, text: str, texts: list[str]) -> None:
    some, more = covered(query, text, *texts), covered(query, f"{text} bridge depot", *texts)
    assert 0 <= some <= more <= 1 + 1e-9
