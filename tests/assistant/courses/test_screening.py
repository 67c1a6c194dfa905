"""Courses are screened by what can be reckoned from what is told; nothing passes on nothing."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.courses.screening import OverruleInvalid, overrule, screen
from assistant.courses.workspace import (
    Basis,
    CourseField,
    CourseOfAction,
    Filled,
    FramingField,
    Outcome,
    Screen,
    Screened,
    Statement,
    Workspace,
)
from retrieval.languages import Language
from tests.assistant.courses.making import citation, statement

Told = dict[CourseField, list[str]]
Framed = dict[FramingField, list[str]]


def _screened(
    told: Told,
    framed: Framed | None = None,
    *,
    problem: str = "",
    language: Language = "en",
    idea: str = "It is tried.",
) -> dict[Screen, Screened]:
    return {one.screen: one for one in screen(_workspace(told, framed, problem, language, idea)).courses[0].screening}


def _workspace(told: Told, framed: Framed | None, problem: str, language: Language, idea: str) -> Workspace:
    course = CourseOfAction("coa-1", "Polder", (statement(idea),), tuple(_filled(told)))
    return Workspace(
        id="w1",
        revision=1,
        title="",
        problem=problem,
        language=language,
        owner="S3",
        corpora=(),
        on_date=date(2026, 2, 6),
        framing=tuple(_filled(framed or {})),
        courses=(course,),
    )


def _filled(told: Told | Framed) -> list[Filled]:
    return [Filled(name, tuple(statement(text) for text in texts)) for name, texts in told.items()]


def _feasible(told: Told, framed: Framed | None = None, **options: str) -> Screened:
    return _screened(told, framed, **options)[Screen.FEASIBLE]  # type: ignore[arg-type]


CLOSED = {
    FramingField.CONSTRAINTS: ["The polder road from Westerklamp to Kruisvoorde is closed to vehicles above 20 tonnes."]
}


def test_a_course_without_evidence_is_unknown_by_every_screen_and_says_what_is_missing() -> None:
    found = _screened({})
    assert {one.outcome for one in found.values()} == {Outcome.UNKNOWN}
    assert "time needed, or the time available, is not told" in found[Screen.FEASIBLE].reason
    assert all(one.reason for one in found.values())


def test_a_load_above_the_limit_of_a_road_that_the_course_takes_fails() -> None:
    told = {
        CourseField.WHERE: ["The convoy drives from Westerklamp to Kruisvoorde."],
        CourseField.RESOURCES: ["The fuel trucks weigh 28 tonnes each."],
    }
    found = _feasible(told, CLOSED)
    assert (found.outcome, found.reason) == (Outcome.FAILED, "Does not fit: 28 t, at most 20 t.")
    assert len(found.citations) == 2


def test_a_limit_of_another_road_does_not_concern_the_course() -> None:
    told = {
        CourseField.WHERE: ["The convoy drives along route COBALT."],
        CourseField.RESOURCES: ["The fuel trucks weigh 28 tonnes each."],
    }
    assert _feasible(told, CLOSED).outcome is Outcome.UNKNOWN


def test_a_dutch_limit_of_a_quay_holds_for_who_uses_the_quay() -> None:
    quay = {FramingField.CONSTRAINTS: ["De kade mag niet worden belast met voertuigen zwaarder dan 15 ton."]}
    weight = {CourseField.RESOURCES: ["De vrachtauto's wegen 18,5 ton."]}
    over = _feasible({CourseField.WHERE: ["De colonne rijdt over de kade."], **weight}, quay, language="nl")
    assert (over.outcome, over.reason) == (Outcome.FAILED, "Past niet: 18,5 t, ten hoogste 15 t.")
    other = _feasible({CourseField.WHERE: ["De colonne rijdt over de Molenweg."], **weight}, quay, language="nl")
    assert other.outcome is Outcome.UNKNOWN


def test_load_classes_that_do_not_agree_leave_it_open() -> None:
    told = {
        CourseField.WHERE: ["The packet crosses the Kruisvoorde Bridge."],
        CourseField.WHO: ["The tank is MLC 55."],
    }
    classes = ["In the register the Kruisvoorde Bridge is MLC 60.", "On the ground the Kruisvoorde Bridge is MLC 40."]
    both = _feasible(told, {FramingField.CONSTRAINTS: classes})
    assert both.outcome is Outcome.UNKNOWN
    assert {one.holds for one in both.calculations} == {None}
    assert _feasible(told, {FramingField.CONSTRAINTS: classes[1:]}).outcome is Outcome.FAILED


def test_a_gap_too_narrow_for_the_bridge_fails() -> None:
    told = {
        CourseField.HOW: ["Floating bridge closes the gap.", "The gap is 9 metres wide."],
        CourseField.WHAT: ["A floating bridge cannot be used in a gap with less than 12 metres of water width."],
    }
    found = _feasible(told)
    assert (found.outcome, found.reason) == (Outcome.FAILED, "Does not fit: 9 m, at least 12 m.")


def test_a_gap_told_with_the_problem_concerns_only_who_bridges_it_so() -> None:
    framed = {
        FramingField.STATEMENT: [
            "The gap is 9 metres wide and the water in it is 1.7 metres deep.",
            "A platoon has 60 metres of floating bridge; floating bridge cannot be used in a gap with less than"
            " 12 metres of water width.",
        ]
    }
    floating = _feasible({CourseField.HOW: ["Floating bridge is laid."]}, framed)
    assert floating.reason == "Does not fit: 9 m, at least 12 m."
    assert _feasible({CourseField.HOW: ["Fascines fill the gap."]}, framed).calculations == ()


def test_a_restraint_without_a_name_touches_nobody() -> None:
    framed = {FramingField.RESTRAINTS: ["De kade mag niet worden belast met voertuigen zwaarder dan 15 ton."]}
    told = {CourseField.WHERE: ["De colonne van 15 ton rijdt over de Molenweg."]}
    assert "verbod" not in _screened(told, framed, language="nl")[Screen.ACCEPTABLE].reason


def test_less_in_stock_than_is_needed_of_the_same_fails_and_of_another_thing_does_not() -> None:
    needs = {CourseField.HOW: ["The site needs 120 metres of trackway."]}
    yard = "Engineer Company TURELUUR has 80 metres of {} at the yard."
    found = _feasible({**needs, CourseField.RESOURCES: [yard.format("trackway")]})
    assert (found.outcome, found.reason) == (Outcome.FAILED, "Does not fit: 80, at least 120 m.")
    assert _feasible({**needs, CourseField.RESOURCES: [yard.format("fence")]}).calculations == ()


def test_stocks_that_are_enough_only_together_leave_it_open() -> None:
    needs = {CourseField.HOW: ["The site needs 120 metres of trackway."]}
    stocks = {CourseField.RESOURCES: ["A has 80 metres of trackway.", "The yard has 60 metres of trackway."]}
    assert [one.holds for one in _feasible({**needs, **stocks}).calculations] == [None]


@pytest.mark.parametrize(
    ("language", "stock", "need", "told"),
    [
        (
            "en",
            "The convoy has 24,000 litres of diesel.",
            "Its daily requirement is 16,500 litres of diesel.",
            "24,000 l / 16,500 l/d = 1.45 d",
        ),
        (
            "nl",
            "Het konvooi heeft 24.000 liter diesel.",
            "De dagelijkse behoefte is 16.500 liter diesel.",
            "24.000 l / 16.500 l/d = 1,45 d",
        ),
    ],
)
def test_how_long_a_stock_lasts_is_reckoned(language: Language, stock: str, need: str, told: str) -> None:
    found = _feasible({CourseField.RESOURCES: [stock]}, {FramingField.CONSTRAINTS: [need]}, language=language)
    assert [one.text for one in found.calculations] == [told]


def test_time_needed_is_held_against_the_time_available() -> None:
    framed = {FramingField.TIME_AVAILABLE: ["The road must be open within 6 hours."]}
    fits = _feasible({CourseField.HOW: ["The work takes 90 minutes.", "Shoring takes four hours."]}, framed)
    assert [(one.text, one.holds) for one in fits.calculations] == [("1.5 h + 4 h = 5.5 h, at most 6 h", True)]
    assert _feasible({CourseField.HOW: ["Shoring takes about nine hours."]}, framed).outcome is Outcome.FAILED
    both = _feasible({CourseField.HOW: ["One takes 4 hours.", "The other takes 5 hours."]}, framed)
    assert both.outcome is Outcome.UNKNOWN


def test_the_staff_s_own_time_to_plan_is_not_the_time_available() -> None:
    framed = {FramingField.TIME_AVAILABLE: ["Advise the commander before 16:30 hours."]}
    found = _feasible({CourseField.WHEN: ["It takes 9 hours."]}, framed, problem="It is 6 February, 14:00 hours.")
    assert found.outcome is Outcome.UNKNOWN


def test_a_deadline_is_counted_from_the_moment_of_the_problem() -> None:
    framed = {FramingField.TIME_AVAILABLE: ["The battlegroup has fuel until 7 February, 11:00 hours."]}
    problem = "It is 6 February, 14:00 hours. The culvert has collapsed."
    found = _feasible({CourseField.WHEN: ["The bridge takes 22 hours."]}, framed, problem=problem)
    assert found.reason == "Does not fit: 22 h, at most 21 h."
    late = _feasible({CourseField.WHEN: ["The bridge is ready on 7 February, 15:00 hours."]}, framed, problem=problem)
    assert late.outcome is Outcome.FAILED


def test_distance_and_speed_of_the_same_road_make_a_time() -> None:
    told = {
        CourseField.WHERE: ["The road to Kruisvoorde is 13 kilometres long."],
        CourseField.HOW: ["On the road to Kruisvoorde the convoy drives 20 km/h."],
    }
    found = _feasible(told, {FramingField.TIME_AVAILABLE: ["It must arrive within 2 hours."]})
    assert [(one.text, one.holds) for one in found.calculations] == [("0.65 h, at most 2 h", True)]
    assert "Means:" in found.reason


def test_time_and_means_that_both_fit_pass() -> None:
    told = {
        CourseField.HOW: ["The work takes 2 hours.", "The site needs 60 metres of trackway."],
        CourseField.RESOURCES: ["The yard has 80 metres of trackway."],
    }
    framed = {FramingField.TIME_AVAILABLE: ["It must be done within 6 hours."]}
    assert _feasible(told, framed).outcome is Outcome.PASSED


def test_too_few_beds_leave_it_open_because_not_all_may_need_one() -> None:
    told = {CourseField.WHERE: ["De hal heeft 900 bedden voor wie uit Lageraelm komt."]}
    found = _feasible(
        told, {FramingField.CONSTRAINTS: ["Volgens de telling heeft Lageraelm 1.180 inwoners."]}, language="nl"
    )
    assert [one.holds for one in found.calculations] == [None]


def test_beds_for_the_most_people_that_are_told_are_enough() -> None:
    told = {CourseField.WHERE: ["De hal heeft 1.200 bedden voor wie uit Lageraelm komt."]}
    framed = {
        FramingField.CONSTRAINTS: ["In het dorp Lageraelm wonen 1.180 inwoners.", "Uit Lageraelm komen 74 inwoners."]
    }
    found = _feasible(told, framed, language="nl")
    assert [(one.text, one.holds) for one in found.calculations] == [("1.200, ten minste 1.180 person", True)]


def test_what_a_sentence_denies_is_not_used() -> None:
    told = {
        CourseField.WHERE: ["The packet crosses the Kruisvoorde Bridge."],
        CourseField.WHO: ["The recovery vehicle (MLC 62) does not cross the river."],
    }
    framed = {FramingField.CONSTRAINTS: ["On the ground the Kruisvoorde Bridge is MLC 40."]}
    assert _feasible(told, framed).calculations == ()


def test_what_only_stands_among_the_risks_is_not_used() -> None:
    told = {
        CourseField.WHERE: ["The convoy drives from Westerklamp to Kruisvoorde."],
        CourseField.RISKS: ["The fuel trucks weigh 28 tonnes each."],
    }
    assert _feasible(told, CLOSED).outcome is Outcome.UNKNOWN


def test_several_deadlines_or_one_that_is_past_are_none() -> None:
    problem = "It is 6 February, 14:00 hours."
    told = {CourseField.WHEN: ["The bridge takes 22 hours."]}
    for times in (
        ["Before 7 February, 11:00 hours.", "Before 7 February, 20:00 hours."],
        ["Before 3 February, 18:00 hours."],
    ):
        assert _feasible(told, {FramingField.TIME_AVAILABLE: times}, problem=problem).calculations == ()


def test_contradictory_limits_leave_it_open() -> None:
    told = {
        CourseField.WHERE: ["The convoy drives from Westerklamp to Kruisvoorde."],
        CourseField.RESOURCES: ["The fuel trucks weigh 28 tonnes each."],
    }
    road = "The polder road from Westerklamp to Kruisvoorde is closed to vehicles above {} tonnes."
    found = _feasible(told, {FramingField.CONSTRAINTS: [road.format(20), road.format(30)]})
    assert (found.outcome, [one.holds for one in found.calculations]) == (Outcome.UNKNOWN, [None, None])


def test_assumptions_and_gaps_are_not_reckoned_with() -> None:
    assumed = statement("The fuel trucks weigh 28 tonnes each.", basis=Basis.ASSUMPTION)
    made = _workspace({CourseField.WHERE: ["From Westerklamp to Kruisvoorde."]}, CLOSED, "", "en", "It is tried.")
    course = replace(made.courses[0], fields=(*made.courses[0].fields, Filled(CourseField.RESOURCES, (assumed,))))
    assert screen(replace(made, courses=(course,))).courses[0].screening[1].outcome is Outcome.UNKNOWN


def test_a_cost_above_the_ceiling_fails_and_below_it_is_still_for_a_person() -> None:
    framed = {
        FramingField.CONSTRAINTS: [
            "Nothing that is bought or hired may cost more than 25,000 euros without the approval."
        ]
    }
    dear = _screened({CourseField.RESOURCES: ["The hire of the bridge costs 31,500 euros."]}, framed)[Screen.ACCEPTABLE]
    assert (dear.outcome, dear.reason) == (Outcome.FAILED, "Above a limit on cost: 31,500 EUR, at most 25,000 EUR.")
    cheap = _screened({CourseField.RESOURCES: ["The hire costs 4,800 euros."]}, framed)[Screen.ACCEPTABLE]
    assert cheap.outcome is Outcome.UNKNOWN
    assert "A person must judge" in cheap.reason
    dollars = _screened({CourseField.RESOURCES: ["The hire costs 90,000 dollars."]}, framed)[Screen.ACCEPTABLE]
    assert dollars.calculations == ()


def test_a_restraint_that_a_course_touches_on_is_shown_to_who_judges() -> None:
    framed = {FramingField.RESTRAINTS: ["The permit forbids driving through Elskensbroek."]}
    touched = _screened({CourseField.WHERE: ["The detour runs through Elskensbroek."]}, framed)[Screen.ACCEPTABLE]
    assert "touches on a restraint" in touched.reason
    assert touched.outcome is Outcome.UNKNOWN


SIX: Told = {field: [f"The {field.value} is told."] for field in list(CourseField)[:6]}


def test_a_course_is_complete_when_six_questions_are_answered() -> None:
    assert _screened(SIX)[Screen.COMPLETE].outcome is Outcome.PASSED
    missing: Told = {field: texts for field, texts in SIX.items() if field is not CourseField.WHEN}
    found = _screened(missing, language="nl")[Screen.COMPLETE]
    assert (found.outcome, found.reason) == (Outcome.FAILED, "Staat er niet: wanneer.")


def test_a_field_with_only_a_gap_leaves_completeness_open() -> None:
    made = _workspace(SIX, None, "", "en", "It is tried.")
    gap = Filled(CourseField.WHEN, (statement("When the road opens.", basis=Basis.GAP),))
    fields = tuple(gap if one.name == gap.name else one for one in made.courses[0].fields)
    found = screen(replace(made, courses=(replace(made.courses[0], fields=fields),))).courses[0].screening[4]
    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, "Only gaps or assumptions: when.")


def test_distinguishability_is_measured_by_what_is_given() -> None:
    made = _workspace({}, None, "", "en", "It is tried.")
    two = replace(made, courses=(made.courses[0], replace(made.courses[0], id="coa-2", name="Bridge")))
    for distance, outcome in ((0.9, Outcome.PASSED), (0.1, Outcome.FAILED)):
        found = screen(two, distance=lambda one, other, far=distance: far).courses[0].screening[3]  # type: ignore[misc]
        assert found.outcome is outcome
    assert screen(two).courses[0].screening[3].outcome is Outcome.UNKNOWN


def test_what_a_person_decided_stays_and_keeps_the_calculations() -> None:
    told = {
        CourseField.HOW: ["Shoring takes nine hours."],
    }
    made = screen(
        _workspace(told, {FramingField.TIME_AVAILABLE: ["It must be done within 6 hours."]}, "", "en", "It is tried.")
    )
    mine = overrule(made, "coa-1", Screen.FEASIBLE, Outcome.PASSED, reason="It starts earlier.", by="S4")
    found = screen(mine).courses[0].screening[1]
    assert (found.outcome, found.by, len(found.calculations)) == (Outcome.PASSED, "S4", 1)
    assert [one.screen for one in mine.courses[0].screening] == list(Screen)


def test_a_judgement_without_reason_or_name_is_refused() -> None:
    made = _workspace({}, None, "", "en", "It is tried.")
    for course, reason, by in (("coa-1", " ", "S4"), ("coa-1", "Because.", ""), ("coa-9", "Because.", "S4")):
        with pytest.raises(OverruleInvalid):
            overrule(made, course, Screen.FEASIBLE, Outcome.PASSED, reason=reason, by=by)


def test_the_baseline_is_not_screened() -> None:
    made = _workspace({}, None, "", "en", "Nothing is done.")
    baseline = replace(made.courses[0], id="coa-0", baseline=True)
    assert {one.outcome for one in screen(replace(made, courses=(baseline,))).courses[0].screening} == {Outcome.UNKNOWN}


def test_screening_twice_is_screening_once() -> None:
    once = screen(_workspace(SIX, CLOSED, "", "en", "It is tried."))
    assert screen(once) == once


def test_a_stated_amount_without_citation_counts_too() -> None:
    stated = Statement("s1", "The fuel trucks weigh 28 tonnes each.", Basis.STATED, author="S4")
    made = _workspace({CourseField.WHERE: ["From Westerklamp to Kruisvoorde."]}, CLOSED, "", "en", "It is tried.")
    course = replace(made.courses[0], fields=(*made.courses[0].fields, Filled(CourseField.WHO, (stated,))))
    found = screen(replace(made, courses=(course,))).courses[0].screening[1]
    assert found.outcome is Outcome.FAILED
    assert found.citations == (citation(CLOSED[FramingField.CONSTRAINTS][0]),)
