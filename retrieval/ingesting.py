"""Bring documents into a corpus: read, split, embed, index, and only then let them be found.

Killed at any point, the same call again ends in the same state: a version is staged in the catalog before its first
point is written, and goes live after its last point is on disk. Knows nothing of who asks or of screens.

What survives a power cut, in this order: the original (fsync of the file, then of its folder), the staged version
(commit), its points (flush of the index), the live version (commit). An addition that was reported is on disk."""

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from retrieval.blobs import BlobStore
from retrieval.catalog import Catalog, Corpus, Holding
from retrieval.consistency import check_index, check_maker, forget_index, remember_index
from retrieval.embedding import Embedder
from retrieval.errors import StafwijzerError
from retrieval.index.protocol import Index
from retrieval.lifecycle.deleting import finish_deletions
from retrieval.lifecycle.making import PIPELINE
from retrieval.lifecycle.outcomes import OnOutcome, tell_nobody
from retrieval.lifecycle.placing import closed_folders, place
from retrieval.lifecycle.pointing import PointWriter, batches, searchable_text
from retrieval.lifecycle.proving import Proof, prove
from retrieval.lifecycle.recognising import Held
from retrieval.lifecycle.stating import Statements
from retrieval.lifecycle.superseding import supersede_as_stated
from retrieval.lifecycle.taking import AddReport, Intake
from retrieval.locking import exclusive
from retrieval.marking import Manifest, read_manifests
from retrieval.parsing import load_isolated
from retrieval.sources import Read, SourceMissing, files, key_of

__all__ = ["PIPELINE", "AddReport", "Ingestion", "Progress", "SourceEmptied", "searchable_text"]

# One writer at a time: a rebuild that ran beside an addition would forget what that one had staged.
_WRITER = "writer.lock"
# Up to so many files, asking for the documents of each costs less than reading those of the whole corpus.
_FEW = 50


class SourceEmptied(StafwijzerError):
    """A source that gave documents holds nothing at all: more likely not mounted than meant."""


@dataclass(frozen=True, slots=True)
class Progress:
    files_done: int
    files_total: int
    passages: int
    current: str


def _tell_nobody(told: object) -> None:
    pass


@dataclass(slots=True)
class Ingestion:
    """Adds documents to corpora. One process at a time; others wait and say for whom."""

    catalog: Catalog
    index: Index
    embedder: Embedder
    blobs: BlobStore
    locks: Path
    """Folder for lock files."""
    read: Read = load_isolated
    """Reads a document, apart from this process."""

    @property
    def points(self) -> PointWriter:
        return PointWriter(self.catalog, self.index, self.embedder)

    def add(
        self,
        source: Path,
        corpus: Corpus,
        *,
        valid_from: date | None = None,
        again: bool = False,
        hold: bool = False,
        on_outcome: OnOutcome = tell_nobody,
        on_progress: Callable[[Progress], None] = _tell_nobody,
        on_wait: Callable[[str], None] = _tell_nobody,
    ) -> AddReport:
        """Add a file, or all files below a folder, to a corpus that is made when there is none of its name.

        What is new or changed holds from the day `valid_from`, when one is given; what is unchanged keeps its own.
        What was deleted from the corpus stays out, unless `again`. What is not marked, or not clearly, is held back;
        with `hold` also what screening found something grave in.
        Raises SourceMissing, ManifestInvalid, IndexMismatch or IndexUnavailable; what single files lack is reported."""
        with self._taking(
            source, corpus, valid_from, again, hold, on_progress, on_wait, on_outcome=on_outcome
        ) as intake:
            pass
        return intake.report

    def sync(
        self,
        source: Path,
        corpus: Corpus,
        *,
        allow_empty: bool = False,
        hold: bool = False,
        on_progress: Callable[[Progress], None] = _tell_nobody,
        on_wait: Callable[[str], None] = _tell_nobody,
    ) -> AddReport:
        """Make a corpus say what a file or folder says: as `add`, and documents whose file is gone are retired.

        A file that cannot be reached is not gone. Raises what `add` raises, and SourceEmptied, with nothing retired,
        when not one file is left in a source that gave documents, unless that is allowed."""
        with self._taking(source, corpus, None, False, hold, on_progress, on_wait) as intake:
            gone = intake.vanished()
            if gone and intake.is_empty and not allow_empty:
                raise _emptied(source, gone)
            intake.retire(gone)
        return intake.report

    def sync_paths(
        self,
        source: Path,
        corpus: Corpus,
        paths: Collection[Path],
        *,
        whole: bool = False,
        hold: bool = False,
        on_outcome: OnOutcome = tell_nobody,
        on_progress: Callable[[Progress], None] = _tell_nobody,
        on_wait: Callable[[str], None] = _tell_nobody,
    ) -> AddReport:
        """As `sync`, for these files of a folder only: what is there is taken in, what is gone retired.

        `whole`: they are all that should be there, so that any other whose file is gone is retired. Without it, the
        cost grows neither with the folder nor with the corpus but for one walk in search of manifests.
        Raises what `sync` raises; with the folder itself gone nothing is retired."""
        among = frozenset(paths)
        with self._taking(source, corpus, None, False, hold, on_progress, on_wait, among, whole, on_outcome) as intake:
            gone = intake.vanished()
            if gone:
                _refuse_emptied(source, gone)
            intake.retire(gone)
        return intake.report

    def reindex(
        self,
        *,
        on_progress: Callable[[Progress], None] = _tell_nobody,
        on_wait: Callable[[str], None] = _tell_nobody,
    ) -> int:
        """Rebuild the index from the catalog without reading a document again; return the number of passages."""
        total, done = self.catalog.live_passage_count(), 0
        with exclusive(self.locks / _WRITER, on_wait=on_wait):
            forget_index(self.catalog)
            self.index.drop()
            pending = sorted(self.catalog.pending())
            for batch in batches(self.catalog.live_passages()):
                vectors = self.embedder.embed_passages([searchable_text(found) for found in batch])
                self.points.write(batch, list(vectors))
                done += len(batch)
                on_progress(Progress(done, total, done, "passages"))
            self.index.flush()
            self.catalog.out_of_index(sorted(self.catalog.not_live_in_index()))
            self.catalog.told_index(pending)
            remember_index(self.catalog, self.embedder)
            self.index.maintain()
        return done

    def verify(
        self,
        *,
        repair: bool = False,
        on_progress: Callable[[Progress], None] = _tell_nobody,
        on_wait: Callable[[str], None] = _tell_nobody,
    ) -> Proof:
        """Prove that catalog, index and originals say the same; with `repair`, mend what does not.

        Raises IndexMismatch when the index was made by another embedder: there is nothing to compare then."""
        total, done = self.catalog.live_passage_count(), 0

        def count(passages: int) -> None:
            nonlocal done
            done += passages
            on_progress(Progress(done, total, done, "passages"))

        with exclusive(self.locks / _WRITER, on_wait=on_wait):
            check_maker(self.catalog, self.embedder)
            if repair:
                finish_deletions(self.points, self.blobs)
            return prove(self.points, self.blobs, repair=repair, on_batch=count)

    @contextmanager
    def writing(self, on_wait: Callable[[str], None] = _tell_nobody) -> Iterator[None]:
        """Be the one who writes, with everything finished that one before was stopped at.

        Raises IndexMismatch or IndexUnavailable."""
        with exclusive(self.locks / _WRITER, on_wait=on_wait):
            check_index(self.catalog, self.index, self.embedder)
            finish_deletions(self.points, self.blobs)
            self.points.finish_pending()
            yield

    @contextmanager
    def _taking(
        self,
        source: Path,
        corpus: Corpus,
        valid_from: date | None,
        again: bool,
        hold: bool,
        on_progress: Callable[[Progress], None],
        on_wait: Callable[[str], None],
        among: Collection[Path] | None = None,
        whole: bool = True,
        on_outcome: OnOutcome = tell_nobody,
    ) -> Iterator[Intake]:
        """Take in all files of a source, or those `among` them; yield when they are in, and end the job after that."""
        found = files(source, among=among)
        read_manifests(source)  # Raises before anything is changed.
        corpus = self.catalog.ensure_corpus(corpus)
        with self.writing(on_wait):
            self.points.remove_abandoned(corpus.name)
            where = place(
                self.catalog,
                corpus.name,
                source,
                [name for name, _ in found],
                partial(self.catalog.holdings, corpus.name),
            )
            paths = [(where.begin + name, path) for name, path in found]
            named = None if among is None or whole else [where.begin + key_of(path, source) for path in among]
            job = self.catalog.start_job(corpus.name, str(source))
            manifest = read_manifests(Path(where.source.path))
            self._describe(corpus, manifest)
            intake = Intake(
                self.points,
                self.blobs,
                corpus,
                where,
                statements=Statements(manifest, corpus, begin=where.source.prefix),
                read=self.read,
                walked=[file for file, _ in paths],
                held=self._held(corpus.name, named),
                among=named,
                valid_from=valid_from,
                again=again,
                hold=hold,
                on_outcome=on_outcome,
            )
            with closing(intake):
                if among is None:
                    intake.pass_by(where.begin + folder for folder in closed_folders(source))
                for done, (file, path) in enumerate(paths):
                    on_progress(Progress(done, len(paths), intake.report.passages, file))
                    intake.offer(file, path)
                intake.finish()
            intake.warn(supersede_as_stated(self.points, corpus.name, intake.supersessions))
            on_progress(Progress(len(paths), len(paths), intake.report.passages, ""))
            yield intake
            if intake.report.passages or intake.report.retired:
                self.index.maintain()
                self.catalog.refresh_statistics()
            self.catalog.end_job(job, asdict(intake.report))

    def _held(self, corpus: str, files: Collection[str] | None) -> Held:
        """Return the documents of a corpus, or those of a few files, with the others asked for when they matter."""
        if files is None or len(files) > _FEW:
            return Held(self.catalog.holdings(corpus))
        return Held(self.catalog.holdings_of(corpus, files), find=partial(self.catalog.holdings_with, corpus))

    def _describe(self, corpus: Corpus, manifest: Manifest) -> None:
        """Let a corpus say of itself what its owner's manifest says."""
        authority = corpus.authority if manifest.authority is None else manifest.authority
        told = replace(
            corpus, title=manifest.title or corpus.title, owner=manifest.owner or corpus.owner, authority=authority
        )
        if told != corpus:
            self.catalog.describe(told)


def _refuse_emptied(source: Path, gone: Collection[Holding]) -> None:
    """Raise SourceMissing or SourceEmptied when nothing at all is left where documents came from."""
    try:
        with os.scandir(source) as entries:
            if next(entries, None) is None:
                raise _emptied(source, gone)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SourceMissing(f"There is no folder {source} any more.", hint="Check that its disk is mounted.") from error


def _emptied(source: Path, gone: Collection[Holding]) -> SourceEmptied:
    return SourceEmptied(
        f"{source} holds no file any more; {len(gone)} documents come from it and are as they were.",
        hint="Check that its disk is mounted; if it is meant to be empty, add --allow-empty.",
    )
