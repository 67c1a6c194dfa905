"""A question, for as long as its asker waits."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.types import Message

from assistant.answers import Event, Question, Stage, StageName
from assistant.chatmodels import Cancelled
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.programs.limiting import Busy
from assistant.entrypoints.programs.questioning import AskerLeft, Questions
from assistant.journal import Journal
from tests.assistant.entrypoints.programs.house import a_client, an_application, an_installation, served
from tests.installations import asking


class Slow:
    """Answers nothing, and notes when it is told to stop."""

    def __init__(self) -> None:
        self.begun, self.cancelled = threading.Event(), threading.Event()
        self.cancelled_at = 0.0

    @property
    def journal(self) -> Journal:
        raise NotImplementedError

    def stream(self, question: Question, *, cancelled: threading.Event | None = None) -> Iterator[Event]:
        assert cancelled is not None
        yield Stage(StageName.SEARCHING)
        self.begun.set()
        if cancelled.wait(20):
            self.cancelled_at = time.monotonic()
            self.cancelled.set()
        raise Cancelled


async def _never() -> Message:
    await asyncio.sleep(60)
    raise AssertionError


def test_a_question_whose_asker_left_is_cancelled() -> None:
    slow = Slow()
    questions = Questions(PreparedAssistant(lambda: slow))

    async def gone() -> Message:
        await asyncio.to_thread(slow.begun.wait, 5)
        return {"type": "http.disconnect"}

    with pytest.raises(AskerLeft):
        asyncio.run(questions.answer(asking("x"), receive=gone))
    assert slow.cancelled.wait(1)


def test_a_place_is_held_until_the_work_is_done() -> None:
    slow = Slow()
    questions = Questions(PreparedAssistant(lambda: slow), most=1)

    async def ask_two() -> None:
        async with questions.asked(asking("x")) as events:
            await anext(events)
            while not slow.begun.is_set():
                await asyncio.sleep(0.01)
            with pytest.raises(Busy):
                await questions.answer(asking("y"), receive=_never)

    asyncio.run(ask_two())
    assert slow.cancelled.wait(1)


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_who_disconnects_cancels_the_question_within_200_ms(accept: str, tmp_path: Path) -> None:
    slow = Slow()
    with served(an_installation(tmp_path), answering=slow) as address:
        left_at: list[float] = []

        async def ask_and_leave() -> None:
            headers = {"authorization": "Bearer token-b", "accept": accept}
            async with httpx.AsyncClient(base_url=address, headers=headers) as client:
                asked = asyncio.ensure_future(client.post("/api/v1/questions", json={"text": "When?"}))
                while not slow.begun.is_set():
                    await asyncio.sleep(0.01)
                left_at.append(time.monotonic())
                asked.cancel()

        asyncio.run(ask_and_leave())
        assert slow.cancelled.wait(2)
    assert slow.cancelled_at - left_at[0] < 0.2


def test_more_questions_than_are_taken_at_once_are_told_to_come_back(tmp_path: Path) -> None:
    slow = Slow()
    app = an_application(an_installation(tmp_path), answering=slow)

    async def ask() -> list[httpx.Response]:
        async with a_client(app) as client:
            waiting = [
                asyncio.ensure_future(client.post("/api/v1/questions", json={"text": "When?"})) for _ in range(32)
            ]
            while not slow.begun.is_set():
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            body = {"model": "stafwijzer", "messages": [{"role": "user", "content": "When?"}]}
            told = [
                await client.post("/api/v1/questions", json={"text": "When?"}),
                await client.post("/v1/chat/completions", json=body),
            ]
            for one in waiting:
                one.cancel()
            return told

    for answer in asyncio.run(ask()):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
