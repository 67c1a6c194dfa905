"""The truth about documents: which there are, in which versions, under which marking, and the passages of each.

The index is derived from it. Everything that returns text takes a scope. Knows nothing of vectors or of search."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError

from retrieval.access import Marking, Scope
from retrieval.catalog import tables
from retrieval.catalog.database import DatabaseUnavailable, open_engine, writing
from retrieval.catalog.migrating import migrate
from retrieval.documents import Document, Passage, State, Version
from retrieval.errors import StafwijzerError
from retrieval.languages import Language

HEAD = "0002"
_REVISIONS = Path(__file__).parent / "migrations" / "versions"
# SQLite allows 32,766 parameters in a statement, PostgreSQL 65,535.
_MOST_IDS = 10_000


class CorpusUnknown(StafwijzerError):
    """No corpus has this name, or none that the asker may know of: the two are told alike."""

    @classmethod
    def named(cls, name: str, known: Iterable[str]) -> "CorpusUnknown":
        names = ", ".join(known) or "none yet"
        hint = "Add one with `stafwijzer corpus add NAME FOLDER`."
        return cls(f"There is no corpus named '{name}' (there is: {names}).", hint=hint)


@dataclass(frozen=True, slots=True)
class Corpus:
    name: str
    title: str
    owner: str
    marking: Marking
    """What a document gets that says nothing itself."""
    authority: int = 0
    """How much its owner lets it weigh where documents disagree: the higher one prevails."""


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    corpus: Corpus
    documents: int
    """Live ones."""
    passages: int
    refusals: int
    last_added: datetime | None


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version with all that is kept of it."""

    version: Version
    document: Document
    marking: Marking
    blob: str
    """SHA-256 of the original file, under which the blob store holds it."""
    pipeline: str
    language: Language
    text: str
    metadata: Mapping[str, str]
    warnings: tuple[str, ...]
    passages: tuple[Passage, ...]
    searchable: tuple[str, ...]
    """For each passage the hash of the text that is embedded for it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a scope allows, with what a citation needs to name it."""

    passage: Passage
    document: Document
    marking: Marking
    valid_from: date | None
    valid_until: date | None
    language: Language
    told: date | None = None
    """The date that the file gives itself."""
    authority: int = 0
    """Of its corpus."""

    @property
    def dated(self) -> date | None:
        """What 'newer' goes by: the day its owner gave, else the file's own. Never decides whether it is valid."""
        return self.valid_from or self.told


class Catalog:
    """The catalog in the database at `url`. Safe to use from several threads and processes."""

    def __init__(self, url: str) -> None:
        """Open it and bring its schema up to date. Raises DatabaseUnavailable, or DatabaseNewer."""
        self.engine = open_engine(url)
        try:
            migrate(self.engine, revisions=_REVISIONS, head=HEAD, version_table="alembic_version")
        except DatabaseError as error:
            raise DatabaseUnavailable(
                f"The catalog at {self.engine.url.render_as_string()} cannot be opened ({error.orig}).",
                hint="Check that the path or server exists, that you may write there, and that the disk is not full.",
            ) from error

    def close(self) -> None:
        self.engine.dispose()

    # Corpora

    def ensure_corpus(self, corpus: Corpus) -> Corpus:
        """Return the corpus of this name, made as given when there is none yet."""
        with self._writing() as connection:
            if connection.execute(select(tables.corpora.c.name).filter_by(name=corpus.name)).first() is None:
                self._ensure_marking(connection, corpus.marking)
                row = {**asdict(corpus), "marking": corpus.marking.id, "created_at": datetime.now(UTC)}
                _insert_new(connection, tables.corpora, row)
        return self.corpus(corpus.name)

    def set_authority(self, name: str, authority: int) -> None:
        """Let a corpus weigh this much against others."""
        with self._writing() as connection:
            connection.execute(update(tables.corpora).filter_by(name=name).values(authority=authority))

    def corpus(self, name: str) -> Corpus:
        """Raises CorpusUnknown."""
        found = [corpus for corpus in self.corpora() if corpus.name == name]
        if not found:
            raise CorpusUnknown.named(name, (corpus.name for corpus in self.corpora()))
        return found[0]

    def corpora(self) -> list[Corpus]:
        query = select(tables.corpora, *_MARKING).join(tables.markings).order_by(tables.corpora.c.name)
        with self._reading() as connection:
            return [
                Corpus(row.name, row.title, row.owner, _marking(row), row.authority)
                for row in connection.execute(query)
            ]

    def has_passages(self, *, scope: Scope) -> bool:
        """Tell whether there is any passage that the scope may read."""
        joined = tables.passages.join(tables.versions).join(tables.documents, _OF_DOCUMENT)
        with self._reading() as connection:
            query = select(tables.passages.c.id).select_from(joined).where(_readable(scope)).limit(1)
            return connection.execute(query).first() is not None

    def status(self, *, scope: Scope) -> list[CorpusStatus]:
        """Count per corpus what the scope may read."""
        counted = (
            select(
                tables.documents.c.corpus,
                func.count(tables.versions.c.id.distinct()),
                func.count(tables.passages.c.id),
                func.max(tables.versions.c.added_at),
            )
            .select_from(tables.documents.join(tables.versions, _CURRENT).outerjoin(tables.passages))
            .where(_readable(scope))
            .group_by(tables.documents.c.corpus)
        )
        refused = select(tables.refusals.c.corpus, func.count()).group_by(tables.refusals.c.corpus)
        with self._reading() as connection:
            counts = {row[0]: (row[1], row[2], _in_utc(row[3])) for row in connection.execute(counted)}
            refusals = {row[0]: row[1] for row in connection.execute(refused)}
        return [
            CorpusStatus(corpus, documents, passages, refusals.get(corpus.name, 0), last_added)
            for corpus in self.corpora()
            if corpus.name in scope.corpora
            for documents, passages, last_added in [counts.get(corpus.name, (0, 0, None))]
        ]

    def documents(self, corpus: str, *, scope: Scope) -> list[Document]:
        """List the live documents of a corpus that the scope may read, by key."""
        query = (
            select(tables.documents)
            .join(tables.versions, _CURRENT)
            .where(tables.documents.c.corpus == corpus, _readable(scope))
            .order_by(tables.documents.c.key)
        )
        with self._reading() as connection:
            return [_document(row) for row in connection.execute(query)]

    def markings(self) -> list[Marking]:
        """Return the distinct markings that any version carries."""
        with self._reading() as connection:
            return [_marking(row) for row in connection.execute(select(*_MARKING))]

    # Reading passages

    def passages(self, ids: Sequence[str], *, scope: Scope) -> dict[str, Found]:
        """Return those of the passages that are live and that the scope allows."""
        query = _found_query().where(tables.passages.c.id.in_(ids), _readable(scope))
        with self._reading() as connection:
            return {row.id: _found(row) for row in connection.execute(query)}

    def passages_of(self, corpus: str, key: str, *, scope: Scope) -> list[Passage]:
        """Return the live passages of a document in their order; [] when there is none that the scope allows."""
        query = (
            _found_query()
            .where(tables.documents.c.corpus == corpus, tables.documents.c.key == key, _readable(scope))
            .order_by(tables.passages.c.ordinal)
        )
        with self._reading() as connection:
            return [_found(row).passage for row in connection.execute(query)]

    def version_text(self, version: str, *, scope: Scope) -> str | None:
        """Return the text in which a version's offsets count, or None when the scope does not allow it."""
        query = select(tables.versions.c.text).select_from(tables.versions.join(tables.documents, _OF_DOCUMENT))
        with self._reading() as connection:
            return connection.execute(
                query.where(tables.versions.c.id == version, _readable(scope))
            ).scalar_one_or_none()

    # Adding versions

    def contents(self, corpus: str) -> dict[str, tuple[str, str]]:
        """Map each live document's key to the (sha256, pipeline) of its version."""
        query = (
            select(tables.documents.c.key, tables.versions.c.sha256, tables.versions.c.pipeline)
            .join(tables.versions, _CURRENT)
            .where(tables.documents.c.corpus == corpus)
        )
        with self._reading() as connection:
            return {row.key: (row.sha256, row.pipeline) for row in connection.execute(query)}

    def stage(self, stored: Sequence[StoredVersion]) -> None:
        """Record versions as staged: known, not yet searched. Staging one again replaces what was staged."""
        now = datetime.now(UTC)
        with self._writing() as connection:
            # In one order, or two processes could wait for each other.
            for marking in sorted({one.marking for one in stored}, key=lambda marking: marking.id):
                self._ensure_marking(connection, marking)
            ids = [one.version.id for one in stored]
            connection.execute(delete(tables.passages).where(tables.passages.c.version.in_(ids)))
            connection.execute(delete(tables.versions).where(tables.versions.c.id.in_(ids)))
            known = set(
                connection.execute(
                    select(tables.documents.c.id).where(tables.documents.c.id.in_([one.document.id for one in stored]))
                ).scalars()
            )
            _insert(connection, tables.documents, [asdict(s.document) for s in stored if s.document.id not in known])
            _insert(connection, tables.versions, [_version_row(one, now) for one in stored])
            _insert(
                connection,
                tables.passages,
                [
                    {**asdict(passage), "searchable_sha256": searchable}
                    for one in stored
                    for passage, searchable in zip(one.passages, one.searchable, strict=True)
                ],
            )

    def go_live(self, stored: Sequence[StoredVersion]) -> None:
        """Make staged versions the live ones and retire those they replace, in one transaction."""
        documents, versions = tables.documents, tables.versions
        ids = [one.version.id for one in stored]
        of_documents = [one.document.id for one in stored]
        with self._writing() as connection:
            connection.execute(
                update(versions)
                .where(versions.c.document.in_(of_documents), versions.c.state == State.LIVE, versions.c.id.not_in(ids))
                .values(state=State.RETIRED)
            )
            connection.execute(update(versions).where(versions.c.id.in_(ids)).values(state=State.LIVE))
            for one in stored:
                change = update(documents).where(documents.c.id == one.document.id)
                connection.execute(change.values(current=one.version.id, title=one.document.title))
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
            .join(tables.documents, _OF_DOCUMENT)
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
        query = _found_query().where(_CURRENT).order_by(tables.passages.c.version, tables.passages.c.ordinal)
        with self._reading() as connection:
            for row in connection.execution_options(yield_per=2000).execute(query):
                yield _found(row)

    def live_passage_count(self) -> int:
        query = select(func.count()).select_from(tables.passages.join(tables.versions))
        with self._reading() as connection:
            return connection.execute(query.where(tables.versions.c.state == State.LIVE)).scalar_one()

    # What could not be read, and jobs

    def refuse(self, corpus: str, key: str, reason: str) -> None:
        """Record why a file was not added."""
        with self._writing() as connection:
            row = {"corpus": corpus, "key": key, "reason": reason, "seen_at": datetime.now(UTC)}
            _insert_or_replace(connection, tables.refusals, row)

    def refusals(self, corpus: str) -> list[tuple[str, str]]:
        """Return (key, reason) of what was offered to a corpus and not read."""
        query = select(tables.refusals.c.key, tables.refusals.c.reason).filter_by(corpus=corpus)
        with self._reading() as connection:
            return [(row.key, row.reason) for row in connection.execute(query.order_by(tables.refusals.c.key))]

    def start_job(self, corpus: str, source: str) -> int:
        row = {"corpus": corpus, "source": source, "started_at": datetime.now(UTC)}
        with self._writing() as connection:
            return int(connection.execute(insert(tables.jobs).values(**row).returning(tables.jobs.c.id)).scalar_one())

    def end_job(self, job: int, report: Mapping[str, Any]) -> None:
        with self._writing() as connection:
            done = update(tables.jobs).where(tables.jobs.c.id == job)
            connection.execute(done.values(ended_at=datetime.now(UTC), report=dict(report)))

    def refresh_statistics(self) -> None:
        """Let the database look at its tables, so that it reads passages by id, not by state: 0.7 against 7 ms."""
        if self.engine.dialect.name == "sqlite":
            with self._writing() as connection:
                # Enough rows to choose an index by; looking at all of them would take seconds.
                connection.exec_driver_sql("PRAGMA analysis_limit=400")
                connection.exec_driver_sql("ANALYZE")

    # Facts about the index

    def fact(self, name: str) -> str | None:
        with self._reading() as connection:
            return connection.execute(select(tables.facts.c.value).filter_by(name=name)).scalar_one_or_none()

    def set_fact(self, name: str, value: str) -> None:
        with self._writing() as connection:
            _insert_or_replace(connection, tables.facts, {"name": name, "value": value})

    def _reading(self) -> AbstractContextManager[Connection]:
        return self.engine.connect()

    def _writing(self) -> AbstractContextManager[Connection]:
        return writing(self.engine)

    def _ensure_marking(self, connection: Connection, marking: Marking) -> None:
        _insert_new(connection, tables.markings, {"id": marking.id, **_marking_row(marking)})


# As the loaders name them, and authors of front matter; what the author wrote before what a program did.
_DATES = ("date", "datum", "modified", "created")
_MARKING = [column for column in tables.markings.c if column.name != "id"]
_OF_DOCUMENT = tables.versions.c.document == tables.documents.c.id
_CURRENT = and_(tables.versions.c.id == tables.documents.c.current, tables.versions.c.state == State.LIVE)


def _readable(scope: Scope) -> Any:
    """The scope as a condition on versions joined with documents. The second check behind the index's own filter."""
    versions = tables.versions.c
    return and_(
        versions.state == State.LIVE,
        versions.marking.in_(scope.markings),
        tables.documents.c.corpus.in_(scope.corpora),
        or_(versions.valid_from.is_(None), versions.valid_from <= scope.on_date),
        or_(versions.valid_until.is_(None), versions.valid_until > scope.on_date),
    )


def _in_utc(moment: datetime) -> datetime:
    """SQLite forgets the time zone; what it stores is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _found_query() -> Select[Any]:
    joined = (
        tables.passages.join(tables.versions)
        .join(tables.documents, _OF_DOCUMENT)
        .join(tables.markings, tables.versions.c.marking == tables.markings.c.id)
        .join(tables.corpora, tables.documents.c.corpus == tables.corpora.c.name)
    )
    return select(
        tables.passages,
        *_MARKING,
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


def _found(row: Row[Any]) -> Found:
    return Found(
        Passage(row.id, row.version, row.ordinal, row.heading, row.page, row.start, row.end, row.text),
        Document(row.document_id, row.corpus, row.key, row.title, row.current),
        _marking(row),
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


def _document(row: Row[Any]) -> Document:
    return Document(row.id, row.corpus, row.key, row.title, row.current)


def _marking(row: Row[Any]) -> Marking:
    sets = (frozenset(row.releasable_to), frozenset(row.categories), frozenset(row.need_to_know))
    return Marking(row.policy, row.level, *sets)


def _marking_row(marking: Marking) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(marking).items()}


def _version_row(stored: StoredVersion, now: datetime) -> dict[str, Any]:
    kept = ("blob", "pipeline", "language", "text")
    return {
        **asdict(stored.version),
        **{name: getattr(stored, name) for name in kept},
        "metadata": dict(stored.metadata),
        "warnings": list(stored.warnings),
        "title": stored.document.title,
        "in_index": True,
        "added_at": now,
    }


def _insert(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    if rows:
        connection.execute(insert(table), rows)


def _insert_new(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert a row, unless one with its key is there: another process may just have been first."""
    connection.execute(_dialect(connection).insert(table).values(**row).on_conflict_do_nothing())


def _insert_or_replace(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert a row, or make the one with its key say this."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in row.items() if name not in keys}
    statement = _dialect(connection).insert(table).values(**row)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def _dialect(connection: Connection) -> Any:
    """Both dialects have the same words for this, each in its own module."""
    return postgresql if connection.dialect.name == "postgresql" else sqlite
