"""Whole corpora on their way out and in: every version as it stands, of whatever state, with what is known of it.

For exports and imports by owners. Knows nothing of bags, of access or of the index."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update

from retrieval.access import Marking
from retrieval.catalog import tables
from retrieval.catalog.deletions import receipt_body
from retrieval.catalog.inserting import Connected, ensure_marking, insert_new, insert_or_replace
from retrieval.catalog.records import Corpus, Receipt
from retrieval.catalog.rows import MARKING, OF_DOCUMENT, document_in, in_utc, marking_in
from retrieval.documents import Document, State, Version
from retrieval.languages import Language
from retrieval.screening.flags import Flag, from_fields

_documents, _versions = tables.documents, tables.versions


@dataclass(frozen=True, slots=True)
class CarriedDocument:
    """A document with what its owner decided about it."""

    document: Document
    file: str | None
    withdrawn: bool
    superseded_by: str | None
    marked: bool


@dataclass(frozen=True, slots=True)
class CarriedVersion:
    """A version in its final state, its text and passages apart."""

    version: Version
    title: str
    """What its document was called when it was live."""
    marking: Marking
    blob: str
    pipeline: str
    language: Language
    metadata: Mapping[str, str]
    warnings: tuple[str, ...]
    quarantine: str
    marked_by: tuple[str, ...]
    flags: tuple[Flag, ...]
    added_at: datetime
    retired_at: datetime | None


class Carrying(Connected):
    def carried_documents(self, corpus: str) -> list[CarriedDocument]:
        """Return every document of a corpus by key."""
        query = select(_documents).filter_by(corpus=corpus).order_by(_documents.c.key)
        with self._reading() as connection:
            return [
                CarriedDocument(document_in(row), row.file, row.withdrawn, row.superseded_by, row.marked)
                for row in connection.execute(query)
            ]

    def carried_versions(self, corpus: str) -> list[CarriedVersion]:
        """Return every version of a corpus that is finished, by the key of its document and the time it was added."""
        left_out = {"text", "signature", *(column.name for column in MARKING)}
        columns = [column for column in _versions.c if column.name not in left_out]
        query = (
            select(*columns, *MARKING)
            .select_from(_versions.join(_documents, OF_DOCUMENT).join(tables.markings))
            .where(_documents.c.corpus == corpus, _versions.c.state != State.STAGED)
            .order_by(_documents.c.key, _versions.c.added_at, _versions.c.id)
        )
        with self._reading() as connection:
            return [
                CarriedVersion(
                    Version(
                        row.id,
                        row.document,
                        row.sha256,
                        row.marking,
                        row.valid_from,
                        row.valid_until,
                        row.supersedes,
                        State(row.state),
                    ),
                    row.title,
                    marking_in(row),
                    row.blob,
                    row.pipeline,
                    row.language,
                    row.metadata,
                    tuple(row.warnings),
                    row.quarantine,
                    tuple(row.marked_by),
                    tuple(map(from_fields, row.flags)),
                    in_utc(row.added_at),
                    row.retired_at and in_utc(row.retired_at),
                )
                for row in connection.execute(query)
            ]

    def version_states(self, corpus: str) -> dict[str, State]:
        """Map every version of a corpus, finished or not, to its state."""
        query = select(_versions.c.id, _versions.c.state).select_from(_versions.join(_documents, OF_DOCUMENT))
        with self._reading() as connection:
            found = connection.execute(query.where(_documents.c.corpus == corpus))
            return {row.id: State(row.state) for row in found}

    def corpora_with(self, documents: Sequence[str]) -> Iterator[str]:
        """Yield the corpus of each of these documents that is in the catalog, by id."""
        with self._reading() as connection:
            for start in range(0, len(documents), 10_000):
                some = _documents.c.id.in_(documents[start : start + 10_000])
                yield from connection.execute(select(_documents.c.corpus).where(some)).scalars()

    def expect(self, corpus: str, documents: Sequence[CarriedDocument]) -> None:
        """Make documents that have no live version yet, in the place of those that never had a version at all."""
        without = ~select(_versions.c.id).where(OF_DOCUMENT).exists()
        with self._writing() as connection:
            connection.execute(delete(_documents).where(_documents.c.corpus == corpus, without))
            for one in documents:
                row = {**asdict(one.document), "corpus": corpus, "current": None, "file": one.file}
                insert_new(connection, _documents, row)

    def admit(
        self,
        corpus: Corpus,
        documents: Sequence[CarriedDocument],
        versions: Sequence[CarriedVersion],
        *,
        refusals: Sequence[tuple[str, str]],
        receipts: Sequence[Receipt],
        tombstones: Mapping[str, int],
    ) -> None:
        """Let staged versions and their documents be what they are told to be, all in one transaction.

        `tombstones`: hash to the number of one of the receipts, which get numbers of their own here."""
        now = datetime.now(UTC)
        with self._writing() as connection:
            ensure_marking(connection, corpus.marking)
            about = {**asdict(corpus), "marking": corpus.marking.id}
            connection.execute(update(tables.corpora).where(tables.corpora.c.name == about.pop("name")).values(**about))
            for one in versions:
                change = update(_versions).where(_versions.c.id == one.version.id)
                told = {"state": one.version.state, "added_at": one.added_at, "retired_at": one.retired_at}
                live = one.version.state is State.LIVE
                connection.execute(change.values(in_index=live, quarantine=one.quarantine, pending=None, **told))
            for held in documents:
                decided = {name: getattr(held, name) for name in ("withdrawn", "superseded_by", "marked")}
                of_document = update(_documents).where(_documents.c.id == held.document.id)
                connection.execute(of_document.values(current=held.document.current, **decided))
            for key, reason in refusals:
                row = {"corpus": corpus.name, "key": key, "reason": reason, "seen_at": now}
                insert_or_replace(connection, tables.refusals, row)
            numbers = {}
            for receipt in receipts:
                kept = {"corpus": corpus.name, "ended_at": receipt.ended_at, "body": receipt_body(receipt)}
                made = insert(tables.receipts).values(**kept).returning(tables.receipts.c.number)
                numbers[receipt.number] = connection.execute(made).scalar_one()
            for sha256, number in tombstones.items():
                row = {"corpus": corpus.name, "sha256": sha256, "receipt": numbers[number]}
                insert_new(connection, tables.tombstones, row)
