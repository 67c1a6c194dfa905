"""From a problem to courses of action, a comparison, and a decision that a person takes: the steps in their order.

`CoursesOfAction` is the one way to a workspace, for the command line, the pages, the chat and the evaluation. What it
returns is what the principal may read; what it keeps is whole. Each change is on disk before it is returned, so that
whatever was stopped goes on with the same call. Knows no screen, and none of how a step is done."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

from assistant.answers import Answer, Question
from assistant.courses.editing import StatementUnknown, added, course_with_idea, edited, plain, title_of
from assistant.courses.joining import Recommendation, Stale, Steps
from assistant.courses.marking import Asker, marked
from assistant.courses.storing import Revision, WorkspaceChanged, WorkspaceStore
from assistant.courses.withholding import as_seen_by
from assistant.courses.workspace import (
    AssumptionTest,
    Basis,
    CourseOfAction,
    Criterion,
    Decision,
    Filled,
    Outcome,
    RawValue,
    Screen,
    Screened,
    Workspace,
)
from assistant.scoping import reach_of
from retrieval.access import Principal
from retrieval.catalog import Catalog
from retrieval.errors import StafwijzerError
from retrieval.languages import Language, detect_language

# A problem of ten pages; longer text belongs in a corpus, where it can be cited.
_LONGEST_PROBLEM = 30_000
_RETRIES = 20
_Part = TypeVar("_Part")


class ProblemInvalid(StafwijzerError):
    """A problem that cannot be worked on: empty, or longer than is taken."""


class NotYet(StafwijzerError):
    """A step that comes after another that has not been taken."""


class DecisionInvalid(StafwijzerError):
    """A decision that cannot be recorded."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Courses held against each other, as of one revision of their workspace."""

    workspace: Workspace
    matrix: Any
    sensitivity: Any
    recommendation: Recommendation


@dataclass(frozen=True, slots=True)
class CoursesOfAction:
    store: WorkspaceStore
    catalog: Catalog
    answer: Callable[[Question], Answer]
    """The one request path, quotes only."""
    steps: Steps
    today: Callable[[], date] = date.today
    _running: dict[str, Event] = field(default_factory=dict)

    def new(
        self,
        problem: str,
        *,
        principal: Principal,
        corpora: Sequence[str] = (),
        on_date: date | None = None,
        language: Language | None = None,
        ideas: Sequence[str] = (),
    ) -> Workspace:
        """Make a workspace of a problem. Raises ProblemInvalid; CorpusUnknown when none of the corpora is there.

        `ideas`: courses that the officer wants worked out, each in a sentence."""
        problem = plain(problem)
        if not problem.strip():
            raise ProblemInvalid("The problem is empty.", hint="State it in a few sentences.")
        if len(problem) > _LONGEST_PROBLEM:
            raise ProblemInvalid(
                f"The problem is {len(problem):,} characters long; at most {_LONGEST_PROBLEM:,} are taken.",
                hint="State it shorter, and add the long text to a corpus, where it can be cited.",
            )
        on_date = on_date or self.today()
        reach_of(Question(problem, principal, frozenset(corpora), on_date), self.catalog)
        made = Workspace(
            id=str(uuid.uuid4()),
            revision=0,
            title=title_of(problem),
            problem=problem,
            language=language or detect_language(problem),
            owner=principal.name,
            corpora=tuple(sorted(set(corpora))),
            on_date=on_date,
        )
        for idea in ideas:
            made = course_with_idea(made, plain(idea), author=principal.name)
        return self.store.create(made, principal=principal)

    def unfinished(
        self,
        problem: str,
        *,
        principal: Principal,
        corpora: Sequence[str] = (),
        on_date: date | None = None,
        language: Language | None = None,
        ideas: Sequence[str] = (),
    ) -> Workspace | None:
        """Return the principal's own last workspace of the same problem, when it was begun alike and not screened."""
        for one in self.list(principal=principal):
            told = one.workspace
            begun = tuple(plain(idea).strip() for idea in ideas)
            stated = tuple(idea.text for course in told.courses for idea in course.idea if idea.author)
            if (
                (told.owner, told.problem, told.corpora)
                == (principal.name, plain(problem), tuple(sorted(set(corpora))))
                and told.on_date == (on_date or self.today())
                and language in (None, told.language)
                and stated == begun
                and not any(course.screening for course in told.courses)
            ):
                return self.read(told.id, principal=principal)
        return None

    def list(self, *, principal: Principal) -> Sequence[Revision]:
        """Return the workspaces that the principal may read, changed last first."""
        return self.store.list(principal=principal, on_date=self.today())

    def read(self, id: str, *, principal: Principal, revision: int | None = None) -> Workspace:
        """Return a workspace without what the principal may not read. Raises WorkspaceUnknown."""
        return self._seen(self._whole(id, principal, revision), principal)

    def draft_framing(self, id: str, *, principal: Principal) -> Iterator[Workspace]:
        """Draft the framing from documents, yielding the workspace after each field; what is filled stays as it is.

        Raises NotYet when the framing is locked, and what asking raises."""
        whole = self._whole(id, principal)
        _framing_open(whole)
        before = {filled.name for filled in whole.framing}
        with _Stoppable(self._running, whole.id) as cancelled:
            ask = Asker(self.answer, whole, principal, cancelled)
            draft = self.steps.draft(whole.problem, ask=ask, language=whole.language, owner=whole.owner)
            for filled in draft:
                if filled.name in before:
                    continue
                yield self._merge(ask, f"drafted {filled.name}", _with_framing, filled)

    def edit(
        self,
        id: str,
        statement: str,
        text: str,
        *,
        principal: Principal,
        revision: int | None = None,
        basis: Basis = Basis.STATED,
        test: AssumptionTest | None = None,
    ) -> Workspace:
        """Put other words in the place of a statement's; none take it out. What a person writes is never a fact.

        Raises StatementUnknown, NotYet for the framing once it is locked, WorkspaceChanged."""

        def change(now: Workspace) -> Workspace:
            if any(one.id == statement for filled in now.framing for one in filled.statements):
                _framing_open(now)
            return edited(now, statement, plain(text), basis=basis, test=test, author=principal.name)

        return self._change(id, principal, revision, f"edited {statement}", change)

    def add(
        self,
        id: str,
        field: str,
        text: str,
        *,
        principal: Principal,
        course: str = "",
        basis: Basis = Basis.STATED,
        revision: int | None = None,
    ) -> Workspace:
        """Add a statement of the officer's to a field of the framing, or of a course. Raises as `edit`."""

        def change(now: Workspace) -> Workspace:
            if not course:
                _framing_open(now)
            return added(now, field, plain(text), course=course, basis=basis, author=principal.name)

        return self._change(id, principal, revision, f"added to {field}", change)

    def add_idea(self, id: str, idea: str, *, principal: Principal, revision: int | None = None) -> Workspace:
        """Add a course that the officer wants worked out."""
        author = principal.name
        return self._change(
            id, principal, revision, "added an idea", lambda now: course_with_idea(now, plain(idea), author=author)
        )

    def lock_framing(self, id: str, *, principal: Principal, revision: int | None = None) -> Workspace:
        """Lock the framing, so that courses can be developed. Raises NotYet when there is nothing in it."""

        def change(now: Workspace) -> Workspace:
            if not any(filled.statements for filled in now.framing):
                raise NotYet(
                    "There is nothing in the framing yet.", hint="Draft it, or state the problem, and lock it."
                )
            return now if now.framing_locked_by else replace(now, framing_locked_by=principal.name)

        return self._change(id, principal, revision, "locked the framing", change)

    def develop(self, id: str, *, principal: Principal) -> Iterator[Workspace]:
        """Develop courses, yielding the workspace each time that more of one is there; goes on where it stopped.

        Raises NotYet when the framing is not locked, Cancelled after `stop`, and what asking raises."""
        whole = self._whole(id, principal)
        if not whole.framing_locked_by:
            raise NotYet("The framing is not locked.", hint="Read it, mend it and lock it; then courses are developed.")
        seen = self._seen(whole, principal)
        with _Stoppable(self._running, whole.id) as cancelled:
            ask = Asker(self.answer, whole, principal, cancelled)
            for course in self.steps.develop(seen, ask=ask, fill=self.steps.fill, cancelled=cancelled):
                if course == seen.course(course.id):
                    continue
                yield self._merge(ask, f"developed {course.id}", _with_course, course)

    def stop(self, id: str) -> None:
        """Stop what is being drafted or developed in a workspace; what is done stays."""
        if cancelled := self._running.get(id):
            cancelled.set()

    def screen(self, id: str, *, principal: Principal) -> Workspace:
        """Screen all courses. What a person said of a course stands."""

        def change(now: Workspace) -> Workspace:
            found = {one.id: one.screening for one in self.steps.screen(self._seen(now, principal)).courses}
            courses = (replace(one, screening=_screened(one, found.get(one.id, ()))) for one in now.courses)
            return replace(now, courses=tuple(courses))

        return self._change(id, principal, None, "screened", change)

    def set_screen(
        self,
        id: str,
        course: str,
        screen: Screen,
        outcome: Outcome,
        reason: str,
        *,
        principal: Principal,
        revision: int | None = None,
    ) -> Workspace:
        """Record what a person finds of a course by one screen, with the reason. Raises StatementUnknown."""
        if not reason.strip():
            raise DecisionInvalid("There is no reason.", hint="Say why the course passes or fails.")

        def change(now: Workspace) -> Workspace:
            one = _course(now, course)
            told = Screened(screen, outcome, plain(reason), by=principal.name)
            kept = tuple(other for other in one.screening if other.screen is not screen)
            return _with_course(now, replace(one, screening=(*kept, told)))

        return self._change(id, principal, revision, f"judged {course}: {screen} {outcome}", change)

    def wargame(self, id: str, *, principal: Principal, course: str = "") -> Iterator[Workspace]:
        """Play courses against what may come, yielding the workspace after each. `course`: empty is all but doing
        nothing, those that were played already left out."""
        whole = self._whole(id, principal)
        seen = self._seen(whole, principal)
        wanted = [_course(seen, course)] if course else [one for one in seen.courses if not one.baseline]
        with _Stoppable(self._running, whole.id) as cancelled:
            ask = Asker(self.answer, whole, principal, cancelled)
            for one in wanted:
                if one.wargame and not course:
                    continue
                rows = self.steps.wargame(one, seen, ask=ask)
                yield self._merge(ask, f"wargamed {one.id}", _with_wargame, replace(one, wargame=rows))

    def set_criteria(
        self, id: str, criteria: Sequence[Criterion], *, principal: Principal, revision: int | None = None
    ) -> Workspace:
        """Replace the criteria and weights, which unlocks them. Raises CriterionInvalid."""
        return self._change(
            id,
            principal,
            revision,
            "set criteria",
            lambda now: self.steps.set_criteria(now, tuple(criteria), by=principal.name),
        )

    def lock_criteria(self, id: str, *, principal: Principal, revision: int | None = None) -> Workspace:
        """Lock the criteria, so that values can be given. Raises CriterionInvalid."""
        return self._change(
            id,
            principal,
            revision,
            "locked the criteria",
            lambda now: self.steps.lock_criteria(now, by=principal.name),
        )

    def set_value(self, id: str, value: RawValue, *, principal: Principal, revision: int | None = None) -> Workspace:
        """Give what a course is or does by a criterion. Raises NotYet before the criteria are locked."""

        def change(now: Workspace) -> Workspace:
            if not now.criteria_locked_by:
                raise NotYet("The criteria are not locked.", hint="Lock them first, so that values cannot steer them.")
            return self.steps.enter_value(now, value if value.citations else replace(value, by=principal.name))

        return self._change(id, principal, revision, f"set {value.criterion} of {value.course}", change)

    def compare(self, id: str, *, principal: Principal) -> Comparison:
        """Return matrix, sensitivity and recommendation of a workspace as it is now."""
        seen = self.read(id, principal=principal)
        matrix = self.steps.matrix(seen)
        sensitivity = self.steps.sensitivity(matrix)
        return Comparison(seen, matrix, sensitivity, self.steps.recommend(seen, matrix, sensitivity))

    def matrix(self, id: str, *, principal: Principal) -> Any:
        return self.steps.matrix(self.read(id, principal=principal))

    def sensitivity(self, id: str, *, principal: Principal) -> Any:
        return self.steps.sensitivity(self.matrix(id, principal=principal))

    def recommend(self, id: str, *, principal: Principal) -> Recommendation:
        return self.compare(id, principal=principal).recommendation

    def decide(
        self, id: str, chosen: str, reason: str = "", *, principal: Principal, revision: int | None = None
    ) -> Workspace:
        """Record which course a person chose. Raises DecisionInvalid for a course that is not there, or without a
        reason where the choice is not what was recommended."""
        recommended = self.recommend(id, principal=principal).course

        def change(now: Workspace) -> Workspace:
            _course(now, chosen)
            if chosen != recommended and not reason.strip():
                told = f"'{recommended}' was recommended" if recommended else "nothing was recommended"
                raise DecisionInvalid(
                    f"The choice of '{chosen}' has no reason, and {told}.", hint="Say why, in a sentence."
                )
            at = datetime.now(UTC).isoformat(timespec="seconds")
            return replace(now, decision=Decision(principal.name, at, chosen, recommended, plain(reason)))

        return self._change(id, principal, revision, f"decided {chosen}", change)

    def stale(self, id: str, *, principal: Principal) -> Stale:
        """Return what is no longer as it was when it was cited, in words, by the id of the line."""
        seen = self.read(id, principal=principal)
        reach = reach_of(Question(seen.title, principal, frozenset(), self.today()), self.catalog)
        return self.steps.stale(seen, catalog=self.catalog, scope=reach.scope)

    def export(
        self, id: str, *, principal: Principal, folder: Path, formats: Sequence[str] = ("docx", "md")
    ) -> Sequence[Path]:
        """Write the decision memo into a folder and return its files."""
        told = self.compare(id, principal=principal)
        return self.steps.write_memo(
            told.workspace,
            matrix=told.matrix,
            sensitivity=told.sensitivity,
            recommendation=told.recommendation,
            stale=self.stale(id, principal=principal),
            folder=folder,
            formats=formats,
        )

    def _whole(self, id: str, principal: Principal, revision: int | None = None) -> Workspace:
        return self.store.read(id, principal=principal, on_date=self.today(), revision=revision).workspace

    def _seen(self, whole: Workspace, principal: Principal) -> Workspace:
        return as_seen_by(principal, whole, catalog=self.catalog, on_date=self.today())

    def _change(
        self,
        id: str,
        principal: Principal,
        revision: int | None,
        what: str,
        change: Callable[[Workspace], Workspace],
    ) -> Workspace:
        """Change a workspace as it was in a revision (None: as it is now). Raises WorkspaceChanged."""
        now = self._whole(id, principal)
        made = marked(change(now))
        if made != now or revision not in (None, now.revision):
            expected = now.revision if revision is None else revision
            made = self.store.save(made, expected, principal=principal, what=what)
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


@dataclass(frozen=True, slots=True)
class _Stoppable:
    """A run in a workspace that `stop` can end."""

    running: dict[str, Event]
    id: str

    def __enter__(self) -> Event:
        return self.running.setdefault(self.id, Event())

    def __exit__(self, *_: object) -> None:
        self.running.pop(self.id, None)


def _framing_open(workspace: Workspace) -> None:
    if workspace.framing_locked_by:
        raise NotYet(
            f"The framing is locked by {workspace.framing_locked_by}, and courses rest on it.",
            hint="Make a new workspace of the problem where it must change.",
        )


def _course(workspace: Workspace, id: str) -> CourseOfAction:
    if course := workspace.course(id):
        return course
    ids = ", ".join(one.id for one in workspace.courses) or "none yet"
    raise StatementUnknown(f"There is no course '{id}' (there is: {ids}).", hint="Give one of those.")


def _with_framing(workspace: Workspace, filled: Filled) -> Workspace:
    _framing_open(workspace)
    kept = tuple(one for one in workspace.framing if one.name != filled.name)
    return replace(workspace, framing=(*kept, filled))


def _with_course(workspace: Workspace, course: CourseOfAction) -> Workspace:
    """Put a course in the place of the one with its id, or after the others."""
    if workspace.course(course.id) is None:
        return replace(workspace, courses=(*workspace.courses, course))
    return replace(workspace, courses=tuple(course if one.id == course.id else one for one in workspace.courses))


def _with_wargame(workspace: Workspace, played: CourseOfAction) -> Workspace:
    return _with_course(workspace, replace(_course(workspace, played.id), wargame=played.wargame))


def _screened(course: CourseOfAction, found: Sequence[Screened]) -> tuple[Screened, ...]:
    by_hand = {one.screen: one for one in course.screening if one.by}
    told = tuple(by_hand.get(one.screen, one) for one in found)
    return (*told, *(one for screen, one in by_hand.items() if screen not in {other.screen for other in found}))
