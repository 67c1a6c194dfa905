"""A recommendation says what it rests on, and is none where the unknown decides."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.courses.comparing import matrix
from assistant.courses.recommending import Recommendation, recommend
from assistant.courses.sensitivity import sensitivity
from assistant.courses.workspace import Basis, Outcome, Screen, Screened, Workspace
from tests.assistant.courses.making import COST, SPEED, citation, random_workspace, workspace


def _recommend(made: Workspace) -> Recommendation:
    compared = matrix(made)
    return recommend(made, compared, sensitivity(compared, samples=500))


def _screened(made: Workspace, screened: Mapping[str, Sequence[Screened]]) -> Workspace:
    courses = tuple(replace(one, screening=tuple(screened.get(one.id, ()))) for one in made.courses)
    return replace(made, courses=courses)


KNOWN = workspace({"coa-0": ["20 h", "0 EUR"], "coa-1": ["4 h", "31,500 EUR"], "coa-2": ["10 h", "20,000 EUR"]})


def test_the_best_is_recommended_with_what_speaks_against_it_and_what_would_change_it() -> None:
    told = _recommend(KNOWN)
    assert told.course == "coa-1"
    assert any(
        line.startswith("By 'Cost' coa-2 is better: 20,000 EUR against 31,500 EUR (S4)") for line in told.dissent
    )
    assert any(line.startswith("If 'Cost' weighed ") for line in told.what_would_change)
    assert "coa-1: the screen 'feasible' is open; a person must judge it." in told.what_would_change


def test_with_open_screens_the_confidence_is_not_high() -> None:
    made = workspace({"coa-1": ["4 h", "1 EUR"], "coa-2": ["10 h", "2 EUR"]})
    assert (_recommend(made).confidence, _recommend(made).share) == ("moderate", 1.0)
    passed = [Screened(screen, Outcome.PASSED, "", by="S3") for screen in Screen]
    assert _recommend(_screened(made, {"coa-1": passed})).confidence == "high"


def test_nothing_is_recommended_before_a_person_locked_the_criteria() -> None:
    told = _recommend(replace(KNOWN, criteria_locked_by=""))
    assert told.course == ""
    assert "have not been locked" in told.reasons[0]


def test_nothing_is_recommended_when_only_the_baseline_and_one_course_are_known() -> None:
    told = _recommend(workspace({"coa-0": ["20 h", "0 EUR"], "coa-1": ["4 h", "1 EUR"], "coa-2": ["", ""]}))
    assert told.course == ""
    assert told.reasons == ("Nothing is recommended: by no criterion are the values of two or more courses known.",)


def test_nothing_is_recommended_when_unknown_values_decide_and_they_are_named() -> None:
    told = _recommend(workspace({"coa-1": ["4 h", "30,000 EUR"], "coa-2": ["4.5 h", ""]}))
    assert told.course == ""
    assert "depending on values that are not known coa-2 could" in told.reasons[0]
    assert told.what_would_change == ("Cost of coa-2 is not known: not given",)


def test_an_unknown_value_that_cannot_decide_does_not_prevent_a_recommendation() -> None:
    assert _recommend(workspace({"coa-1": ["1 h", "25,000 EUR"], "coa-2": ["12 h", ""]})).course == "coa-1"


def test_an_unknown_value_may_stretch_the_scale_and_so_decide() -> None:
    """By what is known coa-1 leads by the cost; far dearer courses would make that lead small."""
    made = workspace(
        {"coa-1": ["5 h", "10,000 EUR"], "coa-2": ["4 h", "25,000 EUR"], "coa-3": ["6 h", ""]},
        criteria=[replace(SPEED, weight=1), replace(COST, weight=1)],
    )
    assert matrix(made).first == ("coa-1",)
    assert "could" in _recommend(made).reasons[0]
    values = tuple(replace(one, value=one.value or "900,000 EUR") for one in made.values)
    assert matrix(replace(made, values=values)).first == ("coa-2",)


def test_nothing_is_recommended_when_the_best_failed_a_screen() -> None:
    failed = Screened(Screen.FEASIBLE, Outcome.FAILED, "28 t, at most 20 t", by="S4")
    told = _recommend(_screened(KNOWN, {"coa-1": [failed]}))
    assert told.course == ""
    assert "coa-1 comes first but failed the screen 'feasible': 28 t, at most 20 t (S4)" in told.reasons[0]


def test_nothing_is_recommended_in_a_tie() -> None:
    told = _recommend(workspace({"coa-1": ["4 h", "1 EUR"], "coa-2": ["4 h", "1 EUR"]}))
    assert told.reasons == ("Nothing is recommended: coa-1, coa-2 tie at 1.",)


def test_nothing_is_recommended_without_courses() -> None:
    assert _recommend(workspace({})).course == ""


def test_a_value_that_rests_on_an_assumption_is_told() -> None:
    first = next(one for one in KNOWN.values if one.course == "coa-1")
    others = tuple(one for one in KNOWN.values if one is not first)
    assumed = replace(first, basis=Basis.ASSUMPTION)
    told = _recommend(replace(KNOWN, values=(assumed, *others)))
    assert "'Time until the first fuel' of coa-1 rests on an assumption: 4 h." in told.what_would_change


def test_a_document_that_speaks_for_another_course_is_named() -> None:
    values = tuple(replace(one, citations=(citation(),), by="") for one in KNOWN.values)
    assert any("(Annex)" in line for line in _recommend(replace(KNOWN, values=values)).dissent)


def test_it_is_told_in_the_language_of_the_workspace() -> None:
    dutch = workspace({"coa-1": ["4,5 uur", "30.000"], "coa-2": ["4,6 uur", ""]}, language="nl")
    assert _recommend(dutch).reasons[0].startswith("Er is geen advies: ")


@given(st.integers(0, 100_000), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_what_is_recommended_comes_first_whatever_the_unknown_values_turn_out_to_be(seed: int, dice: Random) -> None:
    made = random_workspace(seed)
    told = _recommend(made)
    units = {criterion.id: criterion.unit for criterion in made.criteria}
    values = tuple(
        replace(one, value=one.value or f"{dice.choice((0, 1, 20, 50, 10_000))} {units[one.criterion]}")
        for one in made.values
    )
    if told.course:
        assert told.course in matrix(replace(made, values=values)).first
    else:
        assert told.reasons
