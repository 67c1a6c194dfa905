"""Measures of answers and rankings: pure functions, each with its definition and source.

ranking      recall, precision, reciprocal rank and nDCG over distinct items
wording      an answer's words against expected ones, nuggets, its language
quantities   its numbers, dates and times, across notations
citing       what citations support, and whether quotes are exact
abstaining   abstentions, risk at each coverage, calibration
intervals    means and set-level measures with N, unscored and 95 % intervals
comparing    tests of a difference between two systems on the same cases
agreement    how far two judges agree"""

from evals.metrics.abstaining import (
    Abstentions,
    Bin,
    abstention_counts,
    aurc,
    calibration_bins,
    expected_calibration_error,
    risk_coverage,
)
from evals.metrics.citing import citation_precision, citation_recall, quote_exactness
from evals.metrics.comparing import Paired, holm, paired_statistic, paired_test
from evals.metrics.intervals import Aggregate, Statistic, bootstrap
from evals.metrics.quantities import numbers_accuracy
from evals.metrics.ranking import ndcg_at, precision_at, ranked_items, recall_at, reciprocal_rank
from evals.metrics.wording import exact_match, holds_answer, language_match, normalised, nugget_recall, token_f1

__all__ = [
    "Abstentions",
    "Aggregate",
    "Bin",
    "Paired",
    "Statistic",
    "abstention_counts",
    "aurc",
    "bootstrap",
    "calibration_bins",
    "citation_precision",
    "citation_recall",
    "exact_match",
    "expected_calibration_error",
    "holds_answer",
    "holm",
    "language_match",
    "ndcg_at",
    "normalised",
    "nugget_recall",
    "numbers_accuracy",
    "paired_statistic",
    "paired_test",
    "precision_at",
    "quote_exactness",
    "ranked_items",
    "recall_at",
    "reciprocal_rank",
    "risk_coverage",
    "token_f1",
]
