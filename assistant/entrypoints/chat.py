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
from datetime import date

import chainlit as cl
from chainlit.context import context

from assistant.answers import Answered, Event, Question, Turn
from assistant.entrypoints.bridging import read_from_thread
from assistant.entrypoints.buttons import Button, restrict_buttons
from assistant.entrypoints.feedback import Feedback
from assistant.entrypoints.phrases import phrase
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.signin import Credentials
from assistant.entrypoints.sockets import restrict_socket
from assistant.entrypoints.telling import Telling
from assistant.settings import Settings
from retrieval.errors import StafwijzerError
from retrieval.languages import Language

_log = logging.getLogger(__name__)
# Earlier questions and answers that go along with a question.
_TURNS = 10


def register_chat(assistant: PreparedAssistant, settings: Settings, credentials: Credentials) -> None:
    """Tell Chainlit whom to let in and what to do with a message."""

    async def sign_in(username: str, password: str) -> cl.User | None:
        return cl.User(identifier=credentials.name) if credentials.match(username, password) else None

    async def on_message(message: cl.Message) -> None:
        telling = Telling(_interface_language())
        async with _failures_told(telling):
            if not await _feedback(assistant, settings).take_remark(message.content):
                await _answer(message.content, telling, assistant, settings)

    async def on_press(action: cl.Action) -> None:
        async with _failures_told(Telling(_interface_language())):
            await _feedback(assistant, settings).press(Button(action.name), action.payload.get("answer"))

    cl.password_auth_callback(sign_in)
    cl.on_message(on_message)
    for button in Button:
        cl.action_callback(button.value)(on_press)
    restrict_socket()
    restrict_buttons()


async def _answer(text: str, telling: Telling, assistant: PreparedAssistant, settings: Settings) -> None:
    """Answer one message, and let the answer be judged."""
    turns: tuple[Turn, ...] = cl.user_session.get("turns", ())
    question = Question(text, settings.principal, frozenset(), date.today(), turns)

    def produce(cancelled: threading.Event) -> Iterator[Event]:
        yield from assistant.get().stream(question, cancelled=cancelled)

    if not assistant.ready:
        await telling.loading()
    async with read_from_thread(produce) as events:
        async for event in events:
            await telling.show(event)
            if isinstance(event, Answered):
                cl.user_session.set("turns", (*turns, Turn(text, event.answer.text))[-_TURNS:])
                await _feedback(assistant, settings).offer(event.answer.id, under=telling.message)


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


def _feedback(assistant: PreparedAssistant, settings: Settings) -> Feedback:
    """Return what the reader of this session may still say of its answers."""
    feedback: Feedback | None = cl.user_session.get("feedback")
    if feedback is None:
        feedback = Feedback(
            assistant,
            reader=settings.principal.name,
            longest=settings.chat.question_characters,
            language=_interface_language(),
        )
        cl.user_session.set("feedback", feedback)
    return feedback


def _interface_language() -> Language:
    """Return the language of the session's browser, as Chainlit chooses it for its own words."""
    return "nl" if str(getattr(context.session, "language", "")).lower().startswith("nl") else "en"


def _reference() -> str:
    """Return a number that a reader can tell and an administrator can find in the log."""
    digits = secrets.token_hex(4).upper()
    return f"{digits[:4]}-{digits[4:]}"
