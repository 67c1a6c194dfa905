"""Sign in to the chat where there are no accounts: one name and a password that is made anew at each start.

Only a hash of the password is kept. Guessing is slowed down by address and in all, and a session that was signed out
is refused although its token has not expired. Knows nothing of what lies behind the door."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SIGN_OUT = frozenset({("POST", "/logout"), ("POST", "/account/sign-out")})
"""What ends a session: by the chat's own button, and by that of the other pages."""


class Credentials:
    """A user name and the hash of a password."""

    def __init__(self, name: str, password: str) -> None:
        self.name = name
        self._salt = secrets.token_bytes(16)
        self._hash = self._hashed(name, password)

    def match(self, name: str, password: str) -> bool:
        """Tell whether both are right, in a time that does not depend on which of them is wrong."""
        return hmac.compare_digest(self._hashed(name, password), self._hash)

    def _hashed(self, name: str, password: str) -> bytes:
        # A plain hash suffices for a random password of 79 bits; a slow one would only slow the server down.
        told = json.dumps([name, password]).encode()
        return hashlib.sha256(self._salt + told).digest()

    def __repr__(self) -> str:
        return f"Credentials({self.name!r})"


class SignInLimit:
    """Counts failures: after `failures` within `seconds` there is no further try until that time has passed.

    In all there may be `failures_in_all`, so that changing addresses does not help."""

    def __init__(
        self,
        *,
        failures: int = 5,
        failures_in_all: int = 20,
        seconds: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures, self._failures_in_all, self._seconds = failures, failures_in_all, seconds
        self._clock = clock
        self._failed: dict[str, deque[float]] = defaultdict(deque)

    def refuses(self, address: str) -> bool:
        """Tell whether this address has to wait."""
        self._forget_old()
        in_all = sum(map(len, self._failed.values()))
        return len(self._failed.get(address, ())) >= self._failures or in_all >= self._failures_in_all

    def failed(self, address: str) -> None:
        self._failed[address].append(self._clock())

    def succeeded(self, address: str) -> None:
        self._failed.pop(address, None)

    def _forget_old(self) -> None:
        before = self._clock() - self._seconds
        for address, times in list(self._failed.items()):
            while times and times[0] <= before:
                times.popleft()
            if not times:
                del self._failed[address]


class SignInGuard:
    """Stands before the application: limits tries to sign in and refuses sessions that were signed out."""

    def __init__(self, app: ASGIApp, *, limit: SignInLimit | Callable[[], SignInLimit], cookie: str) -> None:
        """`limit`: the one to go by, or what tells which for each try."""
        self._app, self._cookie = app, cookie
        self._limit = limit if callable(limit) else lambda: limit
        self._signed_out: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope = self._without_spent_tokens(scope)
        asked = (scope.get("method"), scope["path"])
        if asked in SIGN_OUT:
            self._signed_out.update(_fingerprint(token) for token in tokens_of(scope, self._cookie))
        if asked == ("POST", "/login"):
            await self._sign_in(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _sign_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = scope["client"][0] if scope.get("client") else ""
        limit = await asyncio.to_thread(self._limit)
        if limit.refuses(address):
            await _refuse(send)
            return
        # Counted before it is known: tries at the same moment must not slip through together.
        limit.failed(address)

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                limit.succeeded(address)
            await send(message)

        await self._app(scope, receive, watch)

    def _without_spent_tokens(self, scope: Scope) -> Scope:
        """Leave out the cookies of a session that was signed out."""
        if not any(_fingerprint(token) in self._signed_out for token in tokens_of(scope, self._cookie)):
            return scope
        return without_cookies(scope)


def tokens_of(scope: Scope, cookie: str) -> set[str]:
    """Return the tokens of a request, read as Chainlit reads them: whole, or in numbered pieces."""
    tokens = set()
    for header, value in scope["headers"]:
        if header == b"cookie":
            cookies = cookie_parser(value.decode("latin-1"))
            pieces = [cookies.get(f"{cookie}_{number}", "") for number in range(len(cookies))]
            tokens |= {cookies.get(cookie, ""), "".join(pieces)}
    return tokens - {""}


def without_cookies(scope: Scope) -> Scope:
    return {**scope, "headers": [header for header in scope["headers"] if header[0] != b"cookie"]}


def _fingerprint(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def _refuse(send: Send) -> None:
    """Answer as the sign-in page understands it: it looks for words under the name of the status."""
    headers = [(b"content-type", b"application/json"), (b"retry-after", b"60")]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"detail":"Too Many Requests"}'})
