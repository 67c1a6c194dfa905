"""Say in SQL what the catalog asks, and turn its rows into values. Opens nothing, changes nothing."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select

from retrieval.access import Listing, Marking, Scope
from retrieval.catalog import tables
from retrieval.catalog.records import Found
from retrieval.documents import Document, Passage, State

# As the loaders name them, and authors of front matter; what the author wrote before what a program did.
_DATES = ("date", "datum", "modified", "created")
MARKING = [column for column in tables.markings.c if column.name != "id"]
OF_DOCUMENT = tables.versions.c.document == tables.documents.c.id
CURRENT = and_(tables.versions.c.id == tables.documents.c.current, tables.versions.c.state == State.LIVE)


def readable(scope: Scope) -> Any:
    """The scope as a condition on versions joined with documents. The second check behind the index's own filter."""
    return _in_force(scope.markings, scope.corpora, scope.on_date)


def knowable(listing: Listing) -> Any:
    """The listing as the same condition: for what counts, never beside a column that holds text."""
    return _in_force(listing.knowable, listing.within, listing.on_date)


def _in_force(markings: Collection[str], corpora: Collection[str], on_date: date) -> Any:
    versions = tables.versions.c
    return and_(
        versions.state == State.LIVE,
        versions.marking.in_(markings),
        tables.documents.c.corpus.in_(corpora),
        or_(versions.valid_from.is_(None), versions.valid_from <= on_date),
        or_(versions.valid_until.is_(None), versions.valid_until > on_date),
    )


def in_utc(moment: datetime) -> datetime:
    """SQLite forgets the time zone; what it stores is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def found_query() -> Select[Any]:
    joined = (
        tables.passages.join(tables.versions)
        .join(tables.documents, OF_DOCUMENT)
        .join(tables.markings, tables.versions.c.marking == tables.markings.c.id)
        .join(tables.corpora, tables.documents.c.corpus == tables.corpora.c.name)
    )
    return select(
        tables.passages,
        *MARKING,
        tables.documents.c.id.label("document_id"),
        tables.documents.c.corpus,
        tables.documents.c.key,
        tables.documents.c.title,
        tables.documents.c.current,
        tables.versions.c.valid_from,
        tables.versions.c.valid_until,
        tables.versions.c.language,
        tables.versions.c.metadata,
        tables.corpora.c.authority,
    ).select_from(joined)


def found_in(row: Row[Any]) -> Found:
    return Found(
        Passage(row.id, row.version, row.ordinal, row.heading, row.page, row.start, row.end, row.text),
        Document(row.document_id, row.corpus, row.key, row.title, row.current),
        marking_in(row),
        row.valid_from,
        row.valid_until,
        row.language,
        _told_date(row.metadata),
        row.authority,
    )


def _told_date(metadata: Mapping[str, str]) -> date | None:
    """Return the date that a file gives itself, or else was last changed or made on; None without one."""
    fields = {key.lower(): value for key, value in metadata.items()}
    for key in _DATES:
        with suppress(ValueError):
            return date.fromisoformat(fields.get(key, "")[:10])
    return None


def document_in(row: Row[Any]) -> Document:
    return Document(row.id, row.corpus, row.key, row.title, row.current)


def marking_in(row: Row[Any]) -> Marking:
    sets = (frozenset(row.releasable_to), frozenset(row.categories), frozenset(row.need_to_know))
    return Marking(row.policy, row.level, *sets)


def marking_row(marking: Marking) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(marking).items()}
