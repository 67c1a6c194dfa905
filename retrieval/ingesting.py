"""Bring documents into a corpus: read, split, embed, index, and only then let them be found.

Killed at any point, the same call again ends in the same state: a version is staged in the catalog before its first
point is written, and goes live after its last point is on disk. Knows nothing of who asks or of screens."""

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from retrieval.blobs import BlobStore
from retrieval.catalog import Catalog, Corpus, Found, StoredVersion
from retrieval.consistency import check_index, forget_index, remember_index
from retrieval.documents import Document, Passage, State, Version, document_id, text_sha256, version_id
from retrieval.embedding import Embedder
from retrieval.index.protocol import ALWAYS, FOREVER, Index, Point, Vector
from retrieval.languages import detect_language
from retrieval.lexical import encode_passage
from retrieval.loading import Loaded, NotLoaded
from retrieval.locking import exclusive
from retrieval.sources import Offered, Refusal, documents, files
from retrieval.splitting import SPLITTING_VERSION, split

PIPELINE = f"load-1/split-{SPLITTING_VERSION}"
"""Which rules made a version's text and passages. A file read by other rules is read again."""

# One writer at a time: a rebuild that ran beside an addition would forget what that one had staged.
_WRITER = "writer.lock"
_NOTHING_CAN_BE_WRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
# Enough to sort by length and keep the embedder busy, little enough to be lost to a crash.
_BATCH_PASSAGES = 512


@dataclass(frozen=True, slots=True)
class Progress:
    files_done: int
    files_total: int
    passages: int
    current: str


@dataclass(frozen=True, slots=True)
class AddReport:
    """What one `add` did. Counts are documents unless they say otherwise."""

    corpus: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: tuple[Refusal, ...] = ()
    warnings: tuple[Refusal, ...] = ()
    """Documents that were added although not all of them could be read."""
    passages: int = 0
    embedded: int = 0
    """Passages that the model was run for."""
    reused: int = 0
    """Passages whose vector was there already."""


@dataclass(slots=True)
class Ingestion:
    """Adds documents to corpora. One process at a time; others wait and say for whom."""

    catalog: Catalog
    index: Index
    embedder: Embedder
    blobs: BlobStore
    locks: Path
    """Folder for lock files."""

    def add(
        self,
        source: Path,
        corpus: Corpus,
        *,
        valid_from: date | None = None,
        on_progress: Callable[[Progress], None] = lambda progress: None,
        on_wait: Callable[[str], None] = lambda process: None,
    ) -> AddReport:
        """Add a file, or all files below a folder, to a corpus that is made when there is none of its name.

        What is new or changed holds from the day `valid_from`, when one is given; what is unchanged keeps its own.
        Raises SourceMissing, IndexMismatch or IndexUnavailable; what single files lack is in the report."""
        paths = files(source)
        corpus = self.catalog.ensure_corpus(corpus)
        with exclusive(self.locks / _WRITER, on_wait=on_wait):
            check_index(self.catalog, self.index, self.embedder)
            self._remove_abandoned(corpus.name)
            job = self.catalog.start_job(corpus.name, str(source))
            run = _Run(self, corpus, self.catalog.contents(corpus.name), valid_from)
            for done, (key, path) in enumerate(paths):
                on_progress(Progress(done, len(paths), run.report.passages, key))
                run.offer_file(key, path)
            run.finish()
            on_progress(Progress(len(paths), len(paths), run.report.passages, ""))
            self.index.maintain()
            self.catalog.refresh_statistics()
            self.catalog.end_job(job, asdict(run.report))
        return run.report

    def reindex(self, *, on_progress: Callable[[Progress], None] = lambda progress: None) -> int:
        """Rebuild the index from the catalog without reading a document again; return the number of passages."""
        total, done = self.catalog.live_passage_count(), 0
        with exclusive(self.locks / _WRITER):
            forget_index(self.catalog)
            self.index.drop()
            for batch in _batches(self.catalog.live_passages()):
                vectors = self.embedder.embed_passages([searchable_text(found) for found in batch])
                self._upsert([_point(found, vector) for found, vector in zip(batch, vectors, strict=True)])
                done += len(batch)
                on_progress(Progress(done, total, done, "passages"))
            self.index.flush()
            self.catalog.out_of_index(sorted(self.catalog.not_live_in_index()))
            remember_index(self.catalog, self.embedder)
            self.index.maintain()
        return done

    def _remove_abandoned(self, corpus: str) -> None:
        """Finish what a killed run left: points of versions that never went live, or that were replaced."""
        if abandoned := self.catalog.abandoned(corpus):
            self.index.delete_versions(abandoned)
            self.index.flush()
            self.catalog.out_of_index(abandoned)

    def _vectors(self, batch: Sequence[StoredVersion]) -> tuple[dict[str, Vector], int]:
        """Return a vector for each searchable text of a batch, by its hash, and how many the model was run for."""
        texts = {
            digest: searchable_text(_as_found(one, passage))
            for one in batch
            for passage, digest in zip(one.passages, one.searchable, strict=True)
        }
        twins = self.catalog.twins(list(texts))
        present = self.index.vectors(list(twins.values()))
        vectors = {digest: present[twin] for digest, twin in twins.items() if twin in present}
        missing = [digest for digest in texts if digest not in vectors]
        rows = self.embedder.embed_passages([texts[digest] for digest in missing])
        return vectors | dict(zip(missing, rows, strict=True)), len(missing)

    def _upsert(self, points: Sequence[Point]) -> None:
        # 256 to a request: the engine applies each in one go and readers wait for none of them long.
        for start in range(0, len(points), 256):
            self.index.upsert(points[start : start + 256])


class _Run:
    """One `add`: gathers versions until a batch is full, and counts."""

    def __init__(
        self, ingestion: Ingestion, corpus: Corpus, contents: dict[str, tuple[str, str]], valid_from: date | None
    ) -> None:
        self.report = AddReport(corpus.name)
        self._ingestion = ingestion
        self._corpus = corpus
        self._contents = contents
        self._valid_from = valid_from
        self._batch: list[StoredVersion] = []

    def offer_file(self, key: str, path: Path) -> None:
        try:
            for offered in documents(key, path):
                if isinstance(offered, Refusal):
                    self._refuse(offered.key, offered.reason)
                elif self._contents.get(offered.key) == (offered.sha256, PIPELINE):
                    self._count(unchanged=1)
                else:
                    self._take(offered)
        except NotLoaded as error:
            self._refuse(key, error.reason)
        except OSError as error:
            if error.errno in _NOTHING_CAN_BE_WRITTEN:
                raise
            self._refuse(key, f"It cannot be read ({error.strerror}); check its permissions.")

    def finish(self) -> None:
        batch, self._batch = self._batch, []
        if not batch:
            return
        ingestion = self._ingestion
        ingestion.catalog.stage(batch)
        vectors, embedded = ingestion._vectors(batch)
        points = [
            _point(_as_found(one, passage), vectors[digest])
            for one in batch
            for passage, digest in zip(one.passages, one.searchable, strict=True)
        ]
        ingestion._upsert(points)
        ingestion.index.flush()
        ingestion.catalog.go_live(batch)
        ingestion._remove_abandoned(self._corpus.name)
        self._count(passages=len(points), embedded=embedded, reused=len(points) - embedded)

    def _take(self, offered: Offered) -> None:
        stored = _stored(offered, offered.load(), self._corpus, self._valid_from)
        if not stored.passages:
            self._refuse(offered.key, "It holds no text; remove it, or add a version with text.")
            return
        self._ingestion.blobs.keep(offered.path, stored.blob)
        self._batch.append(stored)
        known = offered.key in self._contents
        self._count(added=not known, changed=known)
        new = tuple(Refusal(offered.key, warning) for warning in stored.warnings)
        self.report = replace(self.report, warnings=self.report.warnings + new)
        if sum(len(one.passages) for one in self._batch) >= _BATCH_PASSAGES:
            self.finish()

    def _refuse(self, key: str, reason: str) -> None:
        self._ingestion.catalog.refuse(self._corpus.name, key, reason)
        self.report = replace(self.report, refused=(*self.report.refused, Refusal(key, reason)))

    def _count(self, **more: int) -> None:
        counts = {name: getattr(self.report, name) + amount for name, amount in more.items()}
        self.report = replace(self.report, **counts)


def searchable_text(found: Found) -> str:
    """Return what is embedded and indexed for a passage: the title and headings above it give it context."""
    title, heading = found.document.title, found.passage.heading
    above = heading if heading.startswith(title) else " > ".join(part for part in (title, heading) if part)
    return f"{above}\n{found.passage.text}" if above else found.passage.text


def _stored(offered: Offered, loaded: Loaded, corpus: Corpus, valid_from: date | None) -> StoredVersion:
    title = loaded.title or Path(offered.key).stem
    identifier = document_id(corpus.name, offered.key)
    version = Version(
        id=version_id(identifier, offered.sha256, PIPELINE),
        document=identifier,
        sha256=offered.sha256,
        marking=corpus.marking.id,
        valid_from=valid_from,
        valid_until=None,
        supersedes=None,
        state=State.STAGED,
    )
    stored = StoredVersion(
        version=version,
        document=Document(identifier, corpus.name, offered.key, title, None),
        marking=corpus.marking,
        blob=offered.blob,
        pipeline=PIPELINE,
        language=detect_language(loaded.text),
        text=loaded.text,
        metadata=loaded.metadata,
        warnings=loaded.warnings,
        passages=tuple(split(loaded, version=version.id)),
        searchable=(),
    )
    digests = (text_sha256(searchable_text(_as_found(stored, passage))) for passage in stored.passages)
    return replace(stored, searchable=tuple(digests))


def _as_found(stored: StoredVersion, passage: Passage) -> Found:
    version = stored.version
    return Found(passage, stored.document, stored.marking, version.valid_from, version.valid_until, stored.language)


def _point(found: Found, dense: Vector) -> Point:
    return Point(
        id=found.passage.id,
        version=found.passage.version,
        corpus=found.document.corpus,
        marking=found.marking.id,
        valid_from=found.valid_from.toordinal() if found.valid_from else ALWAYS,
        valid_until=found.valid_until.toordinal() if found.valid_until else FOREVER,
        dense=dense,
        sparse=encode_passage(searchable_text(found), found.language),
    )


def _batches(passages: Iterable[Found]) -> Iterator[list[Found]]:
    rest = iter(passages)
    while batch := list(islice(rest, _BATCH_PASSAGES)):
        yield batch
