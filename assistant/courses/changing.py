"""Read a workspace as its reader may see it, and change it as a whole or in one part, on disk before it is returned.

What is kept is whole; what is returned is what the principal may read. Knows none of the steps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from assistant.answers import Answer, Question
from assistant.courses.editing import StatementUnknown
from assistant.courses.joining import Steps
from assistant.courses.marking import Asker, marked
from assistant.courses.storing import WorkspaceChanged, WorkspaceStore
from assistant.courses.withholding import as_seen_by
from assistant.courses.workspace import CourseOfAction, Workspace
from retrieval.access import Principal
from retrieval.catalog import Catalog
from retrieval.errors import StafwijzerError

_RETRIES = 20
_Part = TypeVar("_Part")


class NotYet(StafwijzerError):
    """A step that comes after another that has not been taken."""


@dataclass(frozen=True, slots=True)
class Changing:
    store: WorkspaceStore
    catalog: Catalog
    answer: Callable[[Question], Answer]
    """The one request path, quotes only."""
    steps: Steps
    exports: Path
    """Where memos are written that nobody named a folder for."""
    today: Callable[[], date] = date.today

    def read(self, id: str, *, principal: Principal, revision: int | None = None) -> Workspace:
        """Return a workspace without what the principal may not read. Raises WorkspaceUnknown."""
        return self._seen(self._whole(id, principal, revision), principal)

    def _whole(self, id: str, principal: Principal, revision: int | None = None) -> Workspace:
        return self.store.read(id, principal=principal, on_date=self.today(), revision=revision).workspace

    def _seen(self, whole: Workspace, principal: Principal) -> Workspace:
        return as_seen_by(principal, whole, catalog=self.catalog, on_date=self.today())

    def _change(
        self,
        id: str,
        principal: Principal,
        expected_revision: int | None,
        what: str,
        change: Callable[[Workspace], Workspace],
    ) -> Workspace:
        """Change a workspace as it was in a revision (None: as it is now). Raises WorkspaceChanged.

        `change` is given the workspace as it is now: when that is another revision, nothing of it is saved."""
        now = self._whole(id, principal)
        if expected_revision not in (None, now.revision):
            # The store tells by whom; what `change` would have refused is not looked at.
            self.store.save(now, expected_revision or 0, principal=principal, what=what)
        made = marked(change(now))
        if made != now:
            made = self.store.save(made, now.revision, principal=principal, what=what)
        return self._seen(made, principal)

    def _merge(self, ask: Asker, what: str, put: Callable[[Workspace, _Part], Workspace], part: _Part) -> Workspace:
        """Put one part in a workspace that others may be changing too: theirs is kept."""
        id, principal = ask.workspace.id, ask.principal
        for _ in range(_RETRIES):
            try:
                return self._change(id, principal, None, what, lambda now: put(ask.marked(now), part))
            except WorkspaceChanged as error:
                changed = error
        raise changed


def course_of(workspace: Workspace, id: str) -> CourseOfAction:
    """Return a course. Raises StatementUnknown, naming those that there are."""
    if course := workspace.course(id):
        return course
    ids = ", ".join(one.id for one in workspace.courses) or "none yet"
    raise StatementUnknown(f"There is no course '{id}' (there is: {ids}).", hint="Give one of those.")


def with_course(workspace: Workspace, course: CourseOfAction) -> Workspace:
    """Put a course in the place of the one with its id, or after the others."""
    if workspace.course(course.id) is None:
        return replace(workspace, courses=(*workspace.courses, course))
    return replace(workspace, courses=tuple(course if one.id == course.id else one for one in workspace.courses))
