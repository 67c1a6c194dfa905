"""Versions as somebody reads them one by one, also those that search returns no more: replaced, retired, expired.

Takes a scope for its markings and corpora and leaves its date to whoever shows them, who says what is not in force.
What is staged or held back is not there."""

from typing import Any

from sqlalchemy import Row, Select, and_, select

from retrieval.access import Scope
from retrieval.catalog import tables
from retrieval.catalog.inserting import Connected
from retrieval.catalog.records import Reading
from retrieval.catalog.rows import MARKING, OF_DOCUMENT, in_utc, marking_in
from retrieval.documents import Passage, State, Version

_READ = (State.LIVE, State.RETIRED)
_JOINED = (
    tables.versions.join(tables.documents, OF_DOCUMENT)
    .join(tables.markings, tables.versions.c.marking == tables.markings.c.id)
    .join(tables.corpora, tables.documents.c.corpus == tables.corpora.c.name)
)


class Readings(Connected):
    def readings(self, document: str, *, scope: Scope) -> list[Reading]:
        """Return the versions of a document that the scope's markings and corpora allow: the live one, then newest
        first; [] for none."""
        query = _query().where(tables.documents.c.id == document, _allowed(scope))
        with self._reading() as connection:
            found = [_reading(row) for row in connection.execute(query)]
        return sorted(found, key=lambda one: (one.is_current, one.added_at), reverse=True)

    def document_of(self, version: str, *, scope: Scope) -> str | None:
        """Return the id of the document that a version is of, or None when the scope does not allow that version."""
        query = select(tables.documents.c.id).select_from(_JOINED)
        with self._reading() as connection:
            return connection.execute(
                query.where(tables.versions.c.id == version, _allowed(scope))
            ).scalar_one_or_none()

    def outline(self, version: str, *, scope: Scope) -> list[tuple[int, int, int | None]]:
        """Return (start, end, page) of each passage of a version in their order; [] when the scope does not allow."""
        columns = tables.passages.c
        query = select(columns.start, columns.end, columns.page).select_from(_JOINED.join(tables.passages))
        with self._reading() as connection:
            rows = connection.execute(
                query.where(columns.version == version, _allowed(scope)).order_by(columns.ordinal)
            )
            return [(row.start, row.end, row.page) for row in rows]

    def stretch(self, version: str, start: int, end: int, *, scope: Scope) -> list[Passage]:
        """Return the passages of a version that stand between two offsets, in their order."""
        columns = tables.passages.c
        kept = [column for column in columns if column.name != "searchable_sha256"]
        within = and_(columns.version == version, columns.start < end, columns.end > start, _allowed(scope))
        query = select(*kept).select_from(_JOINED.join(tables.passages)).where(within).order_by(columns.ordinal)
        with self._reading() as connection:
            return [Passage(**row._mapping) for row in connection.execute(query)]

    def holds_only(self, reading: Reading, *, scope: Scope) -> bool:
        """Tell whether the original of a version holds nothing but what the scope allows.

        Of what was taken out of an archive or a file of records there is no original by itself, and a message holds
        what hangs on it: all of that must be allowed too, in every version."""
        if reading.blob != reading.version.sha256:
            return False
        documents, versions = tables.documents.c, tables.versions.c
        hangs = and_(documents.corpus == reading.corpus, documents.key.startswith(f"{reading.key}#", autoescape=True))
        query = select(documents.id, versions.id.label("version"), _allowed(scope).label("allowed"))
        with self._reading() as connection:
            found = connection.execute(query.select_from(_JOINED).where(hangs)).all()
        return all(row.allowed for row in found)


def _query() -> Select[Any]:
    documents, versions, corpora = tables.documents.c, tables.versions.c, tables.corpora.c
    return select(
        *(versions.id, versions.document, versions.sha256, versions.marking, versions.supersedes, versions.state),
        *(versions.valid_from, versions.valid_until),
        *(versions.title, versions.blob, versions.language, versions.added_at, versions.retired_at),
        *MARKING,
        *(documents.corpus, documents.key, documents.current, documents.superseded_by),
        *(corpora.title.label("corpus_title"), corpora.owner),
    ).select_from(_JOINED)


def _allowed(scope: Scope) -> Any:
    return and_(
        tables.versions.c.state.in_(_READ),
        tables.versions.c.marking.in_(scope.markings),
        tables.documents.c.corpus.in_(scope.corpora),
    )


def _reading(row: Row[Any]) -> Reading:
    dates = (row.valid_from, row.valid_until)
    return Reading(
        Version(row.id, row.document, row.sha256, row.marking, *dates, row.supersedes, State(row.state)),
        row.corpus,
        row.corpus_title,
        row.owner,
        row.key,
        row.title,
        marking_in(row),
        row.blob,
        row.language,
        in_utc(row.added_at),
        row.retired_at and in_utc(row.retired_at),
        row.superseded_by,
        row.current == row.id and row.state == State.LIVE,
    )
