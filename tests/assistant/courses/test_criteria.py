"""Criteria are set before values, by rules that hold whatever is entered."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.courses.criteria import (
    CriteriaNotLocked,
    CriterionInvalid,
    ValueInvalid,
    check_criteria,
    enter_value,
    formula_of,
    lock_criteria,
    set_criteria,
)
from assistant.courses.measuring import MeasureUnreadable, UnitsDiffer
from assistant.courses.workspace import Basis, RawValue
from tests.assistant.courses.making import COST, SPEED, value, workspace

OPEN = workspace({"coa-1": ["", ""]}, locked_by="")
LOCKED = lock_criteria(OPEN, by="S3")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": " "}, "has no title"),
        ({"weight": -1.0}, "weight of"),
        ({"weight": float("nan")}, "weight of"),
        ({"weight": float("inf")}, "weight of"),
        ({"weight": 0.0}, "No criterion has a weight above 0"),
        ({"formula": "the best"}, "formula of"),
        ({"formula": "__import__('os').remove('x')"}, "formula of"),
        ({"formula": "value.real"}, "formula of"),
        ({"formula": "(lambda: value)()"}, "formula of"),
        ({"formula": "1 / benchmark"}, "formula of"),
        ({"formula": "value + other"}, "formula of"),
        ({"formula": "value + " * 99 + "1"}, "formula of"),
        ({"formula": "value * '9'"}, "formula of"),
    ],
)
def test_a_criterion_that_cannot_be_compared_by_is_refused(change: dict[str, object], told: str) -> None:
    with pytest.raises(CriterionInvalid, match=told):
        check_criteria([replace(SPEED, **change)], language="en")  # type: ignore[arg-type]


def test_a_unit_or_benchmark_that_does_not_fit_is_refused() -> None:
    with pytest.raises(MeasureUnreadable, match="'furlongish' is not a unit"):
        check_criteria([replace(SPEED, unit="furlongish")], language="en")
    with pytest.raises(UnitsDiffer, match="'kilometer' cannot be converted to 'hour'"):
        check_criteria([replace(SPEED, benchmark="6 km")], language="en")


def test_two_criteria_of_one_id_and_none_at_all_are_refused() -> None:
    for criteria in ([SPEED, SPEED], []):
        with pytest.raises(CriterionInvalid):
            check_criteria(criteria, language="en")


def test_no_value_is_entered_before_the_criteria_are_locked() -> None:
    with pytest.raises(CriteriaNotLocked):
        enter_value(OPEN, value("coa-1", "speed", "4 h"))


def test_only_a_person_locks_the_criteria() -> None:
    with pytest.raises(CriterionInvalid):
        lock_criteria(OPEN, by=" ")


def test_a_value_replaces_the_one_before_it() -> None:
    once = enter_value(LOCKED, value("coa-1", "speed", "4 h"))
    twice = enter_value(once, value("coa-1", "speed", "5 h"))
    assert [one.value for one in twice.values if one.criterion == "speed"] == ["5 h"]


@pytest.mark.parametrize(
    "wrong",
    [
        value("coa-9", "speed", "4 h"),
        value("coa-1", "beauty", "4 h"),
        RawValue("coa-1", "speed", "4 h", Basis.FACT, by="S4"),
        RawValue("coa-1", "speed", "4 h", Basis.STATED),
        RawValue("coa-1", "speed", "4 h", Basis.GAP, by="S4"),
    ],
)
def test_a_value_without_a_place_or_a_source_is_refused(wrong: RawValue) -> None:
    with pytest.raises(ValueInvalid):
        enter_value(LOCKED, wrong)


def test_a_value_in_another_unit_is_refused_naming_both() -> None:
    with pytest.raises(UnitsDiffer, match="'kilometer' cannot be converted to 'hour'"):
        enter_value(LOCKED, value("coa-1", "speed", "4 km"))


def test_a_changed_criterion_is_unlocked_and_its_values_are_to_be_given_again() -> None:
    known = enter_value(enter_value(LOCKED, value("coa-1", "speed", "4 h")), value("coa-1", "cost", "9 EUR"))
    changed = set_criteria(known, [replace(SPEED, benchmark="5 hour"), COST], by="S2")
    assert changed.criteria_locked_by == ""
    assert {one.criterion: one.value for one in changed.values} == {"speed": "", "cost": "9 EUR"}
    assert next(one.reason for one in changed.values if one.criterion == "speed") == (
        "to be given again, was 4 h: the criterion was changed by S2"
    )


def test_a_weight_changed_after_values_were_given_is_put_down() -> None:
    known = enter_value(LOCKED, value("coa-1", "speed", "4 h"))
    changed = set_criteria(known, [replace(SPEED, weight=9), COST], by="S2")
    assert changed.notes == (
        "weight of 'Time until the first fuel' changed from 3 to 9 after values were given, by S2",
    )
    assert changed.criteria_locked_by == ""
    assert set_criteria(OPEN, [replace(SPEED, weight=9), COST], by="S2").notes == ()


def test_what_is_put_down_is_in_the_language_of_the_workspace() -> None:
    known = enter_value(replace(LOCKED, language="nl"), value("coa-1", "speed", "4 uur"))
    changed = set_criteria(known, [replace(SPEED, weight=9, benchmark="5 uur"), COST], by="S2")
    assert changed.notes[0].startswith("gewicht van")
    assert any(one.reason.startswith("opnieuw te geven, was 4 uur") for one in changed.values)


def test_values_of_a_criterion_that_is_gone_go_with_it() -> None:
    known = enter_value(LOCKED, value("coa-1", "speed", "4 h"))
    assert {one.criterion for one in set_criteria(known, [COST], by="S2").values} == {"cost"}


def test_the_same_criteria_stay_locked() -> None:
    assert set_criteria(LOCKED, LOCKED.criteria, by="S2") == LOCKED


@pytest.mark.parametrize(
    ("formula", "at", "score"),
    [
        ("benchmark / value", 12, 0.5),
        ("1 if value <= benchmark else 0.25", 7, 0.25),
        ("1 if 2 < value <= 6 and not value == 5 else 0", 5, 0),
        ("-value + 6.5", 6, 0.5),
        ("value ** 2", 3, 1),
        ("value - 100", 3, 0),
    ],
)
def test_a_formula_scores_between_0_and_1(formula: str, at: float, score: float) -> None:
    assert formula_of(replace(SPEED, formula=formula))(at, 6) == score


@pytest.mark.parametrize(("formula", "at"), [("1 / value", 0), ("value ** 0.5", -1), ("(value ** 99) ** 99", 1e9)])
def test_a_formula_without_a_result_is_told(formula: str, at: float) -> None:
    with pytest.raises(ValueInvalid, match="has no result"):
        formula_of(replace(SPEED, formula=formula))(at, 6)


@given(st.text(alphabet="value benchmark()+-*/<>=!.0123456789,ifels[]_'", max_size=80))
def test_any_formula_is_refused_or_scores_between_0_and_1(formula: str) -> None:
    try:
        score = formula_of(replace(SPEED, formula=formula))(3.0, 6.0)
    except (CriterionInvalid, ValueInvalid):
        return
    assert 0 <= score <= 1
