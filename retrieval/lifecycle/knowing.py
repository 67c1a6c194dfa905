"""What somebody may know of corpora: as a reader of what they are cleared for, and as an owner of what waits for one.

The one place that says whose a corpus is. Gives titles, keys and counts; text only to `scope`. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from retrieval.access import METADATA_ONLY, UNMARKED, Listing, Principal, Scope, listing_for, may_know, scope_for
from retrieval.catalog import Catalog, Corpus, CorpusUnknown, Holding

OWNER = "owner"
"""The role of those who keep every corpus; 'owner:NAME' is that of who keeps one."""


def owns(principal: Principal, corpus: str) -> bool:
    """Decide whether this principal may change a corpus. Who reads no text owns none."""
    return METADATA_ONLY not in principal.roles and bool({OWNER, f"{OWNER}:{corpus}"} & principal.roles)


@dataclass(frozen=True, slots=True)
class Knowing:
    """The corpora as one principal may know of them, on one day."""

    catalog: Catalog
    principal: Principal
    on_date: date

    def corpora(self) -> list[Corpus]:
        """Return the corpora that the principal keeps, or whose own marking they may know of."""
        return [
            one
            for one in self.catalog.corpora()
            if owns(self.principal, one.name) or may_know(self.principal, one.marking, self.on_date)
        ]

    def corpus(self, name: str) -> Corpus:
        """Raises CorpusUnknown, also where the principal may not know that it is there."""
        known = self.corpora()
        found = next((one for one in known if one.name == name), None)
        if found is None:
            raise CorpusUnknown.named(name, sorted(one.name for one in known))
        return found

    def listing(self) -> Listing:
        within = [one.name for one in self.corpora()]
        return listing_for(self.principal, markings=self.catalog.markings(), corpora=within, on_date=self.on_date)

    def scope(self, corpora: Sequence[str] | None = None) -> Scope:
        """Return what may be read in these corpora, as far as they may be known of; None: in all."""
        within = [one.name for one in self.corpora() if corpora is None or one.name in corpora]
        return scope_for(self.principal, markings=self.catalog.markings(), corpora=within, on_date=self.on_date)

    def documents(self, corpus: str) -> list[Holding]:
        """Return the documents of a corpus that may be known of, live or retired, by key; not what is held back."""
        return self.catalog.known(corpus, listing=self.listing())

    def held_back(self, corpus: str) -> list[Holding]:
        """Return what is held back: to its owners alone, and of that what nobody marked or what they may know of."""
        if not owns(self.principal, corpus):
            return []
        return [one for one in self.catalog.holdings(corpus) if one.quarantined and self._may_know(one)]

    def everything(self, corpus: str) -> list[Holding]:
        """Return `documents` and `held_back` together, by key, reading the catalog once."""
        listing, keeps = self.listing(), owns(self.principal, corpus)
        if corpus not in listing.within:
            return []
        return [
            replace(one, flags=tuple(replace(flag, excerpt="") for flag in one.flags)) if one.flags else one
            for one in self.catalog.holdings(corpus)
            if (
                keeps and self._may_know(one) if one.quarantined else one.marking and one.marking.id in listing.knowable
            )
        ]

    def refusals(self, corpus: str) -> list[tuple[str, str]]:
        """Return (key, reason) of what was not read: to its owners alone, as nothing marks what was not read."""
        return self.catalog.refusals(corpus) if owns(self.principal, corpus) else []

    def duplicates(self, corpus: str | None = None) -> list[list[tuple[str, str]]]:
        """Return groups of (corpus, key) with the same content: those with one in this corpus; None: all."""
        groups = self.catalog.duplicates(scope=self.scope())
        return [group for group in groups if corpus is None or any(name == corpus for name, _ in group)]

    def knows_all(self, corpus: str) -> bool:
        """Tell whether nothing in a corpus is hidden from its owner, so that figures over all of it tell no more."""
        return owns(self.principal, corpus) and all(map(self._may_know, self.catalog.holdings(corpus)))

    def _may_know(self, one: Holding) -> bool:
        marking = one.marking or UNMARKED
        return marking == UNMARKED or may_know(self.principal, marking, self.on_date)
