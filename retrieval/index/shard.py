"""Keep one shard live in a folder: open it, let many read and one write, exchange it for a better copy, close it.

Decides which shard is live and when it is exchanged. Knows nothing of points, filters or scores: `edge.py` does."""

import contextlib
import logging
import os
import shutil
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from qdrant_edge import EdgeShard

from retrieval.index import upkeep
from retrieval.index.manifest import (
    REINDEX,
    Manifest,
    new_shard_name,
    read_manifest,
    shard_folders,
    write_manifest,
)
from retrieval.index.opening import (
    HeldShard,
    create_shard,
    engine_errors,
    engine_name,
    load_shard,
    open_elsewhere,
)
from retrieval.index.processes import take_lock
from retrieval.index.protocol import IndexUnavailable

# Writers wait while the last of the journal is replayed: four calls of the engine.
_LAST_ROUND = 4 * upkeep.CALL_POINTS

log = logging.getLogger(__name__)


class LiveShard:
    """The shard of `folder`. Readers never wait for writers; writers wait for each other."""

    def __init__(self, folder: Path, *, dimensions: int, tidy_above_bytes: int) -> None:
        """Open the shard, making an empty one in a folder without. Raises IndexUnavailable."""
        self._home = folder.absolute()
        self._dimensions = dimensions
        self._tidy_above_bytes = tidy_above_bytes
        self._writes = threading.RLock()
        self._gate = threading.Condition()
        self._upkeep = threading.Lock()
        self._builder: subprocess.Popen[bytes] | None = None
        self._journal: upkeep.Journal | None = None
        self._closing = False
        self._held: HeldShard | None = None
        self._lock = self._take_lock()
        try:
            self._manifest, self._held = self._open()
        except BaseException:
            os.close(self._lock)
            raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[EdgeShard]:
        """Hold the live shard open while it is read."""
        with self._gate:
            held = self._live()
            held.readers += 1
        try:
            with engine_errors(self._home):
                yield held.shard
        finally:
            with self._gate:
                held.readers -= 1
                self._gate.notify_all()

    @contextlib.contextmanager
    def writing(self, *, points: Iterable[str] = (), versions: Iterable[str] = ()) -> Iterator[EdgeShard]:
        """Keep other writers out, and note the names of what is about to be written or deleted."""
        points, versions = list(points), list(versions)
        with self._writes:
            held = self._live()
            if self._journal is not None:
                self._journal.points.update(points)
                self._journal.versions.update(versions)
            self._manifest = replace(self._manifest, untidied=self._manifest.untidied + len(points))
            with engine_errors(self._home):
                yield held.shard

    def flush(self) -> None:
        """Make all that was written survive a power cut."""
        with contextlib.suppress(OSError):  # most of the work, while others go on; what fails here fails below too
            upkeep.sync_files(self.folder)
        with self.writing() as shard:
            shard.flush()
            write_manifest(self._home, self._manifest)

    def empty(self) -> None:
        """Exchange the shard for an empty one."""
        with self._writes, engine_errors(self._home):
            self._live()
            self._journal = None
            self._exchange(create_shard(self._home / new_shard_name(), dimensions=self._dimensions), untidied=0)

    def rewrite(self, points: Sequence[str]) -> None:
        """Exchange the shard for a new one with these points alone: files that hold what was deleted go.

        Writers wait meanwhile, readers do not. A build under way is given up, for its copy holds what was deleted;
        `maintain` builds the graphs again."""
        with self._gate:
            if self._builder is not None:
                self._builder.kill()
        with self._upkeep, self._writes, engine_errors(self._home):
            source = self._live()
            self._journal = None
            renewed = create_shard(self._home / new_shard_name(), dimensions=self._dimensions)
            try:
                upkeep.catch_up(upkeep.Journal(points=set(points)), source=source.shard, target=renewed.shard)
                renewed.shard.flush()
                upkeep.sync_tree(renewed.folder)
                self._exchange(renewed, untidied=len(points))
            finally:
                if self._held is not renewed:
                    renewed.shard.close()
                    shutil.rmtree(renewed.folder, ignore_errors=True)

    def maintain(self) -> None:
        """Build graphs once vectors of more than `tidy_above_bytes` came without.

        Blocks its caller, not readers. Writers wait while the shard is copied and for the last of the replay. Readers
        wait once, while the engine opens the result: 0.16 s at 60,000 points, growing with their number.
        A second call meanwhile returns at once."""
        if self._manifest.untidied * self._dimensions * 4 <= self._tidy_above_bytes:
            return
        if not self._upkeep.acquire(blocking=False):
            return
        try:
            self._build_in_copy()
        except (upkeep.UpkeepFailed, IndexUnavailable, OSError) as error:
            # Only speed was to be won, and the live shard is as it was.
            log.warning("upkeep was given up: %s", error)
        finally:
            self._journal = None
            self._upkeep.release()

    @property
    def folder(self) -> Path:
        """The folder of the live shard."""
        return self._live().folder

    def intact(self) -> bool:
        """Say whether the folder on disk is still the one that was opened: the engine itself would never notice."""
        return self._held is not None and self._held.is_there()

    def close(self) -> None:
        """Flush and close; a build under way is abandoned. Closing twice is fine."""
        with self._gate:
            self._closing = True
            if self._builder is not None:
                self._builder.kill()
        with self._upkeep, self._writes:
            if self._held is None:
                return
            try:
                with engine_errors(self._home):
                    if self.intact():  # else the note would be written into a folder that is no longer ours
                        self._held.shard.flush()
                        write_manifest(self._home, self._manifest)
            finally:
                self._retire(None)
                os.close(self._lock)

    # Opening

    def _take_lock(self) -> int:
        try:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = take_lock(self._home / "index.lock")
        except OSError as error:
            raise IndexUnavailable(
                f"The index folder {self._home} cannot be used: {error.strerror}.",
                hint="Check that it is a folder this user may write in, or set another one.",
            ) from error
        if lock is None:
            raise open_elsewhere(self._home)
        return lock

    def _open(self) -> tuple[Manifest, HeldShard]:
        """Load the shard that the note names, or begin. Nobody else has the folder open, so left-overs can go."""
        with engine_errors(self._home):
            noted = read_manifest(self._home)
            if noted is None:
                if shard_folders(self._home):
                    raise IndexUnavailable(f"The index in {self._home} has lost its index.json.", hint=REINDEX)
                noted = Manifest(dimensions=self._dimensions, engine=engine_name())
                # First the note, so that a shard that was half made is known for what it is.
                write_manifest(self._home, noted)
            if noted.dimensions != self._dimensions:
                raise IndexUnavailable(
                    f"The index in {self._home} holds vectors of {noted.dimensions} dimensions, "
                    f"the embedding model makes {self._dimensions}.",
                    hint=REINDEX,
                )
            for folder in shard_folders(self._home):
                if folder.name != noted.shard:
                    shutil.rmtree(folder, ignore_errors=True)
            if noted.shard:
                held = load_shard(self._home / noted.shard, dimensions=self._dimensions)
            else:
                held = create_shard(self._home / new_shard_name(), dimensions=self._dimensions)
            manifest = replace(noted, engine=engine_name(), shard=held.folder.name)
            if manifest != noted:
                write_manifest(self._home, manifest)
        return manifest, held

    # Exchanging

    def _build_in_copy(self) -> None:
        copy = self._home / new_shard_name()
        try:
            with self.writing() as shard:
                shard.flush()
                source = self._live()
                upkeep.copy_shard(source.folder, copy)
                journal = self._journal = upkeep.Journal()
            self._build(copy)
            with engine_errors(self._home):
                renewed = load_shard(copy, dimensions=self._dimensions)
                try:
                    self._replay(journal, source.shard, renewed)
                finally:
                    if self._held is not renewed:
                        renewed.shard.close()
        finally:
            if self._held is None or self._held.folder != copy:
                shutil.rmtree(copy, ignore_errors=True)

    def _build(self, copy: Path) -> None:
        with self._gate:
            if self._closing:
                raise upkeep.UpkeepFailed("the index is being closed")
            builder = self._builder = upkeep.start_building(copy)
        try:
            code = builder.wait()
        finally:
            builder.kill()  # when the wait was interrupted; else it has ended
            with self._gate:
                self._builder = None
        if code != 0:
            raise upkeep.UpkeepFailed(f"the building process left with code {code}")
        upkeep.sync_tree(copy)

    def _replay(self, journal: upkeep.Journal, source: EdgeShard, renewed: HeldShard) -> None:
        """Bring the copy up to date in rounds, the last one with writers kept out, and make it the live shard."""
        replayed = 0
        while True:
            with self._writes:
                if self._journal is not journal or self._closing or not self.intact():
                    raise upkeep.UpkeepFailed("the index was emptied, closed or removed meanwhile")
                taken = journal.take()
                replayed += len(taken.points)
                if len(taken) <= _LAST_ROUND:
                    upkeep.catch_up(taken, source=source, target=renewed.shard)
                    renewed.shard.flush()
                    upkeep.sync_tree(renewed.folder)
                    self._journal = None
                    self._exchange(renewed, untidied=replayed)
                    return
            upkeep.catch_up(taken, source=source, target=renewed.shard)

    def _exchange(self, renewed: HeldShard, *, untidied: int) -> None:
        """Make `renewed` the live shard: the note on disk decides, then readers move, then the old one goes."""
        old = self._live()
        manifest = replace(self._manifest, shard=renewed.folder.name, untidied=untidied)
        write_manifest(self._home, manifest)
        self._manifest = manifest
        self._retire(renewed)
        shutil.rmtree(old.folder, ignore_errors=True)

    def _retire(self, successor: HeldShard | None) -> None:
        """Put `successor` in the place of the live shard and close the old one when its last reader has left."""
        with self._gate:
            old = self._live()
            self._held = successor
            self._gate.wait_for(lambda: old.readers == 0)
        old.shard.close()

    def _live(self) -> HeldShard:
        if self._held is None:
            raise IndexUnavailable(f"The index in {self._home} is closed.", hint="Open it again.")
        return self._held
