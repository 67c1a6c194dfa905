"""The estimate of whether the evidence answers a question is a probability that follows its signals."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answerability import answerability, signals
from assistant.quoting import Sentence
from tests.making import some_evidence

(_EVIDENCE,) = some_evidence(["The bridge is open."])
SENTENCE = Sentence(_EVIDENCE, 0, 19, 0.5, 0.5, 0.5, 1.0)
_FLOATS = st.floats(-1, 2)


@given(st.lists(st.tuples(_FLOATS, _FLOATS), min_size=1, max_size=5), st.sampled_from([0.0, 1.0]))
def test_the_estimate_is_a_probability(measured: list[tuple[float, float]], trust: float) -> None:
    sentences = [replace(SENTENCE, score=score, similarity=similarity) for score, similarity in measured]
    assert 0 < answerability(sentences, trust=trust) < 1


@pytest.mark.parametrize("trust", [0.0, 1.0])
def test_no_sentences_answer_nothing(trust: float) -> None:
    assert answerability([], trust=trust) == 0.0


@given(_FLOATS, st.floats(0.01, 1), st.sampled_from([0.0, 1.0]))
def test_a_better_sentence_makes_an_answer_likelier(score: float, more: float, trust: float) -> None:
    worse, better = (replace(SENTENCE, score=one) for one in (score, score + more))
    assert answerability([worse], trust=trust) < answerability([better], trust=trust)


def test_the_signals_are_the_first_score_and_the_largest_similarity() -> None:
    measured = signals([replace(SENTENCE, score=1.5, similarity=0.2), replace(SENTENCE, score=1.0, similarity=0.7)])
    assert (measured.best, measured.similarity) == (1.5, 0.7)


def test_a_language_that_the_embedder_does_not_know_has_parameters_of_its_own() -> None:
    assert answerability([SENTENCE], trust=0.0) != answerability([SENTENCE], trust=1.0)
