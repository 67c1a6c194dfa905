"""Passages: what a scope may read, and all of them for the index."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select, update

from retrieval.access import Scope
from retrieval.catalog import tables
from retrieval.catalog.inserting import Connected
from retrieval.catalog.records import Found
from retrieval.catalog.rows import CURRENT, OF_DOCUMENT, found_in, found_query, readable
from retrieval.documents import Passage, State

# SQLite allows 32,766 parameters in a statement, PostgreSQL 65,535.
_MOST_IDS = 10_000


class Passages(Connected):
    def passages(self, ids: Sequence[str], *, scope: Scope) -> dict[str, Found]:
        """Return those of the passages that are live and that the scope allows."""
        query = found_query().where(tables.passages.c.id.in_(ids), readable(scope))
        with self._reading() as connection:
            return {row.id: found_in(row) for row in connection.execute(query)}

    def passages_of(self, corpus: str, key: str, *, scope: Scope) -> list[Passage]:
        """Return the live passages of a document in their order; [] when there is none that the scope allows."""
        query = (
            found_query()
            .where(tables.documents.c.corpus == corpus, tables.documents.c.key == key, readable(scope))
            .order_by(tables.passages.c.ordinal)
        )
        with self._reading() as connection:
            return [found_in(row).passage for row in connection.execute(query)]

    def version_text(self, version: str, *, scope: Scope) -> str | None:
        """Return the text in which a version's offsets count, or None when the scope does not allow it."""
        query = select(tables.versions.c.text).select_from(tables.versions.join(tables.documents, OF_DOCUMENT))
        with self._reading() as connection:
            return connection.execute(
                query.where(tables.versions.c.id == version, readable(scope))
            ).scalar_one_or_none()

    def twins(self, searchable: Sequence[str]) -> dict[str, str]:
        """Map the hash of a searchable text to the id of a live passage that has it."""
        columns = tables.passages.c
        query = select(columns.searchable_sha256, func.min(columns.id)).join(tables.versions)
        found: dict[str, str] = {}
        with self._reading() as connection:
            for start in range(0, len(searchable), _MOST_IDS):
                some = query.where(
                    columns.searchable_sha256.in_(searchable[start : start + _MOST_IDS]),
                    tables.versions.c.state == State.LIVE,
                )
                found.update((row[0], row[1]) for row in connection.execute(some.group_by(columns.searchable_sha256)))
        return found

    def live_passages(self) -> Iterator[Found]:
        """Yield every live passage, whoever may read it: to rebuild the index, never to show."""
        query = found_query().where(CURRENT).order_by(tables.passages.c.version, tables.passages.c.ordinal)
        with self._reading() as connection:
            for row in connection.execution_options(yield_per=2000).execute(query):
                yield found_in(row)

    def passages_of_versions(self, versions: Sequence[str]) -> Iterator[Found]:
        """Yield the passages of these versions, live or not, whoever may read them: for the index, never to show."""
        query = found_query().order_by(tables.passages.c.version, tables.passages.c.ordinal)
        with self._reading() as connection:
            for start in range(0, len(versions), _MOST_IDS):
                some = query.where(tables.passages.c.version.in_(versions[start : start + _MOST_IDS]))
                for row in connection.execution_options(yield_per=2000).execute(some):
                    yield found_in(row)

    def kept_texts(self, versions: Sequence[str]) -> dict[str, str]:
        """Return the whole texts of versions, whoever may read them: to check them, never to show."""
        query = select(tables.versions.c.id, tables.versions.c.text).where(tables.versions.c.id.in_(versions))
        with self._reading() as connection:
            return {row.id: row.text for row in connection.execute(query)}

    def searchable_hashes(self, passages: Sequence[str]) -> dict[str, str]:
        columns = tables.passages.c
        query = select(columns.id, columns.searchable_sha256).where(columns.id.in_(passages))
        with self._reading() as connection:
            return {row.id: row.searchable_sha256 for row in connection.execute(query)}

    def mend_passages(self, passages: Mapping[str, tuple[str, str]]) -> None:
        """Give passages their text and the hash of what is embedded for them: by id, (text, hash)."""
        table = tables.passages
        with self._writing() as connection:
            for passage, (text, digest) in passages.items():
                change = update(table).where(table.c.id == passage)
                connection.execute(change.values(text=text, searchable_sha256=digest))

    def live_passage_count(self) -> int:
        query = select(func.count()).select_from(tables.passages.join(tables.versions))
        with self._reading() as connection:
            return connection.execute(query.where(tables.versions.c.state == State.LIVE)).scalar_one()
