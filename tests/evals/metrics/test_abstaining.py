"""Abstention, risk and calibration: by hand, against scikit-learn, and what weights mean."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from evals.metrics import (
    Abstentions,
    Bin,
    abstention_counts,
    aurc,
    calibration_bins,
    expected_calibration_error,
    risk_coverage,
)

# Confidence in tenths, so that there are ties; wrong or not; how often it was drawn.
_CASES = st.lists(st.tuples(st.integers(0, 10), st.booleans(), st.integers(0, 3)), min_size=1, max_size=40)


def test_abstentions_are_counted_by_what_should_have_been_done() -> None:
    should = np.array([True, True, True, False, False])
    did = np.array([True, False, True, True, False])

    counted = abstention_counts(should, did)

    assert counted == Abstentions(rightly=2, wrongly=1, missed=1)
    assert (counted.precision, counted.recall, counted.f1) == (2 / 3, 2 / 3, 2 / 3)


def test_without_abstentions_precision_is_not_defined() -> None:
    none = abstention_counts(np.array([True, False]), np.array([False, False]))
    assert math.isnan(none.precision)
    assert (none.recall, none.f1) == (0.0, 0.0)
    nothing = abstention_counts(np.array([False]), np.array([False]))
    assert math.isnan(nothing.recall)
    assert math.isnan(nothing.f1)


def test_abstention_equals_scikit_learn() -> None:
    draw = np.random.default_rng(1)
    for _ in range(50):
        should, did = draw.random((2, 60)) < 0.4
        weights = draw.integers(0, 4, 60)
        ours = abstention_counts(should, did, weights=weights)
        theirs = precision_recall_fscore_support(should, did, average="binary", sample_weight=weights)
        assert (ours.precision, ours.recall, ours.f1) == pytest.approx(theirs[:3])


def test_risk_is_the_share_wrong_among_the_surest_cases() -> None:
    confidence, wrong = np.array([0.2, 0.9, 0.5, 0.8]), np.array([1.0, 0.0, 0.0, 1.0])

    coverage, risk = risk_coverage(confidence, wrong)

    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert aurc(confidence, wrong) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_cases_of_equal_confidence_come_together() -> None:
    confidence = np.array([0.9, 0.5, 0.5, 0.5])
    coverage, risk = risk_coverage(confidence, np.array([0.0, 1.0, 0.0, 0.0]))
    assert coverage.tolist() == [0.25, 1.0]
    assert risk.tolist() == [0.0, 0.25]
    for wrong in ([0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]):
        assert aurc(confidence, np.array(wrong)) == pytest.approx(0.75 * 0.25)


def test_confidence_that_knows_wrong_from_right_has_less_risk_than_one_that_does_not() -> None:
    wrong = np.array([0.0] * 70 + [1.0] * 30)
    knowing, blind, deluded = np.linspace(1, 0, 100), np.full(100, 0.5), np.linspace(0, 1, 100)
    # The best possible: 0 up to 70 % coverage, then i wrong of 70 + i.
    assert aurc(knowing, wrong) == pytest.approx(sum(i / (70 + i) for i in range(1, 31)) / 100)
    assert aurc(knowing, wrong) < aurc(blind, wrong) == pytest.approx(0.3)
    assert aurc(deluded, wrong) > 0.3


def test_calibration_is_what_it_is_by_hand() -> None:
    confidence = np.array([0.0, 0.1, 0.15, 0.7, 0.65, 1.0])
    right = np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0])

    bins = calibration_bins(confidence, right)

    assert [(one.low, one.high, one.n) for one in bins] == [(0.0, 0.1, 2), (0.1, 0.2, 1), (0.6, 0.7, 2), (0.9, 1.0, 1)]
    assert [one.confidence for one in bins] == pytest.approx([0.05, 0.15, 0.675, 1.0])
    assert [one.right for one in bins] == pytest.approx([0.5, 0.0, 1.0, 0.0])
    assert expected_calibration_error(confidence, right) == pytest.approx(
        (2 * 0.45 + 1 * 0.15 + 2 * 0.325 + 1 * 1.0) / 6
    )


def test_confidence_that_is_right_as_often_as_it_says_has_no_calibration_error() -> None:
    confidence = np.repeat([0.2, 0.8], 10)
    right = np.array([1.0] * 2 + [0.0] * 8 + [1.0] * 8 + [0.0] * 2)
    assert expected_calibration_error(confidence, right) == pytest.approx(0)
    assert expected_calibration_error(confidence, 1 - right) == pytest.approx(0.6)
    assert expected_calibration_error(confidence, 1 - right, bins=1) == pytest.approx(0)


def test_one_bin_is_a_bin() -> None:
    (only,) = calibration_bins(np.array([0.25, 0.75]), np.array([1.0, 0.0]), bins=1)
    assert only == Bin(0.0, 1.0, 2, 0.5, 0.5)


@given(_CASES)
def test_a_weight_is_how_often_a_case_stands_there(cases: list[tuple[int, bool, int]]) -> None:
    tenths, wrong, weights = (np.array(column) for column in zip(*cases, strict=True))
    confidence, bad = tenths / 10, wrong.astype(np.float64)
    again = np.repeat(np.arange(len(cases)), weights)

    for weighted, repeated in (
        (aurc(confidence, bad, weights=weights), aurc(confidence[again], bad[again])),
        (
            expected_calibration_error(confidence, bad, weights=weights),
            expected_calibration_error(confidence[again], bad[again]),
        ),
    ):
        assert weighted == pytest.approx(repeated, nan_ok=True)
        assert math.isnan(weighted) == (weights.sum() == 0)
    assert abstention_counts(confidence > 0.5, wrong, weights=weights) == abstention_counts(
        confidence[again] > 0.5, wrong[again]
    )


@given(_CASES)
def test_risk_at_full_coverage_is_the_share_wrong_and_order_does_not_matter(cases: list[tuple[int, bool, int]]) -> None:
    confidence = np.array([case[0] for case in cases]) / 10
    wrong = np.array([case[1] for case in cases], dtype=np.float64)
    coverage, risk = risk_coverage(confidence, wrong)
    assert len(coverage) == len(set(confidence.tolist()))
    assert coverage[-1] == pytest.approx(1)
    assert risk[-1] == pytest.approx(wrong.mean())
    assert aurc(confidence[::-1], wrong[::-1]) == pytest.approx(aurc(confidence, wrong))
