"""What may be listed and counted, and the measures of versions. Titles, owners, dates and markings; never text.

Takes a Listing, as what reads text takes a Scope: the two are not exchangeable."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select

from retrieval.access import Listing
from retrieval.catalog import tables
from retrieval.catalog.corpora import Corpora
from retrieval.catalog.holdings import Holdings
from retrieval.catalog.records import CorpusStatus, Holding, Measured
from retrieval.catalog.rows import CURRENT, in_utc, knowable

# As retrieval.loading.scanned writes it: '71 (page 1: 48, page 2: 94)'.
_CONFIDENCE = re.compile(r"page (\d+): (\d+)")
# SQLite allows 32,766 parameters in a statement.
_MOST_IDS = 10_000


class Listings(Corpora, Holdings):
    def listed(self, *, listing: Listing) -> list[CorpusStatus]:
        """Count per corpus the documents in force that may be known of. Files that were not read are not counted."""
        counted = (
            select(
                tables.documents.c.corpus,
                func.count(tables.versions.c.id.distinct()),
                func.count(tables.passages.c.id),
                func.max(tables.versions.c.added_at),
            )
            .select_from(tables.documents.join(tables.versions, CURRENT).outerjoin(tables.passages))
            .where(knowable(listing))
            .group_by(tables.documents.c.corpus)
        )
        with self._reading() as connection:
            counts = {row[0]: (row[1], row[2], in_utc(row[3])) for row in connection.execute(counted)}
        return [
            CorpusStatus(corpus, documents, passages, 0, last_added)
            for corpus in self.corpora()
            if corpus.name in listing.within
            for documents, passages, last_added in [counts.get(corpus.name, (0, 0, None))]
        ]

    def known(self, corpus: str, *, listing: Listing) -> list[Holding]:
        """Return the documents of a corpus that may be known of, live or retired, by key; not what is held back.

        What screening quotes from them is left out."""
        if corpus not in listing.within:
            return []
        return [
            replace(one, flags=tuple(replace(flag, excerpt="") for flag in one.flags))
            for one in self.holdings(corpus)
            if not one.quarantined and one.marking and one.marking.id in listing.knowable
        ]

    def measured(self, versions: Sequence[str]) -> dict[str, Measured]:
        """Measure versions, by id: how long they and their passages are, and how surely they were recognised."""
        columns, passages = tables.versions.c, tables.passages.c
        longest = func.max(passages.end - passages.start)
        query = (
            select(columns.id, func.length(columns.text), columns.metadata, columns.signature, longest)
            .select_from(tables.versions.outerjoin(tables.passages))
            .group_by(columns.id)
        )
        found: dict[str, Measured] = {}
        with self._reading() as connection:
            for start in range(0, len(versions), _MOST_IDS):
                some = query.where(columns.id.in_(versions[start : start + _MOST_IDS]))
                for row in connection.execute(some):
                    found[row.id] = Measured(row[1], row[4] or 0, _unsure(row.metadata), row.signature or b"")
        return found


def _unsure(metadata: Mapping[str, str]) -> tuple[int, int] | None:
    pages = _CONFIDENCE.findall(metadata.get("ocr confidence", ""))
    return min(((int(confidence), int(page)) for page, confidence in pages), default=None)
