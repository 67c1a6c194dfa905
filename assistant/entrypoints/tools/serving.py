"""Serve the tools: over streamable HTTP at /mcp to whoever holds a token, and over stdio to the user of this machine.

Over HTTP every request stands by itself: it brings its token, gets a server of its own and leaves nothing behind, so
that no session can be taken over and a revoked token ends at once. Knows nothing of what the tools do."""

from dataclasses import dataclass

import anyio
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.entrypoints.programs.admitting import Gate, Refusal, holder_of
from assistant.entrypoints.programs.holders import Holders
from assistant.entrypoints.programs.library import Library
from assistant.entrypoints.programs.limiting import RateLimit
from assistant.entrypoints.programs.questioning import Questions
from assistant.entrypoints.tools.offering import server_for
from retrieval.access import Principal

PATH = "/mcp"


@dataclass(frozen=True, slots=True)
class LocalUser:
    """The user of this machine, who may use every tool."""

    principal: Principal
    permissions: frozenset[str] = frozenset({"ask", "search"})
    token_id: str = "local"  # noqa: S105 (a name)


def make_tools(library: Library, questions: Questions, holders: Holders, *, limit: RateLimit) -> ASGIApp:
    """Return the application for PATH."""
    return Gate(_Transport(library, questions), holders=holders, limit=limit, refuse=_refused)


def serve_stdio(principal: Principal, library: Library, questions: Questions) -> None:
    """Serve the tools on standard input and output until the input ends. Nothing else may print there."""
    server = server_for(LocalUser(principal), library, questions)

    async def serve() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(serve)


class _Transport:
    """Answers each request by a server of its own."""

    def __init__(self, library: Library, questions: Questions) -> None:
        self._library, self._questions = library, questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            # Without sessions there is nothing to listen for (GET) or to end (DELETE).
            refusal = Refusal(405, "method_not_allowed", "Only POST is for this path.", (("Allow", "POST"),))
            await _refused(refusal)(scope, receive, send)
            return
        server = server_for(holder_of(Request(scope)), self._library, self._questions)
        manager = StreamableHTTPSessionManager(server, stateless=True)
        async with manager.run():
            await manager.handle_request(scope, receive, send)


def _refused(refusal: Refusal) -> Response:
    told = {"jsonrpc": "2.0", "id": None, "error": {"code": -32000, "message": refusal.sentence}}
    return JSONResponse(told, refusal.status, dict(refusal.headers))
