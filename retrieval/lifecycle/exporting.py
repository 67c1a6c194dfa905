"""Put a corpus in a bag: originals, versions with text and passages, markings, labels, what was refused or deleted.

Only documents that the reader may read in all their versions go out; the others are counted. Folders are left out:
they are not there on another machine."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from retrieval.access import UNMARKED, Marking, Principal, high_water_mark, may_read
from retrieval.bagged_corpora import BaggedCorpus, BaggedPassage, BaggedText, BaggedVersion, export_corpus
from retrieval.catalog import CarriedDocument, CarriedVersion, Catalog, Receipt
from retrieval.errors import StafwijzerError
from retrieval.ingesting import Ingestion
from retrieval.lifecycle.carrying import CorpusDetails, bagged, written
from retrieval.marking import Label, write_label

# A label has to say when it is reviewed (ADatP-4774, appendix 1), and the catalog keeps no such day. Five years is
# ours; nothing here goes by it.
_REVIEWED_AFTER = timedelta(days=5 * 365)


class NothingReadable(StafwijzerError):
    """There is nothing in a corpus that the user may take out of it."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into a bag."""

    corpus: str
    folder: str
    documents: int
    versions: int
    passages: int
    marking: str
    """The high-water mark of it all; one for each policy."""
    left_out: int
    """Documents that the user may not read, in one of their versions."""
    unmarked: int
    """Of these, those that nobody marked."""


def export(
    ingestion: Ingestion,
    corpus: str,
    folder: Path,
    *,
    principal: Principal,
    on_date: date,
    on_wait: Callable[[str], None] = lambda process: None,
) -> Exported:
    """Write what `principal` may read of a corpus as a bag; the same corpus on the same day makes the same bytes.

    Raises CorpusUnknown, NothingReadable, IndexMismatch, and BagRefused, with nothing left behind, when the folder
    exists or an original is damaged."""
    catalog = ingestion.catalog
    about = catalog.corpus(corpus)
    with ingestion.writing(on_wait):
        everything = catalog.carried_versions(corpus)
        closed = _closed(everything, principal, on_date)
        versions = [one for one in everything if one.version.document not in closed]
        if closed and not versions:
            problem = f"You may read none of the {len(closed)} documents of '{corpus}'; nothing was written."
            raise NothingReadable(problem, hint="Ask somebody who is cleared for them.")
        documents = _documents(catalog, corpus, versions)
        keys = {one.document.id: one.document.key for one in documents}
        marking = _high_water_marks([one.marking for one in versions] or [about.marking])
        counted = 0

        def text_of(version: BaggedVersion) -> BaggedText:
            nonlocal counted
            told = _text(catalog, version.id)
            counted += len(told.passages)
            return told

        export_corpus(
            folder,
            BaggedCorpus(
                about.name,
                about.title,
                about.owner,
                None if about.marking == UNMARKED else about.marking,
                about.authority,
                written(_details(catalog, corpus, documents, closed)),
            ),
            [
                (bagged(one, keys[one.version.document], label=_label(one)), ingestion.blobs.path(one.blob))
                for one in versions
            ],
            bagged_on=on_date,
            info={"Bag-Software-Agent": "Stafwijzer", "Marking": marking},
            text_of=text_of,
        )
    unmarked = sum(one == UNMARKED for one in closed.values())
    return Exported(corpus, str(folder), len(documents), len(versions), counted, marking, len(closed), unmarked)


def _closed(versions: Iterable[CarriedVersion], principal: Principal, on_date: date) -> dict[str, Marking]:
    """Map the documents that stay behind to the marking for which they do.

    Records of one file share its original: with one of them that may not be read, all of them stay."""
    versions = list(versions)
    closed = {one.version.document: one.marking for one in versions if not may_read(principal, one.marking, on_date)}
    while True:
        shared = {one.blob: closed[one.version.document] for one in versions if one.version.document in closed}
        more = {
            one.version.document: shared[one.blob]
            for one in versions
            if one.blob in shared and one.version.document not in closed
        }
        if not more:
            return closed
        closed |= more


def _documents(catalog: Catalog, corpus: str, versions: Iterable[CarriedVersion]) -> tuple[CarriedDocument, ...]:
    """Return the documents of versions. What superseded one of them and stays behind is not named."""
    wanted = {one.version.document for one in versions}
    return tuple(
        replace(one, superseded_by=one.superseded_by if one.superseded_by in wanted else None)
        for one in catalog.carried_documents(corpus)
        if one.document.id in wanted
    )


def _details(
    catalog: Catalog, corpus: str, documents: tuple[CarriedDocument, ...], closed: Iterable[str]
) -> CorpusDetails:
    """Return what else goes out. Names of what was deleted or not read have no marking of their own: of deleted
    documents they stay behind, of files that were not read when any document does."""
    refusals = () if set(closed) else tuple(catalog.refusals(corpus))
    tombstones = dict(sorted(catalog.tombstones(corpus).items()))
    return CorpusDetails(documents, refusals, tuple(map(_nameless, catalog.receipts(corpus))), tombstones)


def _nameless(receipt: Receipt) -> Receipt:
    return replace(receipt, documents=tuple(replace(one, key="") for one in receipt.documents))


def _text(catalog: Catalog, version: str) -> BaggedText:
    passages = (found.passage for found in catalog.passages_of_versions([version]))
    spans = tuple(BaggedPassage(one.start, one.end, one.heading, one.page) for one in passages)
    return BaggedText(catalog.kept_texts([version])[version], spans)


def _label(version: CarriedVersion) -> str | None:
    """Return the label of a version, or None where the standard has no words for its marking."""
    with suppress(ValueError):
        return write_label(Label(version.marking, version.added_at, version.added_at + _REVIEWED_AFTER)).decode()
    return None


def _high_water_marks(markings: Iterable[Marking]) -> str:
    """Return the strictest marking of each policy, in words: between policies no order is assumed."""
    by_policy: dict[str, list[Marking]] = {}
    for one in markings:
        by_policy.setdefault(one.policy, []).append(one)
    known = {policy: high_water_mark(some) for policy, some in sorted(by_policy.items()) if policy}
    return "; ".join(f"{policy}: {mark}" for policy, mark in known.items()) or str(UNMARKED)
