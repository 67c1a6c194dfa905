"""Fill a course of action field by field, each by a question of its own; what is not found becomes a gap.

What a document says of the idea is a fact; what is not known of it an assumption to be judged. What is said of nothing
in particular stays in the framing, so that courses differ by what is true of them. Asks nothing of a model itself."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.answers import Answer
from assistant.chatmodels import Cancelled
from assistant.courses.distinguishing import merged
from assistant.courses.framing import topic_of
from assistant.courses.means import named_in
from assistant.courses.phrasing import BASELINE_QUESTIONS, COURSE_QUESTIONS, asked, told
from assistant.courses.placing import ABOUT, also_answers, field_of, is_about
from assistant.courses.recognising import AVAILABLE, DEADLINE, GROWS_WORSE, UNUSABLE
from assistant.courses.seeding import seeds
from assistant.courses.stating import Ask, Inquirer, facts, gap, renumbered, sentences_about, spans, speaks_of
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

_MOST_FACTS = 4
# Fields in which a sentence may stand that stands in another as well, and how many.
_ALSO = frozenset({CourseField.HOW, CourseField.PHASES, CourseField.MAIN_EFFORT, CourseField.SUPPORTING_EFFORTS})
_MOST_ALSO = 2
_TOLD = (FramingField.STATEMENT, FramingField.FACTS)
_FRAMED = (*_TOLD, FramingField.CONSTRAINTS, FramingField.RESTRAINTS)


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
    missing = [name for name in CourseField if all(filled.name != name for filled in course.fields)]
    if not missing:
        return
    work = _Work(course, workspace, Inquirer(ask, tuple(owners)), fill, cancelled)
    work.search()
    for name in missing:
        work.stop_if_cancelled()
        course = replace(course, fields=(*course.fields, work.filled(name)))
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
    asked: dict[CourseField, tuple[str, Answer]] = field(default_factory=dict)
    found: dict[CourseField, list[Statement]] = field(default_factory=dict)
    """What was found about the idea, by the field that it belongs in."""

    def stop_if_cancelled(self) -> None:
        if self.cancelled is not None and self.cancelled.is_set():
            raise Cancelled

    def search(self) -> None:
        """Ask a question for each field, and sort what is said about the idea by field."""
        questions = BASELINE_QUESTIONS if self.course.baseline else COURSE_QUESTIONS
        language, idea = self.workspace.language, self.course.name
        for name, phrases in questions.items():
            self.stop_if_cancelled()
            question = asked(phrases, language, idea=idea, topic=topic_of(self.workspace.problem))
            self.asked[name] = question, self.inquire(question)
        if self.course.baseline:
            self._sort_baseline()
            return
        said = [one for name in _FRAMED for one in self.workspace.frame(name).statements if one.basis is not Basis.GAP]
        claimed = [one for _, answer in self.asked.values() for one in facts(answer, place="found")]
        seen = sentences_about(self.inquire.seen.values(), self._is_about, place="found", language=language)
        for one in [*(one for one in [*said, *claimed] if self._is_about(one.text)), *self._limits(), *seen]:
            place = field_of(one.text, idea=idea, language=language)
            # What only stands under a heading about the idea says nothing of it by itself.
            if place is not CourseField.WHAT or self._is_about(one.text):
                self.found.setdefault(place, []).append(one)

    def filled(self, name: CourseField) -> Filled:
        """Return a field with what was found for it; a gap where that is nothing."""
        question, answer = self.asked.get(name, ("", None))
        place = f"{self.course.id}.{name}"
        statements = self._unsaid(self.found.get(name, ()))[:_MOST_FACTS]
        if name is CourseField.RISKS:
            statements += self._unsaid(self._gaps(), beside=statements)
            statements += [self._assumed(one) for one in statements if one.basis is Basis.GAP]
        if not self.course.baseline:
            if name is CourseField.WHY:
                statements += self.workspace.frame(FramingField.MISSION).statements
            if not statements or name in (CourseField.WHAT, CourseField.WHEN):
                statements = [*self._of_the_idea(name), *statements]
            if not statements and name in _ALSO:
                statements = self._elsewhere(name)
        statements += self._written(name, [one for one in statements if one.basis is Basis.FACT])
        if not statements and answer:
            reason = told("nothing on it", self.workspace.language, idea=self.course.name)
            statements = [gap(question, answer, place=place, owners=self.inquire.owners, reason=reason)]
        marking = high_water_mark(one.marking for one in self.inquire.seen.values()) if answer else None
        return Filled(name, renumbered(statements, place), question, marking)

    def _sort_baseline(self) -> None:
        """Doing nothing: what the problem states is the case, until when it lasts, and what it leads to."""
        stated = [one for one in self._told() if one.basis is not Basis.GAP]
        topic, language = topic_of(self.workspace.problem), self.workspace.language
        for name, (_, answer) in self.asked.items():
            found = [one for one in facts(answer, place="found") if speaks_of(topic, one.text, language) >= ABOUT]
            self.found[name] = found if name is not CourseField.WHAT else []
        stated = [one for one in stated if not (named_in(one.text) and AVAILABLE.search(one.text))]
        lasting = [one for one in stated if DEADLINE.search(one.text)]
        self.found[CourseField.WHEN] = [*lasting, *self.found.get(CourseField.WHEN, ())]
        failing = [one for one in stated if UNUSABLE.search(one.text) or GROWS_WORSE.search(one.text)]
        self.found[CourseField.RISKS] = [*failing, *self.found.get(CourseField.RISKS, ())]

    @property
    def _names(self) -> list[str]:
        """Return the idea's name, and the means that the sentences after its first name."""
        more = [name for one in self.course.idea[1:] for name, _ in named_in(one.text)]
        return list(dict.fromkeys([self.course.name, *(name for name in more if len(name.split()) > 1)]))

    def _is_about(self, text: str) -> bool:
        context = [topic_of(self.workspace.problem), *(one.text for one in self.course.idea)]
        return is_about(self._names, text, context=context, language=self.workspace.language)

    def _of_the_idea(self, name: CourseField) -> list[Statement]:
        """Return the sentences of the idea that answer a field for which nothing else was found."""
        language, idea = self.workspace.language, self.course.name
        return [one for one in self.course.idea if also_answers(one.text, name, idea=idea, language=language)]

    def _elsewhere(self, name: CourseField) -> list[Statement]:
        """Return the sentences about the idea that stand in another field and answer one that is empty by its cue."""
        language, idea = self.workspace.language, self.course.name
        about = [one for some in self.found.values() for one in some if self._is_about(one.text)]
        known = [one for one in about if one.basis is not Basis.GAP]
        also = [one for one in known if also_answers(one.text, name, idea=idea, language=language)]
        return list({_says(one): one for one in also}.values())[:_MOST_ALSO]

    def _limits(self) -> list[Statement]:
        """Return what is required or forbidden of what an idea's name begins with: of the kade, for the Kadeweg."""
        name = self.course.name.lower()
        limits = (one for where in _FRAMED[2:] for one in self.workspace.frame(where).statements if " " not in name)
        return [one for one in limits if any(len(w) > 3 and name.startswith(w) for w in content_words(one.text))]

    def _unsaid(self, found: Sequence[Statement], *, beside: Sequence[Statement] = ()) -> list[Statement]:
        """Leave out what the course says already: the same span, or the same words."""
        # What stands in these may belong in a field of its own that comes later.
        filled = [one for one in self.course.fields if one.name not in _ALSO]
        said = [*self.course.idea, *beside, *(one for some in filled for one in some.statements)]
        keys = {key for one in said for key in _keys(one)}
        new: list[Statement] = []
        for one in found:
            if not keys & _keys(one):
                new.append(one)
                keys |= _keys(one)
        return new

    def _gaps(self) -> list[Statement]:
        """Return the gaps of the framing that concern the idea."""
        return [
            one for one in self._told() if one.basis is Basis.GAP and not self.course.baseline and self._concerns(one)
        ]

    def _told(self) -> list[Statement]:
        return [one for name in _TOLD for one in self.workspace.frame(name).statements]

    def _assumed(self, one: Statement) -> Statement:
        """Return what is assumed until a gap is filled, for a person to judge."""
        language, idea = self.workspace.language, self.course.name
        test = AssumptionTest(
            necessary=told("necessary", language, idea=idea), if_false=told("if false", language, idea=idea)
        )
        return replace(one, basis=Basis.ASSUMPTION, text=told("assume", language, gap=one.text), test=test)

    def _concerns(self, one: Statement) -> bool:
        """A gap concerns a course when it speaks of its idea, or of who has it in the words of the idea's sentence."""
        language = self.workspace.language
        if any(speaks_of(name, one.text, language) >= ABOUT for name in self._names):
            return True
        idea = {word for told_ in self.course.idea for word in content_words(told_.text) if len(word) > 4}
        topic = set(content_words(topic_of(self.workspace.problem)))
        return len((idea & set(content_words(one.text))) - topic) >= 2

    def _written(self, name: CourseField, found: Sequence[Statement]) -> list[Statement]:
        if self.fill is None or len(found) < 2:
            return []
        return list(self.fill(name, self.course.name, found))


def _says(statement: Statement) -> str:
    return " ".join(content_words(statement.text))


def _keys(statement: Statement) -> set[object]:
    return {*spans(statement), _says(statement)}
