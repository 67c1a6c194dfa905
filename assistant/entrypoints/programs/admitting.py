"""Stand before an interface for programs: nothing behind it is reached without a token.

Finds the holder before a byte of the body is read, counts what a token asks, and ends a body that grows too large. In
what form a refusal is told is for the interface to say. Knows no route."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.entrypoints.programs.holders import Holder, Holders, Permission
from assistant.entrypoints.programs.limiting import RateLimit
from retrieval.access import METADATA_ONLY

# A question of 4,000 characters and its history are far below it.
LARGEST_BODY_BYTES = 1 << 20
_HOLDER = "stafwijzer.holder"
_LONGEST_TOKEN = 512


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request goes no further."""

    status: int
    code: str
    """For a program to go by."""
    sentence: str
    headers: tuple[tuple[str, str], ...] = ()


class Forbidden(Exception):
    """A token is not for this, or its holder may not."""


Refuse = Callable[[Refusal], Response]


class Gate:
    """Lets through whoever holds a token."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        holders: Holders,
        limit: RateLimit,
        refuse: Refuse,
        largest_body: Callable[[Scope], int] = lambda scope: LARGEST_BODY_BYTES,
        open_to_all: frozenset[str] = frozenset(),
    ) -> None:
        """`largest_body`: bytes, for a request. `open_to_all`: paths that are read without a token."""
        self._app, self._holders, self._limit, self._refuse = app, holders, limit, refuse
        self._largest_body, self._open_to_all = largest_body, open_to_all

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. The application finds the holder by `holder_of`."""
        if scope["path"] in self._open_to_all:
            await self._app(scope, receive, send)
            return
        admitted = await self._admit(scope)
        if isinstance(admitted, Refusal):
            await self._refuse(admitted)(scope, receive, send)
            return
        await self._pass_on({**scope, _HOLDER: admitted}, receive, send)

    async def _admit(self, scope: Scope) -> Holder | Refusal:
        secret = _bearer(Headers(scope=scope).get("authorization", ""))
        holder = await asyncio.to_thread(self._holders.holder, secret, at=datetime.now(UTC)) if secret else None
        if holder is None:
            # RFC 6750 section 3: what is missing is told apart from what is wrong.
            challenge = 'Bearer error="invalid_token"' if secret else "Bearer"
            sentence = "Send a personal token that is in force: 'Authorization: Bearer TOKEN'."
            return Refusal(401, "invalid_token", sentence, (("WWW-Authenticate", challenge),))
        if seconds := self._limit.wait(holder.token_id):
            told = (("Retry-After", str(math.ceil(seconds))),)
            return Refusal(429, "too_many_requests", "This token asked too often in the last minute.", told)
        return holder

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = self._largest_body(scope)
        too_large = Refusal(413, "too_large", f"The request is larger than {most:,} bytes.", (("Connection", "close"),))
        if int(Headers(scope=scope).get("content-length", "0")) > most:
            await self._refuse(too_large)(scope, receive, send)
            return
        taken, answered = 0, False

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            return {"type": "http.request", "body": b"", "more_body": False} if taken > most else message

        async def watch(message: Message) -> None:
            # The application took a body that broke off for a short one: it does not get to answer it.
            nonlocal answered
            if taken <= most or answered:
                answered = True
                await send(message)

        await self._app(scope, limited, watch)
        if not answered:
            await self._refuse(too_large)(scope, receive, send)


def holder_of(request: Request) -> Holder:
    """Return who asks; there is somebody behind every Gate."""
    holder: Holder = request.scope[_HOLDER]
    return holder


def allowed(holder: Holder, permission: Permission, *, reads_text: bool = True) -> Holder:
    """Return the holder whose token is for this. Raises Forbidden.

    `reads_text`: text of documents is given, so that it is not for those who may only list them."""
    if permission not in holder.permissions:
        raise Forbidden(f"This token is not for '{permission}'.")
    if reads_text and METADATA_ONLY in holder.principal.roles:
        raise Forbidden("You may list and count documents and read no text.")
    return holder


def _bearer(header: str) -> str:
    scheme, _, secret = header.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and len(secret) <= _LONGEST_TOKEN else ""
