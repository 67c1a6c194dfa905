"""Be one user of a running chat, as the chat sees them: sign in, open a conversation, ask a question at a time.

Goes through the door that a browser goes through. Opens no passages, loads no pages, follows no redirect and speaks
to no address but the one it is given. Knows nothing of other users or of how long things take."""

# socketio carries no types.
# mypy: disable-error-code="import-untyped"

import asyncio
import ipaddress
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from urllib.parse import urlsplit

import aiohttp
import socketio
from socketio.exceptions import SocketIOError

from evals.driving.watching import LANGUAGE, Watch
from retrieval.errors import StafwijzerError

_CONNECT_SECONDS = 30
_GOODBYE_SECONDS = 2.0


class AddressRefused(StafwijzerError):
    """An address that is no chat of this machine."""


class ChatUnreachable(StafwijzerError):
    """No chat answers, or none any more."""


class SignInRefused(StafwijzerError):
    """The chat does not let this user in."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where a chat is, and as whom to enter it."""

    address: str
    """As from `chat_address`."""
    user: str
    password: str = field(repr=False)


def chat_address(told: str, *, configured_host: str) -> str:
    """Return 'http://host:port' of a chat on this machine, or on the host that the settings name.

    Raises AddressRefused."""
    try:
        parts = urlsplit(told)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError as error:
        raise AddressRefused(f"'{told}' is no address ({error}).", hint="Give one as the chat prints it.") from error
    if parts.scheme != "http" or not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise AddressRefused(f"'{told}' is no address of a chat.", hint="Give one as http://127.0.0.1:8000.")
    if not _is_loopback(host) and host != configured_host:
        raise AddressRefused(
            f"'{host}' is another machine, and a load only goes to a chat on this one.",
            hint="Run this command where the chat runs.",
        )
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Visitor:
    """One user with a browser. Use as a context manager: leaving it ends the conversation and what is under way.

    `door` lets the users of one load sign in one at a time: the chat counts tries at the same moment as guesses."""

    def __init__(self, entrance: Entrance, *, door: asyncio.Lock) -> None:
        self._entrance, self._door = entrance, door
        self._signed_in = False
        self._socket: socketio.AsyncClient | None = None
        self._watch: Watch | None = None
        self._changed = asyncio.Event()

    async def __aenter__(self) -> "Visitor":
        self._headers = {"Origin": self._entrance.address, "Accept-Language": LANGUAGE}
        # Left to itself, the jar takes no cookies from an address that is a number.
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=self._headers)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._leave()
        await self._http.close()

    async def enter(self) -> bool:
        """Sign in and open a conversation, unless one is open; tell whether one is.

        Raises ChatUnreachable and SignInRefused."""
        if self._socket is None:
            await self._sign_in()
            with suppress(SocketIOError, aiohttp.ClientError, TimeoutError):
                self._socket = await self._connect()
        return self._socket is not None

    async def ask(self, text: str, watch: Watch, *, patience_seconds: float) -> bool:
        """Ask, and let `watch` see the answer until it ends; tell whether the connection held.

        Of an answer that takes too long no more is heard: the next question opens a new conversation."""
        assert self._socket is not None
        self._watch = watch
        try:
            async with asyncio.timeout(patience_seconds):
                await self._socket.emit("client_message", {"message": _message(text, self._entrance.user)})
                await self._until(lambda: watch.ended)
        except TimeoutError:
            watch.give_up(f"There was no whole answer within {patience_seconds:g} seconds.")
            await self._leave()
            return True
        except SocketIOError:
            self._lose()
        return self._socket is not None

    async def _sign_in(self) -> None:
        address, timeout = self._entrance.address, aiohttp.ClientTimeout(total=_CONNECT_SECONDS)
        form = {"username": self._entrance.user, "password": self._entrance.password}
        try:
            async with (
                self._door,
                self._http.post(f"{address}/login", data=form, timeout=timeout, allow_redirects=False) as answer,
            ):
                status = answer.status
        except TimeoutError as error:
            raise _silent(address) from error
        except aiohttp.ClientError as error:
            raise (_gone(address) if self._signed_in else _absent(address)) from error
        if status != 200:
            raise _refused(address, status)
        self._signed_in = True

    async def _connect(self) -> socketio.AsyncClient:
        """Return a socket on which the chat is ready. Raises the errors of socketio and aiohttp, and TimeoutError."""
        socket, ready = socketio.AsyncClient(http_session=self._http, reconnection=False, handle_sigint=False), False

        def see(event: str, *told: object) -> None:
            nonlocal ready
            ready = ready or event == "task_end"
            # Not from a conversation that was left.
            if self._socket is socket and self._watch is not None:
                self._watch.see(event, told[0] if told else None)
            self._changed.set()

        def lose(*_: object) -> None:
            if self._socket is socket:
                self._lose()
            self._changed.set()

        socket.on("*", see)
        socket.on("disconnect", lose)
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                await socket.connect(
                    self._entrance.address,
                    auth={"sessionId": str(uuid.uuid4()), "clientType": "webapp", "userEnv": "{}"},
                    transports=["websocket"],
                    socketio_path="/ws/socket.io",
                    headers=dict(self._headers),
                    wait_timeout=_CONNECT_SECONDS,
                )
                await socket.emit("connection_successful")
                await self._until(lambda: ready or not socket.connected)
        except BaseException:
            await _disconnect(socket)
            raise
        if not socket.connected:
            raise SocketIOError
        return socket

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    def _lose(self) -> None:
        self._socket = None
        if self._watch is not None:
            self._watch.give_up("The chat closed the connection before the answer was whole.")

    async def _leave(self) -> None:
        """End the conversation: what is under way stops, and what the chat kept for it is deleted."""
        socket, self._socket = self._socket, None
        if socket is not None:
            with suppress(SocketIOError, aiohttp.ClientError):
                # Acknowledged: a socket that is closed drops what it has not yet sent.
                await socket.call("stop", timeout=_GOODBYE_SECONDS)
                await socket.call("clear_session", timeout=_GOODBYE_SECONDS)
            await _disconnect(socket)


async def _disconnect(socket: socketio.AsyncClient) -> None:
    with suppress(SocketIOError, aiohttp.ClientError, TimeoutError):
        async with asyncio.timeout(_GOODBYE_SECONDS):
            await socket.disconnect()


def _message(text: str, user: str) -> dict[str, str]:
    at = datetime.now(UTC).isoformat()
    return {"id": str(uuid.uuid4()), "name": user, "type": "user_message", "output": text, "createdAt": at}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _absent(address: str) -> ChatUnreachable:
    return ChatUnreachable(f"No chat answers at {address}.", hint="Start it with `stafwijzer chat`, or give --url.")


def _gone(address: str) -> ChatUnreachable:
    return ChatUnreachable(
        f"The chat at {address} is no longer there.", hint="What it printed at its end tells why; start it again."
    )


def _silent(address: str) -> ChatUnreachable:
    return ChatUnreachable(
        f"The chat at {address} did not answer a sign-in within {_CONNECT_SECONDS} seconds.",
        hint="Try again with fewer users.",
    )


def _refused(address: str, status: int) -> StafwijzerError:
    if status == 401:
        hint = "The chat prints both when it starts, and the password is new each time."
        return SignInRefused(f"The chat at {address} does not know this user and password.", hint=hint)
    if status == 429:
        return SignInRefused(f"The chat at {address} takes no sign-ins for now.", hint="Try again in a minute.")
    return ChatUnreachable(
        f"What answers at {address} is no chat under that address (HTTP {status}).",
        hint="Give the address that `stafwijzer chat` printed.",
    )
