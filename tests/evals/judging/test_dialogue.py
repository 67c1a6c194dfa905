"""An evaluator is asked what is still to be told, and of nothing that would tell which system answered."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals.cases import Case
from evals.judging.dialogue import PAIR, About, Said, Step, Task, judgements_of, plan
from evals.judging.judgements import Better, Exhibit, Judgement, Mark, exhibits, in_common
from evals.runs import Run
from tests.evals.judging.answered import a_run, an_abstention, an_answer

NOW = "2026-02-05T10:00:00Z"
Groups = list[list[tuple[Exhibit, Run]]]


@pytest.fixture
def one(tmp_path: Path) -> Run:
    return a_run(tmp_path, an_answer("bridge", "Amber", "North"), an_answer("plan", "Jan"), an_abstention("tanks"))


@pytest.fixture
def two(tmp_path: Path) -> Run:
    return a_run(tmp_path, an_answer("bridge", "Ochre"), an_answer("plan", "Jan"), an_answer("tanks", "Twelve"))


def groups(*runs: Run) -> Groups:
    shown = [exhibits(run) for run in runs]
    if len(shown) == 1:
        return [[(exhibit, runs[0])] for exhibit in shown[0]]
    return [[(first, runs[0]), (second, runs[1])] for first, second in in_common(*shown)]


def planned(
    *runs: Run, given: list[Judgement] | None = None, evaluator: str = "ann", again: tuple[str, ...] = ()
) -> list[Task]:
    return plan(groups(*runs), evaluator=evaluator, given=given or [], seed=0, again=again)


def all_said(task: Task, better: Better = Better.THIS, mark: Mark = Mark.RIGHT) -> Said:
    return {step: better if step == PAIR else mark for step in task.steps}


def kept(
    task: Task, said: Said | None = None, *, evaluator: str = "ann", note: str = ""
) -> list[tuple[Run, Judgement]]:
    return judgements_of(task, said or all_said(task), evaluator=evaluator, at=NOW, note=note)


def test_each_claim_is_asked_of_and_then_the_answer(one: Run) -> None:
    bridge, plan_, tanks = planned(one)
    assert bridge.steps == [Step(About.CLAIM, 0, 0), Step(About.CLAIM, 0, 1), Step(About.ANSWER)]
    assert len(plan_.steps) == 2
    assert tanks.steps == [Step(About.ANSWER)]


def test_of_two_answers_a_preference_is_asked_last(one: Run, two: Run) -> None:
    bridge = planned(one, two)[0]
    assert bridge.steps[-1] == PAIR
    assert sorted(step.shown for step in bridge.steps if step.about is About.ANSWER) == [0, 1]


def test_the_same_answer_of_both_is_asked_about_once_and_not_compared(one: Run, two: Run) -> None:
    same = planned(one, two)[1]
    assert len(same.answers) == 1
    assert same.steps == [Step(About.CLAIM), Step(About.ANSWER)]
    assert [run for run, _ in kept(same)] == [one]


def test_marks_are_kept_in_the_order_of_the_claims(one: Run) -> None:
    bridge = planned(one)[0]
    said: Said = dict(zip(bridge.steps, (Mark.UNSURE, Mark.WRONG, Mark.PARTLY), strict=True))
    exhibit = bridge.answers[0].exhibit
    claims = (Mark.UNSURE, Mark.WRONG)
    expected = Judgement("bridge", exhibit.answer_sha256, "ann", NOW, claims, Mark.PARTLY, note="hm")
    assert kept(bridge, said, note="hm") == [(one, expected)]


@pytest.mark.parametrize("better", list(Better))
def test_a_preference_is_kept_with_both_answers_as_each_sees_it(one: Run, two: Run, better: Better) -> None:
    bridge = planned(one, two)[0]
    (first_run, first), (second_run, second) = kept(bridge, all_said(bridge, better))
    assert {first_run.name, second_run.name} == {one.name, two.name}
    assert (first.better, second.better) == (better, better.mirrored)
    assert (first.other_sha256, second.other_sha256) == (second.answer_sha256, first.answer_sha256)
    assert first.answer_sha256 == bridge.answers[0].exhibit.answer_sha256


def test_what_was_judged_is_not_asked_again(one: Run, two: Run) -> None:
    for runs in ((one,), (one, two)):
        given = [judgement for task in planned(*runs) for _, judgement in kept(task)]
        assert planned(*runs, given=given) == []
        assert len(planned(*runs, given=given, evaluator="bob")) == 3
        assert [task.answers[0].exhibit.case.id for task in planned(*runs, given=given, again=("tanks",))] == ["tanks"]


def test_of_answers_judged_apart_only_the_preference_is_asked(one: Run, two: Run) -> None:
    given = [judgement for run in (one, two) for task in planned(run) for _, judgement in kept(task, note="kept")]
    bridge, tanks = planned(one, two, given=given)
    assert bridge.steps == tanks.steps == [PAIR]
    (_, first), (_, second) = kept(bridge, {PAIR: Better.EQUAL})
    assert (first.better, first.note, len(first.claims) + len(second.claims)) == (Better.EQUAL, "kept", 3)


def test_of_one_judged_answer_and_one_that_is_not_the_rest_is_asked(one: Run, two: Run) -> None:
    given = [judgement for task in planned(one) for _, judgement in kept(task)]
    bridge = planned(one, two, given=given)[0]
    place = next(number for number, shown in enumerate(bridge.answers) if shown.run is two)
    assert bridge.steps == [Step(About.CLAIM, place), Step(About.ANSWER, place), PAIR]


def test_a_preference_that_only_one_of_the_files_holds_is_not_asked_again(one: Run, two: Run) -> None:
    # Stopped between the two lines of a comparison.
    task = planned(one, two)[0]
    for missing in (0, 1):
        both = kept(task, all_said(task, Better.OTHER))
        bridge = planned(one, two, given=[both[1 - missing][1]])[0]
        assert PAIR not in bridge.steps
        assert kept(bridge) == [both[missing]]


def test_answers_stand_in_the_same_order_whichever_run_is_named_first(one: Run, two: Run) -> None:
    for first, second in zip(planned(one, two), planned(two, one), strict=True):
        assert [shown.exhibit for shown in first.answers] == [shown.exhibit for shown in second.answers]


def test_the_order_is_drawn_for_each_case_and_evaluator(tmp_path: Path) -> None:
    cases = [Case(id=f"c{number}", question="Which?", language="en", expected=("x",)) for number in range(60)]
    one = a_run(tmp_path, *(an_answer(case.id, "Amber") for case in cases), cases=cases)
    two = a_run(tmp_path, *(an_answer(case.id, "Ochre") for case in cases), cases=cases)
    firsts = {
        name: [task.answers[0].run is one for task in planned(one, two, evaluator=name)] for name in ("ann", "bob")
    }
    # Within four standard deviations of the half: 30 +- 15.
    assert all(15 <= sum(drawn) <= 45 for drawn in firsts.values())
    assert 15 <= sum(ann == bob for ann, bob in zip(firsts["ann"], firsts["bob"], strict=True)) <= 45
    assert firsts["ann"] == [task.answers[0].run is one for task in planned(one, two)]


def test_judging_again_replaces_marks_and_preference(one: Run, two: Run) -> None:
    task = planned(one, two)[0]
    given = [judgement for _, judgement in kept(task, all_said(task, Better.THIS))]
    again = planned(one, two, given=given, again=("bridge",))[0]
    later = [
        replace(judgement, at=f"{NOW}x") for _, judgement in kept(again, all_said(again, Better.NEITHER, Mark.WRONG))
    ]
    assert {judgement.answer for judgement in later} == {Mark.WRONG}
    assert planned(one, two, given=[*given, *later])[0].answers[0].exhibit.case.id != "bridge"
