"""Let one process at a time do a thing, and tell the others who does it.

Unix file locks: the kernel releases them when a process dies. Knows nothing of what is done under them."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exclusive(path: Path, *, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the lock file at `path`. When another process holds it, call `on_wait` with its process id, then wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if on_wait is not None:
                file.seek(0)
                on_wait(file.read().strip() or "unknown")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


class Busy(Exception):
    """Another process holds the lock."""

    def __init__(self, process: str) -> None:
        super().__init__(process)
        self.process = process
        """Its process id, or 'unknown'."""


@contextmanager
def exclusive_now(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`. Raises Busy when another process holds it."""

    def refuse(process: str) -> None:
        raise Busy(process)

    with exclusive(path, on_wait=refuse):
        yield
