"""Show in a terminal, in one line that is written over, what is being done and for how long. Knows no questions.

On standard error, so that what is piped on holds the answer alone; nothing where that is no terminal."""

import sys
import threading
import time
from types import TracebackType
from typing import TextIO

_TICK_SECONDS = 0.5
_ERASE = "\r\x1b[K"


class ProgressLine:
    """Use as a context manager: leaving it erases the line."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._seen = self._stream.isatty()
        self._began = time.perf_counter()
        self._words = ""
        self._writing = threading.Lock()
        self._left = threading.Event()

    def __enter__(self) -> "ProgressLine":
        if self._seen:
            threading.Thread(target=self._tick, name="progress", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._left.set()
        self.hide()

    def show(self, words: str) -> None:
        """Say what is being done from now on. `words`: one line, printable."""
        with self._writing:
            self._words = words
            self._draw()

    def hide(self) -> None:
        """Erase the line, so that something else can be printed there."""
        self.show("")

    def _tick(self) -> None:
        while not self._left.wait(_TICK_SECONDS):
            with self._writing:
                if self._words:
                    self._draw()

    def _draw(self) -> None:
        if self._seen:
            told = f"{self._words} · {time.perf_counter() - self._began:.0f} s" if self._words else ""
            self._stream.write(f"{_ERASE}{told}")
            self._stream.flush()
