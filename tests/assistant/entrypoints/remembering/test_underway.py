"""A question runs to its end whether or not somebody looks, and only stopping stops it."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answers import Answered, ClaimChecked, Event, SourcesFound
from assistant.chatmodels import Cancelled
from assistant.entrypoints.remembering.underway import Questions
from assistant.history import ConversationStore, History, Outcome, Readable
from retrieval.catalog.database import DatabaseUnavailable, open_engine
from tests.assistant.history.making import an_answer
from tests.installations import OFFICER, asking

ONE = "5a1f0c1e-0000-4000-8000-000000000001"
ANSWER = an_answer("The bridge is closed.")


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(open_engine(f"sqlite:///{tmp_path / 'history.sqlite'}"))


@pytest.fixture
def history(store: ConversationStore) -> History:
    return History(store, lambda principal, answers, on_date: Readable({}, frozenset()))


def answer(cancelled: threading.Event) -> Iterator[Event]:
    yield SourcesFound(ANSWER.evidence)
    yield ClaimChecked(ANSWER.claims[0])
    yield Answered(ANSWER)


def wait(cancelled: threading.Event) -> Iterator[Event]:
    yield SourcesFound(ANSWER.evidence)
    yield ClaimChecked(ANSWER.claims[0])
    cancelled.wait(20)
    raise Cancelled


def fail(cancelled: threading.Event) -> Iterator[Event]:
    yield SourcesFound(ANSWER.evidence)
    yield ClaimChecked(ANSWER.claims[0])
    raise RuntimeError("secret")


def explain(error: Exception) -> str:
    return "It failed.\n1234"


def test_an_answer_that_nobody_follows_is_kept(history: History, store: ConversationStore) -> None:
    async def ask() -> None:
        one = Questions(lambda: history).begin(ONE, asking("Is it open?"), answer, explain)
        assert await one.kept()

    asyncio.run(ask())
    _, (kept,) = store.read(ONE, owner="officer")
    assert kept.outcome is Outcome.ANSWERED
    assert kept.answer is not None
    assert kept.answer.claims == ANSWER.claims


def test_whoever_follows_gets_all_of_it_in_order_however_late(history: History) -> None:
    async def ask() -> list[list[Event]]:
        one = Questions(lambda: history).begin(ONE, asking("Is it open?"), answer, explain)

        async def follow() -> list[Event]:
            return [event async for event in one.events()]

        both = await asyncio.gather(follow(), follow())
        await one.kept()
        return [*both, await follow()]

    told = asyncio.run(ask())
    assert told[0] == told[1] == told[2] == list(answer(threading.Event()))


def test_a_follower_that_goes_away_stops_nothing(history: History, store: ConversationStore) -> None:
    async def ask() -> None:
        one = Questions(lambda: history).begin(ONE, asking("Is it open?"), answer, explain)

        async def follow() -> None:
            async for _ in one.events():
                await asyncio.sleep(30)

        follower = asyncio.create_task(follow())
        await asyncio.sleep(0.05)
        follower.cancel()
        assert await one.kept()

    asyncio.run(ask())
    assert store.read(ONE, owner="officer")[1][0].outcome is Outcome.ANSWERED


def test_stopping_ends_it_at_once_and_keeps_what_was_shown(history: History, store: ConversationStore) -> None:
    async def ask() -> float:
        one = Questions(lambda: history).begin(ONE, asking("Is it open?"), wait, explain)
        async for event in one.events():
            if isinstance(event, ClaimChecked):
                began = time.perf_counter()
                one.stop()
        took = time.perf_counter() - began
        await one.kept()
        return took

    assert asyncio.run(ask()) < 0.2
    _, (kept,) = store.read(ONE, owner="officer")
    assert kept.outcome is Outcome.STOPPED
    assert kept.answer is not None
    assert (kept.answer.claims, kept.answer.marking) == (ANSWER.claims, ANSWER.marking)


def test_a_failure_keeps_what_was_shown_and_what_was_told_of_it(history: History, store: ConversationStore) -> None:
    async def ask() -> Outcome:
        one = Questions(lambda: history).begin(ONE, asking("Is it open?"), fail, explain)
        await one.kept()
        return one.outcome

    assert asyncio.run(ask()) is Outcome.FAILED
    _, (kept,) = store.read(ONE, owner="officer")
    assert (kept.outcome, kept.problem) == (Outcome.FAILED, "It failed.\n1234")
    assert kept.answer is not None
    assert kept.answer.claims == ANSWER.claims


def test_what_cannot_be_kept_is_answered_all_the_same() -> None:
    def full() -> History:
        raise DatabaseUnavailable("The disk is full.", hint="Free some space.")

    async def ask() -> tuple[bool, Event]:
        one = Questions(full).begin(ONE, asking("Is it open?"), answer, explain)
        events = [event async for event in one.events()]
        return await one.kept(), events[-1]

    assert asyncio.run(ask()) == (False, Answered(ANSWER))


def test_deleting_waits_until_nothing_is_written_any_more(history: History, store: ConversationStore) -> None:
    async def ask() -> None:
        questions = Questions(lambda: history)
        one = questions.begin(ONE, asking("Is it open?"), wait, explain)
        await one.asked.wait()
        assert questions.of("officer", ONE) == [one]
        assert questions.of("other", ONE) == []
        await questions.end("officer", ONE)
        store.delete(ONE, owner="officer")
        await asyncio.sleep(0)
        assert questions.of("officer", ONE) == []

    asyncio.run(ask())
    assert history.list(principal=OFFICER, on_date=asking("").on_date).conversations == ()
