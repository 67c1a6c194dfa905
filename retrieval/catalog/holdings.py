"""What a corpus holds and where it came from: sources, the files in them, documents with their last live version.

For intake and for owners. Gives no text."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update

from retrieval.catalog import tables
from retrieval.catalog.inserting import Connected, insert_or_replace
from retrieval.catalog.records import Holding, Past, SeenFile, Source
from retrieval.catalog.rows import OF_DOCUMENT, document_in, in_utc, marking_in
from retrieval.documents import State, Version
from retrieval.screening.flags import from_fields

_OF_VERSION = [
    tables.versions.c[name].label(f"version_{name}")
    for name in ("id", "sha256", "marking", "valid_from", "valid_until", "supersedes", "state")
]
_BESIDES = [
    tables.versions.c[name]
    for name in ("pipeline", "added_at", "retired_at", "quarantine", "flags", "warnings", "language")
]
_OF_MARKING = [column for column in tables.markings.c if column.name != "id"]


class Holdings(Connected):
    def holdings(self, corpus: str) -> list[Holding]:
        """Return every document of a corpus, live or not, by key."""
        return self._holdings(tables.documents.c.corpus == corpus)

    def holdings_of(self, corpus: str, files: Collection[str]) -> list[Holding]:
        """Return the documents of a corpus that come from these files, or from none, by key."""
        documents = tables.documents.c
        return self._holdings(documents.corpus == corpus, or_(documents.file.in_(files), documents.source.is_(None)))

    def holdings_with(self, corpus: str, *, sha256: str = "", document: str = "") -> list[Holding]:
        """Return the documents of a corpus that had this content in any version, or have this id, by key."""
        documents, versions = tables.documents.c, tables.versions.c
        alike = select(versions.document).where(versions.sha256 == sha256)
        return self._holdings(documents.corpus == corpus, or_(documents.id == document, documents.id.in_(alike)))

    def _holdings(self, *conditions: ColumnElement[bool]) -> list[Holding]:
        documents, versions = tables.documents, tables.versions
        # Staged ones are nobody's business yet.
        finished = and_(versions.c.document == documents.c.id, versions.c.state != State.STAGED)
        query = (
            select(documents, *_OF_VERSION, *_OF_MARKING, *_BESIDES)
            .select_from(
                documents.outerjoin(versions, finished).outerjoin(
                    tables.markings, versions.c.marking == tables.markings.c.id
                )
            )
            .where(*conditions)
        )
        last: dict[str, Row[Any]] = {}
        with self._reading() as connection:
            for row in connection.execute(query):
                if row.id not in last or _recency(row) > _recency(last[row.id]):
                    last[row.id] = row
        return sorted(map(_holding, last.values()), key=lambda holding: holding.document.key)

    def history(self, document: str) -> list[Past]:
        """Return the versions of a document that are or were live, newest first."""
        versions, passages = tables.versions, tables.passages
        query = (
            select(
                *_OF_VERSION, versions.c.added_at, versions.c.retired_at, func.count(passages.c.id).label("passages")
            )
            .select_from(versions.outerjoin(passages))
            .where(versions.c.document == document, versions.c.state != State.STAGED)
            .group_by(versions.c.id)
        )
        with self._reading() as connection:
            rows: list[Row[Any]] = list(connection.execute(query))
        return [
            Past(_version(row, document), in_utc(row.added_at), row.retired_at and in_utc(row.retired_at), row.passages)
            for row in sorted(rows, key=_recency, reverse=True)
        ]

    def originals(self) -> dict[str, list[tuple[str, str, int | None, str | None]]]:
        """Map the hash of every original, of versions in any state, to (corpus, key, source, file) of its documents."""
        documents = tables.documents.c
        query = select(
            tables.versions.c.blob, documents.corpus, documents.key, documents.source, documents.file
        ).select_from(tables.versions.join(tables.documents, OF_DOCUMENT))
        found: dict[str, list[tuple[str, str, int | None, str | None]]] = {}
        with self._reading() as connection:
            for blob, *told in connection.execute(query.distinct().order_by(documents.corpus, documents.key)):
                found.setdefault(blob, []).append((told[0], told[1], told[2], told[3]))
        return found

    def sources(self, corpus: str) -> list[Source]:
        """Return the sources of a corpus in the order in which they were first added."""
        query = select(tables.sources).filter_by(corpus=corpus).order_by(tables.sources.c.id)
        with self._reading() as connection:
            return [
                Source(row.id, row.corpus, row.path, row.prefix, row.synced_at and in_utc(row.synced_at))
                for row in connection.execute(query)
            ]

    def add_source(self, corpus: str, path: str, prefix: str, *, within: Sequence[tuple[Source, str]]) -> Source:
        """Record a source; the sources `within` it become part of it, each below the given folder.

        `within`: (source, what its files' keys begin with from now on) in place of the source's own prefix."""
        documents = tables.documents
        with self._writing() as connection:
            row = {"corpus": corpus, "path": path, "prefix": prefix}
            identifier = connection.execute(insert(tables.sources).values(**row).returning(tables.sources.c.id))
            source = Source(int(identifier.scalar_one()), corpus, path, prefix, None)
            for one, begin in within:
                query = select(documents.c.id, documents.c.key, documents.c.file).where(documents.c.source == one.id)
                for held in connection.execute(query).all():
                    kept = len(one.prefix)
                    change = update(documents).where(documents.c.id == held.id)
                    names = {"key": begin + held.key[kept:], "file": begin + held.file[kept:]}
                    connection.execute(change.values(source=source.id, **names))
                connection.execute(delete(tables.sources).where(tables.sources.c.id == one.id))
        return source

    def forget_source(self, source: int) -> None:
        """Let the documents of a source stay without one: what was sent once has no folder to be compared with."""
        documents = tables.documents
        with self._writing() as connection:
            connection.execute(update(documents).where(documents.c.source == source).values(source=None, file=None))
            connection.execute(delete(tables.files).where(tables.files.c.source == source))
            connection.execute(delete(tables.sources).where(tables.sources.c.id == source))

    def seen_files(self, source: int, *, among: Collection[str] | None = None) -> dict[str, SeenFile]:
        """Map the files of a source to what they were when they were read; `among`: these files only."""
        query = select(*(column for column in tables.files.c if column.name != "source")).filter_by(source=source)
        if among is not None:
            query = query.where(tables.files.c.file.in_(among))
        with self._reading() as connection:
            return {row.file: SeenFile(*row) for row in connection.execute(query)}

    def saw_files(self, source: int, files: Sequence[SeenFile], documents: Sequence[tuple[str, str]]) -> None:
        """Record what files were when they were read, and of which file documents without one come: (id, file)."""
        with self._writing() as connection:
            for one in files:
                insert_or_replace(connection, tables.files, {"source": source, **asdict(one)})
            for identifier, file in documents:
                of_nowhere = and_(tables.documents.c.id == identifier, tables.documents.c.source.is_(None))
                connection.execute(update(tables.documents).where(of_nowhere).values(source=source, file=file))

    def synced(self, source: int, gone: Sequence[str]) -> None:
        """Record that a source was compared with the corpus just now, and that these files of it are gone."""
        table = tables.files
        with self._writing() as connection:
            for file in gone:
                connection.execute(delete(table).where(table.c.source == source, table.c.file == file))
            done = update(tables.sources).where(tables.sources.c.id == source)
            connection.execute(done.values(synced_at=datetime.now(UTC)))


def _recency(row: Row[Any]) -> tuple[object, ...]:
    never = datetime.min.replace(tzinfo=UTC)
    moments = (in_utc(moment) if moment else never for moment in (row.retired_at, row.added_at))
    return (row.version_state in (State.LIVE, State.QUARANTINED), *moments)


def _holding(row: Row[Any]) -> Holding:
    version = _version(row, row.id) if row.version_id is not None else None
    return Holding(
        document_in(row),
        row.source,
        row.file,
        row.withdrawn,
        row.superseded_by,
        version,
        marking_in(row) if version else None,
        row.pipeline or "",
        row.added_at and in_utc(row.added_at),
        row.marked,
        row.quarantine or "",
        tuple(map(from_fields, row.flags or ())),
        tuple(row.warnings or ()),
        row.language or "",
    )


def _version(row: Row[Any], document: str) -> Version:
    return Version(
        row.version_id,
        document,
        row.version_sha256,
        row.version_marking,
        row.version_valid_from,
        row.version_valid_until,
        row.version_supersedes,
        State(row.version_state),
    )
