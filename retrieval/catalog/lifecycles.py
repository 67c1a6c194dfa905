"""What owners do to documents after they were added: move, date, mark, supersede, retire, restore.

Each is one transaction. What the index must be told of it is noted in the same one (`pending`), so that a program that
is killed before it told it goes on later. Knows no rule about dates: `retrieval.lifecycle` does."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import case, func, select, update

from retrieval.access import Marking, Scope
from retrieval.catalog import tables
from retrieval.catalog.inserting import Connected, ensure_marking
from retrieval.catalog.records import Dates, Pending
from retrieval.catalog.versions import HELD
from retrieval.documents import State

_documents, _versions = tables.documents, tables.versions


class Lifecycles(Connected):
    def move(self, document: str, *, key: str, source: int, file: str) -> None:
        """Let a document be known by another key: its file was moved or renamed."""
        with self._writing() as connection:
            change = update(_documents).where(_documents.c.id == document)
            connection.execute(change.values(key=key, source=source, file=file))

    def retitle(self, document: str, title: str, searchable: Mapping[str, str]) -> None:
        """Give a document and its live version another title.

        `searchable`: passage id to the hash of what is to be embedded for it under that title."""
        with self._writing() as connection:
            connection.execute(update(_documents).where(_documents.c.id == document).values(title=title))
            live = update(_versions).where(_versions.c.document == document, _versions.c.state == State.LIVE)
            connection.execute(live.values(title=title, pending=Pending.VECTORS))
            for passage, digest in searchable.items():
                change = update(tables.passages).where(tables.passages.c.id == passage)
                connection.execute(change.values(searchable_sha256=digest))

    def set_validity(self, dates: Mapping[str, Dates], *, superseded_by: Mapping[str, str | None]) -> None:
        """Give versions their first day and the day on which they end, and documents the one that supersedes them.

        `dates`: by version id. `superseded_by`: by document id; None: no document does."""
        with self._writing() as connection:
            for version, (valid_from, valid_until) in dates.items():
                values = {"valid_from": valid_from, "valid_until": valid_until, **_told_again()}
                connection.execute(update(_versions).where(_versions.c.id == version).values(**values))
            for document, by in superseded_by.items():
                change = update(_documents).where(_documents.c.id == document)
                connection.execute(change.values(superseded_by=by))

    def set_marking(self, documents: Sequence[str], marking: Marking) -> None:
        """Mark documents by hand, all their versions: a replay of an old answer is as secret as the document is today.

        From then on what is stated elsewhere may only raise their marking."""
        with self._writing() as connection:
            ensure_marking(connection, marking)
            for document in documents:
                change = update(_versions).where(_versions.c.document == document)
                connection.execute(change.values(marking=marking.id, **_told_again()))
                by_hand = update(_documents).where(_documents.c.id == document)
                connection.execute(by_hand.values(marked=True))

    def retire(self, documents: Sequence[str], *, withdrawn: bool) -> None:
        """Let documents not be found any more. `withdrawn`: also not when their file is seen again."""
        with self._writing() as connection:
            for document in documents:
                held = update(_versions).where(_versions.c.document == document, _versions.c.state.in_(HELD))
                connection.execute(held.values(state=State.RETIRED, retired_at=datetime.now(UTC), pending=None))
                change = update(_documents).where(_documents.c.id == document)
                connection.execute(change.values(current=None, withdrawn=withdrawn))

    def return_to_index(self, version: str) -> None:
        """Record that a version that is not live gets points again."""
        with self._writing() as connection:
            connection.execute(update(_versions).where(_versions.c.id == version).values(in_index=True))

    def restore(self, document: str, version: str) -> None:
        """Make a version that was retired or held back, and whose points are in the index, the live one."""
        with self._writing() as connection:
            change = update(_versions).where(_versions.c.id == version)
            connection.execute(change.values(state=State.LIVE, retired_at=None, pending=None, quarantine=""))
            live = update(_documents).where(_documents.c.id == document)
            connection.execute(live.values(current=version, withdrawn=False))

    def pending(self) -> dict[str, Pending]:
        """Map the live versions of which the index does not say what the catalog does, to what it lacks."""
        query = select(_versions.c.id, _versions.c.pending).where(
            _versions.c.pending.is_not(None), _versions.c.state == State.LIVE
        )
        with self._reading() as connection:
            return {row.id: Pending(row.pending) for row in connection.execute(query)}

    def told_index(self, versions: Sequence[str]) -> None:
        """Record that the index says of these versions what the catalog does."""
        with self._writing() as connection:
            for version in versions:
                connection.execute(update(_versions).where(_versions.c.id == version).values(pending=None))

    def duplicates(self, *, scope: Scope) -> list[list[tuple[str, str]]]:
        """Return groups of live documents, as (corpus, key), whose content is the same byte for byte, of whatever date.

        Of those that the scope may know of."""
        live = (
            select(_documents.c.corpus, _documents.c.key, _versions.c.sha256)
            .select_from(_versions.join(_documents, _versions.c.id == _documents.c.current))
            .where(
                _versions.c.state == State.LIVE,
                _versions.c.marking.in_(scope.markings),
                _documents.c.corpus.in_(scope.corpora),
            )
        )
        table = live.subquery()
        several = select(table.c.sha256).group_by(table.c.sha256).having(func.count() > 1)
        query = select(table).where(table.c.sha256.in_(several)).order_by(table.c.sha256, table.c.corpus, table.c.key)
        groups: dict[str, list[tuple[str, str]]] = {}
        with self._reading() as connection:
            for row in connection.execute(query):
                groups.setdefault(row.sha256, []).append((row.corpus, row.key))
        return sorted(groups.values())


def _told_again() -> dict[str, object]:
    """Note that the payload of a live version is to be written; what lacks more than that, still does."""
    vectors = _versions.c.pending == Pending.VECTORS
    return {"pending": case((vectors, str(Pending.VECTORS)), else_=str(Pending.PAYLOAD))}
