"""Versions on their way in and out: staged, live, replaced, gone from the index."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, delete, select, update

from retrieval.catalog import tables
from retrieval.catalog.inserting import Connected, ensure_marking, insert_all
from retrieval.catalog.records import StoredVersion
from retrieval.catalog.rows import CURRENT, OF_DOCUMENT
from retrieval.documents import State
from retrieval.errors import StafwijzerError
from retrieval.screening.flags import as_fields

HELD = (State.LIVE, State.QUARANTINED)


class DocumentTaken(StafwijzerError):
    """A document of another corpus has the id that one is to get. Ids hold the corpus's name: somebody made it so."""

    @classmethod
    def by(cls, corpus: str, key: str) -> "DocumentTaken":
        hint = f"Somebody made it so in a bag that was imported: `stafwijzer corpus delete {corpus} '*'`."
        return cls(f"The corpus '{corpus}' has a document with the id of {key}; nothing was changed.", hint=hint)


class Versions(Connected):
    def contents(self, corpus: str) -> dict[str, tuple[str, str]]:
        """Map each live document's key to the (sha256, pipeline) of its version."""
        query = (
            select(tables.documents.c.key, tables.versions.c.sha256, tables.versions.c.pipeline)
            .join(tables.versions, CURRENT)
            .where(tables.documents.c.corpus == corpus)
        )
        with self._reading() as connection:
            return {row.key: (row.sha256, row.pipeline) for row in connection.execute(query)}

    def stage(self, stored: Sequence[StoredVersion]) -> None:
        """Record versions as staged: known, not yet searched. Staging one again replaces what was staged.

        Raises DocumentTaken."""
        now = datetime.now(UTC)
        with self._writing() as connection:
            # In one order, or two processes could wait for each other.
            for marking in sorted({one.marking for one in stored}, key=lambda marking: marking.id):
                ensure_marking(connection, marking)
            ids = [one.version.id for one in stored]
            connection.execute(delete(tables.passages).where(tables.passages.c.version.in_(ids)))
            connection.execute(delete(tables.versions).where(tables.versions.c.id.in_(ids)))
            named = tables.documents.c.id.in_([one.document.id for one in stored])
            found = connection.execute(select(tables.documents.c.id, tables.documents.c.corpus).where(named))
            known = {row.id: row.corpus for row in found}
            for one in stored:
                if (other := known.get(one.document.id, one.document.corpus)) != one.document.corpus:
                    raise DocumentTaken.by(other, one.document.key)
            new = [one for one in stored if one.document.id not in known]
            insert_all(connection, tables.documents, [_document_row(one) for one in new])
            insert_all(connection, tables.versions, [_version_row(one, now) for one in stored])
            insert_all(
                connection,
                tables.passages,
                [
                    {**asdict(passage), "searchable_sha256": searchable}
                    for one in stored
                    for passage, searchable in zip(one.passages, one.searchable, strict=True)
                ],
            )

    def go_live(self, stored: Sequence[StoredVersion]) -> None:
        """Make staged versions the live ones, or those held back, and retire what they replace, in one transaction."""
        documents, versions = tables.documents, tables.versions
        ids = [one.version.id for one in stored]
        kept_back = [one.version.id for one in stored if one.quarantine]
        of_documents = [one.document.id for one in stored]
        with self._writing() as connection:
            connection.execute(
                update(versions)
                .where(versions.c.document.in_(of_documents), versions.c.state.in_(HELD), versions.c.id.not_in(ids))
                .values(state=State.RETIRED, retired_at=datetime.now(UTC), pending=None)
            )
            connection.execute(update(versions).where(versions.c.id.in_(ids)).values(state=State.LIVE))
            back = update(versions).where(versions.c.id.in_(kept_back))
            connection.execute(back.values(state=State.QUARANTINED, in_index=False))
            for one in stored:
                change = update(documents).where(documents.c.id == one.document.id)
                current = None if one.quarantine else one.version.id
                connection.execute(change.values(current=current, title=one.document.title))
            keys = [one.document.key for one in stored]
            corpus = stored[0].document.corpus
            connection.execute(
                delete(tables.refusals).where(tables.refusals.c.corpus == corpus, tables.refusals.c.key.in_(keys))
            )

    def not_live_in_index(self) -> frozenset[str]:
        """Return the versions whose points may be in the index although search must not return them."""
        query = select(tables.versions.c.id).where(
            tables.versions.c.state != State.LIVE, tables.versions.c.in_index.is_(True)
        )
        with self._reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def abandoned(self, corpus: str) -> list[str]:
        """Return the versions of a corpus that are not live and still have points: replaced, or never finished."""
        query = (
            select(tables.versions.c.id)
            .join(tables.documents, OF_DOCUMENT)
            .where(
                tables.documents.c.corpus == corpus,
                tables.versions.c.state != State.LIVE,
                tables.versions.c.in_index.is_(True),
            )
        )
        with self._reading() as connection:
            return list(connection.execute(query).scalars())

    def out_of_index(self, versions: Sequence[str]) -> None:
        """Record that these versions have no points any more; forget those that were never finished."""
        table = tables.versions
        with self._writing() as connection:
            unfinished = and_(table.c.id.in_(versions), table.c.state == State.STAGED)
            connection.execute(
                delete(tables.passages).where(tables.passages.c.version.in_(select(table.c.id).where(unfinished)))
            )
            connection.execute(delete(table).where(unfinished))
            connection.execute(update(table).where(table.c.id.in_(versions)).values(in_index=False))


def _document_row(stored: StoredVersion) -> dict[str, Any]:
    return {**asdict(stored.document), "source": stored.source, "file": stored.file}


def _version_row(stored: StoredVersion, now: datetime) -> dict[str, Any]:
    kept = ("blob", "pipeline", "language", "text", "quarantine")
    return {
        **asdict(stored.version),
        **{name: getattr(stored, name) for name in kept},
        "metadata": dict(stored.metadata),
        "warnings": list(stored.warnings),
        "marked_by": list(stored.marked_by),
        "flags": list(map(as_fields, stored.flags)),
        "signature": stored.signature or None,
        "title": stored.document.title,
        "in_index": True,
        "added_at": now,
    }
