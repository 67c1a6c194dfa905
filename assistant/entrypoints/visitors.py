"""Whose a browser is: looked up for each request and message, so that what was changed of an account holds at once.

As long as there are no accounts it is the user of the settings, with the password of this start; from the first
account on, accounts alone. Knows nothing of what lies behind the door."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.entrypoints.signin import SIGN_OUT, Credentials, tokens_of, without_cookies
from assistant.identity import Account, Accounts
from assistant.settings import Settings
from retrieval.access import Principal

CHANGE_PAGE = "/account/password"

_KEY = "stafwijzer.visitor"
# What the chat's pages are made of, and the way out. They show nothing of any document.
_FREE = ("/static/", "/assets/", "/avatars/", "/logo", "/favicon", "/health", "/ws/socket.io")
_UNFINISHED = frozenset(
    {
        CHANGE_PAGE,
        *("/login", "/logout", "/account/sign-out", "/user", "/auth/config", "/set-session-cookie"),
        *("/project/translations", "/project/settings"),
    }
)
# Each try takes a processor for a tenth of a second; more at once would keep everybody from their work.
_SIGNING_IN_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Claim:
    """What the cookie of a browser says, once its signature is found right."""

    name: str
    session: str
    """Empty for the user of the settings."""


ReadCookie = Callable[[str], Claim | None]
"""Reads the token in a cookie; None for one that is forged or expired."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the other end of a request."""

    principal: Principal
    account: Account | None
    """None: the user of the settings."""
    session: str

    @property
    def must_change(self) -> bool:
        """Tell whether nothing is for them yet but taking a password of their own."""
        return self.account is not None and self.account.must_change


class Visitors:
    """All who may sign in."""

    def __init__(
        self, settings: Settings, password: str, read: ReadCookie, accounts: Callable[[], Accounts] | None = None
    ) -> None:
        """`accounts`: made when first needed; None: there are none, ever."""
        self._settings, self._read, self._make = settings, read, accounts
        self._credentials = Credentials(settings.access.name, password)
        self._signing_in = ThreadPoolExecutor(_SIGNING_IN_AT_ONCE, "signing-in")

    @cached_property
    def accounts(self) -> Accounts | None:
        return self._make() if self._make else None

    def has_accounts(self) -> bool:
        return self.accounts is not None and self.accounts.any()

    async def sign_in(self, name: str, password: str) -> Claim | None:
        """Return what the cookie is to say of who has this name and password, or None."""
        return await asyncio.get_running_loop().run_in_executor(self._signing_in, self._sign_in, name, password)

    def of(self, token: str) -> Visitor | None:
        """Return whose a token is now; None when nobody's, or not any more."""
        return self.claiming(self._read(token) if token else None)

    def claiming(self, claim: Claim | None) -> Visitor | None:
        """Return who a cookie's claim is of now; None when nobody's, or not any more."""
        if claim is None:
            return None
        if not claim.session:
            theirs = claim.name == self._settings.access.name and not self.has_accounts()
            return Visitor(self._settings.principal, None, "") if theirs else None
        account = self.accounts.visiting(claim.session) if self.accounts else None
        if account is None or account.name != claim.name:
            return None
        return Visitor(account.principal, account, claim.session)

    def sign_out(self, token: str) -> None:
        """End the session of a token."""
        claim = self._read(token)
        if claim and claim.session and self.accounts:
            self.accounts.sign_out(claim.session)

    def _sign_in(self, name: str, password: str) -> Claim | None:
        if not self.has_accounts():
            return Claim(self._settings.access.name, "") if self._credentials.match(name, password) else None
        assert self.accounts is not None
        signed = self.accounts.sign_in(name, password)
        return Claim(signed.account.name, signed.session) if signed else None


def visitor_of(request: HTTPConnection) -> Visitor | None:
    """Return whose a request is, as VisitorGuard found; None where it does not stand before the application."""
    visitor: Visitor | None = request.scope.get(_KEY)
    return visitor


async def identify(request: HTTPConnection) -> Principal | None:
    """Return who asks, as doors want it. Who has to change a password first is nobody yet."""
    visitor = visitor_of(request)
    return None if visitor is None or visitor.must_change else visitor.principal


class VisitorGuard:
    """Stands before the application: looks up whose a request is, and leaves out cookies that are nobody's.

    Who has to change a password first gets no further than the page for that."""

    def __init__(self, app: ASGIApp, *, visitors: Visitors, cookie: str) -> None:
        self._app, self._visitors, self._cookie = app, visitors, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or scope["path"].startswith("/static/"):
            await self._app(scope, receive, send)
            return
        tokens = tokens_of(scope, self._cookie)
        # Two different ones: what is behind could take another of them than this does.
        visitor = await asyncio.to_thread(self._visitors.of, tokens.pop()) if len(tokens) == 1 else None
        scope = {**(scope if visitor else without_cookies(scope)), _KEY: visitor}
        if visitor and visitor.must_change and not _is_free(scope):
            await _send_to_change(scope, send)
            return
        if visitor and (scope.get("method"), scope["path"]) in SIGN_OUT:
            for token in tokens_of(scope, self._cookie):
                await asyncio.to_thread(self._visitors.sign_out, token)
        await self._app(scope, receive, send)


def _is_free(scope: Scope) -> bool:
    path: str = scope["path"]
    return path in _UNFINISHED or path.startswith(_FREE)


async def _send_to_change(scope: Scope, send: Send) -> None:
    """A page leads on; anything else is told."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    page = scope["method"] in ("GET", "HEAD")
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if page:
        headers.append((b"location", CHANGE_PAGE.encode()))
    await send({"type": "http.response.start", "status": 303 if page else 403, "headers": headers})
    await send({"type": "http.response.body", "body": f"Change your password first: {CHANGE_PAGE}".encode()})
