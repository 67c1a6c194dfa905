"""Reckon whether amounts that statements tell fit together: load and limit, need and stock, time and deadline.

A pair is made only where the words make it certain: a stated limit, the same thing named by both, the same place. What
is not certain is not paired. Knows nothing of screens."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from assistant.answers import Citation
from assistant.courses.amounts import VEHICLE, Role, Told, drives, forbids, told_in
from assistant.courses.measuring import Measure, between, moment, number_written
from assistant.courses.workspace import Basis, Calculation, Statement
from retrieval.languages import LANGUAGES, Language, detect_language
from retrieval.lexical import stems
from retrieval.sentences import sentence_ranges

# The staff's own time to plan is not the time that a course may take.
_PLANNING = re.compile(
    r"\b(?:advis\w+|advice|brief\w*|report\w*|recommend\w*|decid\w+|decision|plan|present\w*|advise\w*|advies|adviseer\w*"
    r"|besluit\w*|beslis\w*|rapporteer\w*|meld\w*|voorleggen|bespreek\w*)\b",
    re.IGNORECASE,
)
_COSTS = re.compile(
    r"\b(?:costs?|price|spend|spent|pays?|hire\w*|bought|buy|rent\w*|kosten|kost|prijs|uitgeven|betaalt|huur\w*|koop\w*"
    r"|gekocht|gehuurd|afroep|call)\b",
    re.IGNORECASE,
)
_GIVES_TIME = re.compile(
    r"\b(?:within|binnen)\s(?:the next\s|de komende\s)?\d|\d\S*\s[^\W\d_]+\s(?:is |are |zijn )?"
    r"(?:available|left|remain\w*|beschikbaar|over|resterend)\b",
    re.IGNORECASE,
)
_BEFORE_MOMENT = re.compile(
    r"\b(?:before|not later than|no later than|by|until|completed|voor|uiterlijk|v[óo][óo]r|tot)\b", re.IGNORECASE
)
_READY_FROM = re.compile(
    r"\b(?:ready|available|free|open|from|after|arrives?|not before|gereed|beschikbaar|vrij|vanaf|pas|komt aan)\b",
    re.IGNORECASE,
)
_LIMITS = (Role.MOST, Role.LEAST)
# 'The gap', 'the temporary bridge': with more words before the verb the amount may be another's.
_LONGEST_SUBJECT = 3
_NOW = re.compile(r"\b(?:it is|het is)\b", re.IGNORECASE)


class Kind(StrEnum):
    """What a calculation is about; a course needs the first two to be feasible."""

    TIME = "time"
    MEANS = "means"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Check:
    kind: Kind
    calculation: Calculation


def check_limits(
    used: Sequence[Statement], course: Sequence[Statement], situation: Sequence[Statement], *, language: Language
) -> Iterator[Check]:
    """Yield whether what a course uses stays within stated limits of the same thing, where the course meets them.

    `used`: those of the course's statements that say what it uses. `situation`: what is told of no course: limits, and
    how wide, long, high or deep a thing is, for a course that a limit of such things is said of. Limits of the same
    that do not agree leave it open, and what a sentence denies is not used: 'It does not cross.'"""
    used_by = _amounts_of(used)
    given = [one for one in _amounts_of(situation) if one not in used_by]
    stated = [one for one in told_in([*situation, *course]) if one.role in _LIMITS]
    for amount in [*used_by, *given]:
        held: dict[tuple[Role, str, frozenset[str]], list[tuple[Kind, Calculation]]] = {}
        for limit in dict.fromkeys(stated):
            kind = _limited(amount, limit)
            if not kind or limit.sentence == amount.sentence or not _meets(course, limit, kind):
                continue
            if amount in used_by or (amount.attribute and _wanted(limit)):
                same = (limit.role, limit.measure.dimension, limit.names)
                held.setdefault(same, []).append((kind, _held(amount, limit, language)))
        for found in held.values():
            agree = len({calculation.holds for _, calculation in found}) == 1
            for kind, calculation in found:
                yield Check(kind, calculation if agree else replace(calculation, holds=None))


def _meets(course: Sequence[Statement], limit: Told, kind: Kind) -> bool:
    """Tell whether a course comes where a limit holds: it names all the names, or all of what the limit is said of."""
    wanted = _wanted(limit)
    if kind is Kind.COST or not wanted:
        return True
    return wanted <= {stem for one in course if limit.sentence not in one.text for stem in _stems(one.text)}


def _wanted(limit: Told) -> frozenset[str]:
    return limit.names or limit.subject - {limit.head, VEHICLE}


def _amounts_of(statements: Sequence[Statement]) -> list[Told]:
    """Return the amounts that are no limits and that no sentence denies."""
    return [one for one in told_in(statements) if one.role not in _LIMITS and not forbids(one.sentence)]


def _stems(text: str) -> frozenset[str]:
    """Return the stems of a text as each language makes them: a short text does not show which it is in."""
    return frozenset(stem for language in LANGUAGES for stem in stems(text, language))


def check_stocks(course: Sequence[Statement], others: Sequence[Statement], *, language: Language) -> Iterator[Check]:
    """Yield whether there is as much as is needed of the same thing; of a daily need, for how long there is.

    One of the two must be the course's own. Several stocks of a thing may be one stock told twice: it is certain that
    there is enough when one of them is, and that there is not when all together are too little."""
    own = set(told_in(course))
    everything = list(dict.fromkeys(told_in([*course, *others])))
    for need in everything:
        if need.role is not Role.NEED or not need.things or need.measure.dimension == "[time]":
            continue
        rate = "/ [time]" in need.measure.dimension
        stocks = [
            one
            for one in everything
            if one.role is Role.STOCK
            and one.things & need.things
            and (one in own or need in own)
            and one.measure.alike(need.measure.times(Measure(1, "day")) if rate else need.measure)
        ]
        if rate:
            for stock in stocks:
                yield Check(Kind.MEANS, _lasting(stock, need, language))
        elif stocks:
            yield Check(Kind.MEANS, _enough(stocks, need, language))


def check_places(course: Sequence[Statement], others: Sequence[Statement], *, language: Language) -> Iterator[Check]:
    """Yield whether seats or beds hold the people of the same name, the most that are told.

    Too few leave it open: not all may need one."""
    own = set(told_in(course))
    everything = list(dict.fromkeys(told_in([*course, *others])))
    for places in everything:
        people = [
            one
            for one in everything
            if one.measure.unit == "person" and one.names & places.names and (one in own or places in own)
        ]
        if places.measure.unit in ("seat", "bed") and people:
            calculation = _enough([places], max(people, key=lambda one: one.measure.amount), language)
            yield Check(Kind.MEANS, replace(calculation, holds=calculation.holds or None))


def check_time(
    course: Sequence[Statement],
    available: Sequence[Statement],
    *,
    problem: str,
    near: date,
    language: Language,
) -> Iterator[Check]:
    """Yield whether what takes time fits into the time available, and what is ready from a moment before the deadline.

    It is certain that the time is too short when one thing takes longer, and that it is enough when all together take
    no longer."""
    now = _now(problem, near, language)
    deadline = _deadline(available, near, now)
    limit = _time_limit(available) or (between(now, deadline[0]) if now and deadline else None)
    cited = tuple(citation for one in available for citation in one.citations)
    told = told_in(course)
    needs = [one for one in told if one.role is Role.NEED and one.measure.dimension == "[time]"]
    needs += _travel(told, language)
    if limit and needs and limit.amount > 0:
        yield Check(Kind.TIME, _fits(needs, limit, cited, language))
    if deadline:
        for statement in course:
            if ready := _ready(statement, near):
                text = f"{ready:%d-%m-%Y %H:%M}, {_say('before', language)} {deadline[0]:%d-%m-%Y %H:%M}"
                calculation = Calculation(text, ready <= deadline[0], (*statement.citations, *deadline[1].citations))
                yield Check(Kind.TIME, calculation)


def _limited(used: Told, limit: Told) -> Kind | None:
    """Return what a limit is of, when it is certain that it holds for what is used."""
    dimension = limit.measure.dimension
    if not used.measure.alike(limit.measure) or (limit.role is Role.LEAST and dimension != "[length]"):
        return None
    if "currency" in dimension:
        return Kind.COST if _COSTS.search(limit.sentence) and _COSTS.search(used.sentence) else None
    if dimension == "[military_load_class]":
        return Kind.MEANS if drives(used.sentence) else None
    if dimension == "[mass]":
        weighed = used.role is Role.NEED and VEHICLE in used.things
        return Kind.MEANS if weighed and VEHICLE in limit.things else None
    # A gap that is 9 metres wide, for what needs a gap of 12: the same thing by the same measure.
    same = limit.attribute and limit.attribute == used.attribute and limit.head in used.subject
    return Kind.MEANS if dimension == "[length]" and same and len(used.subject) <= _LONGEST_SUBJECT else None


def _held(used: Told, limit: Told, language: Language) -> Calculation:
    bound = limit.measure.to(used.measure.unit).amount
    within = used.measure.amount <= bound if limit.role is Role.MOST else used.measure.amount >= bound
    relation = _say("at most" if limit.role is Role.MOST else "at least", language)
    text = f"{used.measure.written(language)}, {relation} {limit.measure.written(language)}"
    return Calculation(text, within, (*used.citations, *limit.citations))


def _lasting(stock: Told, need: Told, language: Language) -> Calculation:
    lasts = stock.measure.over(need.measure).to("day")
    text = f"{stock.measure.written(language)} / {need.measure.written(language)} = {lasts.written(language)}"
    return Calculation(text, None, (*stock.citations, *need.citations))


def _enough(stocks: Sequence[Told], need: Told, language: Language) -> Calculation:
    amounts = [one.measure.to(need.measure.unit).amount for one in stocks]
    wanted = need.measure.amount
    holds = True if max(amounts) >= wanted else False if sum(amounts) < wanted else None
    shown = " + ".join(number_written(amount, language) for amount in amounts)
    text = f"{shown}, {_say('at least', language)} {need.measure.written(language)}"
    return Calculation(text, holds, tuple(citation for one in (*stocks, need) for citation in one.citations))


def _travel(course: Sequence[Told], language: Language) -> Iterator[Told]:
    """Yield the time of each distance at a speed, where both name the same road or place."""
    for distance in course:
        for speed in course:
            named = distance.names & speed.names
            if distance.role is Role.DISTANCE and speed.role in (Role.SPEED, Role.MOST) and named:
                if speed.measure.dimension != "[length] / [time]" or speed.measure.amount <= 0:
                    continue
                hours = distance.measure.over(speed.measure).to("hour")
                text = f"{distance.measure.written(language)} / {speed.measure.written(language)}"
                cited = (*distance.citations, *speed.citations)
                yield replace(distance, measure=hours, role=Role.NEED, names=named, sentence=text, citations=cited)


def _fits(needs: Sequence[Told], limit: Measure, cited: tuple[Citation, ...], language: Language) -> Calculation:
    hours = [one.measure.to("hour") for one in dict.fromkeys(needs)]
    whole, most = sum(one.amount for one in hours), limit.to("hour").amount
    longest = max(one.amount for one in hours)
    holds = False if longest > most else True if whole <= most else None
    shown = " + ".join(one.written(language) for one in hours)
    total = f" = {Measure(whole, 'hour').written(language)}" if len(hours) > 1 else ""
    text = f"{shown}{total}, {_say('at most', language)} {limit.to('hour').written(language)}"
    return Calculation(text, holds, (*(citation for one in needs for citation in one.citations), *cited))


def _time_limit(available: Sequence[Statement]) -> Measure | None:
    """Return the duration that is said to be available; None when none is, or several are."""
    hours = {
        told.measure.to("hour")
        for told in told_in(available)
        if told.measure.dimension == "[time]" and _gives_time(told) and not _PLANNING.search(told.sentence)
    }
    return hours.pop() if len(hours) == 1 else None


def _gives_time(told: Told) -> bool:
    return told.role is Role.MOST or bool(_GIVES_TIME.search(told.sentence))


def _deadline(available: Sequence[Statement], near: date, now: datetime | None) -> tuple[datetime, Statement] | None:
    """Return the deadline that is still to come; None when none is told, or several are."""
    found = {}
    for statement in available:
        told = statement.basis in (Basis.FACT, Basis.STATED) and not _PLANNING.search(statement.text)
        if told and _BEFORE_MOMENT.search(statement.text):
            at = moment(statement.text, language=detect_language(statement.text), near=near, until=True)
            if at and at > (now or datetime(near.year, near.month, near.day)):
                found[at] = statement
    return next(iter(found.items())) if len(found) == 1 else None


def _ready(statement: Statement, near: date) -> datetime | None:
    if statement.basis not in (Basis.FACT, Basis.STATED) or not _READY_FROM.search(statement.text):
        return None
    return moment(statement.text, language=detect_language(statement.text), near=near)


def _now(problem: str, near: date, language: Language) -> datetime | None:
    """Return the moment at which the problem is told: 'It is 6 February, 14:00 hours.'"""
    for start, end in sentence_ranges(problem):
        if _NOW.match(problem[start:end]) and (at := moment(problem[start:end], language=language, near=near)):
            return at
    return None


_SENTENCES: dict[str, dict[Language, str]] = {
    "at most": {"en": "at most", "nl": "ten hoogste"},
    "at least": {"en": "at least", "nl": "ten minste"},
    "before": {"en": "not later than", "nl": "uiterlijk"},
}


def _say(name: str, language: Language) -> str:
    return _SENTENCES[name][language]
