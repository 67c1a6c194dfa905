"""Write the log of a process nobody watches to a file that keeps to a bound.

Whatever the engine prints when it panics goes there as well. Knows nothing of what is logged."""

import logging
import os
import shutil
import sys
from pathlib import Path

LOG_BYTES = 1 << 20


def log_to(path: Path) -> None:
    """Send the log, and whatever the engine prints when it panics, to a file that keeps to a bound."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    handler = _BoundedHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


class _BoundedHandler(logging.StreamHandler):  # type: ignore[type-arg]  # generic in its stub only
    """Writes to stderr, which is the log file; what is past the bound moves to one older file."""

    def __init__(self, path: Path) -> None:
        super().__init__(sys.stderr)
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        if os.fstat(2).st_size > LOG_BYTES:
            shutil.copyfile(self._path, self._path.with_suffix(".log.1"))
            os.truncate(2, 0)  # opened for appending: the next line starts at 0
        super().emit(record)
