"""Uploads from their last byte until every file has its outcome: one at a time for each corpus, in the order they came.

What is under way is written beside the files, so that it goes on after the program was ended, and is seen after a
reload. An upload is its sender's alone. Knows nothing of pages."""

import json
import logging
import secrets
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.bootstrap import Installation
from assistant.entrypoints.corpora.spooling import Refused, Spool, UploadRefused
from retrieval.errors import StafwijzerError
from retrieval.ingesting import Progress
from retrieval.lifecycle.outcomes import Outcome
from retrieval.sources import Refusal

_log = logging.getLogger(__name__)
_FILES = "uploads"
"""The folder in which the files of an upload lie: what their names begin with where another folder has them already."""
_STATE = "upload.json"
_KEPT = 20
_MOST_WAITING = 4


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file, or of a document in it."""

    key: str
    became: str
    """As `retrieval.lifecycle.outcomes.Became`, or 'unchanged', 'refused' or 'warning'."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload as its sender sees it."""

    id: str
    corpus: str
    by: str
    at: str
    again: bool = False
    """Let in what was deleted before."""
    hold: bool = False
    """Hold back what screening finds something grave in."""
    stage: str = "waiting"
    """'waiting', 'reading', 'done' or 'failed'."""
    files: int = 0
    bytes: int = 0
    done: int = 0
    outcomes: tuple[FileOutcome, ...] = ()
    failure: str = ""

    @property
    def under_way(self) -> bool:
        return self.stage in ("waiting", "reading")


@dataclass(slots=True)
class Uploads:
    """All uploads of an installation."""

    installation: Installation
    told: Callable[[Upload], None] = lambda upload: None
    """Told of every upload that ended."""
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _uploads: dict[str, Upload] = field(default_factory=dict)
    _waiting: dict[str, deque[str]] = field(default_factory=dict)
    _begun: bool = False

    @property
    def _home(self) -> Path:
        return self.installation.settings.home / "uploads"

    def begin(self) -> None:
        """Clear what broke off when the program was ended, and go on with what was sent whole. Once."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in sorted(self._home.iterdir()):
                upload = _kept(folder)
                if upload is None or not upload.under_way:
                    self._remove(folder.name, upload.corpus if upload else None)
                else:
                    self._enqueue(replace(upload, stage="waiting", outcomes=(), done=0))

    @contextmanager
    def spooling(self, corpus: str) -> Iterator[tuple[str, Spool]]:
        """Give a folder for an upload; unless it is then started, nothing of it stays. Raises UploadRefused."""
        self.begin()
        with self._lock:
            if len(self._waiting.get(corpus, ())) >= _MOST_WAITING:
                raise UploadRefused(
                    f"{_MOST_WAITING} uploads to this corpus are waiting already.",
                    hint="Wait until one of them is done.",
                )
        id = secrets.token_hex(12)
        folder = self._home / id
        try:
            folder.mkdir(mode=0o700)
            (folder / _FILES).mkdir(mode=0o700)
            yield id, Spool(folder / _FILES)
        except OSError as error:
            raise UploadRefused(
                f"The files cannot be kept ({error.strerror}).", hint="Ask the administrator."
            ) from error
        finally:
            with self._lock:
                if id not in self._uploads:
                    shutil.rmtree(folder, ignore_errors=True)

    def start(self, upload: Upload, refused: list[Refused]) -> None:
        """Read the files of an upload when its turn comes, and return at once."""
        outcomes = tuple(FileOutcome(one.key, "refused", one.reason) for one in refused)
        with self._lock:
            self._enqueue(replace(upload, outcomes=outcomes))

    def of(self, corpus: str, by: str) -> list[Upload]:
        """Return somebody's own uploads to a corpus, the newest first."""
        self.begin()
        with self._lock:
            mine = [one for one in self._uploads.values() if (one.corpus, one.by) == (corpus, by)]
        return sorted(mine, key=lambda one: one.at, reverse=True)

    def get(self, corpus: str, id: str, by: str) -> Upload | None:
        return next((one for one in self.of(corpus, by) if one.id == id), None)

    def position(self, upload: Upload) -> int:
        """Return how many uploads are before this one."""
        with self._lock:
            waiting = list(self._waiting.get(upload.corpus, ()))
        return waiting.index(upload.id) if upload.id in waiting else 0

    def wait(self, seconds: float) -> None:
        """Wait until nothing is under way, at most this long."""
        wait_for_uploads(seconds)

    def _enqueue(self, upload: Upload) -> None:
        self._keep(upload)
        queue = self._waiting.setdefault(upload.corpus, deque())
        queue.append(upload.id)
        if len(queue) == 1:
            name = f"upload-{upload.corpus}"
            threading.Thread(target=self._work, args=(upload.corpus,), name=name, daemon=True).start()

    def _work(self, corpus: str) -> None:
        while True:
            with self._lock:
                id = self._waiting[corpus][0]
            self._take(id)
            with self._lock:
                self._waiting[corpus].popleft()
                if not self._waiting[corpus]:
                    return

    def _take(self, id: str) -> None:
        upload = self._change(id, stage="reading")
        try:
            report = self.installation.ingestion.add(
                self._home / id / _FILES,
                self.installation.catalog.corpus(upload.corpus),
                again=upload.again,
                hold=upload.hold,
                on_outcome=lambda outcome: self._tell(id, outcome),
                on_progress=lambda progress: self._progress(id, progress),
            )
            # Also of what was left out before it was looked at (its name, or a document taken before it broke off).
            outcomes = (*self._uploads[id].outcomes, *_warned(report.warnings))
            names = {one.key for one in outcomes}
            unchanged = report.unchanged - report.moved
            rest = [FileOutcome(name, "unchanged") for name in self._names(id) if not _is_told(name, names)]
            self._change(id, stage="done", outcomes=(*outcomes, *rest[: max(unchanged, 0)]))
        except StafwijzerError as error:
            self._change(id, stage="failed", failure=str(error))
        except Exception:  # noqa: BLE001 (told to the sender, with a number that the log explains)
            reference = secrets.token_hex(4).upper()
            _log.exception("%s: an upload failed", reference)
            self._change(id, stage="failed", failure=f"Something went wrong. Report {reference} to the administrator.")
        finally:
            ended = self._uploads[id]
            self._remove(id, ended.corpus)
            self.told(ended)
            self._forget_old()

    def _names(self, id: str) -> list[str]:
        folder = self._home / id / _FILES
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())

    def _tell(self, id: str, outcome: Outcome) -> None:
        told = FileOutcome(outcome.key, str(outcome.became), outcome.reason)
        with self._lock:
            self._uploads[id] = replace(self._uploads[id], outcomes=(*self._uploads[id].outcomes, told))

    def _progress(self, id: str, progress: Progress) -> None:
        with self._lock:
            self._uploads[id] = replace(self._uploads[id], done=progress.files_done)

    def _change(self, id: str, **told: object) -> Upload:
        with self._lock:
            upload = replace(self._uploads[id], **told)  # type: ignore[arg-type]
            self._keep(upload)
        return upload

    def _keep(self, upload: Upload) -> None:
        self._uploads[upload.id] = upload
        try:
            draft = self._home / upload.id / "draft"
            draft.write_text(json.dumps(asdict(upload)), encoding="utf-8")
            draft.replace(self._home / upload.id / _STATE)
        except OSError:
            _log.warning("The state of upload %s cannot be written; it is not resumed after an end.", upload.id)

    def _remove(self, id: str, corpus: str | None) -> None:
        """Remove the files: their originals are kept by what they hold, and they are no folder to compare with."""
        folder, catalog = self._home / id, self.installation.catalog
        # What was damaged when the program ended does not tell its corpus.
        for name in [corpus] if corpus is not None else [one.name for one in catalog.corpora()]:
            for source in catalog.sources(name):
                if Path(source.path).is_relative_to(folder.resolve()):
                    catalog.forget_source(source.id)
        shutil.rmtree(folder, ignore_errors=True)

    def _forget_old(self) -> None:
        with self._lock:
            over = sorted((one for one in self._uploads.values() if not one.under_way), key=lambda one: one.at)
            for one in over[:-_KEPT]:
                del self._uploads[one.id]


def new_upload(id: str, corpus: str, by: str, spool: Spool, *, again: bool, hold: bool) -> Upload:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return Upload(id, corpus, by, at, again, hold, files=len(spool.names), bytes=spool.size)


def _kept(folder: Path) -> Upload | None:
    try:
        told = json.loads((folder / _STATE).read_text(encoding="utf-8"))
        told["outcomes"] = tuple(FileOutcome(**one) for one in told["outcomes"])
        return Upload(**told)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _warned(warnings: tuple[Refusal, ...]) -> Iterator[FileOutcome]:
    return (FileOutcome(one.key, "warning", one.reason) for one in warnings)


def _is_told(name: str, keys: set[str]) -> bool:
    """Tell whether a file has an outcome: its own, one of a document in it, or one under the folder's name."""
    names = (name, f"{_FILES}/{name}")
    return any(key in names or key.startswith((f"{names[0]}#", f"{names[1]}#", f"{name}:")) for key in keys)


def wait_for_uploads(seconds: float) -> None:
    """Wait for uploads that are under way, at most this long, so that what they use can be closed."""
    until = time.monotonic() + seconds
    for thread in threading.enumerate():
        if thread.name.startswith("upload-"):
            thread.join(max(0.0, until - time.monotonic()))
