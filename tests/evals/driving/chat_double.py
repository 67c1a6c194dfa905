"""A double of the chat: its sign-in and its socket, playing a part for each word in a question. In a thread."""

# socketio carries no types.
# mypy: disable-error-code="import-untyped"

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

import socketio
from aiohttp import web

from assistant.entrypoints.phrases import phrase
from assistant.entrypoints.showing import write_problem

PASSWORD = "right-word"
WAIT_SECONDS = 0.1
PROBLEM = "The model file x.gguf cannot be read. Set model.path in stafwijzer.toml."
REFERENCE = "ABCD-1234"


class ChatDouble:
    """What it was asked, and by whom. `chat_double` runs it."""

    def __init__(self) -> None:
        self.address = ""
        self.questions: list[tuple[str, str]] = []
        """The session and the text of each."""
        self.events: list[str] = []
        self.origins: set[str] = set()
        self.sign_ins = 0
        self.most_sign_ins_at_once = 0
        self.takes_connections = True
        self.dies_at = 0
        """The question at which it goes away, from 1. 0: none."""
        self._signing_in = 0
        self._sessions: dict[str, str] = {}
        self._sockets = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins="*")
        self._runner: web.AppRunner | None = None
        for name in ("connect", "connection_successful", "client_message", "stop", "clear_session"):
            self._sockets.on(name, getattr(self, f"_{name}"))

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/login", self._login)
        self._sockets.attach(app, socketio_path="/ws/socket.io")
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        self.address = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await self._sockets.shutdown()
            await runner.cleanup()

    async def _login(self, request: web.Request) -> web.Response:
        self._signing_in += 1
        self.most_sign_ins_at_once = max(self.most_sign_ins_at_once, self._signing_in)
        self.origins.add(request.headers.get("Origin", ""))
        form = await request.post()
        await asyncio.sleep(0.01)
        self._signing_in -= 1
        if form["username"] != "officer" or form["password"] != PASSWORD:
            return web.Response(status=401)
        self.sign_ins += 1
        answer = web.json_response({"success": True})
        answer.set_cookie("signed_in", "yes", httponly=True, samesite="Strict")
        return answer

    async def _connect(self, sid: str, environ: dict[str, Any], auth: dict[str, str]) -> bool:
        self.origins.add(environ.get("HTTP_ORIGIN", ""))
        self._sessions[sid] = auth["sessionId"]
        return self.takes_connections and "signed_in" in SimpleCookie(environ.get("HTTP_COOKIE", ""))

    async def _connection_successful(self, sid: str) -> None:
        await self._sockets.emit("task_end", {}, to=sid)

    async def _stop(self, sid: str) -> None:
        self.events.append("stop")

    async def _clear_session(self, sid: str) -> None:
        self.events.append("clear_session")

    async def _client_message(self, sid: str, payload: dict[str, dict[str, str]]) -> None:
        text = payload["message"]["output"]
        self.questions.append((self._sessions[sid], text))

        async def say(event: str, told: dict[str, object] | None = None) -> None:
            await self._sockets.emit(event, told or {}, to=sid)

        await say("task_start")
        if "drop" in text:
            await self._sockets.disconnect(sid)
        elif len(self.questions) == self.dies_at:
            # A task of its own: this one belongs to a connection that is about to end.
            self._dying = asyncio.ensure_future(self.stop())
        elif "never" not in text:
            await self._play(text, say)
            await say("task_end")

    async def _play(self, text: str, say: Callable[..., Any]) -> None:
        if "silent" in text:
            return
        step: dict[str, object] = {"id": "1", "type": "tool", "name": phrase("searching", "en")}
        await say("new_message", step)
        if "fail" in text:
            problem = write_problem(PROBLEM, REFERENCE, "en")
            await say("new_message", {"type": "assistant_message", "isError": True, "output": problem})
            return
        await say("element", {"type": "text"})
        if "queue" in text:
            await say("update_message", {**step, "name": phrase("waiting", "en", count=2)})
            await asyncio.sleep(WAIT_SECONDS)
            await say("update_message", {**step, "name": phrase("draft", "en")})
        await say("stream_start", {"type": "assistant_message", "output": "An"})
        await say("stream_token", {"token": " answer"})
        await say("delete_message", step)


@contextmanager
def chat_double() -> Iterator[ChatDouble]:
    """Run a double on a free port, and end it afterwards."""
    double, loop = ChatDouble(), asyncio.new_event_loop()
    loop.run_until_complete(double.start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        asyncio.run_coroutine_threadsafe(_end(double), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(double: ChatDouble) -> None:
    await double.stop()
    # What socketio leaves behind waits for its next ping.
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
