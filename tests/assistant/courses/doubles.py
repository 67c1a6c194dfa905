"""Make workspaces, and doubles of the steps, out of little."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.answers import Answer, Citation
from assistant.courses.joining import Ask, Stale, Steps
from assistant.courses.memo import parts
from assistant.courses.screening import overrule
from assistant.courses.workspace import Adversary as Against
from assistant.courses.workspace import (
    AssumptionTest,
    Basis,
    Calculation,
    CourseOfAction,
    Criterion,
    Decision,
    Filled,
    Outcome,
    RawValue,
    Screen,
    Screened,
    Statement,
    WargameRow,
    Workspace,
)
from retrieval.access import Marking
from retrieval.languages import Language
from tests.making import OPEN

QUOTE = "The bridge carries twelve tonnes."


def a_citation(quote: str = QUOTE, *, passage: str = "passage", version: str = "version") -> Citation:
    return Citation(1, passage, version, "plans", "order.md", "Order", 2, 0, len(quote), quote)


def a_fact(id: str = "fact-1", quote: str = QUOTE) -> Statement:
    return Statement(id, quote, Basis.FACT, (a_citation(quote),), ("word for word",))


def a_workspace(**changes: Any) -> Workspace:
    whole = Workspace(
        id="11111111-1111-4111-8111-111111111111",
        revision=0,
        title="Cross the river",
        problem="Cross the river before dawn.",
        language="en",
        owner="officer",
        corpora=("plans",),
        on_date=date(2026, 2, 4),
    )
    return replace(whole, **changes)


def a_full_workspace(**changes: Any) -> Workspace:
    """A workspace in which every type occurs."""
    course = CourseOfAction(
        "coa-1",
        "the bridge",
        (a_fact("idea-1"),),
        (Filled("how", (a_fact("how-1"), _assumption(), _gap()), "How?", OPEN),),
        (
            Screened(
                Screen.FEASIBLE,
                Outcome.PASSED,
                "It holds.",
                (a_citation(),),
                (Calculation("10 t < 12 t", True, (a_citation(),)),),
            ),
        ),
        (WargameRow(Against.MOST_LIKELY, (a_fact("action-1"),)),),
        merged=("the old bridge",),
    )
    criterion = Criterion("time", "Time", "Until all are over", "hour", "6 hour", "less is better", 2.0)
    value = RawValue("coa-1", "time", "4.5 hour", Basis.FACT, (a_citation(),))
    whole = a_workspace(
        marking=Marking("NLD", "Ongerubriceerd", frozenset({"NLD", "BEL", "DEU"}), frozenset({"B", "A"})),
        framing=(Filled("mission", (a_fact("mission-1"),)),),
        framing_locked_by="officer",
        courses=(course, CourseOfAction("coa-0", "nothing", (), baseline=True)),
        criteria=(criterion,),
        criteria_locked_by="officer",
        values=(value,),
        decision=Decision("officer", "2026-02-04T10:00:00+00:00", "coa-1", "coa-1", ""),
        notes=("the model broke the schema",),
        trace={"settings": "tests"},
    )
    return replace(whole, **changes)


def _assumption() -> Statement:
    test = AssumptionTest("It did last year.", "No crossing without it.", "Use the ferry.")
    return Statement("how-2", "The ice holds.", Basis.ASSUMPTION, test=test, author="officer")


def _gap() -> Statement:
    return Statement("how-3", "Who owns the ferry?", Basis.GAP, ask=("owner of plans",))


@dataclass(frozen=True, slots=True)
class Recommended:
    course: str
    reasons: Sequence[str] = ("It is the fastest.",)


def some_steps(*, courses: int = 2, **changes: Any) -> Steps:
    """Steps that ask one question a field or course and make a statement of each claim."""

    def draft(problem: str, *, ask: Ask, language: Language, **_: Any) -> Iterator[Filled]:
        for name in ("mission", "constraints"):
            yield _filled(name, ask(f"What is the {name}?"))

    def begin(workspace: Workspace, *, ask: Ask, ideas: Sequence[str]) -> list[CourseOfAction]:
        return [CourseOfAction(f"coa-{number}", f"course {number}", ()) for number in range(1, courses + 1)] + [
            CourseOfAction("coa-0", "nothing", (), (Filled("how"),), baseline=True)
        ]

    def grow(course: CourseOfAction, workspace: Workspace, *, ask: Ask, **_: Any) -> Iterator[CourseOfAction]:
        for name in ("how", "risks"):
            if all(filled.name != name for filled in course.fields) and not course.baseline:
                answer = ask(f"How does {course.name} cross, and what are the {name}?")
                course = replace(course, fields=(*course.fields, _filled(name, answer, course.id)))
                yield course

    def screen(workspace: Workspace) -> Workspace:
        found = Screened(Screen.COMPLETE, Outcome.UNKNOWN, "Fields are empty.")
        return replace(workspace, courses=tuple(replace(one, screening=(found,)) for one in workspace.courses))

    def wargame(course: CourseOfAction, workspace: Workspace, *, ask: Ask, **_: Any) -> tuple[WargameRow, ...]:
        ask("What is likely?")
        return (WargameRow(Against.MOST_LIKELY),)

    def write_memo(workspace: Workspace, *, folder: Path, formats: Sequence[str], **_: Any) -> list[Path]:
        files = [folder / f"memo.{one}" for one in formats]
        for file in files:
            file.write_text(workspace.title)
        return files

    def stale(workspace: Workspace, *, catalog: object, scope: object) -> Stale:
        return {"how-1": ("superseded",)}

    told: dict[str, Any] = {
        "draft": draft,
        "begin": begin,
        "grow": grow,
        "wargame": wargame,
        "screen": screen,
        "overrule": overrule,
        "set_criteria": lambda workspace, criteria, by: replace(workspace, criteria=criteria, criteria_locked_by=""),
        "lock_criteria": lambda workspace, by: replace(workspace, criteria_locked_by=by),
        "enter_value": lambda workspace, value: replace(workspace, values=(*workspace.values, value)),
        "matrix": lambda workspace: tuple(one.id for one in workspace.courses),
        "sensitivity": lambda matrix: len(matrix),
        "recommend": lambda workspace, matrix, sensitivity: Recommended(matrix[0] if matrix else ""),
        "stale": stale,
        "write_memo": write_memo,
        "parts": parts,
    }
    return Steps(**{**told, **changes})


def _filled(name: str, answer: Answer, of: str = "") -> Filled:
    facts = tuple(
        Statement(f"{of}{name}-{number}", claim.text, Basis.FACT, claim.citations)
        for number, claim in enumerate(answer.claims, start=1)
    )
    gap = Statement(f"{of}{name}-gap", answer.question, Basis.GAP)
    return Filled(name, facts or (gap,), answer.question, answer.marking)
