"""A generator in a thread and its reader on the event loop: items, exceptions, and leaving."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from assistant.entrypoints.bridging import read_from_thread, wait_for_threads


def test_items_come_in_order_and_end() -> None:
    async def read() -> list[int]:
        async with read_from_thread(lambda left: iter(range(100))) as items:
            return [item async for item in items]

    assert asyncio.run(read()) == list(range(100))


def test_what_is_raised_comes_after_the_items_before_it() -> None:
    def produce(left: threading.Event) -> Iterator[int]:
        yield 1
        raise KeyError("here")

    seen = []

    async def read() -> None:
        async with read_from_thread(produce) as items:
            async for item in items:
                seen.append(item)

    with pytest.raises(KeyError, match="here"):
        asyncio.run(read())
    assert seen == [1]


def test_an_error_before_the_first_item_is_raised_too() -> None:
    def produce(left: threading.Event) -> Iterator[int]:
        raise LookupError("no generator at all")

    async def read() -> None:
        async with read_from_thread(produce) as items:
            async for _ in items:
                pass

    with pytest.raises(LookupError):
        asyncio.run(read())


def test_cancelling_the_reader_sets_the_event_and_closes_the_generator() -> None:
    closed = threading.Event()
    events: list[threading.Event] = []

    def produce(left: threading.Event) -> Iterator[int]:
        events.append(left)
        try:
            while True:
                time.sleep(0.005)
                yield 1
        finally:
            closed.set()

    async def read() -> None:
        async with read_from_thread(produce) as items:
            async for _ in items:
                pass

    async def stop() -> None:
        task = asyncio.create_task(read())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stop())
    assert events[0].is_set()
    assert closed.wait(2)


def test_an_exception_in_the_reader_ends_the_thread() -> None:
    closed = threading.Event()

    def produce(left: threading.Event) -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    async def read() -> None:
        async with read_from_thread(produce) as items:
            async for _ in items:
                raise ValueError("the reader's own")

    with pytest.raises(ValueError, match="own"):
        asyncio.run(read())
    assert closed.wait(2)


def test_leaving_does_not_wait_for_a_thread_that_does_not_look() -> None:
    release = threading.Event()

    def produce(left: threading.Event) -> Iterator[int]:
        yield 1
        release.wait(5)

    async def read() -> None:
        async with read_from_thread(produce) as items:
            async for _ in items:
                return

    began = time.monotonic()
    asyncio.run(read())
    assert time.monotonic() - began < 2
    release.set()


def test_those_who_close_things_can_wait_for_the_threads() -> None:
    done = threading.Event()

    def produce(left: threading.Event) -> Iterator[int]:
        # The thread may be stopped at the yield or at the wait, depending on who is faster.
        try:
            yield 1
            left.wait(5)
        finally:
            time.sleep(0.1)
            done.set()

    async def read() -> None:
        async with read_from_thread(produce) as items:
            async for _ in items:
                return

    asyncio.run(read())
    wait_for_threads(5)
    assert done.is_set()


def test_the_loop_goes_on_while_the_thread_is_busy() -> None:
    def produce(left: threading.Event) -> Iterator[int]:
        time.sleep(0.3)
        yield 1

    async def longest_silence() -> float:
        longest, last = 0.0, time.monotonic()
        async with read_from_thread(produce) as items:
            reading = asyncio.ensure_future(items.__anext__())
            while not reading.done():
                await asyncio.sleep(0.005)
                longest, last = max(longest, time.monotonic() - last), time.monotonic()
        return longest

    assert asyncio.run(longest_silence()) < 0.2
