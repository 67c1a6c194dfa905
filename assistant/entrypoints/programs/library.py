"""What a principal may see of corpora, documents, passages and answers, on a day.

What is not there and what may not be seen are one: both are None, or NotThere. Asks `retrieval.access` at every call
and remembers nothing. Knows no form in which it is shown."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.bootstrap import Installation
from retrieval.access import Listing, Marking, Principal, Scope, listing_for, may_know, may_read, scope_for
from retrieval.catalog import Corpus, CorpusStatus, CorpusUnknown, Found, Holding, Past
from retrieval.documents import Hit

_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class NotThere(Exception):
    """There is no such thing, or none that the asker may know of: the two are told alike."""


@dataclass(frozen=True, slots=True)
class Library:
    """The installation, as one principal after another may see it."""

    installation: Installation

    def corpora(self, principal: Principal) -> list[CorpusStatus]:
        """Return the corpora that may be known of, with what of them may be counted."""
        names = [corpus.name for corpus in self._corpora(principal)]
        return self.installation.catalog.listed(listing=self._listing(principal, names))

    def corpus(self, name: str, principal: Principal) -> CorpusStatus:
        """Return a corpus that may be known of. Raises NotThere."""
        for status in self.corpora(principal):
            if status.corpus.name == name:
                return status
        raise NotThere

    def search(
        self, query: str, principal: Principal, *, corpora: Collection[str], on_date: date, limit: int
    ) -> list[Hit]:
        """Find passages that may be read. Raises CorpusUnknown when one of the corpora named may not be known of."""
        known = [corpus.name for corpus in self._corpora(principal)]
        for name in sorted(set(corpora) - set(known)):
            raise CorpusUnknown.named(name, known)
        scope = self._scope(principal, corpora or known, on_date)
        return self.installation.retriever.search(query, scope=scope, limit=limit)

    def passage(self, id: str, principal: Principal) -> Found:
        """Return a live passage that may be read today. Raises NotThere."""
        known = [corpus.name for corpus in self._corpora(principal)]
        scope = self._scope(principal, known, date.today())
        found = self.installation.catalog.passages([id], scope=scope) if _ID.fullmatch(id) else {}
        if id not in found:
            raise NotThere
        return found[id]

    def documents(self, principal: Principal, *, corpus: str, after: tuple[str, str]) -> Iterator[Holding]:
        """Yield the documents that may be known of, live or retired, in the order of corpus and key.

        `corpus`: of this one only; '' for all. `after`: the corpus and key to go on from."""
        names = [one.name for one in self._corpora(principal) if one.name >= after[0]]
        listing = self._listing(principal, names)
        for name in names if not corpus else [one for one in names if one == corpus]:
            for holding in self.installation.catalog.known(name, listing=listing):
                if (name, holding.document.key) > after:
                    yield holding

    def document(self, id: str, principal: Principal) -> Holding:
        """Return a document that may be known of. Raises NotThere."""
        names = [corpus.name for corpus in self._corpora(principal)] if _ID.fullmatch(id) else []
        knowable = self._listing(principal, names).knowable
        for name in names:
            for held in self.installation.catalog.holdings_with(name, document=id):
                if held.document.id == id and held.marking and held.marking.id in knowable and not held.quarantined:
                    return held
        raise NotThere

    def versions(self, id: str, principal: Principal) -> list[tuple[Past, Marking]]:
        """Return the versions of a document that may be known of, newest first. Raises NotThere."""
        self.document(id, principal)
        catalog, today = self.installation.catalog, date.today()
        known = {one.id: one for one in catalog.markings() if may_know(principal, one, today)}
        return [(one, known[one.version.marking]) for one in catalog.history(id) if one.version.marking in known]

    def answer(self, id: str, principal: Principal) -> dict[str, Any]:
        """Return the journal's record of an answer that this principal asked for. Raises NotThere.

        So does one whose evidence may not be read any more: it was marked anew, deleted, or a clearance ended."""
        record = self.installation.journal.answer(id) if _ID.fullmatch(id) else None
        if record is None or record.body["asked"]["principal"]["name"] != principal.name:
            raise NotThere
        if not self._may_still_read(record.body, principal):
            raise NotThere
        return {**record.body, "answered_at": record.at}

    def _may_still_read(self, told: Mapping[str, Any], principal: Principal) -> bool:
        today, evidence = date.today(), {one["passage"] for one in told["evidence"]}
        if told["marking"] and not may_read(principal, _marking(told["marking"]), today):
            return False
        versions = sorted({one["version"] for one in told["evidence"]})
        known = {corpus.name for corpus in self._corpora(principal)}
        readable = {
            found.passage.id
            for found in self.installation.catalog.passages_of_versions(versions)
            if found.document.corpus in known and may_read(principal, found.marking, today)
        }
        return evidence <= readable

    def _corpora(self, principal: Principal) -> list[Corpus]:
        today = date.today()
        return [one for one in self.installation.catalog.corpora() if may_know(principal, one.marking, today)]

    def _listing(self, principal: Principal, names: Sequence[str]) -> Listing:
        markings = self.installation.catalog.markings()
        return listing_for(principal, markings=markings, corpora=names, on_date=date.today())

    def _scope(self, principal: Principal, names: Collection[str], on_date: date) -> Scope:
        return scope_for(principal, markings=self.installation.catalog.markings(), corpora=names, on_date=on_date)


def _marking(told: dict[str, Any]) -> Marking:
    sets = (frozenset(told[name]) for name in ("releasable_to", "categories", "need_to_know"))
    return Marking(told["policy"], told["level"], *sets)
