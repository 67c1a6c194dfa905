"""Let a reader choose of which corpora to ask, and as of which day. The choice holds for the conversation.

What a browser says of it is checked: only corpora that the reader may know of, and only a day. Knows nothing of how
a question is answered."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from chainlit.chat_settings import ChatSettings
from chainlit.context import context, init_ws_context
from chainlit.input_widget import Checkbox, TextInput
from chainlit.server import sio
from chainlit.session import WebsocketSession
from chainlit.user_session import user_session

from assistant.entrypoints.phrases import phrase
from assistant.entrypoints.shelf import Shelf
from retrieval.access import Principal
from retrieval.catalog import Corpus
from retrieval.languages import Language

_EVENT = "chat_settings_change"
_DAY = "day"
_CORPUS = "corpus "
_KEY = "choice"


@dataclass(frozen=True, slots=True)
class Choice:
    """Of what a question is asked."""

    corpora: frozenset[str] = frozenset()
    """Names. Empty: all of them."""
    on_date: date | None = None
    """None: today."""


class DayUnknown(ValueError):
    """What was typed is no day."""


def current_choice() -> Choice:
    """Return the choice of this session."""
    choice: Choice = user_session.get(_KEY, Choice())
    return choice


async def offer_choice(shelf: Shelf, principal: Principal, language: Language) -> None:
    """Let the reader of this session choose, where there is something to choose."""
    choice = current_choice()
    corpora = await asyncio.to_thread(shelf.corpora, principal, date.today())
    if not corpora:
        return
    day = choice.on_date.isoformat() if choice.on_date else ""
    boxes = [
        Checkbox(
            id=f"{_CORPUS}{corpus.name}",
            label=corpus.title or corpus.name,
            initial=not choice.corpora or corpus.name in choice.corpora,
        )
        for corpus in corpora
    ]
    asked = TextInput(
        id=_DAY, label=phrase("choose day", language), initial=day, placeholder=phrase("day form", language)
    )
    # Only shown: what holds is the session's own choice.
    await ChatSettings([*boxes, asked]).refresh()


def allow_choice(
    shelf: Shelf, principal: Callable[[], Awaitable[Principal | None]], language: Callable[[], Language]
) -> None:
    """Take a choice from the socket, after `restrict_socket` has dropped what takes it unchecked.

    `principal` and `language` are asked within the session that chooses."""

    async def choose(sid: str, told: object) -> None:
        session = WebsocketSession.get(sid)
        if session is None or not isinstance(told, dict):
            return
        init_ws_context(session)
        reader, spoken = await principal(), language()
        if reader is None:
            return
        corpora = await asyncio.to_thread(shelf.corpora, reader, date.today())
        try:
            user_session.set(_KEY, checked_choice(told, corpora, today=date.today()))
        except DayUnknown:
            await context.emitter.send_toast(phrase("no day", spoken), "error")
        else:
            await context.emitter.send_toast(phrase("chosen", spoken), "success")
        await offer_choice(shelf, reader, spoken)

    cast(dict[str, Callable[..., Awaitable[Any]]], sio.handlers["/"])[_EVENT] = choose


def checked_choice(told: Mapping[Any, Any], corpora: list[Corpus], *, today: date) -> Choice:
    """Return what was chosen among these corpora; all or none of them is no limit. Raises DayUnknown."""
    known = frozenset(corpus.name for corpus in corpora)
    chosen = frozenset(name for name in known if told.get(f"{_CORPUS}{name}") is True)
    typed = told.get(_DAY)
    try:
        day = date.fromisoformat(typed.strip()) if isinstance(typed, str) and typed.strip() else None
    except ValueError as error:
        raise DayUnknown from error
    return Choice(frozenset() if chosen == known else chosen, None if day == today else day)
