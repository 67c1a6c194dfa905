"""What an owner does with the documents of a corpus: supersede, date, mark, retire, restore, delete.

Documents are named by their keys, or by patterns of keys. Refuses what cannot be meant, before anything is changed.
Knows nothing of who may be an owner: a door decides that."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from retrieval.access import UNMARKED, Marking
from retrieval.catalog import Dates, Holding, Receipt
from retrieval.errors import StafwijzerError
from retrieval.ingesting import Ingestion
from retrieval.lifecycle.deleting import delete
from retrieval.lifecycle.superseding import dates_of, superseding


class DocumentUnknown(StafwijzerError):
    """A corpus has no document of this key."""


class NotLive(StafwijzerError):
    """Only what is live can be dated or superseded, and only what is retired restored."""


class NotMarked(StafwijzerError):
    """A document that nobody marked cannot be served."""


class DocumentsChanged(StafwijzerError):
    """Documents are not any more what they were when they were chosen."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Documents as somebody saw them: what is done to them is done to all of them as they were, or to none."""

    seals: Mapping[str, str]
    """Document id, to what `seal` returned for it."""


def seal(holding: Holding) -> str:
    """Return what changes whenever a document's version, state, marking, dates or name does."""
    version = holding.version
    told = (
        holding.document.key,
        holding.document.title,
        holding.document.current,
        holding.withdrawn,
        holding.superseded_by,
        version and (version.id, version.state, version.marking, version.valid_from, version.valid_until),
    )
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _tell_nobody(told: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Curation:
    """An owner's hand on the corpora that `ingestion` fills. One process at a time; others wait."""

    ingestion: Ingestion
    on_wait: Callable[[str], None] = _tell_nobody
    """Told the process that is waited for."""
    on_passages: Callable[[int], None] = _tell_nobody
    """Told how many passages were written again, batch by batch."""

    def supersede(self, corpus: str, old: str, new: str, *, on: date | None = None) -> None:
        """Let the document `new` take the place of `old` from the day on which `new` begins, or `on` a day.

        `old` is found for the days before. Raises DocumentUnknown, NotLive, SupersessionCyclic, DatesImpossible."""
        with self._documents(corpus) as documents:
            before, after = _live(documents, corpus, old), _live(documents, corpus, new)
            self._date(superseding(documents.values(), before, after, on=on), {before.document.id: after.document.id})

    def set_validity(
        self, corpus: str, key: str, *, valid_from: date | None = None, valid_until: date | None = None
    ) -> None:
        """Let a live document hold from a day until the day before another; None: always, or without an end.

        Without an end it is not superseded any more. Raises DocumentUnknown, NotLive or DatesImpossible."""
        with self._documents(corpus) as documents:
            holding = _live(documents, corpus, key)
            undone = {} if valid_until else {holding.document.id: None}
            self._date(dates_of(holding, valid_from, valid_until), undone)

    def set_validities(self, corpus: str, chosen: Chosen, dates: Callable[[Holding], Dates]) -> list[str]:
        """Let live documents hold from and until the days that `dates` tells of each, all or none; return the keys.

        Raises DocumentsChanged, NotLive or DatesImpossible."""
        with self._documents(corpus) as documents:
            holdings = [_live(documents, corpus, one.document.key) for one in _fitting(documents, corpus, chosen)]
            told: dict[str, Dates] = {}
            for one in holdings:
                told |= dates_of(one, *dates(one))
            open_ended = {one.document.id: None for one in holdings if one.version and told[one.version.id][1] is None}
            self._date(told, open_ended)
        return [one.document.key for one in holdings]

    def mark(self, corpus: str, pattern: str | Chosen, marking: Marking) -> list[str]:
        """Mark all documents whose key fits a pattern, in all their versions; return the keys.

        Those that were held back because they were not marked, or not clearly, are served from then on.
        Raises DocumentUnknown when none does."""
        with self._documents(corpus) as documents:
            chosen = _fitting(documents, corpus, pattern)
            self.ingestion.catalog.set_marking([one.document.id for one in chosen], marking)
            self.ingestion.points.finish_pending(on_batch=self.on_passages)
            self._serve([one for one in chosen if one.quarantined and one.marking == UNMARKED])
        return [one.document.key for one in chosen]

    def retire(self, corpus: str, pattern: str | Chosen) -> list[str]:
        """Let the live documents whose key fits a pattern not be found any more; return the keys.

        Their files do not bring them back: `restore` does. Raises DocumentUnknown when no document fits."""
        with self._documents(corpus) as documents:
            chosen = _fitting(documents, corpus, pattern)
            self.ingestion.catalog.retire([one.document.id for one in chosen], withdrawn=True)
            self.ingestion.points.remove_abandoned(corpus)
        return [one.document.key for one in chosen if one.live]

    def restore(self, corpus: str, pattern: str | Chosen) -> list[str]:
        """Let retired documents whose key fits a pattern be found again, in the version that was live last.

        Returns the keys. No file is read. Raises DocumentUnknown, NotMarked, or NotLive when nothing is retired."""
        with self._documents(corpus) as documents:
            chosen = [one for one in _fitting(documents, corpus, pattern) if not one.held and one.version]
            if not chosen:
                raise NotLive(f"Nothing {_named(pattern)} is retired.", hint=_LIST.format(corpus))
            self._serve(_marked(chosen))
        return [one.document.key for one in chosen]

    def release(self, corpus: str, pattern: str | Chosen) -> list[str]:
        """Let documents whose key fits a pattern, and that are held back, be found; return the keys.

        Raises DocumentUnknown, NotMarked, or NotLive when nothing that fits is held back."""
        with self._documents(corpus) as documents:
            chosen = [one for one in _fitting(documents, corpus, pattern) if one.quarantined]
            if not chosen:
                raise NotLive(f"Nothing {_named(pattern)} is held back.", hint=_LIST.format(corpus))
            self._serve(_marked(chosen))
        return [one.document.key for one in chosen]

    def delete(self, corpus: str, pattern: str | Chosen, *, by: str) -> Receipt:
        """Delete the documents whose key fits a pattern, for good, in all their versions; return the receipt.

        Raises DocumentUnknown when none does."""
        with self._documents(corpus) as documents:
            chosen = {one.document.id: one.document.key for one in _fitting(documents, corpus, pattern)}
            receipt = delete(self.ingestion.points, self.ingestion.blobs, corpus, chosen, by=by)
            self.ingestion.index.maintain()
        return receipt

    def chosen(self, corpus: str, pattern: str) -> list[Holding]:
        """Return the documents whose key fits a pattern. Raises CorpusUnknown or DocumentUnknown."""
        self.ingestion.catalog.corpus(corpus)
        return _fitting(_by_key(self.ingestion.catalog.holdings(corpus)), corpus, pattern)

    def _serve(self, holdings: Sequence[Holding]) -> None:
        for one in holdings:
            assert one.version is not None
            # Written while search leaves it out, live when all of it is on disk.
            self.ingestion.catalog.return_to_index(one.version.id)
            self.ingestion.points.rewrite([one.version.id], on_batch=self.on_passages)
            self.ingestion.catalog.restore(one.document.id, one.version.id)

    @contextmanager
    def _documents(self, corpus: str) -> Iterator[dict[str, Holding]]:
        """Be the one who writes; give the documents of a corpus by key."""
        catalog = self.ingestion.catalog
        catalog.corpus(corpus)
        with self.ingestion.writing(self.on_wait):
            yield _by_key(catalog.holdings(corpus))

    def _date(self, dates: Mapping[str, Dates], superseded_by: Mapping[str, str | None]) -> None:
        """Write all of it in one transaction, and tell the index."""
        self.ingestion.catalog.set_validity(dates, superseded_by=superseded_by)
        self.ingestion.points.finish_pending(on_batch=self.on_passages)


_LIST = "See `stafwijzer corpus show {}`."


def _marked(holdings: Sequence[Holding]) -> Sequence[Holding]:
    for one in holdings:
        if one.marking is None or one.marking == UNMARKED:
            raise NotMarked(f"'{one.document.key}' carries no marking.", hint="`stafwijzer corpus mark` gives it one.")
    return holdings


def _by_key(holdings: Sequence[Holding]) -> dict[str, Holding]:
    return {holding.document.key: holding for holding in holdings}


def _live(documents: dict[str, Holding], corpus: str, key: str) -> Holding:
    holding = documents.get(key)
    if holding is None:
        raise DocumentUnknown(f"The corpus '{corpus}' has no document '{key}'.", hint=_LIST.format(corpus))
    if not holding.live:
        raise NotLive(f"'{key}' is retired.", hint="`stafwijzer corpus restore` lets it be found again.")
    return holding


def _fitting(documents: dict[str, Holding], corpus: str, pattern: str | Chosen) -> list[Holding]:
    """Return the document of this very key, else those whose key fits the pattern (`*`, `?`, `[abc]`).

    Of what was chosen one by one, exactly that. Raises DocumentUnknown or DocumentsChanged."""
    if isinstance(pattern, Chosen):
        return _as_seen(documents, pattern)
    if pattern in documents:
        return [documents[pattern]]
    found = [holding for key, holding in documents.items() if fnmatchcase(key, pattern)]
    if not found:
        raise DocumentUnknown(
            f"The corpus '{corpus}' has no document '{pattern}', nor any that fits it.", hint=_LIST.format(corpus)
        )
    return found


def _as_seen(documents: dict[str, Holding], chosen: Chosen) -> list[Holding]:
    found = [one for one in documents.values() if chosen.seals.get(one.document.id) == seal(one)]
    if not found or len(found) < len(chosen.seals):
        changed, total = len(chosen.seals) - len(found), len(chosen.seals)
        raise DocumentsChanged(
            f"{changed} of the {total} documents changed in the meantime; nothing was done.",
            hint="Look at the list again, and choose anew.",
        )
    return found


def _named(pattern: str | Chosen) -> str:
    return "of what was chosen" if isinstance(pattern, Chosen) else f"that fits '{pattern}'"
