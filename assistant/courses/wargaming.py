"""Hold a course against what an adversary or circumstances may do: a table of turns, from documents only.

Action, reaction, counteraction, result and decision point as in FM 6-0's synchronisation of a wargame; most likely and
most dangerous as in JP 2-01.3. What no document tells is a gap. Plays nothing and guesses nothing."""

import re
from collections.abc import Callable, Sequence

from assistant.answers import Answer
from assistant.courses.framing import topic_of
from assistant.courses.phrasing import (
    ADVERSARY_QUESTIONS,
    CIRCUMSTANCE_QUESTIONS,
    WARGAME_QUESTIONS,
    asked,
    told,
)
from assistant.courses.placing import endangers, is_about, is_forecast
from assistant.courses.recognising import ADVERSARY_HEADINGS, ALTERNATIVE, DEADLINE
from assistant.courses.stating import Ask, Inquirer, below, facts, gap, renumbered, spans
from assistant.courses.workspace import (
    Adversary,
    Basis,
    CourseField,
    CourseOfAction,
    Statement,
    WargameRow,
    Workspace,
)
from retrieval.languages import detect_language
from retrieval.lexical import stems

_MOST_ACTIONS = 2
_MOST = 2
_SHARED = 1
_CIRCUMSTANCE = re.compile(
    r"\b(?:weather|rain|ice|icing|frost|thaw|fog|wind|snow|storm|flood\w*|water level|high water|tide|current"
    r"|sea state|visibility|temperatures?"
    r"|temperatuur|windkracht|zicht|golven|weer|regen|ijs|ijzel|gladheid|vorst|dooi|mist|wind|sneeuw|storm|overstroming\w*|waterstand|hoogwater|stijgt)\b",
    re.IGNORECASE,
)


def wargame(
    course: CourseOfAction, workspace: Workspace, *, ask: Ask, owners: Sequence[str] = ()
) -> tuple[WargameRow, ...]:
    """Return a row for the most likely and one for the most dangerous course of an adversary, circumstances with it.

    `owners`: whom to ask for gaps. Raises what asking raises."""
    inquire = Inquirer(ask, tuple(owners))
    return tuple(_row(adversary, course, workspace, inquire) for adversary in Adversary)


def _row(adversary: Adversary, course: CourseOfAction, workspace: Workspace, inquire: Inquirer) -> WargameRow:
    place = f"{course.id}.wargame.{adversary}"
    action = _action(adversary, workspace, inquire, f"{place}.action")
    language, idea = workspace.language, course.name

    def or_gap(column: str, found: Sequence[Statement], question: str) -> tuple[Statement, ...]:
        where = f"{place}.{column}"
        return renumbered(found[:_MOST], where) if found else (_missing(question, inquire, where),)

    def question(column: str) -> str:
        about = told("that action", language) if action[0].basis is Basis.GAP else _short(action[0].text)
        return asked(WARGAME_QUESTIONS[column], language, idea=idea, action=about)

    searched = {column: _about(course, workspace, inquire(question(column)), column) for column in WARGAME_QUESTIONS}
    deadlines = [*_known(course, CourseField.WHEN, _has_deadline), *filter(_has_deadline, searched["decision_point"])]
    # A limit of the course is a result of the action only where both speak of the same.
    results = [one for one in [*_known(course, CourseField.RISKS), *searched["result"]] if _follows(one, action, idea)]
    answers = [one for one in searched["counteraction"] if ALTERNATIVE.search(one.text)]
    own = (
        ()
        if course.baseline
        else or_gap("reaction", _known(course, CourseField.HOW), told("reaction", language, idea=idea))
    )
    return WargameRow(
        adversary,
        action,
        reaction=own,
        counteraction=() if course.baseline else or_gap("counteraction", answers, question("counteraction")),
        result=or_gap("result", _once(results), question("result")),
        decision_point=or_gap("decision_point", _once(deadlines), question("decision_point")),
    )


def _follows(one: Statement, action: Sequence[Statement], idea: str) -> bool:
    acts = " ".join(told_.text for told_ in action if told_.basis is not Basis.GAP)
    return len((_all_stems(acts) & _all_stems(one.text)) - _all_stems(idea)) >= _SHARED


def _all_stems(text: str) -> set[str]:
    return {stem for stem in stems(text, detect_language(text)) if not any(map(str.isdigit, stem))}


def _action(adversary: Adversary, workspace: Workspace, inquire: Inquirer, place: str) -> tuple[Statement, ...]:
    """Return what documents call the adversary's course, and the weather and water that are told for the problem."""
    language, heading = workspace.language, ADVERSARY_HEADINGS[adversary]
    # The question is asked in both languages: what it is called is what is sought for.
    answers = [
        inquire(asked(ADVERSARY_QUESTIONS[adversary], one)) for one in (language, "en" if language == "nl" else "nl")
    ]
    found = [one for answer in answers for one in below(answer, heading, place=place, limit=_MOST_ACTIONS)]
    found = found or [one for answer in answers for one in facts(answer, place=place) if heading.search(one.text)]
    other = next(one for one in Adversary if one is not adversary)
    found = [one for one in _once(found) if not ADVERSARY_HEADINGS[other].search(one.text) or heading.search(one.text)]
    action = [*found[:_MOST_ACTIONS], *_circumstances(adversary, workspace, inquire, place)[:_MOST_ACTIONS]]
    if not action:
        return (_missing(asked(ADVERSARY_QUESTIONS[adversary], language), inquire, place),)
    return renumbered(action, place)


def _circumstances(adversary: Adversary, workspace: Workspace, inquire: Inquirer, place: str) -> list[Statement]:
    """Return the weather and water that are told for the problem; what endangers is the most dangerous, once only."""
    told_ = [one for filled in workspace.framing for one in filled.statements if one.basis is not Basis.GAP]
    topic = topic_of(workspace.problem)
    for phrases in CIRCUMSTANCE_QUESTIONS.values():
        told_ += facts(inquire(asked(phrases, workspace.language, topic=topic)), place=place)
    about = [one for one in _once(told_) if _CIRCUMSTANCE.search(one.text) and is_forecast(one.text)]
    return [one for one in about if endangers(one.text) is (adversary is Adversary.MOST_DANGEROUS)]


def _about(course: CourseOfAction, workspace: Workspace, answer: Answer, column: str) -> list[Statement]:
    context = [topic_of(workspace.problem), *(one.text for one in course.idea)]
    return [
        one
        for one in facts(answer, place=column)
        if is_about([course.name], one.text, context=context, language=workspace.language)
        and not any(spans(one) & spans(idea) for idea in course.idea)
    ]


def _known(
    course: CourseOfAction, name: CourseField, holds: Callable[[Statement], bool] = lambda one: True
) -> list[Statement]:
    return [one for one in course.field(name).statements if one.basis in (Basis.FACT, Basis.STATED) and holds(one)]


def _has_deadline(one: Statement) -> bool:
    return DEADLINE.search(one.text) is not None


def _once(statements: Sequence[Statement]) -> list[Statement]:
    return list({spans(one) or one.text: one for one in reversed(statements)}.values())[::-1]


def _missing(question: str, inquire: Inquirer, place: str) -> Statement:
    return gap(question, None, place=place, owners=inquire.owners)


def _short(text: str) -> str:
    return " ".join(text.split()[:8]).rstrip(".,;:")
