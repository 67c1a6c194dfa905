"""The estimate of whether the evidence answers a question is a probability that follows its signals."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answerability import answerability, probability, signals
from assistant.answers import Evidence
from assistant.quoting import Sentence
from retrieval.documents import Via
from tests.making import some_evidence

QUERY = "Is the bridge at Kruisvoorde open?"
(_EVIDENCE,) = some_evidence(["The bridge is open."])
SENTENCE = Sentence(_EVIDENCE, 0, 19, 0.5, 0.5, 0.5, 1.0)
_FLOATS = st.floats(-1, 2)


def found(*scores: tuple[float, float]) -> list[Evidence]:
    """Return a passage for each pair of a cosine and a BM25 score."""
    evidence = some_evidence(["The bridge is open."] * len(scores))
    return [
        replace(one, via=(Via("dense", 1, dense), Via("bm25", 1, bm25)))
        for one, (dense, bm25) in zip(evidence, scores, strict=True)
    ]


def seen(*evidence: Evidence, query: str = QUERY) -> dict[str, float]:
    return signals(query, [replace(SENTENCE, evidence=one) for one in evidence])


@given(st.lists(st.tuples(_FLOATS, _FLOATS), min_size=1, max_size=5), st.sampled_from([0.0, 1.0]))
def test_the_estimate_is_a_probability(measured: list[tuple[float, float]], trust: float) -> None:
    sentences = [replace(SENTENCE, score=score, similarity=similarity) for score, similarity in measured]
    assert 0 < answerability(QUERY, sentences, trust=trust) < 1


@pytest.mark.parametrize("trust", [0.0, 1.0])
def test_no_sentences_answer_nothing(trust: float) -> None:
    assert answerability(QUERY, [], trust=trust) == 0.0


@given(_FLOATS, st.floats(0.01, 1), st.sampled_from([0.0, 1.0]))
def test_a_better_sentence_makes_an_answer_likelier(score: float, more: float, trust: float) -> None:
    worse, better = (replace(SENTENCE, score=one) for one in (score, score + more))
    assert answerability(QUERY, [worse], trust=trust) < answerability(QUERY, [better], trust=trust)


def test_a_name_that_no_passage_has_makes_an_answer_less_likely_where_meaning_cannot_tell() -> None:
    named, unnamed = (replace(SENTENCE, evidence=one) for one in some_evidence(["At Kruisvoorde.", "At the ford."]))
    assert answerability(QUERY, [unnamed], trust=0.0) < answerability(QUERY, [named, unnamed], trust=0.0)


@pytest.mark.parametrize("trust", [0.0, 1.0])
def test_one_passage_far_above_the_others_makes_an_answer_likelier(trust: float) -> None:
    level, apart = ([replace(SENTENCE, evidence=one) for one in found((0.6, 9), (lower, 9))] for lower in (0.6, 0.2))
    assert answerability(QUERY, level, trust=trust) < answerability(QUERY, apart, trust=trust)


def test_a_language_that_the_embedder_does_not_know_has_parameters_of_its_own() -> None:
    assert answerability(QUERY, [SENTENCE], trust=0.0) != answerability(QUERY, [SENTENCE], trust=1.0)


def test_best_and_similarity_are_the_first_score_and_the_largest_cosine() -> None:
    measured = signals(
        QUERY, [replace(SENTENCE, score=1.5, similarity=0.2), replace(SENTENCE, score=1.0, similarity=0.7)]
    )
    assert (measured["best"], measured["similarity"]) == (1.5, 0.7)


def test_margins_are_of_the_first_above_the_mean_of_the_five_next() -> None:
    measured = seen(*found((0.5, 10), (0.9, 20), (0.3, 0), *[(0.4, 5)] * 3, (-1, 0)))
    assert measured["passage"] == 0.9
    assert measured["meaning margin"] == pytest.approx(0.9 - (0.5 + 0.3 + 3 * 0.4) / 5)
    assert measured["words margin"] == pytest.approx((20 - (10 + 3 * 5 + 0) / 5) / 20)


def test_one_passage_has_no_margin_and_what_a_search_did_not_find_no_score() -> None:
    assert [seen(_EVIDENCE)[name] for name in ("passage", "meaning margin", "words margin")] == [0, 0, 0]
    (alone,) = found((0.5, 3))
    assert (seen(alone)["meaning margin"], seen(alone)["words margin"]) == (0, 0)


@pytest.mark.parametrize(
    ("query", "texts", "absent"),
    [
        ("Is the bridge at Kruisvoorde open?", ["The bridge at Kruisvoorde.", "The ford."], 0.0),
        ("Is the bridge at Kruisvoorde open?", ["The bridge at Lageraelm."], 1.0),
        ("Does FRAGO 02 name Kruisvoorde?", ["In FRAGO 01.", "To Kruisvoorde, 02."], 1 / 3),
        ("is it open?", ["It is."], 0.0),
    ],
)
def test_names_are_absent_when_the_passage_that_has_most_of_them_lacks_them(
    query: str, texts: list[str], absent: float
) -> None:
    assert seen(*some_evidence(texts), query=query)["names absent"] == pytest.approx(absent)


def test_a_signal_without_a_weight_does_not_count() -> None:
    assert probability({"best": 3.0, "other": 9.0}, {"intercept": -3.0, "best": 1.0}) == 0.5
