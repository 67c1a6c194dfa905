"""The steps from a problem to a decision: in their order, kept at once, and shown to those who may read them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.answers import Answer, Question
from assistant.chatmodels import Cancelled
from assistant.courses.changing import NotYet
from assistant.courses.editing import StatementInvalid, StatementUnknown
from assistant.courses.joining import Ask, Steps
from assistant.courses.locking import UnlockRefused, criteria_unlocked, framing_unlocked, on_earlier_framing
from assistant.courses.screening import OverruleInvalid
from assistant.courses.service import CoursesOfAction, ProblemInvalid
from assistant.courses.storing import WorkspaceChanged, WorkspaceStore, WorkspaceUnknown
from assistant.courses.walking import statements
from assistant.courses.weighing import DecisionInvalid
from assistant.courses.workspace import (
    Basis,
    CourseOfAction,
    Criterion,
    Filled,
    Outcome,
    RawValue,
    Screen,
    Statement,
    Workspace,
)
from assistant.journal import Journal
from retrieval.access import Marking
from retrieval.catalog import CorpusUnknown
from retrieval.ingesting import Ingestion
from retrieval.lifecycle.curating import Curation
from tests.assistant.courses.doubles import a_citation, a_full_workspace, some_steps
from tests.installations import CLEARED, OFFICER, OPEN, SECRET, a_corpus, an_assistant, an_ingestion

TODAY = date(2026, 2, 4)
ORDER = """# Operation order

The mission is to hold the bridge at Kruisvoorde. Course 1 crosses by the bridge before dawn.

A constraint is that no vehicle may halt on the bridge. Course 2 crosses by ferry at noon.
"""
PROBLEM = "# Cross the river\n\nCross the river before dawn with the whole battlegroup."
TIME = Criterion("time", "Time", "", "hour", "6 hour", "less is better", 1.0)
Service = Callable[..., CoursesOfAction]


@pytest.fixture
def ingestion(tmp_path: Path) -> Ingestion:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "order.md").write_text(ORDER)
    ingestion = an_ingestion(tmp_path)
    ingestion.add(folder, a_corpus())
    return ingestion


@pytest.fixture
def service(ingestion: Ingestion) -> CoursesOfAction:
    return a_service(ingestion)


def a_service(ingestion: Ingestion, *, steps: Steps | None = None) -> CoursesOfAction:
    catalog = ingestion.catalog
    store = WorkspaceStore(catalog.engine, Journal(catalog.engine))
    return CoursesOfAction(
        store, catalog, an_assistant(ingestion).ask, steps or some_steps(), Path("exports"), lambda: TODAY
    )


def framed(service: CoursesOfAction) -> Workspace:
    made = service.new(PROBLEM, principal=OFFICER)
    *_, last = service.draft_framing(made.id, principal=OFFICER)
    return last


def developed(service: CoursesOfAction) -> Workspace:
    last = service.lock_framing(framed(service).id, principal=OFFICER)
    *_, last = service.develop(last.id, principal=OFFICER)
    return last


def test_a_problem_goes_all_the_way_to_a_memo(service: CoursesOfAction, tmp_path: Path) -> None:
    workspace = developed(service)
    assert [course.id for course in workspace.courses] == ["coa-1", "coa-2", "coa-0"]
    assert any(one.basis is Basis.FACT for one in statements(workspace))
    assert all(course.screening for course in service.screen(workspace.id, principal=OFFICER).courses)
    assert [bool(course.wargame) for course in workspace.courses] == [True, True, False]
    (again,) = service.wargame(workspace.id, course="coa-1", principal=OFFICER)
    assert again.courses[0].wargame
    service.set_criteria(workspace.id, [TIME], principal=OFFICER)
    service.lock_criteria(workspace.id, principal=OFFICER)
    value = RawValue("coa-1", "time", "4 hour", Basis.STATED)
    assert service.set_value(workspace.id, value, principal=OFFICER).values[0].by == "officer"
    decided = service.decide(workspace.id, chosen="coa-1", principal=OFFICER)
    assert decided.decision is not None
    assert (decided.decision.by, decided.decision.chosen, decided.decision.recommended) == ("officer", "coa-1", "coa-1")
    (memo,) = service.export(workspace.id, format="md", principal=OFFICER, folder=tmp_path)
    assert memo.read_text() == "Cross the river"
    assert service.read(workspace.id, principal=OFFICER) == decided
    assert service.stale(decided, principal=OFFICER) == {"how-1": ("superseded",)}


@pytest.mark.parametrize("problem", ["", " \n\t", "\0\x07", "x" * 30_001])
def test_a_problem_that_is_none_is_refused(service: CoursesOfAction, problem: str) -> None:
    with pytest.raises(ProblemInvalid):
        service.new(problem, principal=OFFICER)
    assert service.list(principal=OFFICER) == []


def test_half_characters_and_controls_are_kept_out(service: CoursesOfAction) -> None:
    made = service.new("Cross \ud83d the\x1b[31m river\0", principal=OFFICER)
    assert made.problem == "Cross ? the[31m river"
    assert service.read(made.id, principal=OFFICER) == made


def test_corpora_that_are_not_there_are_told_at_once(service: CoursesOfAction) -> None:
    with pytest.raises(CorpusUnknown):
        service.new(PROBLEM, principal=OFFICER, corpora=["nowhere"])


def test_nothing_is_developed_before_the_framing_is_locked(service: CoursesOfAction) -> None:
    made = framed(service)
    with pytest.raises(NotYet, match="not locked"):
        list(service.develop(made.id, principal=OFFICER))
    assert service.read(made.id, principal=OFFICER).courses == ()


def test_an_empty_framing_is_not_locked(service: CoursesOfAction) -> None:
    made = service.new(PROBLEM, principal=OFFICER)
    with pytest.raises(NotYet, match="nothing in the framing"):
        service.lock_framing(made.id, principal=OFFICER)


def test_a_locked_framing_is_neither_drafted_nor_edited(service: CoursesOfAction) -> None:
    made = service.lock_framing(framed(service).id, principal=OFFICER)
    first = next(statements(made.framing))
    with pytest.raises(NotYet):
        list(service.draft_framing(made.id, principal=OFFICER))
    with pytest.raises(NotYet):
        service.edit(made.id, statement=first.id, text="other", principal=OFFICER)
    with pytest.raises(NotYet):
        service.edit(made.id, field="mission", text="more", principal=OFFICER)


def test_no_value_is_given_before_the_criteria_are_locked(service: CoursesOfAction) -> None:
    made = developed(service)
    service.set_criteria(made.id, [TIME], principal=OFFICER)
    with pytest.raises(NotYet, match="criteria are not locked"):
        service.set_value(made.id, RawValue("coa-1", "time", "4 hour", Basis.STATED), principal=OFFICER)


def test_a_choice_that_was_not_recommended_needs_a_reason(service: CoursesOfAction) -> None:
    made = developed(service)
    for reason in ("", "  "):
        with pytest.raises(DecisionInvalid, match="'coa-1' was recommended"):
            service.decide(made.id, chosen="coa-2", reason=reason, principal=OFFICER)
    assert service.read(made.id, principal=OFFICER).decision is None
    decided = service.decide(made.id, chosen="coa-2", reason="The bridge is watched.", principal=OFFICER).decision
    assert decided is not None
    assert (decided.recommended, decided.reason) == ("coa-1", "The bridge is watched.")
    with pytest.raises(StatementUnknown):
        service.decide(made.id, chosen="coa-9", reason="because", principal=OFFICER)


def test_what_a_person_writes_is_never_a_fact(service: CoursesOfAction) -> None:
    made = framed(service)
    fact = next(one for one in statements(made) if one.basis is Basis.FACT)
    with pytest.raises(StatementInvalid):
        service.edit(made.id, statement=fact.id, text="Hold both bridges.", principal=OFFICER, basis=Basis.FACT)
    now = service.edit(made.id, statement=fact.id, text="Hold both bridges.", principal=OFFICER)
    told = next(one for one in statements(now) if one.id == fact.id)
    assert (told.text, told.basis, told.citations, told.author) == (
        "Hold both bridges.",
        Basis.STATED,
        (),
        "officer",
    )
    gone = service.edit(made.id, statement=fact.id, text="", principal=OFFICER)
    assert fact.id not in [one.id for one in statements(gone)]
    with pytest.raises(StatementUnknown):
        service.edit(made.id, statement="none", text="text", principal=OFFICER)


def test_what_an_officer_edited_is_not_drafted_over(service: CoursesOfAction) -> None:
    made = service.new(PROBLEM, principal=OFFICER)
    service.edit(made.id, field="mission", text="Hold both bridges.", principal=OFFICER)
    *_, last = service.draft_framing(made.id, principal=OFFICER)
    assert [one.text for one in last.framing[0].statements] == ["Hold both bridges."]
    assert [filled.name for filled in last.framing] == ["mission", "constraints"]


def test_the_second_of_two_officers_is_told_and_nothing_is_lost(service: CoursesOfAction) -> None:
    made = framed(service)
    first = next(statements(made))
    theirs = service.edit(
        made.id, statement=first.id, text="Theirs.", principal=OFFICER, expected_revision=made.revision
    )
    with pytest.raises(WorkspaceChanged, match="officer changed this workspace") as told:
        service.edit(made.id, statement=first.id, text="Mine.", principal=OFFICER, expected_revision=made.revision)
    assert told.value.current.workspace == theirs
    assert service.read(made.id, principal=OFFICER) == theirs


def test_what_was_stopped_goes_on_with_the_same_call(ingestion: Ingestion) -> None:
    service = a_service(ingestion)
    made = service.lock_framing(framed(service).id, principal=OFFICER)
    steps = service.develop(made.id, principal=OFFICER)
    _, last = next(steps), next(steps)
    # As after a kill: what was begun is never ended, and another process goes on.
    assert a_service(ingestion).read(made.id, principal=OFFICER) == last
    asked: list[str] = []
    another = a_service(ingestion)

    def answer(question: Question) -> Answer:
        asked.append(question.text)
        return another.answer(question)

    *_, last = replace(another, answer=answer).develop(made.id, principal=OFFICER)
    assert [len(course.fields) for course in last.courses] == [2, 2, 1]
    assert asked == [
        "How does course 1 cross, and what are the risks?",
        "How does course 2 cross, and what are the how?",
        "How does course 2 cross, and what are the risks?",
        "What is likely?",
        "What is likely?",
    ]


def test_what_is_cancelled_ends_and_keeps_what_is_done(service: CoursesOfAction) -> None:
    made = service.lock_framing(framed(service).id, principal=OFFICER)
    cancelled = Event()
    steps = service.develop(made.id, principal=OFFICER, cancelled=cancelled)
    _, _ = next(steps), next(steps)
    cancelled.set()
    with pytest.raises(Cancelled):
        next(steps)
    assert [len(course.fields) for course in service.read(made.id, principal=OFFICER).courses] == [1, 0, 1]
    *_, last = service.develop(made.id, principal=OFFICER)
    assert [len(course.fields) for course in last.courses] == [2, 2, 1]


def test_an_edit_while_courses_are_developed_is_kept(service: CoursesOfAction) -> None:
    made = service.lock_framing(framed(service).id, principal=OFFICER)
    steps = service.develop(made.id, principal=OFFICER)
    _, first = next(steps), next(steps)
    how = next(statements(first.courses))
    service.edit(made.id, statement=how.id, text="By night.", principal=OFFICER)
    *_, last = steps
    assert "By night." in [one.text for one in statements(last.courses)]
    assert [len(course.fields) for course in last.courses] == [2, 2, 1]


def test_the_officers_own_ideas_are_worked_out(service: CoursesOfAction) -> None:
    made = service.new(PROBLEM, principal=OFFICER, ideas=["Cross by helicopter."])
    assert (made.courses[0].id, made.courses[0].name) == ("coa-1", "Cross by helicopter.")
    idea = made.courses[0].idea[0]
    assert (idea.basis, idea.author) == (Basis.STATED, "officer")
    now = service.add_idea(made.id, "Wait for the ferry.", principal=OFFICER)
    assert [course.id for course in now.courses] == ["coa-1", "coa-2"]


def test_a_persons_judgement_stands_when_courses_are_screened_again(service: CoursesOfAction) -> None:
    made = developed(service)
    told = (Screen.COMPLETE, Outcome.PASSED, "It is all there.")
    service.set_screen(made.id, "coa-1", *told, principal=OFFICER)
    now = service.screen(made.id, principal=OFFICER)
    (screened,) = now.courses[0].screening
    assert (screened.screen, screened.outcome, screened.reason) == told
    assert screened.by == "officer"
    with pytest.raises(OverruleInvalid):
        service.set_screen(made.id, "coa-1", Screen.COMPLETE, Outcome.FAILED, " ", principal=OFFICER)


def test_the_marking_is_that_of_all_that_was_read_cited_or_not(ingestion: Ingestion, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "plan.md").write_text("# Plan\n\nThe mission of the reserve is to cross the river at Zuiderwaag.")
    ingestion.add(secret, a_corpus("secret", SECRET))

    def blind(problem: str, *, ask: Ask, **_: Any) -> Iterator[Filled]:
        ask("What is the mission?")
        yield Filled("mission")

    service = a_service(ingestion, steps=some_steps(draft=blind))
    made = service.new(PROBLEM, principal=CLEARED)
    assert made.marking is None
    (last,) = service.draft_framing(made.id, principal=CLEARED)
    assert last.marking is not None
    assert last.marking.level == "Stg. Geheim"
    lowered = replace(CLEARED, clearance=OFFICER.clearance)
    with pytest.raises(WorkspaceUnknown):
        service.read(made.id, principal=lowered)
    assert service.list(principal=lowered) == []


def test_what_stands_under_another_policy_is_left_out_and_told(ingestion: Ingestion, tmp_path: Path) -> None:
    nato = Marking("NATO", "NATO UNCLASSIFIED")
    both = replace(OFFICER, clearance=(*OFFICER.clearance, ("NATO", "NATO SECRET")))
    service = a_service(ingestion)
    answers: list[Answer] = []

    def answer(question: Question) -> Answer:
        answers.append(service.answer(question))
        return replace(answers[-1], marking=nato) if len(answers) > 1 else answers[-1]

    mixed = replace(service, answer=answer)
    made = mixed.new(PROBLEM, principal=both)
    *_, last = mixed.draft_framing(made.id, principal=both)
    assert last.marking == OPEN
    assert [one.basis for one in last.framing[1].statements] == [Basis.GAP]
    assert any("NATO" in note for note in last.notes)


def test_what_was_deleted_is_withheld_at_its_line(ingestion: Ingestion, service: CoursesOfAction) -> None:
    made = developed(service)
    facts = [one for one in statements(made) if one.basis is Basis.FACT]
    assert facts
    Curation(ingestion).delete("plans", "order.md", by="officer")
    now = service.read(made.id, principal=OFFICER)
    shown = {one.id: one for one in statements(now)}
    for fact in facts:
        assert (shown[fact.id].basis, shown[fact.id].citations) == (Basis.GAP, ())
        assert fact.text not in str(now).replace(made.problem, "")
    assert any(note.startswith("Withheld") for note in now.notes)
    # What is withheld from a reader is not lost to the workspace.
    edited = service.edit(made.id, field="what", text="More.", course="coa-1", principal=OFFICER)
    kept = service.store.read(made.id, principal=OFFICER, on_date=TODAY).workspace
    assert {one.id: one.text for one in statements(kept)}[facts[0].id] == facts[0].text
    assert "More." in [one.text for one in statements(edited)]


def test_what_is_marked_higher_since_is_withheld_from_those_who_may_not_read_it(
    ingestion: Ingestion, service: CoursesOfAction
) -> None:
    made = developed(service)
    fact = next(one for one in statements(made) if one.basis is Basis.FACT)
    (document,) = [one.document.id for one in ingestion.catalog.holdings("plans")]
    ingestion.catalog.set_marking([document], SECRET)
    now = service.read(made.id, principal=OFFICER)
    assert fact.text not in [one.text for one in statements(now)]
    cleared = replace(CLEARED, name=OFFICER.name)
    assert fact.text in [one.text for one in statements(service.read(made.id, principal=cleared))]


def test_what_was_replaced_is_still_shown(ingestion: Ingestion, service: CoursesOfAction, tmp_path: Path) -> None:
    made = developed(service)
    (tmp_path / "documents" / "order.md").write_text("# Operation order\n\nThe mission is to retreat.")
    ingestion.add(tmp_path / "documents", a_corpus())
    assert list(statements(service.read(made.id, principal=OFFICER))) == list(statements(made))


def test_the_same_problem_begun_alike_and_not_worked_out_is_gone_on_with(service: CoursesOfAction) -> None:
    made = framed(service)
    assert service.unfinished(PROBLEM, principal=OFFICER) == made
    assert service.unfinished(PROBLEM, principal=OFFICER, ideas=["Fly."]) is None
    assert service.unfinished(PROBLEM, principal=OFFICER, corpora=["plans"]) is None
    assert service.unfinished(PROBLEM + " Now.", principal=OFFICER) is None
    made = service.lock_framing(made.id, principal=OFFICER)
    steps = service.develop(made.id, principal=OFFICER)
    begun = next(steps)
    assert service.unfinished(PROBLEM, principal=OFFICER) == begun
    list(steps)
    assert service.unfinished(PROBLEM, principal=OFFICER) is None


def test_a_value_cites_only_what_the_workspace_does(service: CoursesOfAction) -> None:
    made = developed(service)
    service.set_criteria(made.id, [TIME], principal=OFFICER)
    service.lock_criteria(made.id, principal=OFFICER)
    invented = RawValue("coa-1", "time", "4 hour", Basis.FACT, (a_citation(),))
    with pytest.raises(StatementInvalid):
        service.set_value(made.id, invented, principal=OFFICER)
    known = next(one for one in statements(made) if one.citations).citations
    assert (
        service.set_value(made.id, replace(invented, citations=known), principal=OFFICER).values[0].citations == known
    )


def test_each_step_is_in_the_journal_under_the_name_of_who_took_it(service: CoursesOfAction) -> None:
    made = developed(service)
    assert service.store._journal is not None
    told = [(one.body["by"], one.body["what"]) for one in service.store._journal.read() if one.kind == "coa"]
    assert told == [
        ("officer", what)
        for what in (
            "made",
            "drafted mission",
            "drafted constraints",
            "locked the framing",
            "began courses",
            "developed coa-1, how",
            "developed coa-1, risks",
            "developed coa-2, how",
            "developed coa-2, risks",
            "screened",
            "wargamed coa-1",
            "wargamed coa-2",
        )
    ]
    assert made.revision == len(told)


def test_nothing_that_changes_nothing_makes_a_revision(service: CoursesOfAction) -> None:
    made = developed(service)
    assert list(service.develop(made.id, principal=OFFICER)) == []
    assert service.lock_framing(made.id, principal=OFFICER).revision == made.revision


def test_a_step_that_fails_keeps_what_was_done_before_it(ingestion: Ingestion) -> None:
    def failing(course: CourseOfAction, workspace: Workspace, **_: Any) -> Iterator[CourseOfAction]:
        yield replace(course, fields=(Filled("how"),))
        raise RuntimeError("the model broke")

    service = a_service(ingestion, steps=some_steps(grow=failing))
    made = service.lock_framing(framed(service).id, principal=OFFICER)
    with pytest.raises(RuntimeError):
        list(service.develop(made.id, principal=OFFICER))
    assert len(service.read(made.id, principal=OFFICER).courses[0].fields) == 1


def test_what_the_model_had_to_tell_is_kept(ingestion: Ingestion) -> None:
    told = SimpleNamespace(notes=("the language model broke the schema",), prompt_hashes={"course_field": "abc"})
    service = a_service(ingestion, steps=some_steps(fill=lambda language, cancelled: told))
    made = developed(service)
    assert made.notes == ("the language model broke the schema",)
    assert made.trace is not None
    assert made.trace["prompt course_field"] == "abc"


def test_a_part_is_withheld_with_a_motivation_and_made_public_without_one(service: CoursesOfAction) -> None:
    made = framed(service)
    told = service.withhold(made.id, "mission", " Security of the State. ", principal=OFFICER)
    assert [(one.part, one.motivation, one.by) for one in told.withheld] == [
        ("mission", "Security of the State.", OFFICER.name)
    ]
    with pytest.raises(StatementUnknown):
        service.withhold(made.id, "nothing-like-it", "Why.", principal=OFFICER)
    with pytest.raises(WorkspaceChanged):
        service.withhold(made.id, "mission", "", principal=OFFICER, expected_revision=made.revision)
    assert service.withhold(made.id, "mission", "", principal=OFFICER).withheld == ()


def test_a_framing_is_unlocked_by_its_locker_and_courses_say_when_it_changed(service: CoursesOfAction) -> None:
    made = developed(service)
    line = next(one for filled in made.framing for one in filled.statements)
    opened = service.unlock_framing(made.id, principal=OFFICER)
    assert (opened.framing_locked_by, len(opened.courses)) == ("", 3)
    assert set(service.stale(opened, principal=OFFICER)) == {"how-1"}
    service.edit(made.id, statement=line.id, text="Hold another bridge.", principal=OFFICER)
    locked = service.lock_framing(made.id, principal=OFFICER)
    assert set(service.stale(locked, principal=OFFICER)) == {"how-1", "coa-1", "coa-2"}
    assert service.store.history(made.id, principal=OFFICER, on_date=TODAY)[0].what in (
        "screened",
        "locked the framing",
    )


def test_a_framing_that_is_again_as_it_was_makes_no_course_an_earlier_one() -> None:
    made = a_full_workspace(decision=None)
    opened = framing_unlocked(made, by="officer")
    assert on_earlier_framing(opened) == {}
    changed = replace(opened, framing=(*opened.framing, Filled("intent", (Statement("i", "Fast.", Basis.STATED),))))
    assert list(on_earlier_framing(changed)) == ["coa-1"]
    assert on_earlier_framing(framing_unlocked(replace(changed, framing=opened.framing), by="officer")) == {}


@pytest.mark.parametrize("unlocked", [framing_unlocked, criteria_unlocked])
def test_only_locker_or_owner_unlock_and_nobody_after_the_decision(unlocked: Callable[..., Workspace]) -> None:
    made = a_full_workspace(decision=None, framing_locked_by="S3", criteria_locked_by="S3", owner="S5")
    for by in ("S3", "S5"):
        assert unlocked(made, by=by).values == made.values
    with pytest.raises(UnlockRefused, match="locked by S3"):
        unlocked(made, by="S4")
    with pytest.raises(UnlockRefused, match="decided"):
        unlocked(a_full_workspace(), by="officer")


def test_values_are_kept_when_the_criteria_are_unlocked(service: CoursesOfAction) -> None:
    made = developed(service)
    service.set_criteria(made.id, [TIME], principal=OFFICER)
    service.lock_criteria(made.id, principal=OFFICER)
    given = service.set_value(made.id, RawValue("coa-1", "time", "4 hour", Basis.STATED), principal=OFFICER)
    opened = service.unlock_criteria(made.id, principal=OFFICER)
    assert (opened.criteria_locked_by, opened.values) == ("", given.values)
