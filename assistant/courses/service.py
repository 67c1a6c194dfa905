"""From a problem to courses of action, a comparison, and a decision that a person takes: the steps in their order.

`CoursesOfAction` is the one way to a workspace, for the command line, the pages, the chat and the evaluation. What it
returns is what the principal may read; what it keeps is whole. Each change is on disk before it is returned, so that
whatever was stopped goes on with the same call. Knows no screen, and none of how a step is done."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Event

from assistant.answers import Question
from assistant.courses.changing import NotYet, course_of, with_course
from assistant.courses.editing import added, course_with_idea, edited, plain, title_of
from assistant.courses.locking import framing_unlocked, on_earlier_framing
from assistant.courses.marking import Asker
from assistant.courses.storing import Revision
from assistant.courses.weighing import Weighing
from assistant.courses.workspace import (
    AssumptionTest,
    Basis,
    CourseOfAction,
    Filled,
    Outcome,
    Screen,
    Screened,
    Workspace,
)
from assistant.scoping import reach_of
from retrieval.access import Principal
from retrieval.errors import StafwijzerError
from retrieval.languages import Language, detect_language

# A problem of ten pages; longer text belongs in a corpus, where it can be cited.
_LONGEST_PROBLEM = 30_000


class ProblemInvalid(StafwijzerError):
    """A problem that cannot be worked on: empty, or longer than is taken."""


@dataclass(frozen=True, slots=True)
class CoursesOfAction(Weighing):
    def new(
        self,
        problem: str,
        *,
        principal: Principal,
        corpora: Collection[str] = (),
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
        corpora: Collection[str] = (),
        on_date: date | None = None,
        language: Language | None = None,
        ideas: Sequence[str] = (),
    ) -> Workspace | None:
        """Return the principal's own last workspace of the same problem, begun alike and not worked out yet."""
        begun = (principal.name, plain(problem), tuple(sorted(set(corpora))), on_date or self.today())
        wanted = {plain(idea).strip() for idea in ideas}
        for one in self.list(principal=principal):
            stated = {idea.text for course in one.courses for idea in course.idea}
            alike = (one.owner, one.problem, one.corpora, one.on_date) == begun and wanted <= stated
            if alike and language in (None, one.language) and not _is_worked_out(one):
                return self.read(one.id, principal=principal)
        return None

    def revisions(self, *, principal: Principal) -> Sequence[Revision]:
        """Return the workspaces that the principal may read, with who changed them, changed last first."""
        return self.store.list(principal=principal, on_date=self.today())

    def list(self, *, principal: Principal) -> Sequence[Workspace]:
        """Return the workspaces that the principal may read, changed last first."""
        return [one.workspace for one in self.revisions(principal=principal)]

    def draft_framing(self, id: str, *, principal: Principal, cancelled: Event | None = None) -> Iterator[Workspace]:
        """Draft the framing from documents, yielding the workspace after each field; what is filled stays as it is.

        Raises NotYet when the framing is locked, Cancelled once the event is set, and what asking raises."""
        whole = self._whole(id, principal)
        _framing_open(whole)
        before, owners = {filled.name for filled in whole.framing}, self._owners(whole, principal)
        ask = Asker(self.answer, whole, principal, cancelled or Event(), self.catalog)
        for filled in self.steps.draft(
            whole.problem, ask=ask, read=ask.read, language=whole.language, owner=whole.owner, owners=owners
        ):
            if filled.name not in before:
                yield self._merge(ask, f"drafted {filled.name}", _with_framing, filled)

    def edit(
        self,
        id: str,
        *,
        statement: str = "",
        text: str,
        course: str = "",
        field: str = "",
        basis: Basis = Basis.STATED,
        test: AssumptionTest | None = None,
        principal: Principal,
        expected_revision: int | None = None,
    ) -> Workspace:
        """Put other words in the place of a statement's; no words take it out. What a person writes is never a fact.

        `statement`: '' adds one to a field, of the framing or of a course. Raises StatementUnknown, StatementInvalid,
        NotYet for the framing once it is locked, WorkspaceChanged."""

        def change(now: Workspace) -> Workspace:
            in_framing = any(one.id == statement for filled in now.framing for one in filled.statements)
            if in_framing or not (statement or course):
                _framing_open(now)
            by = principal.name
            if statement:
                return edited(now, statement, plain(text), basis=basis, test=test, author=by)
            return added(now, field, plain(text), course=course, basis=basis, test=test, author=by)

        what = f"edited {statement}" if statement else f"added to {field}"
        return self._change(id, principal, expected_revision, what, change)

    def add_idea(self, id: str, idea: str, *, principal: Principal, expected_revision: int | None = None) -> Workspace:
        """Add a course that the officer wants worked out. Raises StatementInvalid, WorkspaceChanged."""

        def change(now: Workspace) -> Workspace:
            return course_with_idea(now, plain(idea), author=principal.name)

        return self._change(id, principal, expected_revision, "added an idea", change)

    def lock_framing(self, id: str, *, principal: Principal, expected_revision: int | None = None) -> Workspace:
        """Lock the framing, so that courses can be developed; those of an earlier framing are screened anew.

        Raises NotYet when there is nothing in it."""

        def change(now: Workspace) -> Workspace:
            if not any(filled.statements for filled in now.framing):
                raise NotYet(
                    "There is nothing in the framing yet.", hint="Draft it, or state the problem, and lock it."
                )
            return now if now.framing_locked_by else replace(now, framing_locked_by=principal.name)

        locked = self._change(id, principal, expected_revision, "locked the framing", change)
        return self.screen(locked.id, principal=principal) if on_earlier_framing(locked) else locked

    def unlock_framing(self, id: str, *, principal: Principal, expected_revision: int | None = None) -> Workspace:
        """Unlock the framing; courses are kept, and say so where it then changes. Raises UnlockRefused."""

        def change(now: Workspace) -> Workspace:
            return framing_unlocked(now, by=principal.name)

        return self._change(id, principal, expected_revision, "unlocked the framing", change)

    def develop(self, id: str, *, principal: Principal, cancelled: Event | None = None) -> Iterator[Workspace]:
        """Develop courses, screen them and play them, yielding the workspace after each step; goes on where it stopped.

        Raises NotYet when the framing is not locked, Cancelled once the event is set, and what asking raises."""
        whole = self._whole(id, principal)
        if not whole.framing_locked_by:
            raise NotYet("The framing is not locked.", hint="Read it, mend it and lock it; then courses are developed.")
        seen, cancelled = self._seen(whole, principal), cancelled or Event()
        ask = Asker(self.answer, whole, principal, cancelled)
        fill, owners = self.steps.fill(whole.language, cancelled), self._owners(whole, principal)
        if not any(course.baseline for course in seen.courses):
            ideas = [one.text for course in seen.courses for one in course.idea]
            begun = tuple(self.steps.begin(replace(seen, courses=()), ask=ask, ideas=ideas))
            seen = self._merge(ask, "began courses", _with_begun, begun)
            yield seen
        for course in seen.courses:
            for grown in self.steps.grow(course, seen, ask=ask, fill=fill, cancelled=cancelled, owners=owners):
                if fill:
                    ask.note(fill.notes, prompts=fill.prompt_hashes)
                yield self._merge(ask, f"developed {course.id}, {grown.fields[-1].name}", _with_grown, grown)
        if any(not one.screening for one in self._whole(id, principal).courses):
            yield self.screen(id, principal=principal)
        yield from self.wargame(id, principal=principal, cancelled=cancelled)

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
        expected_revision: int | None = None,
    ) -> Workspace:
        """Record what a person finds of a course by one screen, with the reason; what was reckoned stays beside it.

        Raises OverruleInvalid without a reason, StatementUnknown, WorkspaceChanged."""

        def change(now: Workspace) -> Workspace:
            course_of(now, course)
            return self.steps.overrule(now, course, screen, outcome, reason=plain(reason).strip(), by=principal.name)

        return self._change(id, principal, expected_revision, f"judged {course}: {screen} {outcome}", change)

    def wargame(
        self, id: str, *, course: str = "", principal: Principal, cancelled: Event | None = None
    ) -> Iterator[Workspace]:
        """Play courses against what may come, yielding the workspace after each.

        `course`: empty is every course but doing nothing that was not played yet."""
        whole = self._whole(id, principal)
        seen = self._seen(whole, principal)
        unplayed = [one for one in seen.courses if not one.baseline and not one.wargame]
        ask, owners = Asker(self.answer, whole, principal, cancelled or Event()), self._owners(whole, principal)
        for one in [course_of(seen, course)] if course else unplayed:
            rows = self.steps.wargame(one, seen, ask=ask, owners=owners)
            if rows:
                yield self._merge(ask, f"wargamed {one.id}", _with_wargame, replace(one, wargame=rows))

    def _owners(self, workspace: Workspace, principal: Principal) -> tuple[str, ...]:
        """Return whom to ask for what is not known: the owners of the corpora that are searched."""
        asked = Question(workspace.title, principal, frozenset(workspace.corpora), workspace.on_date)
        return reach_of(asked, self.catalog).owners


def _is_worked_out(workspace: Workspace) -> bool:
    return bool(workspace.courses) and all(course.wargame or course.baseline for course in workspace.courses)


def _framing_open(workspace: Workspace) -> None:
    if workspace.framing_locked_by:
        raise NotYet(
            f"The framing is locked by {workspace.framing_locked_by}, and courses rest on it.",
            hint="Who locked it, or who owns the workspace, can unlock it.",
        )


def _with_framing(workspace: Workspace, filled: Filled) -> Workspace:
    _framing_open(workspace)
    kept = tuple(one for one in workspace.framing if one.name != filled.name)
    return replace(workspace, framing=(*kept, filled))


def _with_begun(workspace: Workspace, begun: tuple[CourseOfAction, ...]) -> Workspace:
    return replace(workspace, courses=begun)


def _with_grown(workspace: Workspace, grown: CourseOfAction) -> Workspace:
    """Add the fields that a course does not have yet: what an officer changed meanwhile stays."""
    course = course_of(workspace, grown.id)
    known = {filled.name for filled in course.fields}
    more = tuple(filled for filled in grown.fields if filled.name not in known)
    return with_course(workspace, replace(course, fields=(*course.fields, *more)))


def _with_wargame(workspace: Workspace, played: CourseOfAction) -> Workspace:
    return with_course(workspace, replace(course_of(workspace, played.id), wargame=played.wargame))


def _screened(course: CourseOfAction, found: Sequence[Screened]) -> tuple[Screened, ...]:
    by_hand = {one.screen: one for one in course.screening if one.by}
    told = tuple(by_hand.get(one.screen, one) for one in found)
    return (*told, *(one for screen, one in by_hand.items() if screen not in {other.screen for other in found}))
