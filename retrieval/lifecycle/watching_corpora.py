"""Keep a corpus as its folders are: hand what lands, changes or vanishes there to intake, and say what became of it.

The first hand-over of a folder is a comparison with all of it. What could not be handed over (the index away, the
folder empty, a file without rights) is owed, and offered again. Knows nothing of screens or of the journal."""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread

from retrieval.catalog import Corpus
from retrieval.errors import StafwijzerError
from retrieval.ingesting import AddReport, Ingestion, Progress
from retrieval.lifecycle.outcomes import Became, Outcome
from retrieval.marking.manifest import NAME as MANIFEST
from retrieval.sources import key_of
from retrieval.watching import watch

_LOOK_SECONDS = 0.2


def _tell_nobody(told: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Compared:
    """A whole folder was compared with its corpus."""

    folder: Path
    report: AddReport


@dataclass(frozen=True, slots=True)
class Watched:
    """A document that was taken in, held back, refused or retired because of what happened in a folder."""

    folder: Path
    outcome: Outcome
    seconds: float
    """From the last change of its file, or of what states something about it, until search answers accordingly. Of a
    file that is gone: from when that was certain."""


@dataclass(frozen=True, slots=True)
class Delayed:
    """What happened in a folder could not be taken in; it is tried again."""

    folder: Path
    reason: str


@dataclass(slots=True)
class Watching:
    """One corpus, its folders, and how they are watched. The model stays loaded from one hand-over to the next."""

    ingestion: Ingestion
    corpus: Corpus
    folders: Sequence[Path]
    hold: bool = False
    """Hold back what screening finds something grave in."""
    settle_seconds: float = 0.3
    polling: bool = False
    retry_seconds: float = 5.0
    on_progress: Callable[[Progress], None] = _tell_nobody
    """Told how far the comparison with a whole folder is."""
    on_wait: Callable[[str], None] = _tell_nobody
    """Told the process that is waited for."""
    _handed: dict[Path, set[Path]] = field(default_factory=dict)
    """By folder, the files that were taken in or refused."""
    _owed: dict[Path, set[Path]] = field(default_factory=dict)
    """By folder, the paths that could not be handed over."""
    _delayed: dict[Path, str] = field(default_factory=dict)
    """By folder, why; told once."""
    _refused: dict[Path, tuple[Path, float]] = field(default_factory=dict)
    """Refused files with their folder and time of change: being given the right to read changes no content."""

    def run(self, stop: Event) -> Generator[Compared | Watched | Delayed, None, None]:
        """Yield what becomes of documents, until `stop` is set or the iterator is closed."""
        with self._hand_overs(stop) as queue:
            tried = time.monotonic()
            while not stop.is_set():
                for folder, paths in _next(queue) or self._mended():
                    yield from self._take_in(folder, paths)
                if self._owed and time.monotonic() - tried >= self.retry_seconds:
                    for folder in list(self._owed):
                        yield from self._take_in(folder, set())
                    tried = time.monotonic()

    def _take_in(self, folder: Path, paths: set[Path]) -> Iterator[Compared | Watched | Delayed]:
        """Take in what is at these paths and what is owed of their folder."""
        paths = paths | self._owed.pop(folder, set())
        moment, outcomes = time.time(), list[Outcome]()
        known = self._handed.get(folder)
        whole = known is None or any(path.name.casefold() == MANIFEST for path in paths)
        try:
            report = self.ingestion.sync_paths(
                folder,
                self.corpus,
                # Not what a walk finds: files that are still being written are not among those handed over.
                paths | (known or set()) if whole else _with_described(paths),
                whole=whole,
                hold=self.hold,
                on_outcome=outcomes.append,
                on_progress=self.on_progress if whole else _tell_nobody,
                on_wait=self.on_wait,
            )
        except (StafwijzerError, OSError) as error:
            self._owed[folder] = paths
            if self._delayed.get(folder) != str(error):
                self._delayed[folder] = str(error)
                yield Delayed(folder, str(error))
            return
        done = time.time()
        self._delayed.pop(folder, None)
        self._handed[folder] = {path for path in paths | (known or set()) if path.exists()}
        if known is None:
            yield Compared(folder, report)
        files = {f"/{key_of(path, folder)}": path for path in self._handed[folder] | paths}
        latest = max((_changed(path, moment) for path in paths), default=moment)
        for path in paths:
            self._refused.pop(path, None)
        for outcome in _last(outcomes):
            file = _file(outcome.key, files)
            if file and outcome.became is Became.NOT_READ:
                self._refused[file] = folder, _changed(file, moment)
            if known is not None:
                began = _changed(file, moment) if file in paths else latest
                yield Watched(folder, outcome, max(0.0, done - began))

    def _mended(self) -> list[tuple[Path, set[Path]]]:
        """Return the refused files whose rights were changed since, each with its folder."""
        changed = [(path, folder) for path, (folder, at) in self._refused.items() if _changed(path, at) != at]
        return [(folder, {path}) for path, folder in changed]

    @contextmanager
    def _hand_overs(self, stop: Event) -> Iterator["_Queue"]:
        """Watch each folder in a thread of its own; they end with the context."""
        queue: _Queue = SimpleQueue()

        def watch_one(folder: Path) -> None:
            for changes in watch(folder, settle_seconds=self.settle_seconds, stop=stop, polling=self.polling):
                moved = {path for pair in changes.renamed for path in pair}
                queue.put((folder, {*changes.changed, *changes.removed, *moved}))

        threads = [Thread(target=watch_one, args=(folder,), name="watcher", daemon=True) for folder in self.folders]
        try:
            for thread in threads:
                thread.start()
            yield queue
        finally:
            stop.set()
            for thread in threads:
                thread.join()


_Queue = SimpleQueue[tuple[Path, set[Path]]]


def _next(queue: _Queue) -> list[tuple[Path, set[Path]]]:
    """Return the next hand-over, if there is one shortly."""
    try:
        return [queue.get(timeout=_LOOK_SECONDS)]
    except Empty:
        return []


def _with_described(paths: Iterable[Path]) -> set[Path]:
    """Return the paths with the documents beside them of which a label among them may speak."""
    paths = set(paths)
    labels = [path for path in paths if path.suffix.casefold() == ".xml" and path.parent.is_dir()]
    for label in labels:
        named = label.name[: -len(".xml")]
        named = named[: -len(".label")] if named.casefold().endswith(".label") else named
        # Not only what is there: of what is gone, intake knows.
        paths |= {one for one in label.parent.iterdir() if named in (one.name, one.stem)}
    return paths


def _last(outcomes: Iterable[Outcome]) -> Iterable[Outcome]:
    """Return what became of each document in the end: one may be moved, and changed on top of that."""
    return {outcome.key: outcome for outcome in outcomes}.values()


def _file(key: str, files: Mapping[str, Path]) -> Path | None:
    """Return the file that a document comes from; its key may begin with what its source is called."""
    name = f"/{key.partition('#')[0]}"
    while name:
        if name in files:
            return files[name]
        slash = name.find("/", 1)
        name = name[slash:] if slash > 0 else ""
    return None


def _changed(path: Path | None, otherwise: float) -> float:
    """Return when a file got its content, name or rights, in seconds since the epoch."""
    try:
        # Not its time of modification: copying programs set that to what it was elsewhere.
        return path.lstat().st_ctime if path else otherwise
    except OSError:
        return otherwise
