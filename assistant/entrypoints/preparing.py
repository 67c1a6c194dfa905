"""Make the assistant in a thread while questions already come in for it. Knows nothing of what it is made of."""

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from assistant.answers import Event, Question
from assistant.journal import Journal
from retrieval.errors import StafwijzerError

_log = logging.getLogger(__name__)


class Answering(Protocol):
    """What the chat asks of an assistant."""

    @property
    def journal(self) -> Journal: ...

    def stream(self, question: Question, *, cancelled: threading.Event | None = None) -> Iterator[Event]: ...


class PreparedAssistant:
    """An assistant that is made once. When making it fails, whoever asks next tries again."""

    def __init__(self, make: Callable[[], Answering]) -> None:
        self._make = make
        self._made: Answering | None = None
        self._making = threading.Lock()

    @property
    def ready(self) -> bool:
        return self._made is not None

    def start(self) -> None:
        """Begin to make it, in a thread of its own, and return at once."""
        # A daemon: a model that takes minutes to load must not keep the program from ending.
        threading.Thread(target=self._try, name="preparing", daemon=True).start()

    def get(self) -> Answering:
        """Return it, waiting until it is made. Raises what making it raises."""
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

    def wait(self, seconds: float) -> None:
        """Wait until nobody is making it, so that what it is made of can be closed."""
        if self._making.acquire(timeout=seconds):
            self._making.release()

    def _try(self) -> None:
        try:
            self.get()
        except StafwijzerError as error:
            _log.warning("%s", error)
        except Exception:  # noqa: BLE001 (whoever asks next meets the same and is told)
            _log.exception("The assistant cannot be made")
