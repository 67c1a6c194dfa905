"""Put the documents of a corpus in a table: filtered, sorted and cut into pages. Pure; knows no request and no page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from retrieval.access import UNMARKED, Marking, high_water_mark
from retrieval.catalog import Holding
from retrieval.lifecycle.curating import seal

PAGE = 50
STATES = ("in force", "not yet", "ended", "superseded", "retired", "held back")
SORTS = ("key", "title", "state", "marking", "from", "until", "added")


@dataclass(frozen=True, slots=True)
class Row:
    """A document as its owner reads it in a table."""

    holding: Holding
    id: str
    key: str
    title: str
    state: str
    marking: Marking
    format: str
    valid_from: date | None
    valid_until: date | None
    added: str

    @property
    def seal(self) -> str:
        return seal(self.holding)

    @property
    def flags(self) -> int:
        return len(self.holding.flags)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a table is asked for; what means nothing is as if it were not asked."""

    text: str = ""
    state: str = ""
    marking: str = ""
    """Its id."""
    format: str = ""
    sort: str = "key"
    """One of SORTS, with '-' before it for the other way round."""
    page: int = 1

    def asked(self, **other: object) -> dict[str, object]:
        """Return what is in the address of this part of the table, with something else in it."""
        told = {name: getattr(self, name) for name in ("text", "state", "marking", "format", "sort", "page")} | other
        return {name: value for name, value in told.items() if value not in ("", 1, "key")}


@dataclass(frozen=True, slots=True)
class Table:
    rows: Sequence[Row]
    total: int
    """That fit the filters."""
    page: int
    pages: int
    formats: Sequence[str]
    markings: Mapping[str, Marking]
    """All that may be filtered by, by id."""


def rows_of(holdings: Iterable[Holding], on_date: date) -> list[Row]:
    return [_row(one, on_date) for one in holdings]


def table_of(rows: Sequence[Row], wanted: Wanted) -> Table:
    text = wanted.text.casefold().split()
    chosen = [
        row
        for row in rows
        if (not wanted.state or row.state == wanted.state)
        and (not wanted.marking or row.marking.id == wanted.marking)
        and (not wanted.format or row.format == wanted.format)
        and (not text or all(word in f"{row.key}\n{row.title}".casefold() for word in text))
    ]
    name = wanted.sort.removeprefix("-")
    if name in SORTS:
        chosen.sort(key=lambda row: (*_order(row, name), row.key.casefold()), reverse=wanted.sort.startswith("-"))
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(max(wanted.page, 1), pages)
    return Table(
        chosen[(page - 1) * PAGE : page * PAGE],
        len(chosen),
        page,
        pages,
        sorted({row.format for row in rows}),
        {one.id: one for one in sorted({row.marking for row in rows}, key=str)},
    )


def banner_of(markings: Iterable[Marking]) -> Marking | None:
    """Return what stands above a page that shows this: the high-water mark, one beside the other for each policy."""
    by_policy: dict[str, list[Marking]] = {}
    for one in markings:
        if one != UNMARKED:
            by_policy.setdefault(one.policy, []).append(one)
    marks = [mark for _, group in sorted(by_policy.items()) if (mark := high_water_mark(group))]
    if len(marks) < 2:
        return marks[0] if marks else None
    return Marking("", " · ".join(map(str, marks)))


def _row(one: Holding, on_date: date) -> Row:
    version, document = one.version, one.document
    return Row(
        one,
        document.id,
        document.key,
        document.title,
        _state(one, on_date),
        one.marking or UNMARKED,
        PurePosixPath(document.key.rpartition("#")[2]).suffix.casefold().lstrip(".")[:12],
        version.valid_from if version else None,
        version.valid_until if version else None,
        f"{one.added_at:%Y-%m-%d}" if one.added_at else "",
    )


def _state(one: Holding, on_date: date) -> str:
    if one.quarantined:
        return "held back"
    if not one.live or one.version is None:
        return "retired"
    if one.version.valid_until and one.version.valid_until <= on_date:
        return "superseded" if one.superseded_by else "ended"
    return "not yet" if one.version.valid_from and one.version.valid_from > on_date else "in force"


def _order(row: Row, name: str) -> tuple[object, ...]:
    if name == "state":
        return (STATES.index(row.state),)
    if name in ("from", "until"):
        day = row.valid_from if name == "from" else row.valid_until
        return (day is not None, day or date.min)
    return (str(getattr(row, name)).casefold(),)
