"""Delete documents for good, and keep receipts of it without their text.

In two transactions: the first hides the documents and writes the receipt, the second removes them when the index and
the originals are gone. A receipt without an end is a deletion that goes on with the next command."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from retrieval.catalog import tables
from retrieval.catalog.database import forget_deleted
from retrieval.catalog.inserting import Connected, insert_new
from retrieval.catalog.records import DeletedDocument, DeletedVersion, Receipt
from retrieval.catalog.rows import in_utc
from retrieval.documents import State

_documents, _versions, _passages = tables.documents, tables.versions, tables.passages
_HOLDING_TEXT = ("passages", "versions", "documents", "refusals", "files", "jobs")


class Deletions(Connected):
    def versions_of(self, document: str) -> dict[str, list[str]]:
        """Map every version of a document, of whatever state, to the ids of its passages."""
        query = (
            select(_versions.c.id, _passages.c.id)
            .select_from(_versions.outerjoin(_passages))
            .where(_versions.c.document == document)
        )
        found: dict[str, list[str]] = {}
        with self._reading() as connection:
            for version, passage in connection.execute(query.order_by(_versions.c.added_at, _passages.c.ordinal)):
                found.setdefault(version, []).extend([passage] if passage else [])
        return found

    def begin_deletion(
        self, corpus: str, documents: Mapping[str, str], *, vectors: Mapping[str, int], by: str
    ) -> Receipt:
        """Hide documents, id to key, and write down what is to be removed of them.

        `vectors`: how many points the index has of each version."""
        now = datetime.now(UTC)
        with self._writing() as connection:
            told = tuple(_deleted(connection, id_, key, vectors) for id_, key in sorted(documents.items()))
            body = receipt_body(Receipt(0, corpus, by, now, None, told))
            made = insert(tables.receipts).values(corpus=corpus, body=body).returning(tables.receipts.c.number)
            number = int(connection.execute(made).scalar_one())
            for one in told:
                live = update(_versions).where(_versions.c.document == one.id)
                connection.execute(live.values(state=State.RETIRED, in_index=True, pending=None))
                hidden = update(_documents).where(_documents.c.id == one.id)
                connection.execute(hidden.values(current=None, withdrawn=True))
                for sha256 in sorted({version.sha256 for version in one.versions}):
                    row = {"corpus": corpus, "sha256": sha256, "receipt": number}
                    insert_new(connection, tables.tombstones, row)
        return Receipt(number, corpus, by, now, None, told)

    def blobs_in_use(self, blobs: Sequence[str], *, without: Receipt) -> set[str]:
        """Return those of the originals that a document needs which is not being deleted."""
        dying = [version.id for document in without.documents for version in document.versions]
        query = select(_versions.c.blob).where(_versions.c.blob.in_(blobs), _versions.c.id.not_in(dying))
        with self._reading() as connection:
            return set(connection.execute(query).scalars())

    def end_deletion(self, receipt: Receipt) -> Receipt:
        """Remove the rows of what a receipt lists, and leave nothing of them in the database's files.

        The receipt ends when all is done. Raises DatabaseUnavailable."""
        with self._writing() as connection:
            for one in receipt.documents:
                _remove(connection, receipt.corpus, one)
        remark = forget_deleted(self.engine, _HOLDING_TEXT)
        remarks = (*receipt.remarks, remark) if remark else receipt.remarks
        ended = replace(receipt, ended_at=datetime.now(UTC), remarks=remarks)
        with self._writing() as connection:
            change = update(tables.receipts).where(tables.receipts.c.number == receipt.number)
            connection.execute(change.values(ended_at=ended.ended_at, body=receipt_body(ended)))
        return ended

    def unfinished_deletions(self) -> list[Receipt]:
        query = select(tables.receipts).where(tables.receipts.c.ended_at.is_(None)).order_by(tables.receipts.c.number)
        with self._reading() as connection:
            return [_receipt(row) for row in connection.execute(query)]

    def receipts(self, corpus: str | None = None) -> list[Receipt]:
        """Return the receipts of all deletions, or of those in one corpus, oldest first."""
        query = select(tables.receipts).order_by(tables.receipts.c.number)
        if corpus is not None:
            query = query.filter_by(corpus=corpus)
        with self._reading() as connection:
            return [_receipt(row) for row in connection.execute(query)]

    def tombstones(self, corpus: str) -> dict[str, int]:
        """Map the hash of content that was deleted from a corpus to the number of the receipt."""
        query = select(tables.tombstones.c.sha256, tables.tombstones.c.receipt).filter_by(corpus=corpus)
        with self._reading() as connection:
            return {row.sha256: row.receipt for row in connection.execute(query)}

    def lift_tombstone(self, corpus: str, sha256: str) -> None:
        """Let deleted content be added again."""
        table = tables.tombstones
        with self._writing() as connection:
            connection.execute(delete(table).where(table.c.corpus == corpus, table.c.sha256 == sha256))


def _deleted(connection: Connection, document: str, key: str, vectors: Mapping[str, int]) -> DeletedDocument:
    query = (
        select(_versions.c.id, _versions.c.sha256, _versions.c.blob, func.count(_passages.c.id))
        .select_from(_versions.outerjoin(_passages))
        .where(_versions.c.document == document)
        .group_by(_versions.c.id, _versions.c.sha256, _versions.c.blob)
        .order_by(_versions.c.id)
    )
    rows = connection.execute(query).all()
    versions = (DeletedVersion(id_, sha256, blob, count, vectors.get(id_, 0)) for id_, sha256, blob, count in rows)
    return DeletedDocument(document, key, tuple(versions))


def _remove(connection: Connection, corpus: str, deleted: DeletedDocument) -> None:
    ids = [version.id for version in deleted.versions]
    held = connection.execute(select(_documents.c.source, _documents.c.file).filter_by(id=deleted.id)).first()
    if held is not None and held.source is not None:
        same = tables.files.c.source == held.source, tables.files.c.file == held.file
        connection.execute(delete(tables.files).where(*same))
    connection.execute(delete(_passages).where(_passages.c.version.in_(ids)))
    connection.execute(delete(_versions).where(_versions.c.id.in_(ids)))
    connection.execute(delete(_documents).where(_documents.c.id == deleted.id))
    change = update(_documents).where(_documents.c.superseded_by == deleted.id)
    connection.execute(change.values(superseded_by=None))
    refused = tables.refusals.c
    connection.execute(delete(tables.refusals).where(refused.corpus == corpus, refused.key == deleted.key))


def receipt_body(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as its row keeps it, number and end apart."""
    told = asdict(receipt)
    del told["number"], told["ended_at"]
    return {**told, "begun_at": receipt.begun_at.isoformat()}


def _receipt(row: Row[Any]) -> Receipt:
    body = row.body
    documents = tuple(
        DeletedDocument(one["id"], one["key"], tuple(DeletedVersion(**version) for version in one["versions"]))
        for one in body["documents"]
    )
    return Receipt(
        row.number,
        row.corpus,
        body["by"],
        datetime.fromisoformat(body["begun_at"]),
        row.ended_at and in_utc(row.ended_at),
        documents,
        *(tuple(body[name]) for name in ("blobs_removed", "blobs_kept", "remarks")),
    )
