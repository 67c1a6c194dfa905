"""How often one token may ask, and how many questions are answered for programs at once. Knows nothing of either."""

import threading
import time
from collections import deque
from collections.abc import Callable

from retrieval.errors import StafwijzerError


class Busy(StafwijzerError):
    """As many questions are being answered as are taken at once."""

    seconds = 5
    """After which to try again: about what one question takes."""


class RateLimit:
    """Lets each key through `requests` times in any `seconds`."""

    def __init__(
        self, *, requests: int = 120, seconds: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._requests, self._seconds, self._clock = requests, seconds, clock
        self._times: dict[str, deque[float]] = {}

    def wait(self, key: str) -> float:
        """Count a request and return 0.0; or count none, and return the seconds after which one is let through."""
        now = self._clock()
        times = self._times.setdefault(key, deque())
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._requests:
            return times[0] + self._seconds - now
        times.append(now)
        return 0.0


class Places:
    """So many at once, and no waiting: who finds no place is told so."""

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)

    def take(self) -> None:
        """Raises Busy."""
        if not self._free.acquire(blocking=False):
            raise Busy("As many questions are being answered as are taken at once.", hint="Try again in a moment.")

    def give_back(self) -> None:
        self._free.release()
