"""What a verifier is worth is counted as it should be, and thresholds are chosen where nothing is reported."""

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support

from assistant.verifying import CheckingVerifier
from assistant.verifying.checking import fitted_coverage
from evals.pairs import FIT, HELD_OUT, REPLACED, Pair, read_pairs
from evals.verifiers import (
    Contender,
    accepted,
    best_threshold,
    choose_coverage,
    contenders,
    cosine,
    measure,
    overlap,
    pairs_to_fit,
)
from retrieval.embedding import HashEmbedder


def a_pair(number: int, label: str, language: str = "en") -> Pair:
    return Pair(str(number), "nl" if language == "nl" else "en", "The bridge is open.", "A claim.", label, HELD_OUT)


def test_precision_recall_and_f1_are_scikit_learns() -> None:
    draw = np.random.default_rng(3)
    pairs = [a_pair(number, "supported" if one else "negated") for number, one in enumerate(draw.random(60) < 0.4)]
    said = {pair.id: bool(draw.random() < 0.5) for pair in pairs}
    (told,) = measure(Contender("random", lambda pair: said[pair.id]), pairs, seed=0)
    expected = precision_recall_fscore_support(
        [pair.supported for pair in pairs], [said[pair.id] for pair in pairs], average="binary"
    )
    assert [told.measures[name].mean for name in ("precision", "recall", "f1")] == pytest.approx(expected[:3])
    assert told.measures["f1"].n == 60
    low, high = told.measures["f1"].low, told.measures["f1"].high
    assert low is not None
    assert high is not None
    assert low < expected[2] < high


def test_a_label_is_caught_where_its_claims_are_not_called_supported() -> None:
    pairs = [a_pair(0, "negated"), a_pair(1, "negated"), a_pair(2, "unrelated"), a_pair(3, "supported")]
    (told,) = measure(Contender("x", lambda pair: pair.id in "03"), pairs, seed=0)
    assert told.measures["negated"].mean == 0.5
    assert told.measures["unrelated"].mean == 1.0
    assert (told.measures["negated"].n, told.measures["negated"].unscored) == (2, 2)
    assert told.measures["precision"].mean == 0.5


def test_replaced_words_count_on_their_own() -> None:
    pairs = [a_pair(0, "supported"), a_pair(1, "negated"), a_pair(2, REPLACED)]
    (told,) = measure(Contender("x", lambda pair: pair.id != "1"), pairs, seed=0)
    assert told.measures["precision"].mean == 1.0
    assert told.measures[REPLACED].mean == 0.0


def test_languages_are_told_apart_where_there_are_two() -> None:
    pairs = [a_pair(0, "supported"), a_pair(1, "supported", "nl"), a_pair(2, "negated", "nl")]
    told = measure(Contender("x", lambda pair: pair.language == "nl"), pairs, seed=0)
    assert [(one.language, one.measures["recall"].mean) for one in told] == [("all", 0.5), ("en", 0.0), ("nl", 1.0)]


def test_the_best_threshold_is_the_strictest_with_the_highest_f1() -> None:
    assert best_threshold([0.9, 0.8, 0.3, 0.1], [True, True, False, False]) == 0.8
    assert best_threshold([0.9, 0.5, 0.4], [False, True, True]) == 0.4


def test_baselines_choose_their_thresholds_on_the_pairs_to_fit_on() -> None:
    fit = [pair for pair in read_pairs() if pair.part == FIT][:40]
    by_name = {one.name: one for one in contenders(CheckingVerifier(), HashEmbedder(), fit=fit)}
    assert list(by_name) == ["verifier", "strict", "cosine", "overlap"]
    chosen = by_name["overlap"].threshold
    assert chosen == best_threshold([overlap(pair) for pair in fit], [pair.supported for pair in fit])
    assert [by_name["overlap"].decide(pair) for pair in fit] == [overlap(pair) >= chosen for pair in fit]
    assert by_name["verifier"].threshold is None


def test_baselines_score_sameness() -> None:
    same = Pair("1", "en", "It rains. The bridge is open.", "The bridge is open.", "supported", FIT)
    other = Pair("2", "en", "The bridge is open.", "Rations come at noon.", "unrelated", FIT)
    assert overlap(same) == 1.0
    assert overlap(other) == 0.0
    assert cosine(same, HashEmbedder()) == pytest.approx(1, abs=1e-5)
    assert cosine(other, HashEmbedder()) < 0.5


def test_shares_without_truth_are_told_by_label() -> None:
    told = accepted(lambda pair: pair.id == "0", [a_pair(0, "cited"), a_pair(1, "cited"), a_pair(2, "other")], seed=0)
    assert {name: (one.mean, one.n) for name, one in told.items()} == {"cited": (0.5, 2), "other": (0.0, 1)}


def test_the_threshold_that_ships_is_the_one_chosen_on_the_pairs_to_fit_on() -> None:
    chosen, tried = choose_coverage(pairs_to_fit())
    assert chosen == fitted_coverage()
    assert tried[f"{chosen:.2f}"] >= max(tried.values()) - 0.006


def test_on_the_pairs_to_fit_on_next_to_nothing_false_is_called_supported() -> None:
    fit = [pair for pair in read_pairs() if pair.part == FIT]
    verifier = CheckingVerifier()
    (told, *_) = measure(
        Contender("verifier", lambda pair: verifier.verify(pair.claim, [pair.text]).verdict == "supported"), fit, seed=0
    )
    f1, precision = told.measures["f1"].mean, told.measures["precision"].mean
    assert f1 is not None
    assert precision is not None
    assert f1 >= 0.8
    assert precision >= 0.95
    assert told.measures["number changed"].mean == told.measures["negated"].mean == 1.0
