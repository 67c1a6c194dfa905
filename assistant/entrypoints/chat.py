"""The conversation: who may sign in, and what happens with a question. Registers both with Chainlit.

Importing this imports Chainlit, so the folder and environment of `chatfolder` must be ready before."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

import asyncio
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import chainlit as cl
from chainlit.config import config
from chainlit.context import context
from chainlit.types import ThreadDict

from assistant.answers import Answer, Answered, Event, Question, Turn, Understood
from assistant.entrypoints.buttons import Button, restrict_buttons
from assistant.entrypoints.choosing import allow_choice, current_choice, offer_choice
from assistant.entrypoints.feedback import Feedback
from assistant.entrypoints.phrases import phrase
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.remembering.following import Followed, below_question, show_again
from assistant.entrypoints.remembering.layer import GuardedLayer
from assistant.entrypoints.remembering.underway import Questions, UnderWay
from assistant.entrypoints.requerying import OtherQuery
from assistant.entrypoints.requesting import Requests
from assistant.entrypoints.shelf import Shelf
from assistant.entrypoints.sockets import restrict_socket
from assistant.entrypoints.telling import AUTHOR, Telling
from assistant.entrypoints.visitors import CHANGE_PAGE, Claim, Visitor, Visitors
from assistant.entrypoints.workspaces.planner import PreparedPlanner
from assistant.entrypoints.workspaces.starting import Starting
from assistant.history import ConversationUnknown, History, Outcome
from assistant.settings import Settings
from retrieval.access import METADATA_ONLY, Principal
from retrieval.errors import StafwijzerError
from retrieval.languages import Language

_log = logging.getLogger(__name__)
# Earlier questions and answers that go along with a question.
_TURNS = 10


def register_chat(
    assistant: PreparedAssistant,
    settings: Settings,
    visitors: Visitors,
    planner: PreparedPlanner | None = None,
    *,
    history: Callable[[], History] | None = None,
    questions: Questions | None = None,
    shelf: Shelf | None = None,
) -> None:
    """Tell Chainlit whom to let in and what to do with a message. Without a shelf there is nothing to choose from.

    `history` keeps conversations; None: nothing does, and they end with their screen."""
    chat = _Chat(assistant, settings, visitors, planner, history, questions or Questions(history), Followed())

    async def sign_in(username: str, password: str) -> cl.User | None:
        claim = await visitors.sign_in(username, password)
        return cl.User(identifier=claim.name, metadata={"session": claim.session}) if claim else None

    async def on_press(action: cl.Action) -> None:
        async with _failures_told(Telling(_interface_language())):
            if await chat.reader():
                await chat.press(Button(action.name), action.payload.get("answer"))

    async def on_resume(_: ThreadDict) -> None:
        """Nothing yet: Chainlit clears the screen after this."""

    async def starters(user: cl.User | None, language: str | None) -> list[cl.Starter]:
        claim = Claim(user.identifier, str(user.metadata.get("session", ""))) if user else None
        visitor = await asyncio.to_thread(visitors.claiming, claim)
        if shelf is None or visitor is None or visitor.must_change:
            return []
        spoken: Language = "nl" if (language or "").lower().startswith("nl") else "en"
        asked = await asyncio.to_thread(shelf.starters, visitor.principal, spoken, date.today())
        return [cl.Starter(label=question, message=question) for question in asked]

    async def begin() -> None:
        visitor = await chat.visitor()
        if shelf and visitor and not visitor.must_change:
            await offer_choice(shelf, visitor.principal, _interface_language())

    cl.password_auth_callback(sign_in)
    cl.on_message(chat.take)
    cl.set_starters(starters)
    # By `cl.on_chat_start` its end would be told as the end of what was asked in the meantime, and Stop be taken away.
    config.code.on_chat_start = begin
    for button in Button:
        cl.action_callback(button.value)(on_press)
    if history is not None:
        layer = GuardedLayer(history)
        cl.data_layer(lambda: layer)
        cl.on_chat_resume(on_resume)
    restrict_socket(owned=chat.owned, stop_followed=chat.followed.stop, resumed=chat.resume)
    if shelf:
        allow_choice(shelf, chat.visiting, _interface_language)
    restrict_buttons()


@dataclass(frozen=True, slots=True)
class _Chat:
    """What there is to answer with. Its methods run in a session's context on the event loop."""

    assistant: PreparedAssistant
    settings: Settings
    visitors: Visitors
    planner: PreparedPlanner | None
    history: Callable[[], History] | None
    questions: Questions
    followed: Followed

    async def visitor(self) -> Visitor | None:
        """Return who is at the screen now."""
        return await asyncio.to_thread(self.visitors.of, context.session.token or "")

    async def visiting(self) -> Principal | None:
        """Return who is at the screen now, if anything is for them."""
        visitor = await self.visitor()
        return visitor.principal if visitor and not visitor.must_change else None

    async def reader(self) -> Principal | None:
        """Return who is at the screen now, or say why nothing is for them and return None."""
        visitor = await self.visitor()
        if visitor is None or visitor.must_change:
            name = "change password" if visitor else "signed out"
            told = phrase(name, _interface_language(), address=CHANGE_PAGE)
            await cl.Message(content=told, author=AUTHOR).send()
            return None
        if cl.user_session.get("principal") != visitor.principal:
            # What was read with another clearance is not carried on.
            cl.user_session.set("turns", ())
            cl.user_session.set("pending", None)
        cl.user_session.set("principal", visitor.principal)
        return visitor.principal

    async def take(self, message: cl.Message) -> None:
        """Do what a message asks for."""
        question: Question | None = None
        async with _failures_told(Telling(_interface_language())):
            if principal := await self.reader():
                question = await self._question_in(message, principal)
        if question is not None:
            await self._answer(question)

    async def press(self, button: Button, answer: object) -> None:
        """Do what a button under an answer says."""
        if button is not Button.AGAIN:
            await self.pending().press(button, answer)
        elif isinstance(answer, str) and (question := await self.pending().other_query.take_again(answer)):
            context.session.current_task = asyncio.create_task(self._again(question))

    async def resume(self) -> None:
        """Show the conversation that the session opened again, and follow what is under way in it."""
        session = context.session
        task = asyncio.create_task(self._show_again())
        self.followed.take_over(session.id, task)

    async def owned(self, user: str, conversation: str) -> bool:
        """Tell whether a conversation is this user's."""
        history = self.history
        return history is not None and await asyncio.to_thread(
            lambda: history().store.belongs(conversation, owner=user)
        )

    def pending(self) -> "_Pending":
        """Return what the reader of this session may still do with its answers."""
        pending: _Pending | None = cl.user_session.get("pending")
        if pending is None:
            language, longest = _interface_language(), self.settings.chat.question_characters
            principal = _principal()
            pending = _Pending(
                Feedback(self.assistant, reader=principal.name, longest=longest, language=language),
                OtherQuery(longest=longest, language=language),
                Requests(asker=principal.name, language=language),
                Starting(self.planner, principal=principal, language=language),
            )
            cl.user_session.set("pending", pending)
        return pending

    async def _question_in(self, message: cl.Message, principal: Principal) -> Question | None:
        """Return the question that a message is; None when it was something else, which is done then."""
        if METADATA_ONLY in principal.roles:
            await Telling(_interface_language()).reads_no_text()
            return None
        pending = self.pending()
        telling = Telling(_interface_language())
        if await pending.starting.take(message.content) or await telling.take_export(message.content):
            return None
        if question := await pending.other_query.take_query(message.content):
            return question
        if await pending.feedback.take_remark(message.content):
            return None
        question = Question(message.content, principal, frozenset(), date.today(), await self._turns(principal))
        return _as_chosen(question)

    async def _again(self, question: Question) -> None:
        """Ask a question once more, of what is chosen now. A task of its own, so that Stop ends it as any other."""
        await context.emitter.task_start()
        try:
            async with _failures_told(Telling(_interface_language())):
                await self._answer(_as_chosen(question), again=True)
        finally:
            await context.emitter.task_end()

    async def _answer(self, question: Question, *, again: bool = False) -> None:
        """Have a question answered, whether or not its screen stays, and show it here."""

        def produce(cancelled: threading.Event) -> Iterator[Event]:
            yield from self.assistant.get().stream(question, cancelled=cancelled)

        telling, language = Telling(_interface_language()), _interface_language()
        telling.asked(question, within=sorted(question.corpora), again=again)
        one = self.questions.begin(context.session.thread_id, question, produce, partial(_problem, language=language))
        if task := asyncio.current_task():
            self.followed.take_over(context.session.id, task)
        await self._follow(one, telling)

    async def _follow(self, one: UnderWay, telling: Telling) -> None:
        if not self.assistant.ready:
            await telling.loading()
        editable = False

        async def offer(event: Event, telling: Telling) -> None:
            nonlocal editable
            if isinstance(event, Understood):
                editable = event.rewritten or bool(event.parts)
            elif isinstance(event, Answered):
                await self._offer(event.answer, one.question, telling, editable=editable)
                await self.pending().feedback.offer(event.answer.id, under=telling.message)

        keeps = self.history is not None
        kept = await self.followed.follow(one, telling, _interface_language(), on_event=offer, keeps=keeps)
        if not kept and one.outcome is Outcome.ANSWERED and one.answer:
            # A query that the reader gave names what the next follow-up is about.
            turn = Turn(one.question.query or one.question.text, one.answer.text)
            cl.user_session.set("turns", (*cl.user_session.get("turns", ()), turn)[-_TURNS:])

    async def _offer(self, answer: Answer, question: Question, telling: Telling, *, editable: bool) -> None:
        """Let an answer be asked anew with another query, or made into a request or courses of action."""
        pending = self.pending()
        await pending.other_query.offer(answer.id, question, editable=editable, under=telling.message)
        if answer.abstained:
            await pending.requests.offer(answer, under=telling.message)
        await pending.starting.offer(answer.id, question.text, under=telling.message)

    async def _show_again(self) -> None:
        assert self.history is not None
        history, session, language = self.history, context.session, _interface_language()
        id = session.thread_id
        async with _failures_told(Telling(language)):
            principal = await self.reader()
            if principal is None:
                return
            try:
                opened = await asyncio.to_thread(lambda: history().open(id, principal=principal, on_date=date.today()))
            except ConversationUnknown:
                # Deleted in the meantime; Chainlit has told so.
                return
            under_way = self.questions.of(principal.name, id)
            telling = await show_again(opened, language, following=under_way)
            last = opened.exchanges[-1] if opened.exchanges else None
            if telling and last and last.exchange.answer and not (last.withheld or under_way):
                asked = last.exchange
                question = Question(asked.question, principal, asked.corpora, date.today(), query=asked.query)
                if asked.outcome is Outcome.ANSWERED:
                    await self._offer(last.exchange.answer, question, telling, editable=False)
            for one in under_way:
                await context.emitter.task_start()
                async with below_question(id, one.number):
                    await self._follow(one, Telling(language))
                await context.emitter.task_end()

    async def _turns(self, principal: Principal) -> tuple[Turn, ...]:
        """Return earlier questions and answers of the conversation, as they may be read now."""
        unkept: tuple[Turn, ...] = cl.user_session.get("turns", ())
        if self.history is None:
            return unkept
        history, id = self.history, context.session.thread_id
        kept = await asyncio.to_thread(
            lambda: history().turns(id, principal=principal, on_date=date.today(), limit=_TURNS)
        )
        return (*kept, *unkept)[-_TURNS:]


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


@asynccontextmanager
async def _failures_told(telling: Telling) -> AsyncIterator[None]:
    """Say so when it does not succeed: silence is never an answer."""
    try:
        yield
    except asyncio.CancelledError:
        # Stop was pressed before there was a question to stop.
        await telling.stopped()
        raise
    except Exception as error:  # noqa: BLE001 (told to the reader, with a number that the log explains)
        told, _, reference = _problem(error, language=_interface_language()).rpartition("\n")
        await telling.failed(told, reference)


def _problem(error: Exception, *, language: Language) -> str:
    """Log what went wrong; return what to tell of it, and in a line below that the number under which it is logged."""
    reference = _reference()
    if isinstance(error, StafwijzerError):
        _log.warning("%s: %s", reference, error)
        return f"{error}\n{reference}"
    _log.error("%s: a question or a judgement of an answer failed", reference, exc_info=error)
    return f"{phrase('defect', language)}\n{reference}"


def _as_chosen(question: Question) -> Question:
    choice = current_choice()
    return replace(question, corpora=choice.corpora, on_date=choice.on_date or date.today())


def _principal() -> Principal:
    """Return who was last found to be at this session's screen."""
    principal: Principal = cl.user_session.get("principal")
    return principal


def _interface_language() -> Language:
    """Return the language of the session's browser, as Chainlit chooses it for its own words."""
    return "nl" if str(getattr(context.session, "language", "")).lower().startswith("nl") else "en"


def _reference() -> str:
    """Return a number that a reader can tell and an administrator can find in the log."""
    digits = secrets.token_hex(4).upper()
    return f"{digits[:4]}-{digits[4:]}"
