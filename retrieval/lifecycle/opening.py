"""Open a bag and say what its corpus is to be here: under its own name or another, by the policies known here.

Refuses what contradicts itself before anything is written. Changes nothing: `importing` brings in what this returns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.access import UNMARKED, Marking
from retrieval.bagged_corpora import BaggedCorpus, BaggedVersion, import_corpus, read_text
from retrieval.catalog import CarriedDocument, CarriedVersion, Corpus
from retrieval.documents import Document, State, document_id, version_id
from retrieval.lifecycle.carrying import CorpusDetails, carried, read, refused
from retrieval.lifecycle.making import PIPELINE
from retrieval.marking import LabelInvalid, read_label
from retrieval.policies import POLICIES

# What fits an integer of every database, and more than anybody sets.
_MOST_AUTHORITY = 1_000_000
_PIPELINE = re.compile(r"load-(\d+)/split-(\d+)(?:/.*)?")


@dataclass(frozen=True, slots=True)
class Contents:
    """A corpus as it is to be here."""

    corpus: Corpus
    documents: tuple[CarriedDocument, ...]
    versions: tuple[CarriedVersion, ...]
    texts: dict[str, str]
    """Version id here, to that in the bag."""
    originals: dict[str, Path]
    """Where the original of each hash lies in the bag."""
    details: CorpusDetails
    quarantined: tuple[tuple[str, str], ...]


def opened(folder: Path, name: str = "") -> Contents:
    """Return what is in a bag, as a corpus called `name` or as it was called. Raises BagRefused."""
    about, rows = import_corpus(folder)
    details = read(CorpusDetails, about.details, where="the corpus")
    corpus = _corpus(about, name or about.name)
    versions = [carried(version) for version, _ in rows]
    _check_documents(about, details.documents, versions, [version for version, _ in rows])
    ids = {one.document.id: one.document.id for one in details.documents}
    if corpus.name != about.name:
        ids = {one.document.id: document_id(corpus.name, one.document.key) for one in details.documents}
    new = {one.version.id: _id(one, ids[one.version.document]) for one in versions}
    renamed = [_renamed(one, ids, new) for one in versions]
    served = [_served(one) for one in renamed]
    closed = {one.version.document: one.quarantine for one, was in zip(served, renamed, strict=True) if one != was}
    documents = tuple(_document(one, corpus.name, ids, new, closed) for one in details.documents)
    keys = {one.document.id: one.document.key for one in documents}
    for told in new:
        # Each text once, before anything is written.
        read_text(folder, told)
    return Contents(
        corpus,
        documents,
        tuple(served),
        {here: there for there, here in new.items()},
        {version.sha256: original for version, original in rows},
        details,
        tuple((keys[one], reason) for one, reason in closed.items()),
    )


def _corpus(about: BaggedCorpus, name: str) -> Corpus:
    # A default that nobody here knows would mark what is added later: that is held back instead.
    marking = about.marking if about.marking and _is_known(about.marking) else UNMARKED
    return Corpus(name, about.title, about.owner, marking, about.authority)


def _check_documents(
    about: BaggedCorpus,
    documents: Sequence[CarriedDocument],
    versions: Sequence[CarriedVersion],
    rows: Sequence[BaggedVersion],
) -> None:
    """Refuse what contradicts itself, and what no corpus has: an id that another has too would be taken from it."""
    by_id = {one.document.id: one for one in documents}
    if len(by_id) < len(documents) or len({one.document.key for one in documents}) < len(documents):
        raise refused("two of its documents have the same id or key")
    if any(one.document.corpus != about.name for one in documents):
        raise refused("it has a document of another corpus")
    for version, row in zip(versions, rows, strict=True):
        held = version.version
        if held.document not in by_id or by_id[held.document].document.key != row.key:
            raise refused(f"a version of {row.key} is of no document in it")
        _check_pipeline(version.pipeline)
        if held.id != version_id(held.document, held.sha256, version.pipeline):
            raise refused(f"the id of a version of {row.key} is not that of its content")
        # A label of a policy that is not known here cannot be read, and opens nothing either.
        if row.label is not None and _is_known(version.marking) and _labelled(row) != version.marking:
            raise refused(f"the label of {row.key} says another marking than its catalog")
        if held.valid_from and held.valid_until and held.valid_until <= held.valid_from:
            raise refused(f"{row.key} holds until a day that is not after its first")
        if (by_id[held.document].document.current == held.id) != (held.state is State.LIVE):
            raise refused(f"it contradicts itself about which version of {row.key} is live")
    live = {one.version.id for one in versions if one.version.state is State.LIVE}
    if any(one.document.current not in live | {None} for one in documents):
        raise refused("a document answers from a version that is not in it")
    _check_order(by_id)
    _check_names(about, documents, versions)
    _check_receipts(read(CorpusDetails, about.details, where="the corpus"))


def _labelled(row: BaggedVersion) -> Marking:
    try:
        return read_label((row.label or "").encode()).marking
    except LabelInvalid as error:
        raise refused(f"the label of {row.key} cannot be read ({error})") from error


def _check_order(documents: Mapping[str, CarriedDocument]) -> None:
    """Refuse documents that supersede each other in a circle."""
    for one in documents.values():
        seen, after = {one.document.id}, one.superseded_by
        while after is not None and after in documents:
            if after in seen:
                raise refused(f"{one.document.key} is superseded in a circle")
            seen.add(after)
            after = documents[after].superseded_by


def _check_names(about: BaggedCorpus, documents: Sequence[CarriedDocument], versions: Sequence[CarriedVersion]) -> None:
    titles = [told for one in documents for told in (one.document.key, one.document.title)]
    if not all(map(str.isprintable, [about.name, about.title, about.owner, *titles, *(one.title for one in versions)])):
        raise refused("a name or title in it has characters that are not shown")
    if not about.name.strip() or not all(one.document.key for one in documents):
        raise refused("it or a document in it has no name")
    if abs(about.authority) > _MOST_AUTHORITY:
        raise refused(f"its authority, {about.authority}, is beyond {_MOST_AUTHORITY:,}")
    times = [told for one in versions for told in (one.added_at, one.retired_at) if told]
    if any(told.tzinfo is None for told in times):
        raise refused("a time in it has no zone")


def _check_receipts(details: CorpusDetails) -> None:
    """Refuse a deletion without an end: it would go on here, by ids and paths that the bag chose."""
    if any(receipt.ended_at is None for receipt in details.receipts):
        raise refused("it has a deletion that did not end")
    if not {receipt.number for receipt in details.receipts}.issuperset(details.tombstones.values()):
        raise refused("it names a receipt that is not in it")


def _check_pipeline(pipeline: str) -> None:
    told, ours = _PIPELINE.fullmatch(pipeline), _PIPELINE.fullmatch(PIPELINE)
    assert ours is not None
    if told is None or any(int(there) > int(here) for there, here in zip(told.groups(), ours.groups(), strict=True)):
        raise refused(
            f"its documents were read by rules that this release does not know ({pipeline}, here {PIPELINE})",
            "Import it with the release that made it, or a newer one; nothing was imported.",
        )


def _id(version: CarriedVersion, document: str) -> str:
    return version_id(document, version.version.sha256, version.pipeline)


def _renamed(version: CarriedVersion, ids: dict[str, str], new: dict[str, str]) -> CarriedVersion:
    held = version.version
    supersedes = new.get(held.supersedes or "", held.supersedes)
    return replace(version, version=replace(held, id=new[held.id], document=ids[held.document], supersedes=supersedes))


def _served(version: CarriedVersion) -> CarriedVersion:
    """Hold a live version back when its marking means nothing here."""
    if version.version.state is not State.LIVE or _is_known(version.marking):
        return version
    if version.marking == UNMARKED:
        reason = "Nobody marked it; mark it with `stafwijzer corpus mark`."
        return replace(version, version=replace(version.version, state=State.QUARANTINED), quarantine=reason)
    reason = (
        f"It is marked {version.marking} by the policy '{version.marking.policy}', and that is not known here; add it "
        "to [access.policies] in stafwijzer.toml, then `stafwijzer corpus release`, or mark it anew with "
        "`stafwijzer corpus mark`."
    )
    return replace(version, version=replace(version.version, state=State.QUARANTINED), quarantine=reason)


def _document(
    held: CarriedDocument, corpus: str, ids: dict[str, str], new: dict[str, str], closed: dict[str, str]
) -> CarriedDocument:
    document = held.document
    current = None if ids[document.id] in closed else new.get(document.current or "")
    return replace(
        held,
        document=Document(ids[document.id], corpus, document.key, document.title, current),
        superseded_by=ids.get(held.superseded_by or ""),
    )


def _is_known(marking: Marking) -> bool:
    return marking.level in POLICIES.get(marking.policy, ())
