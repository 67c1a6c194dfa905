"""Take files into a corpus: decide what is new, changed, moved or as it was, and bring it in by batches.

A version is staged in the catalog before its first point is written, and goes live after its last point is on disk.
A file is noted as seen only when all that it gave is live. Knows nothing of who asks or of screens."""

import errno
import os
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import time_ns

from retrieval.access import UNMARKED
from retrieval.blobs import BlobStore, OriginalChanged
from retrieval.catalog import Corpus, Holding, SeenFile, StoredVersion
from retrieval.documents import Document, text_sha256
from retrieval.lifecycle.making import PIPELINE, as_found, make_version, marked
from retrieval.lifecycle.outcomes import Became, OnOutcome, Outcome
from retrieval.lifecycle.placing import Place, is_gone, path_of
from retrieval.lifecycle.pointing import BATCH_PASSAGES, PointWriter, searchable_text
from retrieval.lifecycle.recognising import Held
from retrieval.lifecycle.stating import Statements
from retrieval.loading import NotLoaded
from retrieval.marking import HeldIn
from retrieval.sources import Holder, Offered, Read, Refusal, documents

_NOTHING_CAN_BE_WRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
# A file written so shortly ago could change again without its time of change telling: clocks of file systems tick in
# up to two seconds (FAT).
_SETTLED_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class AddReport:
    """What one `add` or `sync` did. Counts are documents unless they say otherwise."""

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
    moved: int = 0
    """Of the unchanged ones: those whose file has another name or place now."""
    retired: int = 0
    """Those whose file is gone."""
    withheld: tuple[Refusal, ...] = ()
    """Files that their owner retired or deleted from the corpus: they stay out, with the way to let them in."""
    quarantined: tuple[Refusal, ...] = ()
    """Documents that were read and are held back until their owner decides."""


@dataclass(frozen=True, slots=True)
class _Indexed:
    """What one batch came to."""

    passages: int = 0
    embedded: int = 0


class Intake:
    """One `add` or `sync`: gathers versions until a batch is full, and counts.

    A full batch is embedded and indexed in a thread of its own while the next files are read."""

    def __init__(
        self,
        points: PointWriter,
        blobs: BlobStore,
        corpus: Corpus,
        place: Place,
        *,
        statements: Statements,
        read: Read,
        walked: Iterable[str],
        held: Held,
        among: Collection[str] | None,
        valid_from: date | None,
        again: bool,
        hold: bool,
        on_outcome: OnOutcome,
    ) -> None:
        """`statements`: what is stated about the documents. `walked`: the names of all files that will be offered.
        `held`: the documents that may come from them. `among`: the only files of the source that matter; None: all.
        `again`: let in what was deleted before. `hold`: hold back what screening found something grave in."""
        catalog = points.catalog
        self.report = AddReport(corpus.name)
        self._points = points
        self._blobs = blobs
        self._corpus = corpus
        self._place = place
        self._statements = statements
        self._read_file = read
        self._hold = hold
        self._walked = frozenset(walked)
        self._valid_from = valid_from
        self._sources = {source.id: source for source in catalog.sources(corpus.name)}
        self._held = held
        self._seen = catalog.seen_files(place.source.id, among=among)
        self._tell = on_outcome
        self._tombstones = catalog.tombstones(corpus.name)
        self._again = again
        self._refused_before = _by_file(catalog.refusals(corpus.name))
        self._offered: set[str] = set()
        self._present: set[str] = set()
        self._read: set[str] = set()
        self._passing = False
        """Whether the file at hand was kept out for a reason that may pass without the file changing."""
        self._gave = 0
        """How many documents the file at hand gave."""
        self._batch: list[StoredVersion] = []
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._writing: Future[_Indexed] | None = None
        self.supersessions: dict[str, str] = {}
        """What is stated of documents that are new or changed: the key of each to that of the one it supersedes."""
        self._noted: list[SeenFile] = []
        self._homeless: list[tuple[str, str]] = []

    def pass_by(self, folders: Iterable[str]) -> None:
        """Report folders that cannot be entered; what was added from there stays. Each name ends with a slash."""
        known = [key for key in self._refused_before if key.endswith("/") and key.startswith(self._place.begin)]
        self._forget_refusals(known)
        for folder in folders:
            self._refuse(folder, "This folder cannot be read; give yourself the right to read it.")

    def offer(self, file: str, path: Path) -> None:
        """Take in what a file holds, unless it is as it was. What it lacks is in the report.

        `file`: its name in its source. Raises OSError when nothing can be written."""
        self._passing, self._gave, blob = False, 0, ""
        try:
            status = path.stat()
            if self._is_as_it_was(file, path, status):
                return
            self._forget_refusals([key for key, _ in self._refused_before.pop(file, [])])
            try:
                for offered in documents(file, path, read=self._read_file):
                    if isinstance(offered, Refusal):
                        self._refuse(offered.key, offered.reason)
                    else:
                        blob = offered.blob
                        self._offer_document(offered, file, path, status)
                self._read.add(file)
            except NotLoaded as error:
                self._refuse(file, error.reason)
        except OSError as error:
            if error.errno in _NOTHING_CAN_BE_WRITTEN:
                raise
            self._pass_over(file, f"It cannot be read ({error.strerror}); check its permissions.")
        if not self._passing:
            told = (status.st_size, _settled(status), status.st_ctime_ns)
            self._noted.append(SeenFile(file, *told, blob, self._rules(file, path), self._gave))

    def finish(self) -> None:
        """Let what was gathered go live, after all of it is in the index and on disk."""
        self._hand_over()
        self._wait()

    def warn(self, told: Iterable[Refusal]) -> None:
        self.report = replace(self.report, warnings=self.report.warnings + tuple(told))

    def close(self) -> None:
        """End the thread that writes, after the batch that it is at."""
        self._writer.shutdown(wait=True, cancel_futures=True)

    def _hand_over(self) -> None:
        """Let what was gathered be written, once what was handed over before is."""
        self._wait()
        told = self._batch, self._noted, self._homeless
        self._batch, self._noted, self._homeless = [], [], []
        self._writing = self._writer.submit(self._write, *told)

    def _wait(self) -> None:
        """Wait for the batch that is being written, and count it. Raises what writing it raised."""
        if self._writing is not None:
            writing, self._writing = self._writing, None
            done = writing.result()
            self._count(passages=done.passages, embedded=done.embedded, reused=done.passages - done.embedded)

    def _write(
        self, batch: Sequence[StoredVersion], noted: Sequence[SeenFile], homeless: Sequence[tuple[str, str]]
    ) -> "_Indexed":
        catalog = self._points.catalog
        done = _Indexed()
        if batch:
            catalog.stage(batch)
            served = [one for one in batch if not one.quarantine]
            passages = [(as_found(one, passage), digest) for one in served for passage, digest in one.searched()]
            vectors, embedded = self._points.vectors_for({digest: searchable_text(one) for one, digest in passages})
            self._points.write([one for one, _ in passages], [vectors[digest] for _, digest in passages])
            self._points.index.flush()
            catalog.go_live(batch)
            self._points.remove_abandoned(self._corpus.name)
            done = _Indexed(len(passages), embedded)
        # Noted only now: what was noted is not read again.
        catalog.saw_files(self._place.source.id, noted, homeless)
        return done

    @property
    def is_empty(self) -> bool:
        """Whether no file was offered."""
        return not self._walked

    def vanished(self) -> list[Holding]:
        """Return the live documents that should have been offered, and whose file or record is certainly gone."""
        return [
            holding
            for holding in self._held
            if holding.held and holding.document.id not in self._present and self._is_ours(holding)
            if holding.file in self._read or self._is_gone(holding)
        ]

    def retire(self, gone: Iterable[Holding]) -> None:
        """Let documents not be found any more until their file comes back."""
        gone = list(gone)
        catalog = self._points.catalog
        catalog.retire([holding.document.id for holding in gone], withdrawn=False)
        self._points.remove_abandoned(self._corpus.name)
        self._count(retired=len(gone))
        for holding in gone:
            self._tell(Outcome(holding.document.key, Became.RETIRED))
        files = [file for file in self._seen if file.startswith(self._place.begin) and self._left(file)]
        catalog.synced(self._place.source.id, files)
        left = (told for file, told in self._refused_before.items() if self._left(file))
        self._forget_refusals([key for told in left for key, _ in told])

    # A file

    def _rules(self, file: str, path: Path) -> str:
        """Return by what rules the documents of a file are made: the product's, and what is stated beside it."""
        return PIPELINE + self._statements.digest(file, path)

    def _is_as_it_was(self, file: str, path: Path, status: os.stat_result) -> bool:
        """Tell by its size and times whether a file was read before, and everything it gave is still there."""
        seen = self._seen.get(file)
        if seen is None or seen.pipeline != self._rules(file, path):
            return False
        if (seen.size, seen.mtime_ns, seen.ctime_ns) != (status.st_size, status.st_mtime_ns, status.st_ctime_ns):
            return False
        held = [one for one in self._held.of_file(file) if one.held and one.source == self._place.source.id]
        if len(held) != seen.documents:
            return False
        self._present.update(one.document.id for one in held)
        self._count(unchanged=len(held))
        for one in held:
            self._tell_quarantine(one.document.key, one.quarantine)
        known = tuple(Refusal(key, reason) for key, reason in self._refused_before.get(file, []))
        self.report = replace(self.report, refused=self.report.refused + known)
        return True

    def _offer_document(self, offered: Offered, file: str, path: Path, status: os.stat_result) -> None:
        if offered.key in self._offered:
            self._refuse(offered.key, "Another record of this file has the same name; give each its own.")
            return
        self._offered.add(offered.key)
        holding = self._held.get(offered.key)
        if holding is not None and holding.source not in (None, self._place.source.id):
            other = self._sources[holding.source].path if holding.source in self._sources else "elsewhere"
            self._pass_over(
                offered.key,
                f"The corpus has a document of this name from {other}; rename one of the two, "
                "or add this folder to a corpus of its own.",
            )
            return
        holding = holding or self._moved(offered, file)
        if holding is not None:
            self._present.add(holding.document.id)
            if holding.source is None:
                self._homeless.append((holding.document.id, file))
        if stays_out := self._stays_out(offered, holding):
            self._withhold(offered.key, stays_out)
        elif (
            holding and holding.held and _content(holding) == (offered.sha256, self._rules(file, path) + offered.rules)
        ):
            self._gave += 1
            self._count(unchanged=1)
            self._tell_quarantine(offered.key, holding.quarantine)
        else:
            self._take(offered, file, path, holding, status)

    def _take(self, offered: Offered, file: str, path: Path, holding: Holding | None, status: os.stat_result) -> None:
        try:
            loaded = offered.load()
        except NotLoaded as error:
            self._refuse(offered.key, error.reason)
            return
        document = holding.document.id if holding else self._held.new_id(self._corpus.name, offered.key)
        held_in = [self._held_in(holder, path) for holder in offered.holders]
        stated = self._statements.about(offered.key, path, loaded, held_in=held_in)
        stored = make_version(
            offered,
            loaded,
            self._corpus,
            document,
            before=holding,
            stated=stated,
            pipeline=self._rules(file, path) + offered.rules,
            valid_from=self._valid_from,
            hold=self._hold,
        )
        stored = replace(stored, source=self._place.source.id, file=file)
        if not stored.passages:
            self._refuse(offered.key, "It holds no text; remove it, or add a version with text.")
            return
        version = stored.version
        if version.valid_from and version.valid_until and version.valid_until <= version.valid_from:
            self._pass_over(
                offered.key,
                f"It holds until {version.valid_until}, which is not after {version.valid_from}; "
                "set its dates with `stafwijzer corpus validity`.",
            )
            return
        try:
            if _times(path.stat()) != _times(status):
                raise OriginalChanged(offered.path)
            self._blobs.keep(offered.path, stored.blob)
        except OriginalChanged:
            self._pass_over(offered.key, "It changed while it was read; run the same command again.")
            return
        if self._tombstones.pop(offered.sha256, None) is not None:
            self._points.catalog.lift_tombstone(self._corpus.name, offered.sha256)
        self._batch.append(stored)
        self._tell_quarantine(offered.key, stored.quarantine)
        if stated.supersedes:
            self.supersessions[offered.key] = stated.supersedes
        self._present.add(document)
        self._gave += 1
        known = holding is not None and holding.held
        self._count(added=not known, changed=known)
        became = Became.HELD_BACK if stored.quarantine else Became.CHANGED if known else Became.ADDED
        self._tell(Outcome(offered.key, became, stored.quarantine))
        new = tuple(Refusal(offered.key, warning) for warning in stored.warnings)
        self.report = replace(self.report, warnings=self.report.warnings + new)
        if sum(len(one.passages) for one in self._batch) >= BATCH_PASSAGES:
            self._hand_over()

    def _held_in(self, holder: Holder, path: Path) -> HeldIn:
        try:
            stated = self._statements.about(holder.key, path, holder.load())
        except NotLoaded as error:
            return HeldIn(holder.key, None, error.reason)
        marking, quarantine = marked(stated, self._held.get(holder.key))
        return HeldIn(holder.key, None if marking == UNMARKED else marking, quarantine)

    # Identity

    def _moved(self, offered: Offered, file: str) -> Holding | None:
        """Return the document that has this content and whose own file is gone, known by its new name from now on."""
        for holding in self._held.with_content(offered.sha256):
            if holding.document.id in self._present or holding.source is None or not self._is_gone(holding):
                continue
            self._wait()
            catalog, key = self._points.catalog, offered.key
            catalog.move(holding.document.id, key=key, source=self._place.source.id, file=file)
            document = replace(holding.document, key=key)
            if holding.live and holding.document.title == Path(holding.document.key).stem:
                # Its name was its title.
                document = replace(document, title=Path(key).stem)
                retitle(self._points, document)
            moved = replace(holding, document=document, source=self._place.source.id, file=file)
            self._held.put(moved, instead_of=holding)
            self._count(moved=1)
            self._tell(Outcome(key, Became.MOVED))
            return moved
        return None

    def _is_ours(self, holding: Holding) -> bool:
        return holding.source == self._place.source.id and (holding.file or "").startswith(self._place.begin)

    def _is_gone(self, holding: Holding) -> bool:
        source = self._sources.get(holding.source or 0)
        if source is None or holding.file is None:
            return False
        return not (self._is_ours(holding) and holding.file in self._walked) and is_gone(path_of(source, holding.file))

    def _left(self, file: str) -> bool:
        """Tell whether a file is in no source of this corpus any more."""
        return file not in self._walked and all(
            is_gone(path_of(source, file)) for source in self._sources.values() if file.startswith(source.prefix)
        )

    def _stays_out(self, offered: Offered, holding: Holding | None) -> str:
        """Return why a document is kept out by its owner's wish, or ''."""
        if holding is not None and holding.withdrawn:
            return "Its owner retired it; `stafwijzer corpus restore` lets it be found again."
        receipt = self._tombstones.get(offered.sha256)
        if receipt is not None and not self._again:
            return f"This content was deleted (receipt {receipt}); `stafwijzer corpus add --again` takes it in again."
        return ""

    # Counting

    def _pass_over(self, key: str, reason: str) -> None:
        """Refuse for a reason that may pass: the file is looked at again the next time."""
        self._passing = True
        self._refuse(key, reason)

    def _refuse(self, key: str, reason: str) -> None:
        self._points.catalog.refuse(self._corpus.name, key, reason)
        self.report = replace(self.report, refused=(*self.report.refused, Refusal(key, reason)))
        self._tell(Outcome(key, Became.NOT_READ, reason))

    def _tell_quarantine(self, key: str, reason: str) -> None:
        if reason:
            self.report = replace(self.report, quarantined=(*self.report.quarantined, Refusal(key, reason)))

    def _withhold(self, key: str, reason: str) -> None:
        self._passing = True
        self.report = replace(self.report, withheld=(*self.report.withheld, Refusal(key, reason)))
        self._tell(Outcome(key, Became.KEPT_OUT, reason))

    def _forget_refusals(self, keys: list[str]) -> None:
        if keys:
            self._points.catalog.forget_refusals(self._corpus.name, keys)

    def _count(self, **more: int) -> None:
        counts = {name: getattr(self.report, name) + amount for name, amount in more.items()}
        self.report = replace(self.report, **counts)


def retitle(points: PointWriter, document: Document) -> None:
    """Give a live document its title, in what is searched too: that text begins with it."""
    assert document.current is not None
    passages = points.catalog.passages_of_versions([document.current])
    texts = {one.passage.id: searchable_text(replace(one, document=document)) for one in passages}
    searchable = {passage: text_sha256(text) for passage, text in texts.items()}
    points.catalog.retitle(document.id, document.title, searchable)
    points.finish_pending()


def _content(holding: Holding) -> tuple[str, str]:
    return (holding.version.sha256 if holding.version else "", holding.pipeline)


def _by_file(refusals: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Group (key, reason) by the file that was refused, or that a record was in: 'file:line' and 'file#id'."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for key, reason in refusals:
        for file in {key, key.rpartition(":")[0], key.rpartition("#")[0]} - {""}:
            grouped.setdefault(file, []).append((key, reason))
    return grouped


def _times(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _settled(status: os.stat_result) -> int:
    """Return a file's time of change, or -1 when it is too recent to tell a change that follows it."""
    return status.st_mtime_ns if time_ns() - status.st_mtime_ns > _SETTLED_NS else -1
