"""Take a corpus out of a bag, without reading a document again: all of it, or nothing.

The bag is proved before anything is written. Then originals are kept, versions staged, passages indexed, and in the
end one transaction lets all of it be found. Killed before that, the same import goes on with the vectors that are
there. Under another name it is another corpus, whose ids follow from that name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.bagged_corpora import read_text
from retrieval.catalog import CarriedDocument, CarriedVersion, Found, StoredVersion
from retrieval.documents import Passage, State, passage_id, text_sha256
from retrieval.errors import StafwijzerError
from retrieval.ingesting import Ingestion, Progress
from retrieval.lifecycle.opening import Contents, opened
from retrieval.lifecycle.pointing import BATCH_PASSAGES, searchable_text
from retrieval.near_duplicates import signature


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


def import_bag(
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
    contents = opened(folder, name)
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


def _is_here(ingestion: Ingestion, contents: Contents) -> bool:
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
    here = next((one for one in catalog.corpora() if one.name == name), contents.corpus)
    if finished or here != contents.corpus:
        problem = f"There is a corpus '{name}' here that is another one; nothing was changed."
        raise CorpusTaken(problem, hint="Import it under another name: `stafwijzer corpus import FOLDER --name NEW`.")
    if states.keys() - wanted:
        # Staged by an addition that never ended.
        ingestion.points.remove_abandoned(name)
    return False


def _batches(folder: Path, contents: Contents) -> Iterator[list[StoredVersion]]:
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
