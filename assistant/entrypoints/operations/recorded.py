"""Find records of the journal for an operator: who, when and what kind, and nothing that a document or a person said.

Knows which keys of a record name somebody or something; every other key stays unread."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.journal import Journal, Record

PAGE = 50
# Searching by person reads bodies: so many, and then the reader goes on by hand.
_LOOKED_AT = 20_000
_NAMING = ("id", "answer", "workspace", "corpus", "account", "token_id")
_PERSONS = ("by", "reader", "person", "actor", "asker")


@dataclass(frozen=True, slots=True)
class Sought:
    kind: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None
    """Only records with a lower number."""


@dataclass(frozen=True, slots=True)
class Line:
    """A record as an operator sees it."""

    number: int
    at: str
    kind: str
    person: str
    about: str
    """The id or name of what it is about."""


@dataclass(frozen=True, slots=True)
class Found:
    lines: tuple[Line, ...]
    """Newest first."""
    before: int | None
    """Where to go on; None when there is nothing older."""
    looked_at: int


def find(journal: Journal, sought: Sought) -> Found:
    """Return a page of records, newest first."""
    lines: list[Line] = []
    looked_at, last = 0, None
    for record in _newest_first(journal, sought):
        if looked_at == _LOOKED_AT or len(lines) == PAGE:
            return Found(tuple(lines), last, looked_at)
        looked_at, last = looked_at + 1, record.number
        line = told(record)
        if not sought.person or sought.person.casefold() in line.person.casefold():
            lines.append(line)
    return Found(tuple(lines), None, looked_at)


def told(record: Record) -> Line:
    """Return what of a record an operator may see."""
    asked = record.body.get("asked")
    principal = asked.get("principal") if isinstance(asked, dict) else None
    person = principal.get("name", "") if isinstance(principal, dict) else _first(record.body, _PERSONS)
    return Line(record.number, record.at, record.kind, str(person), _first(record.body, _NAMING))


def _newest_first(journal: Journal, sought: Sought) -> Iterator[Record]:
    since = sought.since.isoformat() if sought.since else ""
    # Times are ISO 8601: whatever is of that day comes before this.
    until = f"{sought.until.isoformat()}T~" if sought.until else ""
    return journal.newest(kind=sought.kind, since=since, until=until, before=sought.before)


def _first(body: Any, keys: Iterable[str]) -> str:
    return next((value for key in keys if isinstance(value := body.get(key), str)), "")
