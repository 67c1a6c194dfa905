"""Find the ideas that courses of action are built on: a means or a way that the problem or a document names.

An idea always has a source or an author; nothing is made up. Chosen by how likely a means is to be there and by how
much ideas differ (maximal marginal relevance, Carbonell & Goldstein 1998), over words. Knows nothing of fields."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.asking import names
from assistant.courses.framing import topic_of
from assistant.courses.means import HOLDERS, named_in, tells
from assistant.courses.phrasing import SEED_QUESTIONS, asked, told
from assistant.courses.recognising import AVAILABLE, MUST_NOT, NOT_KNOWN, UNUSABLE
from assistant.courses.stating import Ask, Inquirer, facts, renumbered
from assistant.courses.workspace import Basis, CourseOfAction, FramingField, Statement, Workspace
from retrieval.lexical import content_words, stems

MOST_COURSES = 5
BASELINE = "coa-0"
_LONGEST_NAME = 6
# What counts: that it is told in the problem, that it is said to be there, that it is not, what it shares with the
# mission, and how much likeness to ideas chosen before takes away.
_GIVEN, _THERE, _NOT_THERE, _MISSION, _LIKENESS, _SAME_SORT = 1.0, 0.5, -2.0, 1.0, 2.0, 0.4
_LEAST = 0.3
# What a further idea is worth at least, likeness taken off; the second is taken even if it is worth less.
_WORTH = 1.0
_FEWEST = 2
_REFERS = re.compile(r"^(?:It|They|This|These|Het|Hij|Zij|Deze|Dit)\b|\bsuch an?\b|\bzo'n\b|\bzulke?\b")
_TELLING, _LESS_OF_A_WAY = 0.5, -1.2
# What a sentence of the problem itself is held to share with its mission.
_HALF = 0.5
# 'Tankers cannot reach it' is no means that is there, though it says what they can.
_DENIED = re.compile(
    r"\b(?:can|kan|kunnen|heeft|hebben|has|have|is|are|zijn|do|does)\b(?:(?!\b(?:has|have|can|heeft|is|are)\b)[^;]){0,40}"
    r"\b(?:niet|geen|not|no)\b",
    re.IGNORECASE,
)
# Where the problem and documents about it tell what there is.
_TOLD = (FramingField.STATEMENT, FramingField.FACTS)


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    sort: str
    statement: Statement
    score: float
    more: tuple[Statement, ...] = ()
    """Sentences that go on about it."""


def seeds(
    workspace: Workspace, *, ask: Ask, ideas: Sequence[str] = (), limit: int = MOST_COURSES
) -> list[CourseOfAction]:
    """Return courses with a name and an idea and nothing else, best first, and doing nothing last.

    `ideas`: given by the officer, in place of what is found. Raises what asking raises."""
    if ideas:
        chosen = [_given(idea, workspace) for idea in dict.fromkeys(" ".join(idea.split()) for idea in ideas) if idea]
    else:
        chosen = _most_different(sorted(_candidates(workspace, ask), key=lambda one: -one.score), limit)
    courses = [
        CourseOfAction(f"coa-{number}", one.name, renumbered((one.statement, *one.more), f"coa-{number}.idea"))
        for number, one in enumerate(chosen, start=1)
    ]
    return [*courses, baseline(workspace)]


def baseline(workspace: Workspace) -> CourseOfAction:
    """Return doing nothing, which whoever owns the workspace is held to have thought of."""
    name = told("do nothing", workspace.language)
    idea = Statement(f"{BASELINE}.idea.1", name, Basis.STATED, author=workspace.owner)
    return CourseOfAction(BASELINE, name, (idea,), baseline=True)


def _candidates(workspace: Workspace, ask: Ask) -> Iterator[_Candidate]:
    inquire = Inquirer(ask)
    topic = topic_of(workspace.problem)
    mission = " ".join(
        one.text
        for name in (FramingField.MISSION, FramingField.STATEMENT)
        for one in workspace.frame(name).statements
        if one.basis is not Basis.GAP
    )
    language = workspace.language
    about = set(stems(f"{topic} {mission}", language))
    given = [one for name in _TOLD for one in workspace.frame(name).statements]
    found = [
        one
        for question in SEED_QUESTIONS[language]
        for one in facts(inquire(asked({language: question}, language, topic=topic)), place="seed")
    ]
    for statement, bonus in [*((one, _GIVEN) for one in given), *((one, 0.0) for one in found)]:
        if statement.basis is Basis.GAP or "|" in statement.text:
            continue
        there = bool(AVAILABLE.search(statement.text)) and not _DENIED.search(statement.text)
        own = set(stems(statement.text, language))
        shared = len(about & own) / (len(own) or 1)
        if not bonus and not (there and shared > _LEAST):
            continue
        absent = not there and any(cue.search(statement.text) for cue in (UNUSABLE, NOT_KNOWN, MUST_NOT))
        score = bonus + _MISSION * (_HALF if bonus else shared) + _THERE * there + _NOT_THERE * absent
        for name, sort in named_in(statement.text):
            more = _TELLING * tells(name) + _LESS_OF_A_WAY * (sort in HOLDERS)
            yield _Candidate(name, sort, statement, score + more, _going_on(statement, given))


def _going_on(statement: Statement, given: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return the sentence of the problem that goes on about this one: it shares a name with it, or refers to it."""
    if statement not in given[:-1]:
        return ()
    follows = given[given.index(statement) + 1]
    if follows.basis is Basis.GAP:
        return ()
    linked = names(follows.text) & names(statement.text) or _REFERS.search(follows.text)
    return (follows,) if linked else ()


def _most_different(candidates: Sequence[_Candidate], limit: int) -> list[_Candidate]:
    """Choose candidates one by one: good ones, and unlike those chosen before."""
    chosen: list[_Candidate] = []
    left = [one for one in candidates if one.score > _LEAST]
    while left and len(chosen) < limit:
        best = max(left, key=lambda one: one.score - _LIKENESS * _likeness(one, chosen))
        worth = best.score - _LIKENESS * _likeness(best, chosen)
        if worth <= 0 or (worth < _WORTH and len(chosen) >= _FEWEST):
            break
        chosen.append(best)
        left = [one for one in left if one is not best and one.statement not in best.more]
    return chosen


def _likeness(one: _Candidate, chosen: Sequence[_Candidate]) -> float:
    return max((_alike(one, other) for other in chosen), default=0.0)


def _alike(one: _Candidate, other: _Candidate) -> float:
    first, second = set(content_words(one.name)), set(content_words(other.name))
    words = len(first & second) / (min(len(first), len(second)) or 1)
    return max(words, _SAME_SORT * (one.sort == other.sort))


def _given(idea: str, workspace: Workspace) -> _Candidate:
    name, sort = next(iter(named_in(idea)), ("", ""))
    statement = Statement("idea", idea, Basis.STATED, author=workspace.owner)
    return _Candidate(name if len(idea.split()) > _LONGEST_NAME and name else idea, sort, statement, _GIVEN)
