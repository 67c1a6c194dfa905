"""Change what an officer may change in a workspace: statements, by hand, and ideas for courses.

What a person writes is stated, assumed or asked for, and never a fact. Knows no rule of when it may be changed."""

import unicodedata
from dataclasses import replace
from itertools import count

from assistant.courses.walking import changed, statements
from assistant.courses.workspace import (
    AssumptionTest,
    Basis,
    CourseField,
    CourseOfAction,
    Filled,
    FramingField,
    Statement,
    Workspace,
)
from retrieval.errors import StafwijzerError

_LONGEST_TITLE = 90
_KEPT = frozenset("\n\t")


class StatementUnknown(StafwijzerError):
    """There is no such statement, field or course in the workspace."""


class StatementInvalid(StafwijzerError):
    """What cannot be stated by hand."""


def plain(text: str) -> str:
    """Return text without what no database keeps or no screen shows: control characters and halves of characters."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return "".join(one for one in whole if one in _KEPT or unicodedata.category(one) != "Cc")


def title_of(problem: str) -> str:
    """Return the first line of a problem, a heading's marks taken off, cut between words."""
    first = next(line for line in problem.splitlines() if line.strip())
    title = " ".join(first.lstrip("#*_ >-").rstrip("#*_ ").split()) or first.strip()
    if len(title) <= _LONGEST_TITLE:
        return title
    return title[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def edited(
    workspace: Workspace, id: str, text: str, *, basis: Basis, test: AssumptionTest | None, author: str
) -> Workspace:
    """Return a workspace with other words for one statement, or without it for none. Raises StatementUnknown."""
    _check(basis)
    if not any(one.id == id for one in statements(workspace)):
        raise StatementUnknown(f"There is no statement '{id}'.", hint="`stafwijzer coa show` names them.")

    def change(part: object) -> object | None:
        if not isinstance(part, Statement) or part.id != id:
            return part
        if not text.strip():
            return None
        near = part.citations if basis is Basis.ASSUMPTION else ()
        asked = part.ask if basis is Basis.GAP else ()
        tested = test if basis is Basis.ASSUMPTION else None
        return Statement(id, text.strip(), basis, near, test=tested, ask=asked, author=author)

    return changed(workspace, change)


def added(
    workspace: Workspace,
    field: str,
    text: str,
    *,
    course: str,
    basis: Basis,
    test: AssumptionTest | None = None,
    author: str,
) -> Workspace:
    """Return a workspace with one more statement in a field, of the framing or of a course. Raises StatementUnknown."""
    _check(basis)
    known = CourseField if course else FramingField
    if field not in set(known):
        raise StatementUnknown(f"There is no field '{field}'.", hint=f"Give one of {', '.join(known)}.")
    if not text.strip():
        raise StatementInvalid("The statement is empty.", hint="Write a sentence.")
    tested = test if basis is Basis.ASSUMPTION else None
    made = Statement(
        _free(workspace, f"{course or 'framing'}-{field}"), text.strip(), basis, test=tested, author=author
    )
    if not course:
        return replace(workspace, framing=_with(workspace.framing, field, made))
    if workspace.course(course) is None:
        raise StatementUnknown(f"There is no course '{course}'.", hint="`stafwijzer coa show` names them.")
    courses = (
        replace(one, fields=_with(one.fields, field, made)) if one.id == course else one for one in workspace.courses
    )
    return replace(workspace, courses=tuple(courses))


def course_with_idea(workspace: Workspace, idea: str, *, author: str) -> Workspace:
    """Return a workspace with one more course, of an officer's idea, with nothing worked out."""
    if not idea.strip():
        raise StatementInvalid("The idea is empty.", hint="Say in a sentence what the course is built on.")
    taken = {one.id for one in workspace.courses}
    id = next(name for number in count(1) if (name := f"coa-{number}") not in taken)
    stated = Statement(f"{id}-idea", idea.strip(), Basis.STATED, author=author)
    return replace(workspace, courses=(*workspace.courses, CourseOfAction(id, title_of(idea), (stated,))))


def _with(fields: tuple[Filled, ...], name: str, statement: Statement) -> tuple[Filled, ...]:
    if all(one.name != name for one in fields):
        return (*fields, Filled(name, (statement,)))
    return tuple(replace(one, statements=(*one.statements, statement)) if one.name == name else one for one in fields)


def _free(workspace: Workspace, beginning: str) -> str:
    taken = {one.id for one in statements(workspace)}
    return next(id for number in count(1) if (id := f"{beginning}-by-hand-{number}") not in taken)


def _check(basis: Basis) -> None:
    if basis is Basis.FACT:
        raise StatementInvalid("Only documents make a fact.", hint="State it, or name it an assumption.")
