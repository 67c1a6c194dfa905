"""A fair queue before the model: first come, first served, and whoever waits can leave. Knows no model."""

import threading
from collections import deque
from collections.abc import Iterator
from types import TracebackType

from assistant.chatmodels import Cancelled

# How often one who waits looks whether the asker has gone.
_LOOK_SECONDS = 0.05


class FairQueue:
    """Lets `places` askers in at a time, in the order in which they came."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._tickets: deque[Ticket] = deque()
        """Those being served and those waiting, in order of arrival."""
        self._changed = threading.Condition()

    def join(self) -> "Ticket":
        """Take a place at the end. Use as a context manager: leaving it gives the place up."""
        return Ticket(self)

    @property
    def length(self) -> int:
        """How many are served or waiting."""
        return len(self._tickets)


class Ticket:
    """A place in the queue."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue

    def __enter__(self) -> "Ticket":
        with self._queue._changed:
            self._queue._tickets.append(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._queue._changed:
            self._queue._tickets.remove(self)
            self._queue._changed.notify_all()

    def positions(self, *, cancelled: threading.Event | None) -> Iterator[int]:
        """Yield how many must finish first, each time that changes, and end when it is this ticket's turn.

        Raises Cancelled when the event is set while waiting."""
        queue, told = self._queue, 0
        while True:
            with queue._changed:
                before = queue._tickets.index(self) + 1 - queue._places
                if before <= 0:
                    return
                if before == told:
                    queue._changed.wait(_LOOK_SECONDS)
            if cancelled is not None and cancelled.is_set():
                raise Cancelled
            if before != told:
                told = before
                yield told
