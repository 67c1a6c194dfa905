"""Figures are written so that none reads as more, less or surer than it is."""

import pytest

from evals.metrics import Aggregate
from evals.report.wording import count, figure, interval, percent, seconds, signed


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "–"), (0.0, "0.000"), (-0.0001, "0.000"), (-0.5, "−0.500"), (12.34, "12.3"), (12345.6, "12,346")],
)
def test_a_measured_value_is_written_with_the_digits_that_matter(value: float | None, written: str) -> None:
    assert figure(value) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [(None, "–"), (0.0, "0 %"), (0.004, "0.4 %"), (0.5, "50 %"), (0.996, "99.6 %"), (1.0, "100 %")],
)
def test_almost_all_is_not_all_and_almost_none_not_none(share: float | None, written: str) -> None:
    assert percent(share) == written


@pytest.mark.parametrize(("value", "written"), [(None, "–"), (0.0, "0.000"), (0.1, "+0.100"), (-0.1, "−0.100")])
def test_a_difference_has_its_sign_and_none_has_none(value: float | None, written: str) -> None:
    assert signed(value) == written


def test_an_interval_that_is_not_known_is_a_dash() -> None:
    assert interval(Aggregate(1.0, 1, 0, None, None)) == "–"
    assert interval(Aggregate(0.5, 9, 0, 0.25, 0.75)) == "0.250 to 0.750"


def test_durations_and_counts_read_as_words() -> None:
    assert [seconds(value) for value in (None, 0.0804, 2.345, 1234.5)] == ["–", "80 ms", "2.3 s", "1,234 s"]
    assert [count(1, "case"), count(2, "case"), count(1200, "case")] == ["1 case", "2 cases", "1,200 cases"]
