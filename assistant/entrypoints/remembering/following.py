"""Follow questions on the screen of a session: one that was just asked, those of a conversation that is opened again.

What was answered before goes the same way to the screen as what is answered now, as events. Its functions run in the
context of a session, on the event loop. Decides nothing about an answer."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager

from chainlit.context import context
from chainlit.message import ErrorMessage, Message
from chainlit.step import Step

from assistant.answers import (
    Answer,
    Answered,
    ClaimChecked,
    ConflictFound,
    Event,
    SourcesFound,
    Understood,
    Weighed,
)
from assistant.entrypoints.escaping import plain
from assistant.entrypoints.remembering.layer import SHOWN_AT_MOST, question_id
from assistant.entrypoints.remembering.underway import UnderWay
from assistant.entrypoints.remembering.wording import sentence
from assistant.entrypoints.telling import AUTHOR, Telling
from assistant.history import Opened, Outcome
from assistant.history.service import Reopened
from retrieval.languages import Language

OnEvent = Callable[[Event, Telling], Awaitable[None]]


class Followed:
    """What each session follows, and by which task."""

    def __init__(self) -> None:
        self._questions: dict[str, UnderWay] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def follow(
        self, question: UnderWay, telling: Telling, language: Language, *, on_event: OnEvent, keeps: bool
    ) -> bool:
        """Show a question until it has ended, and tell whether it was kept.

        `keeps`: say so when it was not."""
        session = str(context.session.id)
        self._questions[session] = question
        listing = asyncio.create_task(_list_anew(question, "asked"))
        try:
            async for event in question.events():
                await telling.show(event)
                await on_event(event, telling)
        finally:
            if self._questions.get(session) is question:
                del self._questions[session]
        await _tell_outcome(question, telling)
        kept = await question.kept()
        await listing
        if kept:
            await _list_anew(question, "answered")
        elif keeps:
            await Message(content=plain(sentence("not kept", language)), author=AUTHOR).send()
        return kept

    def stop(self, session: str) -> bool:
        """Stop what a session follows; tell whether there was anything."""
        question = self._questions.get(session)
        if question is not None:
            question.stop()
        return question is not None

    def take_over(self, session: str, task: "asyncio.Task[None]") -> None:
        """Let a task follow for a session, in the place of the one that did: the screen begins anew."""
        before = self._tasks.pop(session, None)
        if before is not None and before is not task:
            before.cancel()
        self._tasks[session] = task
        task.add_done_callback(lambda done: self._tasks.pop(session) if self._tasks.get(session) is done else None)


async def show_again(opened: Opened, language: Language, *, following: Sequence[UnderWay]) -> Telling | None:
    """Show the answers of a conversation whose questions are on the screen; return how the last one is told.

    Not those of questions under way: `following`."""
    running = {one.number for one in following}
    telling: Telling | None = None
    before = len(opened.exchanges) - SHOWN_AT_MOST
    if before > 0:
        await Message(content=plain(sentence("too long", language, count=before)), author=AUTHOR).send()
    for one in opened.exchanges[-SHOWN_AT_MOST:]:
        if one.exchange.number not in running:
            async with below_question(opened.conversation.id, one.exchange.number):
                telling = Telling(language)
                await _show_exchange(one, telling, language)
    return telling


@asynccontextmanager
async def below_question(conversation: str, number: int | None) -> AsyncIterator[None]:
    """Let what is sent stand below a question. Only there does the page put a button that copies."""
    parent = question_id(conversation, number) if number is not None else None
    async with Step(name="on_message", type="run", parent_id=parent, show_input=False):
        yield


def events_of(answer: Answer) -> Iterator[Event]:
    """Yield the events in which an answer came, up to the last."""
    query, parts = answer.trace.query, answer.trace.parts
    if query and (query != answer.question or parts):
        yield Understood(query, parts, rewritten=query != answer.question)
    yield SourcesFound(answer.evidence)
    yield Weighed(answer.trace.answerability, abstaining=answer.abstained)
    yield from map(ConflictFound, answer.conflicts)
    yield from map(ClaimChecked, answer.claims)


async def _show_exchange(one: Reopened, telling: Telling, language: Language) -> None:
    answer, exchange = one.exchange.answer, one.exchange
    if answer:
        for event in events_of(answer):
            await telling.show(event)
    match exchange.outcome:
        case Outcome.ANSWERED if answer:
            await telling.show(Answered(answer))
        case Outcome.STOPPED:
            await telling.stopped()
        case Outcome.FAILED if exchange.problem:
            told, _, reference = exchange.problem.rpartition("\n")
            await telling.failed(told, reference)
        case _:
            await ErrorMessage(content=plain(sentence("unanswered", language)), author=AUTHOR).send()
    if one.withheld:
        await Message(content=plain(sentence("withheld", language)), author=AUTHOR).send()


async def _tell_outcome(question: UnderWay, telling: Telling) -> None:
    match question.outcome:
        case Outcome.STOPPED:
            await telling.stopped()
        case Outcome.FAILED:
            told, _, reference = question.problem.rpartition("\n")
            await telling.failed(told, reference)


async def _list_anew(question: UnderWay, what: str) -> None:
    """Let the page fetch its list of conversations: it does when it is told of another first interaction."""
    await question.asked.wait()
    if question.number is not None and question.conversation == context.session.thread_id:
        told = {"interaction": f"{what} {question.number}", "thread_id": question.conversation}
        await context.emitter.emit("first_interaction", told)
