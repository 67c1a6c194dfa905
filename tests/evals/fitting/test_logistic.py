"""The fit finds the model that made the data, and AUROC is the share of pairs in the right order."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.fitting.logistic import auroc, fit_logistic


def test_the_fit_finds_the_model_that_made_the_data() -> None:
    draw = np.random.default_rng(1)
    rows = draw.normal([3.0, -1.0], [2.0, 0.1], size=(20_000, 2))
    sure = 1 / (1 + np.exp(-(-2.0 + 0.5 * rows[:, 0] - 4.0 * rows[:, 1])))
    truth = draw.random(20_000) < sure
    assert fit_logistic(rows.tolist(), truth.tolist(), np.ones(20_000)) == pytest.approx([-2.0, 0.5, -4.0], abs=0.35)


def test_a_row_that_counts_twice_is_as_good_as_two() -> None:
    rows, truth = [[0.0], [1.0], [0.2], [0.7], [0.7]], [False, True, True, False, False]
    once = fit_logistic(rows, truth, np.ones(5))
    merged = fit_logistic(rows[:4], truth[:4], np.array([1.0, 1.0, 1.0, 2.0]))
    # The spread that the ridge looks at is of the rows as given.
    assert once == pytest.approx(merged, rel=0.5)
    assert math.copysign(1, once[1]) == math.copysign(1, merged[1])


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    sure, truth = np.array([0.9, 0.4, 0.4, 0.1]), np.array([True, True, False, False])
    assert auroc(sure, truth, np.ones(4, dtype=np.int64)) == (1 + 1 + 0.5 + 1) / 4


def test_auroc_of_one_kind_alone_is_not_defined() -> None:
    assert math.isnan(auroc(np.array([0.5, 0.6]), np.array([True, True]), np.ones(2, dtype=np.int64)))


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.booleans(), st.integers(0, 3)), min_size=1))
def test_a_case_drawn_twice_counts_as_two(cases: list[tuple[float, bool, int]]) -> None:
    sure, truth, drawn = (np.array(column) for column in zip(*cases, strict=True))
    again = np.repeat(sure, drawn), np.repeat(truth, drawn)
    ones = np.ones(len(again[0]), dtype=np.int64)
    assert auroc(sure, truth, drawn.astype(np.int64)) == pytest.approx(auroc(*again, ones), nan_ok=True)
