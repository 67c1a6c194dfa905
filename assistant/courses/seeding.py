"""Find the ideas that courses of action are built on: a means or a way that the problem or a document names.

An idea always has a source or an author; nothing is made up. Chosen by how likely a means is to be there and by how
much ideas differ (maximal marginal relevance, Carbonell & Goldstein 1998), over words. Knows nothing of fields."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.asking import names
from assistant.courses.framing import topic_of
from assistant.courses.phrasing import SEED_QUESTIONS, asked, told
from assistant.courses.recognising import AVAILABLE, MUST_NOT, NOT_KNOWN, UNUSABLE
from assistant.courses.stating import Ask, Inquirer, facts, renumbered, speaks_of
from assistant.courses.workspace import Basis, CourseOfAction, FramingField, Statement, Workspace
from retrieval.languages import Language
from retrieval.lexical import content_words, stems

MOST_COURSES = 5
BASELINE = "coa-0"
# What staffs move, cross, carry, house and hire with; Dutch ones also as the end of a compound (vrachtauto's, Kadeweg).
_MEANS = {
    "way": r"route|road|track|path|detour|bypass|\w*wegen|\w*weg|\w*pad|\w*route|\w*omleiding",
    "crossing": r"bridge|ford|ferry|raft|trackway|fascines?(?: set)?|causeway|\w*brug|\w*bruggen"
    r"|\w*vlot|veer|\w*veerpont|\w*pont"
    r"|\w*rijplaten",
    "vehicle": r"vehicles?|trucks?|lorr(?:y|ies)|buse?s?|trains?|ambulances?|tankers?|trailers?|\w*voertuigen"
    r"|\w*auto'?s?|\w*bussen|\w*trein|\w*wagens?",
    "air": r"helicopters?|aircraft|airlift|drones?|\w*helikopters?|\w*vliegtuig\w*",
    "water": r"boats?|vessels?|ships?|barges?|\w*boten|\w*boot|\w*schip|\w*schepen|\w*aak",
    "people": r"soldiers|volunteers|teams?|militairen|vrijwilligers|\w*ploegen",
    "unit": r"platoon|company|squadron|\w*peloton|\w*compagnie|\w*eskadron",
    "contract": r"contractor|agreement|contract|lease|hire|\w*aannemer|\w*overeenkomst|\w*contract|\w*afspraak",
    "stock": r"reserves?|stocks?|depots?|supplies|\w*voorra(?:ad|den)|\w*depots?|\w*reserve",
    "shelter": r"shelters?|accommodation|\w*opvang|\w*hal",
}
_SORTS = {sort: re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE) for sort, words in _MEANS.items()}
_WORD = re.compile(r"[\w'’-]+")
# Left of the means these end its name: they are no part of it, whatever they are in another sentence.
_ENDS_NAME = frozenset(
    """
    has have had owns own holds hold is are be been can free open one two three four five six several some such new
    available attached stands stand consists consist evening at in on of to the a an and or with by for its their
    heeft hebben is zijn een twee drie vier vijf zes zeven acht negen tien de het den er kunnen kan met van bij aan op
    naar en of beschikbare beschikbaar ongeveer deze die dat geen stranded volgens twintig dertig veertig vijftig zestig
    """.split()
)
_MOST_WORDS_BEFORE = 3
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
# Sorts that have or follow from a means rather than being a way themselves.
_HOLDERS = frozenset({"unit", "contract", "people", "shelter", "stock"})
_SAME_NAME = 0.6
# What a sentence of the problem itself is held to share with its mission.
_HALF = 0.5


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


def named_in(sentence: str) -> list[tuple[str, str]]:
    """Return the noun phrases of the means that a sentence names, copied from it, each with its sort.

    'a steel emergency bridge of 12 metres' gives ('steel emergency bridge', 'crossing'). The most telling ones only:
    two words or a name tell more than 'vehicles', and a bridge more than the platoon that has it."""
    found = [(sort, match) for sort, words in _SORTS.items() for match in words.finditer(sentence)]
    named = dict.fromkeys(
        (_phrase(sentence, match), sort) for sort, match in sorted(found, key=lambda one: one[1].start())
    )
    best = min(((sort in _HOLDERS, not _tells(name)) for name, sort in named), default=None)
    return [(name, sort) for name, sort in named if (sort in _HOLDERS, not _tells(name)) == best]


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
    given = list(workspace.frame(FramingField.STATEMENT).statements)
    found = [
        one
        for question in SEED_QUESTIONS[language]
        for one in facts(inquire(asked({language: question}, language, topic=topic)), place="seed")
    ]
    for statement, bonus in [*((one, _GIVEN) for one in given), *((one, 0.0) for one in found)]:
        if statement.basis is Basis.GAP or "|" in statement.text:
            continue
        there, own = bool(AVAILABLE.search(statement.text)), set(stems(statement.text, language))
        shared = len(about & own) / (len(own) or 1)
        if not bonus and not (there and shared > _LEAST):
            continue
        absent = not there and any(cue.search(statement.text) for cue in (UNUSABLE, NOT_KNOWN, MUST_NOT))
        score = bonus + _MISSION * (_HALF if bonus else shared) + _THERE * there + _NOT_THERE * absent
        for name, sort in named_in(statement.text):
            more = _TELLING * _tells(name) + _LESS_OF_A_WAY * (sort in _HOLDERS)
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


def _phrase(sentence: str, match: re.Match[str]) -> str:
    """Return the words of a means with what qualifies it: before it up to a word that ends a name, and names after."""
    start = match.start()
    for taken, word in enumerate(reversed(list(_WORD.finditer(sentence, 0, match.start())))):
        between = sentence[word.end() : start]
        if taken == _MOST_WORDS_BEFORE or between.strip() or word[0].lower() in _ENDS_NAME or word[0][0].isdigit():
            break
        start = word.start()
    end = match.end()
    after = re.match(r"(?: [A-ZÀ-Þ]{3,}\b)+", sentence[end:])
    return sentence[start : end + (after.end() if after else 0)]


def _tells(phrase: str) -> bool:
    return len(phrase.split()) > 1 or phrase[:1].isupper()


def same_name(one: str, other: str, language: Language) -> bool:
    """Tell whether two names of means speak of the same."""
    return min(speaks_of(one, other, language), speaks_of(other, one, language)) >= _SAME_NAME
