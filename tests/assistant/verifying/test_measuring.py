"""The same amount in another unit is the same, and no other one is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verifying.measuring import is_measured_by, spelled_out
from retrieval.quantities import Quantity, quantities


def says(text: str, other: str) -> bool:
    (wanted,), found = quantities(text), quantities(other)
    return any(is_measured_by(wanted, one) for one in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [("4 weeks", "28 days"), ("90 min", "5400 s"), ("2 years", "24 months"), ("1.5 km", "1500 m"), ("2 t", "2000 kg")],
)
def test_exact_conversions_hold_both_ways(one: str, other: str) -> None:
    assert says(one, other)
    assert says(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("4 weeks", "27 days"), ("1 month", "30 days"), ("1 year", "365 days"), ("5 km", "5 m"), ("5 kg", "5 m")],
)
def test_amounts_that_differ_or_convert_by_rule_of_thumb_only_are_not_the_same(one: str, other: str) -> None:
    assert not says(one, other)


def test_small_amounts_with_a_word_of_their_own_are_written_as_numbers() -> None:
    assert spelled_out("Twice in half an hour.") == "2 times in 30 minutes."
    assert spelled_out("Tweemaal in een kwartier.") == "2 keer in 15 minuten."
    assert spelled_out("Halfway to the quarters.") == "Halfway to the quarters."


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_days_are_weeks_only_when_seven_make_one(weeks: int, days: int) -> None:
    said = is_measured_by(Quantity("week", (str(weeks),)), Quantity("d", (str(days),)))
    assert said == (days == 7 * weeks)
