"""Run a generator in a thread and read it from the event loop. The one place where synchronous meets asynchronous.

Knows nothing of what is generated."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

_Item = TypeVar("_Item")
_THREAD = "question"


@dataclass(frozen=True, slots=True)
class _Ended:
    error: BaseException | None


@asynccontextmanager
async def read_from_thread(
    produce: Callable[[threading.Event], Iterator[_Item]],
) -> AsyncIterator[AsyncIterator[_Item]]:
    """Run `produce` in a thread of its own and give its items in order, and then what it raised.

    It is handed an event that is set when the reader leaves, for whatever reason: by reading to the end, by an
    exception or by being cancelled. What it raises after that, nobody hears. Leaving does not wait for the thread."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[_Item | _Ended] = asyncio.Queue()
    left = threading.Event()

    def tell(one: _Item | _Ended) -> None:
        if not left.is_set():
            # The loop may close between the look and the call; then nobody is there to tell.
            try:
                loop.call_soon_threadsafe(arrived.put_nowait, one)
            except RuntimeError:
                left.set()

    def work() -> None:
        error: BaseException | None = None
        try:
            _give_all(produce(left), tell, left)
        except BaseException as raised:  # noqa: BLE001 (carried over to the reader, who raises it)
            error = raised
        tell(_Ended(error))

    # A daemon: a model that does not look at the event must not keep the program from ending.
    threading.Thread(target=work, name=_THREAD, daemon=True).start()
    try:
        yield _read(arrived)
    finally:
        left.set()


def wait_for_threads(seconds: float) -> None:
    """Wait until the threads whose readers have left are done, so that what they use can be closed."""
    until = time.monotonic() + seconds
    for thread in threading.enumerate():
        if thread.name == _THREAD:
            thread.join(max(0.0, until - time.monotonic()))


def _give_all(items: Iterator[_Item], tell: Callable[[_Item], None], left: threading.Event) -> None:
    try:
        for item in items:
            tell(item)
            if left.is_set():
                return
    finally:
        if isinstance(items, Generator):
            items.close()


async def _read(arrived: "asyncio.Queue[_Item | _Ended]") -> AsyncIterator[_Item]:
    while True:
        one = await arrived.get()
        if isinstance(one, _Ended):
            if one.error is not None:
                raise one.error
            return
        yield one
