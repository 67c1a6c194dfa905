"""The conversation: who may sign in, and what happens with a question. Registers both with Chainlit.

Importing this imports Chainlit, so the folder and environment of `chatfolder` must be ready before."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

import asyncio
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date

import chainlit as cl
from chainlit.config import config
from chainlit.context import context

from assistant.answers import Answered, Event, Question, Turn, Understood
from assistant.entrypoints.bridging import read_from_thread
from assistant.entrypoints.buttons import Button, restrict_buttons
from assistant.entrypoints.choosing import allow_choice, current_choice, offer_choice
from assistant.entrypoints.feedback import Feedback
from assistant.entrypoints.phrases import phrase
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.requerying import OtherQuery
from assistant.entrypoints.requesting import Requests
from assistant.entrypoints.shelf import Shelf
from assistant.entrypoints.signin import Credentials
from assistant.entrypoints.sockets import restrict_socket
from assistant.entrypoints.telling import Telling
from assistant.entrypoints.workspaces.planner import PreparedPlanner
from assistant.entrypoints.workspaces.starting import Starting
from assistant.settings import Settings
from retrieval.access import METADATA_ONLY
from retrieval.errors import StafwijzerError
from retrieval.languages import Language

_log = logging.getLogger(__name__)
# Earlier questions and answers that go along with a question.
_TURNS = 10


def register_chat(
    assistant: PreparedAssistant,
    settings: Settings,
    credentials: Credentials,
    planner: PreparedPlanner | None = None,
    shelf: Shelf | None = None,
) -> None:
    """Tell Chainlit whom to let in and what to do with a message. Without a shelf there is nothing to choose from."""

    async def sign_in(username: str, password: str) -> cl.User | None:
        return cl.User(identifier=credentials.name) if credentials.match(username, password) else None

    async def on_message(message: cl.Message) -> None:
        telling = Telling(_interface_language())
        async with _failures_told(telling):
            if METADATA_ONLY in settings.principal.roles:
                await telling.reads_no_text()
                return
            pending = _pending(assistant, settings, planner)
            if await pending.starting.take(message.content) or await telling.take_export(message.content):
                return
            if question := await pending.other_query.take_query(message.content):
                await _answer(question, telling, assistant, pending)
            elif not await pending.feedback.take_remark(message.content):
                question = Question(message.content, settings.principal, frozenset(), date.today(), _turns())
                await _answer(_as_chosen(question), telling, assistant, pending)

    async def on_press(action: cl.Action) -> None:
        telling, pending = Telling(_interface_language()), _pending(assistant, settings, planner)
        async with _failures_told(telling):
            answer = action.payload.get("answer")
            if action.name == Button.AGAIN and isinstance(answer, str):
                if question := await pending.other_query.take_again(answer):
                    context.session.current_task = asyncio.create_task(_again(question, telling, assistant, pending))
            else:
                await pending.press(Button(action.name), answer)

    async def starters(user: cl.User | None, language: str | None) -> list[cl.Starter]:
        if shelf is None or user is None:
            return []
        spoken: Language = "nl" if (language or "").lower().startswith("nl") else "en"
        questions = await asyncio.to_thread(shelf.starters, settings.principal, spoken, date.today())
        return [cl.Starter(label=question, message=question) for question in questions]

    async def begin() -> None:
        if shelf:
            await offer_choice(shelf, settings.principal, _interface_language())

    cl.password_auth_callback(sign_in)
    cl.on_message(on_message)
    for button in Button:
        cl.action_callback(button.value)(on_press)
    cl.set_starters(starters)
    # By `cl.on_chat_start` its end would be told as the end of what was asked in the meantime, and Stop be taken away.
    config.code.on_chat_start = begin
    restrict_socket()
    if shelf:
        allow_choice(shelf, lambda: settings.principal, _interface_language)
    restrict_buttons()


@dataclass(frozen=True, slots=True)
class _Pending:
    """What the reader of a session may still do with its answers."""

    feedback: Feedback
    other_query: OtherQuery
    requests: Requests
    starting: Starting

    async def press(self, button: Button, answer: object) -> None:
        """Do what a button says. One thing at a time is asked of the next message: the last."""
        if not isinstance(answer, str):
            return
        match button:
            case Button.REQUEST:
                await self.requests.press(answer)
            case Button.COURSES:
                await self.starting.press(answer)
            case Button.OTHER_QUERY | Button.KEEP_QUERY:
                await self.feedback.withdraw()
                await self.other_query.press(button, answer)
            case _:
                if button is Button.EXPLAIN:
                    await self.other_query.withdraw()
                await self.feedback.press(button, answer)


async def _again(question: Question, telling: Telling, assistant: PreparedAssistant, pending: _Pending) -> None:
    """Ask a question once more, of what is chosen now. A task of its own, so that Stop ends it as any other."""
    await context.emitter.task_start()
    try:
        async with _failures_told(telling):
            await _answer(_as_chosen(question), telling, assistant, pending, again=True)
    finally:
        await context.emitter.task_end()


def _as_chosen(question: Question) -> Question:
    choice = current_choice()
    return replace(question, corpora=choice.corpora, on_date=choice.on_date or date.today())


async def _answer(
    question: Question, telling: Telling, assistant: PreparedAssistant, pending: _Pending, *, again: bool = False
) -> None:
    """Answer a question, and let the answer be judged, asked anew with another query, or made into a request."""
    editable = False
    telling.asked(question, within=sorted(question.corpora), again=again)

    def produce(cancelled: threading.Event) -> Iterator[Event]:
        yield from assistant.get().stream(question, cancelled=cancelled)

    if not assistant.ready:
        await telling.loading()
    async with read_from_thread(produce) as events:
        async for event in events:
            await telling.show(event)
            if isinstance(event, Understood):
                editable = event.rewritten or bool(event.parts)
            elif isinstance(event, Answered):
                answer = event.answer
                # A query that the reader gave names what the next follow-up is about.
                turn = Turn(question.query or question.text, answer.text)
                cl.user_session.set("turns", (*_turns(), turn)[-_TURNS:])
                await pending.other_query.offer(answer.id, question, editable=editable, under=telling.message)
                if answer.abstained:
                    await pending.requests.offer(answer, under=telling.message)
                await pending.starting.offer(answer.id, question.text, under=telling.message)
                await pending.feedback.offer(answer.id, under=telling.message)


@asynccontextmanager
async def _failures_told(telling: Telling) -> AsyncIterator[None]:
    """Say so when it does not succeed: silence is never an answer."""
    try:
        yield
    except asyncio.CancelledError:
        # Stop was pressed. Leaving the bridge has set the event by which the model ends.
        await telling.stopped()
        raise
    except StafwijzerError as error:
        reference = _reference()
        _log.warning("%s: %s", reference, error)
        await telling.failed(str(error), reference)
    except Exception:  # noqa: BLE001 (told to the reader, with a number that the log explains)
        reference = _reference()
        _log.exception("%s: a question or a judgement of an answer failed", reference)
        await telling.failed(phrase("defect", _interface_language()), reference)


def _turns() -> tuple[Turn, ...]:
    turns: tuple[Turn, ...] = cl.user_session.get("turns", ())
    return turns


def _pending(assistant: PreparedAssistant, settings: Settings, planner: PreparedPlanner | None) -> _Pending:
    """Return what the reader of this session may still do with its answers."""
    pending: _Pending | None = cl.user_session.get("pending")
    if pending is None:
        language, longest = _interface_language(), settings.chat.question_characters
        name = settings.principal.name
        pending = _Pending(
            Feedback(assistant, reader=name, longest=longest, language=language),
            OtherQuery(longest=longest, language=language),
            Requests(asker=name, language=language),
            Starting(planner, principal=settings.principal, language=language),
        )
        cl.user_session.set("pending", pending)
    return pending


def _interface_language() -> Language:
    """Return the language of the session's browser, as Chainlit chooses it for its own words."""
    return "nl" if str(getattr(context.session, "language", "")).lower().startswith("nl") else "en"


def _reference() -> str:
    """Return a number that a reader can tell and an administrator can find in the log."""
    digits = secrets.token_hex(4).upper()
    return f"{digits[:4]}-{digits[4:]}"
