"""Expressions with units are reckoned as on paper, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.courses.calculating import calculate
from assistant.courses.measuring import MeasureUnreadable, UnitsDiffer
from retrieval.languages import Language


@pytest.mark.parametrize(
    ("language", "expression", "amount", "unit"),
    [
        ("en", "24000 l / (16500 l/day)", 1.4545, "day"),
        ("en", "24,000 litres / 16,500 l/day", 1.4545, "day"),
        ("nl", "24.000 liter / 16.500 liter per dag", 1.4545, "day"),
        ("en", "13 km / 20 km/h", 0.65, "hour"),
        ("en", "6 * 48 person", 288, "person"),
        ("en", "2 hours + 30 min - 15 min", 2.25, "hour"),
        ("en", "(3.30 m - 3.12 m) / 3 cm/hour", 6, "hour"),
        ("nl", "(3,30 meter - 3,12 meter) / 3 centimeter per uur", 6, "hour"),
        ("en", "-(2 km - 5 km)", None, ""),
        ("en", "60 % * 31,500 EUR", 18_900, "EUR"),
        ("en", "2+3*4", 14, "dimensionless"),
        ("en", "10-4-3", 3, "dimensionless"),
    ],
)
def test_an_expression_comes_to(language: Language, expression: str, amount: float | None, unit: str) -> None:
    if amount is None:
        with pytest.raises(MeasureUnreadable):
            calculate(expression, language=language)
        return
    value = calculate(expression, language=language).value
    assert value.to(unit).amount == pytest.approx(amount, abs=1e-4)


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("28 t <= 20 t", False),
        ("90 min < 2 hours", True),
        ("24000 l / (16500 l/day) >= 1 day", True),
        ("60 min = 1 hour", True),
        ("60 min < 1 hour", False),
        ("9 m ≥ 12 m", False),
    ],
)
def test_a_comparison_holds_or_not(expression: str, holds: bool) -> None:
    assert calculate(expression, language="en").holds is holds


def test_names_stand_for_values() -> None:
    told = calculate(
        "distance / speed <= limit", {"distance": "13 km", "speed": "20 km/h", "limit": "1 hour"}, language="en"
    )
    assert told.holds
    assert told.text == "distance / speed <= limit: 0.65 h <= 1 h"


def test_the_text_holds_the_expression_and_its_result() -> None:
    assert calculate("24000 l / (16500 l/day)", language="nl").text == "24000 l / (16500 l/day) = 1,45 d"


@pytest.mark.parametrize(
    "expression",
    [
        *("", "4 km +", "(4 km", "4 km)", "unknown + 1", "4 km / 0 h", "9**9", "1 < 2 < 3"),
        *("(" * 200 + "1" + ")" * 200, "x" * 999),
    ],
)
def test_what_cannot_be_calculated_is_told(expression: str) -> None:
    with pytest.raises(MeasureUnreadable):
        calculate(expression, language="en")


def test_units_that_do_not_fit_name_both() -> None:
    with pytest.raises(UnitsDiffer, match="'EUR' cannot be converted to 'USD'"):
        calculate("4 USD + 3 EUR", language="en")
    with pytest.raises(UnitsDiffer):
        calculate("4 km < 3 hours", language="en")


@given(st.text(alphabet="0123456789 .,+-*/()<>=kmhlt€", max_size=40))
def test_any_expression_is_calculated_or_told(expression: str) -> None:
    try:
        calculate(expression, language="en")
    except (MeasureUnreadable, UnitsDiffer):
        return
