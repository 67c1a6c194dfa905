"""Courses differ by what they state and by their idea; those that do neither are one."""

from assistant.courses.distinguishing import difference, differences, merged
from assistant.courses.workspace import Basis, CourseField, CourseOfAction, Filled, Statement
from tests.assistant.courses.planning import a_fact, texts


def a_course(number: int, name: str, idea: str, *facts: Statement, baseline: bool = False) -> CourseOfAction:
    given = Statement(f"coa-{number}.idea.1", idea, Basis.STATED, author="major")
    return CourseOfAction(f"coa-{number}", name, (given,), (Filled(CourseField.RISKS, facts),), baseline=baseline)


FERRY = a_course(1, "cable ferry", "Engineers have a cable ferry.", a_fact("It holds one vehicle.", start=10))
SAME = a_course(2, "Cable ferry", "Engineers have a cable ferry.", a_fact("It holds one vehicle.", start=10))
BRIDGE = a_course(3, "steel bridge", "A contractor owns a bridge.", a_fact("It costs 31,500 euros.", start=90))


def test_courses_with_nothing_in_common_differ_wholly() -> None:
    apart = difference(FERRY, BRIDGE)
    assert (apart.statements, apart.ideas, apart.distinguishable) == (1.0, 1.0, True)


def test_a_course_does_not_differ_from_itself() -> None:
    alike = difference(FERRY, SAME)
    assert (alike.statements, alike.ideas, alike.distinguishable) == (0.0, 0.0, False)


def test_a_difference_is_the_same_both_ways() -> None:
    assert difference(FERRY, BRIDGE).statements == difference(BRIDGE, FERRY).statements


def test_near_duplicates_become_one_that_keeps_both_names_and_facts() -> None:
    other = a_course(2, "ferry on a cable", "Engineers have a cable ferry.", a_fact("It needs a guide.", start=50))
    kept = merged([FERRY, other, BRIDGE], likeness=lambda one, two: 1.0 if "ferry" in one and "ferry" in two else 0.0)
    assert [one.id for one in kept] == ["coa-1", "coa-3"]
    assert kept[0].merged == ("ferry on a cable",)
    assert "It needs a guide." in texts(kept[0].field(CourseField.RISKS).statements)


def test_doing_nothing_is_never_merged_nor_measured() -> None:
    nothing = a_course(0, "cable ferry", "Engineers have a cable ferry.", baseline=True)
    assert merged([FERRY, nothing]) == [FERRY, nothing]
    assert differences([FERRY, nothing, BRIDGE]) == [difference(FERRY, BRIDGE)]


def test_the_mission_that_all_have_in_common_makes_no_courses_alike() -> None:
    mission = (a_fact("Restore the supply.", start=500),)
    one, other = (
        CourseOfAction(one.id, one.name, one.idea, (*one.fields, Filled(CourseField.WHY, mission)))
        for one in (FERRY, BRIDGE)
    )
    assert difference(one, other).statements == 1.0
