"""Find answers in the journal again, for whoever asked and may still read what they rest on.

Its marking is that of its record, raised to what its sources are marked today. Shows and writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.answers import Citation, Claim, Conflict, Origin, Side, Verdict
from assistant.journal import Journal, Record
from retrieval.access import Marking, Principal, high_water_mark, may_read
from retrieval.catalog import Catalog
from retrieval.errors import StafwijzerError
from retrieval.languages import Language


class AnswerUnknown(StafwijzerError):
    """There is no such answer, or not for who asks: which of the two is not told."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What the journal tells of an answer, and its catalog of its sources today."""

    id: str
    at: str
    """UTC, ISO 8601."""
    asker: str
    question: str
    query: str
    language: Language
    text: str
    claims: tuple[Claim, ...]
    nearest: tuple[Citation, ...]
    """What the documents do say, where there is no answer."""
    abstained: bool
    conflicts: tuple[Conflict, ...]
    unanswered: tuple[str, ...]
    withheld: int
    corpora: tuple[str, ...]
    """The corpora that the question was limited to. Empty: none."""
    on_date: date
    marking: Marking | None
    """None when there was no evidence."""
    dates: Mapping[str, date]
    """By the id of a cited version: the day from which it holds, as far as is told."""


def kept_answers(
    ids: Sequence[str], *, journal: Journal, catalog: Catalog, principal: Principal, today: date
) -> list[KeptAnswer]:
    """Return the answers with these ids in that order. Raises AnswerUnknown when one of them is not for this principal.

    That is: asked by another, marked beyond what they may read today, or with a source that was deleted since."""
    found = {id: record for id in dict.fromkeys(ids) if (record := journal.answer(id))}
    kept = [_kept(found[id], catalog, principal, today) if id in found else None for id in dict.fromkeys(ids)]
    if not kept or None in kept:
        raise AnswerUnknown("There is no such answer.", hint="Ask the question again.")
    return [one for one in kept if one]


def _kept(record: Record, catalog: Catalog, principal: Principal, today: date) -> KeptAnswer | None:
    body = record.body
    asked, versions = body["asked"], sorted({one["version"] for one in body["evidence"]})
    if asked["principal"]["name"] != principal.name:
        return None
    # Of each version's first passage only the marking and the date are taken.
    sources = {one.passage.version: one for one in catalog.passages_of_versions(versions)}
    marks = [one.marking for one in sources.values()] + ([_marking(body["marking"])] if body["marking"] else [])
    if sources.keys() != set(versions) or not all(may_read(principal, mark, today) for mark in marks):
        return None
    told = body["abstention"]
    return KeptAnswer(
        id=body["id"],
        at=record.at,
        asker=principal.name,
        question=body["question"],
        query=body["trace"]["query"],
        language=body["language"],
        text=body["text"],
        claims=tuple(map(_claim, body["claims"])),
        nearest=tuple(map(_citation, told["nearest"])) if told else (),
        abstained=body["abstained"],
        conflicts=tuple(map(_conflict, body["conflicts"])),
        unanswered=tuple(body["unanswered"]),
        withheld=len(body["withheld"]),
        corpora=tuple(asked["corpora"]),
        on_date=date.fromisoformat(asked["on_date"]),
        marking=high_water_mark(marks),
        dates={version: one.dated for version, one in sources.items() if one.dated},
    )


def _citation(told: Mapping[str, Any]) -> Citation:
    return Citation(**told)


def _claim(told: Mapping[str, Any]) -> Claim:
    citations = tuple(map(_citation, told["citations"]))
    return Claim(told["text"], citations, Verdict(told["verdict"]), tuple(told["reasons"]), Origin(told["origin"]))


def _conflict(told: Mapping[str, Any]) -> Conflict:
    return Conflict(told["about"], tuple(map(_side, told["sides"])), told["prevails"], told["rule"])


def _side(told: Mapping[str, Any]) -> Side:
    dated = date.fromisoformat(told["dated"]) if told["dated"] else None
    return Side(told["value"], _citation(told["citation"]), _marking(told["marking"]), dated, told["authority"])


def _marking(told: Mapping[str, Any]) -> Marking:
    sets = (frozenset(told[name]) for name in ("releasable_to", "categories", "need_to_know"))
    return Marking(told["policy"], told["level"], *sets)
