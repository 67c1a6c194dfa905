"""From told amounts to a recommendation: the supply problem of the exercise, worked through by hand."""

from datetime import date

import pytest

from assistant.courses.calculating import calculate
from assistant.courses.comparing import describe, matrix
from assistant.courses.criteria import enter_value, lock_criteria, set_criteria
from assistant.courses.recommending import recommend
from assistant.courses.screening import overrule, screen
from assistant.courses.sensitivity import sensitivity
from assistant.courses.workspace import (
    Basis,
    CourseOfAction,
    Criterion,
    Filled,
    FramingField,
    Outcome,
    RawValue,
    Screen,
    Workspace,
)
from tests.assistant.courses.making import statement

PROBLEM = "It is 6 February, 14:00 hours. The culvert at Veldersloot on route AMBER collapsed under a recovery vehicle."
CRITERIA = (
    Criterion("time", "Time until the first litre", "", "hour", "21 hour", "less is better", 3),
    Criterion("cost", "Cost", "", "EUR", "25,000 EUR", "less is better", 1),
    Criterion("lasts", "How long it lasts", "", "day", "3 day", "more is better", 2),
)


def _course(id: str, name: str, **fields: str) -> CourseOfAction:
    filled = tuple(Filled(field, (statement(text),)) for field, text in fields.items())
    return CourseOfAction(id, name, (statement(f"Supply goes by {name}."),), filled)


@pytest.fixture
def worked() -> Workspace:
    framing = {
        FramingField.CONSTRAINTS: [
            "The polder road from Westerklamp to Kruisvoorde is closed to vehicles above 20 tonnes.",
            "Nothing that is bought or hired may cost more than 25,000 euros without the approval of the division.",
            "Its daily requirement is in Annex R: 16,500 litres of diesel and 6,400 litres of water.",
        ],
        FramingField.TIME_AVAILABLE: ["Battlegroup GRUTTO has fuel until 7 February, 11:00 hours."],
    }
    return Workspace(
        id="w1",
        revision=1,
        title="Restore the supply route",
        problem=PROBLEM,
        language="en",
        owner="S3",
        corpora=(),
        on_date=date(2026, 2, 6),
        framing=tuple(Filled(name, tuple(map(statement, texts))) for name, texts in framing.items()),
        courses=(
            CourseOfAction("coa-0", "Doing nothing", (statement("The convoy waits."),), baseline=True),
            _course(
                "coa-1",
                "the polder road",
                where="The convoy leaves Westerklamp for Kruisvoorde.",
                resources="The fuel trucks weigh 28 tonnes each.",
                who="The stranded convoy has 24,000 litres of diesel.",
            ),
            _course(
                "coa-2",
                "the steel bridge",
                how="The contractor's bridge is ready on 7 February, 10:00 hours.",
                resources="The hire costs 31,500 euros.",
            ),
        ),
    )


def test_the_screens_find_what_does_not_fit(worked: Workspace) -> None:
    _, polder, bridge = screen(worked).courses
    found = {one.screen: one for one in polder.screening}
    assert found[Screen.FEASIBLE].outcome is Outcome.FAILED
    assert [one.text for one in found[Screen.FEASIBLE].calculations] == [
        "28 t, at most 20 t",
        "24,000 l / 16,500 l/d = 1.45 d",
    ]
    costs = next(one for one in bridge.screening if one.screen is Screen.ACCEPTABLE)
    assert costs.reason == "Above a limit on cost: 31,500 EUR, at most 25,000 EUR."
    ready = next(one for one in bridge.screening if one.screen is Screen.FEASIBLE)
    assert [(one.text, one.holds) for one in ready.calculations] == [
        ("07-02-2026 10:00, not later than 07-02-2026 11:00", True)
    ]


def test_what_is_recommended_follows_from_criteria_values_and_screens(worked: Workspace) -> None:
    locked = lock_criteria(set_criteria(screen(worked), CRITERIA, by="S3"), by="S3")
    reckoned = calculate("13 km / 10 km/h + 90 min", language="en").value.to("hour")
    given = {
        "coa-0": ("40 hours", "0 EUR", "0 days"),
        "coa-1": (reckoned.written("en"), "0 EUR", "2 days"),
        "coa-2": ("20 hours", "31,500 EUR", "14 days"),
    }
    for course, texts in given.items():
        for criterion, text in zip(CRITERIA, texts, strict=True):
            locked = enter_value(locked, RawValue(course, criterion.id, text, Basis.STATED, by="S4"))
    compared = matrix(locked)
    varied = sensitivity(compared)
    assert compared.ranking == (("coa-1",), ("coa-2",), ("coa-0",))
    told = recommend(locked, compared, varied)
    assert told.course == ""
    assert "failed the screen" in told.reasons[0]
    exempted = locked
    for failed in (Screen.FEASIBLE, Screen.COMPLETE):
        exempted = overrule(exempted, "coa-1", failed, Outcome.PASSED, reason="The exemption was given.", by="S9")
    agreed = recommend(exempted, compared, varied)
    assert agreed.course == "coa-1"
    assert agreed.dissent
    assert agreed.what_would_change
    assert len(describe(exempted, compared)) == 3


def test_a_missing_cost_leaves_the_recommendation_to_what_is_found_out(worked: Workspace) -> None:
    locked = lock_criteria(set_criteria(worked, CRITERIA, by="S3"), by="S3")
    for course, time in (("coa-1", "3 hours"), ("coa-2", "4 hours")):
        locked = enter_value(locked, RawValue(course, "time", time, Basis.STATED, by="S4"))
    compared = matrix(locked)
    told = recommend(locked, compared, sensitivity(compared))
    assert told.course == ""
    assert any(line.startswith("Cost of the ") for line in told.what_would_change)
