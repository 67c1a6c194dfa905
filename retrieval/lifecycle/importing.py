"""Take a corpus out of a bag, without reading a document again: all of it, or nothing.

The bag is proved before anything is written. Then originals are kept, versions staged, passages indexed, and in the
end one transaction lets all of it be found. Killed before that, the same import goes on with the vectors that are
there. Under another name it is another corpus, whose ids follow from that name."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.access import UNMARKED, Marking
from retrieval.bagged_corpora import BaggedCorpus, BaggedVersion, import_corpus, read_text
from retrieval.catalog import CarriedDocument, CarriedVersion, Corpus, Found, StoredVersion
from retrieval.documents import Document, Passage, State, document_id, passage_id, text_sha256, version_id
from retrieval.errors import StafwijzerError
from retrieval.ingesting import Ingestion, Progress
from retrieval.lifecycle.carrying import CorpusDetails, carried, read, refused
from retrieval.lifecycle.making import PIPELINE
from retrieval.lifecycle.pointing import BATCH_PASSAGES, searchable_text
from retrieval.near_duplicates import signature
from retrieval.policies import POLICIES

_PIPELINE = re.compile(r"load-(\d+)/split-(\d+)(?:/.*)?")


class CorpusTaken(StafwijzerError):
    """There is another corpus of this name."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came out of a bag."""

    corpus: str
    documents: int
    versions: int
    passages: int
    """Of live documents: those that can be found."""
    quarantined: tuple[tuple[str, str], ...]
    """(key, reason) of documents whose policy is not known here."""
    was_here: bool
    """The corpus was here already; nothing was changed."""


@dataclass(frozen=True, slots=True)
class _Contents:
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


def import_(
    ingestion: Ingestion,
    folder: Path,
    *,
    name: str = "",
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_wait: Callable[[str], None] = lambda process: None,
) -> Imported:
    """Make the corpus that is in a bag, called `name` or as it was called.

    Documents whose marking is not known here are held back. Raises BagRefused for a bag that is damaged or that a
    newer release made, CorpusTaken when a corpus of the name has other documents, IndexMismatch, IndexUnavailable."""
    contents = _contents(folder, name)
    _check_texts(folder, contents)
    corpus, catalog, points = contents.corpus, ingestion.catalog, ingestion.points
    live = [one.version.id for one in contents.versions if one.version.state is State.LIVE]
    with ingestion.writing(on_wait):
        was_here = _is_here(ingestion, contents)
        if not was_here:
            for sha256, original in sorted(contents.originals.items()):
                ingestion.blobs.keep(original, sha256)
            catalog.ensure_corpus(corpus)
            catalog.expect(corpus.name, contents.documents)
            for batch in _batches(folder, contents):
                catalog.stage(batch)
            done = 0

            def count(passages: int) -> None:
                nonlocal done
                done += passages
                on_progress(Progress(done, total, done, "passages"))

            total = sum(1 for _ in catalog.passages_of_versions(live))
            points.rewrite(live, on_batch=count)
            told = contents.details
            catalog.admit(
                corpus,
                contents.documents,
                contents.versions,
                refusals=told.refusals,
                receipts=told.receipts,
                tombstones=told.tombstones,
            )
            ingestion.index.maintain()
            catalog.refresh_statistics()
        passages = sum(1 for _ in catalog.passages_of_versions(live))
    counts = len(contents.documents), len(contents.versions), passages
    return Imported(corpus.name, *counts, contents.quarantined, was_here)


# What is in the bag


def _contents(folder: Path, name: str) -> _Contents:
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
    return _Contents(
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
    """Refuse what contradicts itself: an id that another corpus could have too would be taken from it."""
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
        if (by_id[held.document].document.current == held.id) != (held.state is State.LIVE):
            raise refused(f"it contradicts itself about which version of {row.key} is live")
    live = {one.version.id for one in versions if one.version.state is State.LIVE}
    if any(one.document.current not in live | {None} for one in documents):
        raise refused("a document answers from a version that is not in it")
    numbers = {receipt.number for receipt in read(CorpusDetails, about.details, where="the corpus").receipts}
    if not numbers.issuperset(read(CorpusDetails, about.details, where="the corpus").tombstones.values()):
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


def _check_texts(folder: Path, contents: _Contents) -> None:
    """Read every text once before anything is written. Raises BagRefused."""
    for told in contents.texts.values():
        read_text(folder, told)


# What is here


def _is_here(ingestion: Ingestion, contents: _Contents) -> bool:
    """Tell whether the corpus is here as it is in the bag. Raises CorpusTaken when there is another of its name."""
    name, catalog = contents.corpus.name, ingestion.catalog
    documents = {one.document.id for one in contents.documents}
    if set(catalog.corpora_with(sorted(documents))) - {name}:
        raise CorpusTaken(f"Another corpus here has documents of '{name}'.", hint="Import it under another --name.")
    states = catalog.version_states(name)
    finished = {version for version, state in states.items() if state is not State.STAGED}
    wanted = {one.version.id for one in contents.versions}
    if finished and finished == wanted:
        return True
    if finished:
        problem = f"There is a corpus '{name}' here with other documents or versions; nothing was changed."
        raise CorpusTaken(problem, hint=f"Import it under another name: `stafwijzer corpus import FOLDER --name NEW`.")
    if states.keys() - wanted:
        # Staged by an addition that never ended.
        ingestion.points.remove_abandoned(name)
    return False


def _batches(folder: Path, contents: _Contents) -> Iterator[list[StoredVersion]]:
    documents = {one.document.id: one for one in contents.documents}
    batch: list[StoredVersion] = []
    for version in contents.versions:
        there = contents.texts[version.version.id]
        batch.append(_stored(folder, there, version, documents[version.version.document]))
        if sum(len(one.passages) for one in batch) >= BATCH_PASSAGES:
            yield batch
            batch = []
    if batch:
        yield batch


def _stored(folder: Path, there: str, version: CarriedVersion, held: CarriedDocument) -> StoredVersion:
    """Return a version as it is staged. Its passages' ids follow from their text: nobody can forge them."""
    told, identifier = read_text(folder, there), version.version.id
    passages = []
    for ordinal, one in enumerate(told.passages):
        text = told.text[one.start : one.end]
        name = passage_id(identifier, one.start, one.end, text)
        passages.append(Passage(name, identifier, ordinal, one.heading, one.page, one.start, one.end, text))
    document = replace(held.document, title=version.title, current=None)
    dates = version.version.valid_from, version.version.valid_until
    found = (Found(one, document, version.marking, *dates, version.language) for one in passages)
    return StoredVersion(
        version=replace(version.version, state=State.STAGED),
        document=document,
        marking=version.marking,
        blob=version.blob,
        pipeline=version.pipeline,
        language=version.language,
        text=told.text,
        metadata=version.metadata,
        warnings=version.warnings,
        passages=tuple(passages),
        searchable=tuple(text_sha256(searchable_text(one)) for one in found),
        file=held.file,
        quarantine=version.quarantine,
        marked_by=version.marked_by,
        flags=version.flags,
        signature=signature(told.text),
    )
