"""Amounts are read with their units in both notations, and only what measures the same is converted."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.courses.measuring import (
    Measure,
    MeasureUnreadable,
    UnitsDiffer,
    between,
    measures,
    moment,
    number_written,
    parse,
    unit_named,
)
from retrieval.languages import Language

SIXTH = date(2026, 2, 6)


@pytest.mark.parametrize(
    ("language", "text", "amount", "unit"),
    [
        ("nl", "4,5 uur", 4.5, "hour"),
        ("nl", "24.000 liter", 24_000, "liter"),
        ("en", "24,000 litres", 24_000, "liter"),
        ("en", "13 km", 13, "kilometer"),
        ("nl", "28 ton", 28, "metric_ton"),
        ("nl", "EUR 25.000", 25_000, "EUR"),
        ("en", "€ 25,000", 25_000, "EUR"),
        ("nl", "2,5 miljoen euro", 2_500_000, "EUR"),
        ("nl", "3 cm per uur", 3, "centimeter/hour"),
        ("nl", "16.500 liter per etmaal", 16_500, "liter/day"),
        ("en", "16500 l/day", 16_500, "liter/day"),
        ("nl", "8 km/u", 8, "kilometer/hour"),
        ("en", "5 kilometer/hour", 5, "kilometer/hour"),
        ("en", "1 hour 30 minutes", 1.5, "hour"),
        ("en", "four hours", 4, "hour"),
        ("en", "MLC 60", 60, "MLC"),
        ("en", "-2 °C", -2, "degree_Celsius"),
        ("en", "1,180 inhabitants", 1_180, "person"),
        ("en", "25 EUR/person", 25, "EUR/person"),
        ("en", "3 square kilometres", 3, "kilometer**2"),
        ("en", "5 gallon", 5, "gallon"),
        ("en", "7", 7, "dimensionless"),
    ],
)
def test_an_amount_is_read_with_its_unit(language: Language, text: str, amount: float, unit: str) -> None:
    assert parse(text, language=language) == Measure(amount, unit)


@pytest.mark.parametrize(
    "text",
    [
        *("", "hour", "12 banana", "about 4 hours", "3.2.1", "24 hours ago", "9" * 400),
        *("5 9**9**9", "5 m**99999", "4 __import__('os')"),
    ],
)
def test_what_is_no_amount_is_told(text: str) -> None:
    with pytest.raises(MeasureUnreadable):
        parse(text, language="en")


def test_a_conversion_that_means_nothing_names_both_units() -> None:
    with pytest.raises(UnitsDiffer, match="'hour' cannot be converted to 'kilometer'"):
        parse("4 hours", language="en").to("kilometer")
    with pytest.raises(UnitsDiffer):
        parse("4 hours 3 km", language="en")


def test_currencies_are_never_converted() -> None:
    with pytest.raises(UnitsDiffer):
        parse("4 EUR", language="en").to("USD")


def test_people_and_places_can_be_held_against_each_other() -> None:
    assert parse("900 bedden", language="nl").to("person") == Measure(900, "person")


def test_a_stock_over_a_daily_need_is_days() -> None:
    days = parse("24,000 litres", language="en").over(parse("16,500 l/day", language="en"))
    assert (days.unit, round(days.amount, 4)) == ("day", 1.4545)


def test_nothing_is_divided_by_nothing() -> None:
    with pytest.raises(MeasureUnreadable):
        parse("4 km", language="en").over(parse("0 km/h", language="en"))


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        (
            "en",
            "The polder road is 13 kilometres long, 3.5 metres wide and closed to vehicles above 20 tonnes.",
            ["13 kilometres", "3.5 metres", "20 tonnes"],
        ),
        ("nl", "De Aelm staat om 16:00 uur op 3,12 meter, stijgt 3 cm per uur.", ["3,12 meter", "3 cm per uur"]),
        ("nl", "Op 4 februari 2026 zijn er 900 bedden; kosten 4.800 euro.", ["900 bedden", "4.800 euro"]),
        ("en", "Not later than 3 February 1800 hours at grid WK 419640, extension 4433", []),
    ],
)  # fmt: skip
def test_amounts_are_found_where_they_stand(language: Language, text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in measures(text, language=language)] == found


@given(st.floats(0.01, 1e6), st.sampled_from([("hour", "minute"), ("kilometer", "mile"), ("metric_ton", "pound")]))
def test_there_and_back_is_the_same(amount: float, units: tuple[str, str]) -> None:
    one, other = units
    assert Measure(amount, one).to(other).to(one).amount == pytest.approx(amount)


@given(st.integers(1, 10**9))
def test_a_number_written_is_read_back_in_both_languages(number: int) -> None:
    for language in ("nl", "en"):
        written = f"{number_written(number, language)} liter"
        assert parse(written, language=language).amount == number


@given(st.text(max_size=60))
def test_any_text_is_read_or_told(text: str) -> None:
    for language in ("nl", "en"):
        measures(text, language=language)
        try:
            parse(text, language=language)
        except (MeasureUnreadable, UnitsDiffer):
            continue


def test_a_unit_is_named_as_pint_does() -> None:
    assert [unit_named(one, language="nl") for one in ("uur", "km/u", "liter per dag", "", "person")] == [
        "hour",
        "kilometer/hour",
        "liter/day",
        "dimensionless",
        "person",
    ]
    with pytest.raises(MeasureUnreadable, match="'bananas' is not a unit"):
        unit_named("bananas", language="en")


@pytest.mark.parametrize(
    ("language", "text", "at"),
    [
        ("en", "until 7 February, 11:00 hours", datetime(2026, 2, 7, 11)),
        ("en", "070300A FEB 26", datetime(2026, 2, 7, 3)),
        ("nl", "voor 16.30 uur", datetime(2026, 2, 6, 16, 30)),
        ("en", "not later than 7 February 2026", datetime(2026, 2, 8)),
        ("en", "from 05:00 to 06:00", None),
        ("en", "soon", None),
    ],
)
def test_a_moment_is_read(language: Language, text: str, at: datetime | None) -> None:
    assert moment(text, language=language, near=SIXTH, until=True) == at


def test_between_two_moments_are_hours() -> None:
    assert between(datetime(2026, 2, 6, 14), datetime(2026, 2, 7, 11)) == Measure(21, "hour")
