"""Fill a course of action field by field, each by a question of its own; what is not found becomes a gap.

What a document says of the idea is a fact; what is not known of it an assumption to be judged. What is said of nothing
in particular stays in the framing, so that courses differ by what is true of them. Asks nothing of a model itself."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.chatmodels import Cancelled
from assistant.courses.distinguishing import merged
from assistant.courses.framing import topic_of
from assistant.courses.phrasing import BASELINE_QUESTIONS, COURSE_QUESTIONS, asked, told
from assistant.courses.seeding import seeds
from assistant.courses.stating import Ask, Inquirer, facts, gap, renumbered, spans, speaks_of
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
from retrieval.access import high_water_mark
from retrieval.errors import StafwijzerError
from retrieval.lexical import content_words

Fill = Callable[[CourseField, str, Sequence[Statement]], Sequence[Statement]]
"""Let a model say a field in its own words: (field, idea, facts found for it) to what of it holds. [] is no model."""

# The order of asking, most telling first: a sentence goes where it answers first.
_ORDER = (
    CourseField.RISKS,
    CourseField.RESOURCES,
    CourseField.WHEN,
    CourseField.WHO,
    CourseField.WHERE,
    CourseField.HOW,
    CourseField.WHAT,
    CourseField.WHY,
    CourseField.PHASES,
    CourseField.MAIN_EFFORT,
    CourseField.SUPPORTING_EFFORTS,
)
# The share of an idea's words that a sentence has to tell to be about it: two of three, one of one.
_ABOUT = 0.6
_MOST_FACTS = 4


class FramingNotLocked(StafwijzerError):
    """Courses are developed from a framing that an officer has agreed to."""


def develop(
    workspace: Workspace,
    *,
    ask: Ask,
    fill: Fill | None = None,
    cancelled: threading.Event | None = None,
    ideas: Sequence[str] = (),
    owners: Sequence[str] = (),
) -> Iterator[CourseOfAction]:
    """Yield each course of a workspace, filled, best first and doing nothing last; of each the same id.

    Goes on where it was: courses and fields that are filled are kept as they are. `ideas`: the officer's own, in place
    of what is found; `owners`: whom to ask for gaps. Raises FramingNotLocked, Cancelled, and what asking raises."""
    for course in begin(workspace, ask=ask, ideas=ideas):
        for grown in grow(course, workspace, ask=ask, fill=fill, cancelled=cancelled, owners=owners):
            course = grown
        yield course


def begin(workspace: Workspace, *, ask: Ask, ideas: Sequence[str] = ()) -> list[CourseOfAction]:
    """Return the courses to be filled: those that the workspace has, else new ones. Raises FramingNotLocked."""
    if not workspace.framing_locked_by:
        raise FramingNotLocked(
            "The framing is not locked, so no courses are developed yet.",
            hint="Read it, change what is wrong, and lock it.",
        )
    return list(workspace.courses) or merged(seeds(workspace, ask=ask, ideas=ideas))


def grow(
    course: CourseOfAction,
    workspace: Workspace,
    *,
    ask: Ask,
    fill: Fill | None = None,
    cancelled: threading.Event | None = None,
    owners: Sequence[str] = (),
) -> Iterator[CourseOfAction]:
    """Yield a course after each field that is filled, so that nothing is lost when it is stopped half way.

    Raises Cancelled between questions, and what asking raises."""
    work = _Work(course, workspace, Inquirer(ask, tuple(owners)), fill, cancelled)
    for name in CourseField if course.baseline else _ORDER:
        if any(filled.name == name for filled in course.fields):
            continue
        work.stop_if_cancelled()
        fields = (*course.fields, work.filled(name))
        order = list(CourseField)
        course = replace(course, fields=tuple(sorted(fields, key=lambda one: order.index(CourseField(one.name)))))
        work.course = course
        yield course


@dataclass(slots=True)
class _Work:
    """One course while it is being filled."""

    course: CourseOfAction
    workspace: Workspace
    inquire: Inquirer
    fill: Fill | None
    cancelled: threading.Event | None
    common: frozenset[object] = field(init=False)
    """What the framing states, by its spans: of a course only where it speaks of its idea."""

    def __post_init__(self) -> None:
        framed = (one for filled in self.workspace.framing for one in filled.statements)
        self.common = frozenset(spans(one) for one in framed if one.citations)

    def stop_if_cancelled(self) -> None:
        if self.cancelled is not None and self.cancelled.is_set():
            raise Cancelled

    def filled(self, name: CourseField) -> Filled:
        """Return a field with what documents and the framing say in it of the idea."""
        language, idea = self.workspace.language, self.course.name
        questions = (BASELINE_QUESTIONS if self.course.baseline else COURSE_QUESTIONS).get(name)
        if questions is None:
            return Filled(name)
        place = f"{self.course.id}.{name}"
        question = asked(questions, language, idea=idea, topic=topic_of(self.workspace.problem))
        answer = self.inquire(question)
        self.stop_if_cancelled()
        found = [*self._framed(name), *(one for one in facts(answer, place=place) if self._belongs(one))]
        statements = self._unsaid(found)[:_MOST_FACTS]
        statements += self._assumptions() if name is CourseField.RISKS else []
        statements += self._written(name, [one for one in statements if one.basis is Basis.FACT])
        if not statements:
            reason = told("nothing on it", language, idea=idea)
            statements = [gap(question, answer, place=place, owners=self.inquire.owners, reason=reason)]
        return Filled(name, renumbered(statements, place), question, high_water_mark(one.marking for one in answer.evidence))

    def _framed(self, name: CourseField) -> list[Statement]:
        """Return what the framing states of the idea and answers this field."""
        told_there = {
            CourseField.WHAT: (FramingField.STATEMENT,),
            CourseField.RISKS: (FramingField.RESTRAINTS, FramingField.CONSTRAINTS),
            CourseField.WHY: (FramingField.MISSION,) if self.course.baseline else (),
        }.get(name, ())
        framed = (one for where in told_there for one in self.workspace.frame(where).statements)
        return [one for one in framed if one.basis is not Basis.GAP and self._belongs(one)]

    def _belongs(self, statement: Statement) -> bool:
        """Tell whether a statement is about the idea; of doing nothing, whether it is about the problem."""
        language = self.workspace.language
        if self.course.baseline:
            return spans(statement) in self.common or speaks_of(
                topic_of(self.workspace.problem), statement.text, language
            ) >= _ABOUT
        return speaks_of(self.course.name, statement.text, language) >= _ABOUT

    def _unsaid(self, found: Sequence[Statement]) -> list[Statement]:
        """Leave out what the course says already: the same span, or the same words."""
        said = [*self.course.idea, *(one for filled in self.course.fields for one in filled.statements)]
        keys = {key for one in said for key in _keys(one)}
        new: list[Statement] = []
        for one in found:
            if not keys & _keys(one):
                new.append(one)
                keys |= _keys(one)
        return new

    def _assumptions(self) -> list[Statement]:
        """Return the gaps of the framing that concern the idea, each with what is assumed until it is known."""
        language, idea = self.workspace.language, self.course.name
        if self.course.baseline:
            return []
        gaps = [
            one
            for one in self.workspace.frame(FramingField.STATEMENT).statements
            if one.basis is Basis.GAP and self._concerns(one)
        ]
        test = AssumptionTest(
            necessary=told("necessary", language, idea=idea), if_false=told("if false", language, idea=idea)
        )
        assumed = [
            replace(one, basis=Basis.ASSUMPTION, text=told("assume", language, gap=one.text), test=test, ask=one.ask)
            for one in gaps
        ]
        return [*gaps, *assumed]

    def _concerns(self, one: Statement) -> bool:
        """A gap concerns a course when it speaks of its idea, or of who has it in the words of the idea's sentence."""
        language = self.workspace.language
        if speaks_of(self.course.name, one.text, language) >= _ABOUT:
            return True
        idea = {word for told_ in self.course.idea for word in content_words(told_.text) if len(word) > 4}
        topic = set(content_words(topic_of(self.workspace.problem)))
        return len((idea & set(content_words(one.text))) - topic) >= 2

    def _written(self, name: CourseField, found: Sequence[Statement]) -> list[Statement]:
        if self.fill is None or len(found) < 2:
            return []
        return list(self.fill(name, self.course.name, found))


def _keys(statement: Statement) -> set[object]:
    return {*spans(statement), " ".join(content_words(statement.text))}
