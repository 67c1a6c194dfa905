"""Work on workspaces that goes on in threads while readers come and go: one at a time for each workspace.

What it yields is saved by who does it. Knows nothing of what the work is."""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from retrieval.errors import StafwijzerError

_log = logging.getLogger(__name__)


class AlreadyRunning(StafwijzerError):
    """Work on this workspace is under way."""


@dataclass(slots=True)
class _Run:
    stage: str
    cancelled: threading.Event = field(default_factory=threading.Event)
    started: float = field(default_factory=time.monotonic)
    thread: threading.Thread | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What is under way on a workspace."""

    stage: str
    """'framing', 'developing', or nothing."""
    seconds: float
    """Since it began."""
    stopping: bool
    failure: str
    """Why the last work ended before its end, in a sentence; '' when it did not."""


class Runs:
    """Work that is under way, by workspace."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[str, _Run] = {}
        self._failures: dict[str, str] = {}

    def start(self, id: str, stage: str, work: Callable[[threading.Event], Iterator[object]]) -> None:
        """Begin to work, and return at once. Raises AlreadyRunning."""
        run = _Run(stage)
        with self._lock:
            if id in self._runs:
                raise AlreadyRunning("This workspace is being worked on.", hint="Wait for it, or stop it.")
            self._runs[id] = run
            self._failures.pop(id, None)
        # A daemon: a model that does not look at the event must not keep the program from ending.
        run.thread = threading.Thread(target=self._work, args=(id, run, work), name="workspace", daemon=True)
        run.thread.start()

    def stop(self, id: str) -> None:
        """Ask the work on a workspace to end after what it is at."""
        with self._lock:
            if run := self._runs.get(id):
                run.cancelled.set()

    def progress(self, id: str) -> Progress:
        with self._lock:
            run, failure = self._runs.get(id), self._failures.get(id, "")
        if run is None:
            return Progress("", 0.0, False, failure)
        return Progress(run.stage, time.monotonic() - run.started, run.cancelled.is_set(), failure)

    def end(self, seconds: float) -> None:
        """Stop all work, and wait for it at most this long, so that what it uses can be closed."""
        with self._lock:
            runs = list(self._runs.values())
        for run in runs:
            run.cancelled.set()
        until = time.monotonic() + seconds
        for run in runs:
            if run.thread:
                run.thread.join(max(0.0, until - time.monotonic()))

    def _work(self, id: str, run: _Run, work: Callable[[threading.Event], Iterator[object]]) -> None:
        failure = ""
        try:
            for _ in work(run.cancelled):
                if run.cancelled.is_set():
                    break
        except StafwijzerError as error:
            # What a model raises when it is stopped is no failure.
            failure = "" if run.cancelled.is_set() else str(error)
        except Exception:  # noqa: BLE001 (told to whoever looks, with a number that the log explains)
            reference = secrets.token_hex(4).upper()
            _log.exception("%s: work on a workspace failed", reference)
            failure = f"Something went wrong in the program. Report {reference} to its administrator."
        finally:
            with self._lock:
                del self._runs[id]
                if failure:
                    self._failures[id] = failure
