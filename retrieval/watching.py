"""Watch a folder and hand over the files that landed, changed, moved or vanished, once each of them is complete.

What the operating system tells is only a reason to look: the truth is what lies in the folder, compared with what was
handed over. So a lost event, a folder that is removed and made again and a share that only can be polled all end in
the same state. Knows nothing of documents or corpora, and reads no file."""

import errno
import fcntl
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import watchfiles

# Measured on a local disk: looking at 1,000 files takes 8 ms, so it can be done now and then without a reason.
_LOOK_SECONDS = 30.0
_POLL_SECONDS = 1.0
_WAKE_MILLISECONDS = 100

# What editors, browsers, copying programs and file managers leave beside the files that are meant.
_TEMPORARY = re.compile(
    r"\.|~\$|.*(?:~|\.(?:part|partial|filepart|crdownload|opdownload|download|tmp|temp|swp|swx|swo|lock|bak))$|"
    r"(?:thumbs\.db|desktop\.ini)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened in a folder since the last hand-over. A file stands in one of the three."""

    changed: frozenset[Path] = frozenset()
    """New, or with other content."""
    removed: frozenset[Path] = frozenset()
    renamed: frozenset[tuple[Path, Path]] = frozenset()
    """From and to: the same file under another name or in another folder below."""

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed or self.renamed)


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What changes when a file does."""

    size: int
    modified_ns: int
    inode: int
    device: int


_Seen = Mapping[Path, _Stamp]


def watch(
    folder: Path, *, settle_seconds: float = 0.3, stop: Event | None = None, polling: bool = False
) -> Iterator[Changes]:
    """Yield what changes below a folder until `stop` is set. The first hand-over names every file that is there.

    A file is handed over when its size and time have stood still for `settle_seconds` and no process writes it. While
    the folder is missing, or is back and empty (a share that is not mounted), nothing is: that is no reason to take
    its files for removed. `polling` looks every second instead of being told. Links and temporary files are left out.
    """
    stop = stop or Event()
    state = _State(settle_seconds)
    looked, identity = 0.0, None
    for told in _wake_ups(folder, state, stop, polling=polling):
        now = time.monotonic()
        if not (told or state.is_waiting or now - looked >= _LOOK_SECONDS):
            continue
        looked = now
        found, present = _identity(folder), _look(folder)
        # A folder in the place of another is that folder's content only once it has some.
        if found is None or (identity not in (None, found) and not present):
            continue
        identity = found
        if changes := state.see(present, now):
            yield changes


@dataclass(slots=True)
class _State:
    """What was handed over, and what is seen since when."""

    settle_seconds: float
    handed: dict[Path, _Stamp] = field(default_factory=dict)
    waiting: dict[Path, tuple[_Stamp | None, float]] = field(default_factory=dict)
    """Files that differ from what was handed over (None: gone), and since when they look as they do."""

    @property
    def is_waiting(self) -> bool:
        return bool(self.waiting)

    def see(self, present: _Seen, now: float) -> Changes:
        """Compare the folder with what was handed over, and return what has settled."""
        waiting: dict[Path, tuple[_Stamp | None, float]] = {}
        for path in present.keys() | self.handed.keys():
            stamp = present.get(path)
            if stamp != self.handed.get(path):
                before = self.waiting.get(path)
                waiting[path] = before if before is not None and before[0] == stamp else (stamp, now)
        self.waiting = waiting
        settled = {
            path: stamp
            for path, (stamp, since) in waiting.items()
            if now - since >= self.settle_seconds and (stamp is None or not _is_being_written(path))
        }
        return self._hand_over(settled) if settled else Changes()

    def _hand_over(self, settled: Mapping[Path, _Stamp | None]) -> Changes:
        gone = {path: self.handed[path] for path, stamp in settled.items() if stamp is None}
        came = {path: stamp for path, stamp in settled.items() if stamp is not None}
        by_stamp = {stamp: path for path, stamp in gone.items()}
        # A rename leaves size, time and inode as they were (a copy gets an inode of its own).
        renamed = {
            (old, path)
            for path, stamp in came.items()
            if path not in self.handed and (old := by_stamp.pop(stamp, None)) is not None
        }
        for path in settled:
            del self.waiting[path]
        for path in gone:
            del self.handed[path]
        self.handed |= came
        moved_from, moved_to = {old for old, _ in renamed}, {new for _, new in renamed}
        return Changes(
            changed=frozenset(came.keys() - moved_to),
            removed=frozenset(gone.keys() - moved_from),
            renamed=frozenset(renamed),
        )


def _wake_ups(folder: Path, state: "_State", stop: Event, *, polling: bool) -> Iterator[bool]:
    """Yield now and then; True when the operating system told of a change, or nobody can tell."""
    while not stop.is_set():
        yield True
        identity = _identity(folder)
        if polling or identity is None:
            stop.wait(min(state.settle_seconds, _POLL_SECONDS) if state.is_waiting else _POLL_SECONDS)
            continue
        # Where there are too many folders to be told of, or the file system cannot tell: look every second.
        with suppress(OSError, RuntimeError):
            for changes in watchfiles.watch(
                folder,
                watch_filter=None,
                debounce=50,
                step=20,
                stop_event=stop,
                rust_timeout=_WAKE_MILLISECONDS,
                yield_on_timeout=True,
                ignore_permission_denied=True,
            ):
                yield bool(changes)
                if _identity(folder) != identity:
                    break
        stop.wait(_WAKE_MILLISECONDS / 1000 if _identity(folder) != identity else _POLL_SECONDS)


def _identity(folder: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        state = folder.stat()
        return state.st_dev, state.st_ino
    return None


def _look(folder: Path) -> dict[Path, _Stamp]:
    """Every file below a folder that may be meant."""
    present: dict[Path, _Stamp] = {}
    pending = [folder]
    while pending:
        # Without rights to a folder, or when it vanishes meanwhile, its files are not seen.
        with suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                if _TEMPORARY.match(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):
                        state = entry.stat(follow_symlinks=False)
                        stamp = _Stamp(state.st_size, state.st_mtime_ns, state.st_ino, state.st_dev)
                        present[Path(entry.path)] = stamp
    return present


def _is_being_written(path: Path) -> bool:
    """Whether some process has the file open for writing, where the kernel can tell."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False  # Whoever reads it will say what is wrong.
    try:
        # A read lease is refused while anyone has the file open for writing (fcntl(2), F_SETLEASE).
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False
