"""Answer a question for as long as its asker waits: when they are gone, it is cancelled at once.

Knows nothing of the form in which what happens is told."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from starlette.types import Receive

from assistant.answers import Answer, Answered, Event, Question
from assistant.entrypoints.bridging import read_from_thread
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.programs.limiting import Places

_Item = TypeVar("_Item")
_END = object()
# Each takes a thread, and of the model's queue a place that the chat waits behind.
_MOST_QUESTIONS = 32


class AskerLeft(Exception):
    """Nobody waits for the answer any more."""


class Questions:
    """The questions that programs ask, all doors together."""

    def __init__(self, assistant: PreparedAssistant, *, most: int = _MOST_QUESTIONS) -> None:
        self._assistant = assistant
        self._places = Places(most)

    @asynccontextmanager
    async def asked(self, question: Question) -> AsyncIterator[AsyncIterator[Event]]:
        """Give the events of a question, which is cancelled when this is left. Raises Busy.

        Reading them raises what `Assistant.stream` raises."""
        self._places.take()

        def produce(left: threading.Event) -> Iterator[Event]:
            # Held until the thread is done: whoever asks and leaves, over and over, takes up no more than others.
            try:
                yield from self._assistant.get().stream(question, cancelled=left)
            finally:
                self._places.give_back()

        async with read_from_thread(produce) as events:
            yield events

    async def answer(self, question: Question, *, receive: Receive | None = None) -> Answer:
        """Return the answer. Raises Busy, AskerLeft when `receive` tells so, and what `Assistant.stream` raises."""
        async with self.asked(question) as events:
            waited = events if receive is None else while_there(events, receive)
            async for event in waited:
                if isinstance(event, Answered):
                    return event.answer
        raise AskerLeft


async def while_there(
    items: AsyncIterator[_Item], receive: Receive, *, every_seconds: float | None = None
) -> AsyncIterator[_Item | None]:
    """Give items until they end or the client has gone; None when nothing came for `every_seconds`."""
    gone: asyncio.Future[Any] = asyncio.ensure_future(_disconnected(receive))
    upcoming: asyncio.Future[Any] | None = None
    try:
        while True:
            upcoming = upcoming or asyncio.ensure_future(_next(items))
            done, _ = await asyncio.wait({gone, upcoming}, timeout=every_seconds, return_when=asyncio.FIRST_COMPLETED)
            if gone in done:
                return
            if upcoming not in done:
                yield None
                continue
            item, upcoming = upcoming.result(), None
            if item is _END:
                return
            yield item
    finally:
        gone.cancel()
        if upcoming:
            upcoming.cancel()


async def _next(items: AsyncIterator[object]) -> object:
    return await anext(items, _END)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
