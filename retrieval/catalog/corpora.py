"""The corpora: which there are, and what a scope may read in them."""

from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import func, select, update

from retrieval.access import Marking, Scope
from retrieval.catalog import tables
from retrieval.catalog.inserting import Connected, ensure_marking, insert_new
from retrieval.catalog.records import Corpus, CorpusStatus, CorpusUnknown
from retrieval.catalog.rows import CURRENT, MARKING, OF_DOCUMENT, document_in, in_utc, marking_in, readable
from retrieval.documents import Document


class Corpora(Connected):
    def ensure_corpus(self, corpus: Corpus) -> Corpus:
        """Return the corpus of this name, made as given when there is none yet."""
        with self._writing() as connection:
            if connection.execute(select(tables.corpora.c.name).filter_by(name=corpus.name)).first() is None:
                ensure_marking(connection, corpus.marking)
                row = {**asdict(corpus), "marking": corpus.marking.id, "created_at": datetime.now(UTC)}
                insert_new(connection, tables.corpora, row)
        return self.corpus(corpus.name)

    def set_authority(self, name: str, authority: int) -> None:
        """Let a corpus weigh this much against others."""
        with self._writing() as connection:
            connection.execute(update(tables.corpora).filter_by(name=name).values(authority=authority))

    def describe(self, corpus: Corpus) -> None:
        """Give a corpus its title, owner and authority; its default marking stays what it is."""
        told = {"title": corpus.title, "owner": corpus.owner, "authority": corpus.authority}
        with self._writing() as connection:
            connection.execute(update(tables.corpora).filter_by(name=corpus.name).values(**told))

    def corpus(self, name: str) -> Corpus:
        """Raises CorpusUnknown."""
        found = [corpus for corpus in self.corpora() if corpus.name == name]
        if not found:
            raise CorpusUnknown.named(name, (corpus.name for corpus in self.corpora()))
        return found[0]

    def corpora(self) -> list[Corpus]:
        query = select(tables.corpora, *MARKING).join(tables.markings).order_by(tables.corpora.c.name)
        with self._reading() as connection:
            return [
                Corpus(row.name, row.title, row.owner, marking_in(row), row.authority)
                for row in connection.execute(query)
            ]

    def has_passages(self, *, scope: Scope) -> bool:
        """Tell whether there is any passage that the scope may read."""
        joined = tables.passages.join(tables.versions).join(tables.documents, OF_DOCUMENT)
        with self._reading() as connection:
            query = select(tables.passages.c.id).select_from(joined).where(readable(scope)).limit(1)
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
            .select_from(tables.documents.join(tables.versions, CURRENT).outerjoin(tables.passages))
            .where(readable(scope))
            .group_by(tables.documents.c.corpus)
        )
        refused = select(tables.refusals.c.corpus, func.count()).group_by(tables.refusals.c.corpus)
        with self._reading() as connection:
            counts = {row[0]: (row[1], row[2], in_utc(row[3])) for row in connection.execute(counted)}
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
            .join(tables.versions, CURRENT)
            .where(tables.documents.c.corpus == corpus, readable(scope))
            .order_by(tables.documents.c.key)
        )
        with self._reading() as connection:
            return [document_in(row) for row in connection.execute(query)]

    def markings(self) -> list[Marking]:
        """Return the distinct markings that any version carries."""
        with self._reading() as connection:
            return [marking_in(row) for row in connection.execute(select(*MARKING))]
