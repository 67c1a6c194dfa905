"""What may reach the chat from outside, and what its pages may do in a browser.

Chainlit has routes for storing, sharing, uploading and tools that this program does not use; they are not switched
off one by one, but only what is named here gets through. Knows nothing of signing in or of answers."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.entrypoints.doors import Door, door_for

SANDBOX = "default-src 'none'; sandbox"
"""The policy of what a browser may keep and not open: files of others."""

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_FILE = re.compile(f"/project/file/{_UUID}")
_SOCKET = re.compile("/ws/socket\\.io/?")
_FIXED = re.compile(r"/(?:assets|static)/[\w.-]+")
# Only a workspace's own pages and interface; what is behind a name is for the service to refuse.
_NAME = r"[\w.-]{1,80}"
_WORKSPACES = "/coa/api/workspaces"
_READABLE = re.compile(
    rf"/(?:login|logo|favicon|user|health|auth/config|avatars/[\w. -]+|project/(?:translations|settings)"
    rf"|thread/{_UUID})?"
    rf"|{_FIXED.pattern}|{_FILE.pattern}|{_SOCKET.pattern}"
    rf"|/coa(?:/{_NAME})?|{_WORKSPACES}(?:/{_NAME}(?:/progress|/memo/[a-z]+(?:/[0-9])?)?)?"
)
_WRITABLE = re.compile(
    rf"/(?:login|logout|set-session-cookie|project/action)|{_SOCKET.pattern}|{_WORKSPACES}(?:/{_NAME}(?:/trial|/framing"
    r"|/framing/lock|/develop|/stop|/statements|/criteria|/criteria/lock|/weights|/values|/decision))?"
)
_SAFE_METHODS = frozenset({"GET", "HEAD"})
# A question of 4,000 characters and a sign-in form are far below it.
_LARGEST_BODY_BYTES = 1 << 20
_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


class Hardening:
    """Stands before everything else: refuses what is not named, from elsewhere or too large; adds headers to answers.

    `origins` are where the pages may come from: scheme, host and port. Beside what is named here, what the doors lead
    to gets through."""

    def __init__(self, app: ASGIApp, *, origins: Iterable[str], page_policy: str, doors: Sequence[Door] = ()) -> None:
        self._app = app
        self._doors = tuple(doors)
        self._origins = frozenset(origins)
        # The host is checked too: a name that someone else makes point at this machine is not one of ours.
        self._hosts = frozenset(origin.partition("://")[2] for origin in self._origins)
        self._page_policy = page_policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            if self._refuses_socket(scope):
                await _close(receive, send)
            else:
                await self._app(scope, receive, send)
        else:
            door, send = door_for(self._doors, scope), self._with_headers(scope["path"], send)
            if refusal := self._refusal(scope, door):
                await _answer(*refusal, send)
            else:
                await self._pass_on(
                    _by_one_way(scope, door), receive, send, door.largest_body_bytes if door else _LARGEST_BODY_BYTES
                )

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, most_bytes: int) -> None:
        body, answered = _LimitedBody(receive, most_bytes), False

        async def watch(message: Message) -> None:
            # The application may have taken a body that broke off for a short one: it does not get to answer it.
            nonlocal answered
            if not body.too_large or answered:
                answered = True
                await send(message)

        await self._app(scope, body.receive, watch)
        if not answered:
            await _answer(413, "The request is too large.", send)

    def _refuses_socket(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        return (
            headers.get("host") not in self._hosts
            or not _SOCKET.fullmatch(scope["path"])
            or headers.get("origin") not in self._origins
        )

    def _refusal(self, scope: Scope, door: Door | None) -> tuple[int, str] | None:
        headers, method = Headers(scope=scope), scope["method"]
        origin, safe = headers.get("origin"), method in _SAFE_METHODS
        if headers.get("host") not in self._hosts:
            return 421, "This address is not served here."
        if door is None and not _is_named(method, scope["path"]):
            return 404, "There is nothing here."
        # A browser tells the origin of every request that is not a plain read. A program with a token is no browser.
        told_none = origin is None and (safe or (door is not None and door.by_token))
        if origin not in self._origins and not told_none:
            return 403, "Not from here."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > (door.largest_body_bytes if door else _LARGEST_BODY_BYTES):
            return 413, "The request is too large."
        return None

    def _with_headers(self, path: str, send: Send) -> Send:
        # Files are text for the page to fetch. Opened by themselves they must not be a page that can do anything.
        policy = SANDBOX if _FILE.fullmatch(path) else self._page_policy
        stored = "no-cache" if _FIXED.fullmatch(path) else "no-store"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A route may be stricter than its pages, never laxer.
                if headers.get("Content-Security-Policy") != SANDBOX:
                    headers["Content-Security-Policy"] = policy
                headers["Cache-Control"] = stored
                headers["X-Content-Type-Options"] = "nosniff"
                headers["X-Frame-Options"] = "DENY"
                # Not "no-referrer": a form would then be sent with "Origin: null", and be refused (Fetch, 3.2).
                headers["Referrer-Policy"] = "same-origin"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), display-capture=(), geolocation=(), microphone=()"
            await send(message)

        return send_with_headers


def page_policy(page: str, *, origins: Iterable[str]) -> str:
    """Return the Content-Security-Policy under which this page works: its own inline scripts by hash, its own host.

    Styles may be inline: the interface sets them from its scripts, and a style alone can fetch nothing here."""
    hashes = " ".join(f"'sha256-{_base64_sha256(script)}'" for script in dict.fromkeys(_SCRIPT.findall(page)))
    # Named besides 'self', which older browsers do not take to include web sockets.
    sockets = " ".join(sorted(origin.replace("http", "ws", 1) for origin in origins))
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' {sockets}",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def _is_named(method: str, path: str) -> bool:
    if method in _SAFE_METHODS:
        return bool(_READABLE.fullmatch(path))
    return method == "POST" and bool(_WRITABLE.fullmatch(path))


def _by_one_way(scope: Scope, door: Door | None) -> Scope:
    """Leave out cookies where programs ask by token, and tokens everywhere else: neither stands in for the other."""
    left_out = b"cookie" if door and door.by_token else b"authorization"
    return {**scope, "headers": [header for header in scope["headers"] if header[0] != left_out]}


class _LimitedBody:
    """Counts a request's body as it comes in and ends it when it grows too large, whatever length it announced."""

    def __init__(self, receive: Receive, most_bytes: int) -> None:
        self._receive = receive
        self._most_bytes = most_bytes
        self._bytes = 0
        self.too_large = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._bytes += len(message.get("body", b""))
            if self._bytes > self._most_bytes:
                self.too_large = True
                return {"type": "http.request", "body": b"", "more_body": False}
        return message


def _base64_sha256(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


async def _answer(status: int, sentence: str, send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})


async def _close(receive: Receive, send: Send) -> None:
    await receive()
    # 1008: policy violation (RFC 6455 section 7.4.1). Before accepting it, so the browser gets a 403.
    await send({"type": "websocket.close", "code": 1008})
