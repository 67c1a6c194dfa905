"""What gets through from outside, and under which rules a page runs."""

import asyncio

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from assistant.entrypoints.doors import Door
from assistant.entrypoints.hardening import Hardening, page_policy

HERE = "http://127.0.0.1:8000"
FILE = "/project/file/6c14e435-1099-4fba-90d9-26d57f394df2"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


async def _read_all(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"got {len(await request.body())}")


_INNER = Starlette(routes=[Route("/{path:path}", _read_all, methods=METHODS)])
_APP = Hardening(_INNER, origins=[HERE, "http://localhost:8000"], page_policy="default-src 'none'")


def _ask(method: str, path: str, *, content: bytes = b"", **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(_APP), base_url=HERE) as client:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, path, content=content, headers=named)

    return asyncio.run(ask())


def test_a_conversation_has_a_page_and_what_has_no_such_id_has_none() -> None:
    assert _ask("GET", f"/thread/{FILE.rpartition('/')[2]}").status_code == 200
    assert _ask("GET", "/thread/1").status_code == 404
    assert _ask("POST", f"/thread/{FILE.rpartition('/')[2]}", origin=HERE).status_code == 404


@pytest.mark.parametrize("path", ["/", "/login", "/logo?theme=light", "/user", "/assets/index-B2.js", FILE, "/health"])
def test_pages_can_be_read(path: str) -> None:
    assert _ask("GET", path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/coa", "/coa/w1", "/coa/api/workspaces", "/coa/api/workspaces/w1", "/coa/api/workspaces/w1/memo/docx/1"]
)
def test_workspaces_can_be_read(path: str) -> None:
    assert _ask("GET", path).status_code == 200


@pytest.mark.parametrize("path", ["/coa/api/workspaces", "/coa/api/workspaces/w1/framing/lock"])
def test_a_workspace_is_changed_from_our_own_pages_only(path: str) -> None:
    assert _ask("POST", path, origin=HERE).status_code == 200
    assert _ask("POST", path, origin="http://evil.example").status_code == 403
    assert _ask("POST", path).status_code == 403


@pytest.mark.parametrize("path", ["/coa/", "/coa/a/b", "/coa/api/workspaces/w1/delete", "/coa/../login/x"])
def test_of_workspaces_only_what_is_named_is_there(path: str) -> None:
    assert _ask("POST", path, origin=HERE).status_code == 404


@pytest.mark.parametrize("path", ["/login", "/logout", "/set-session-cookie", "/project/action", "/ws/socket.io/"])
def test_forms_of_our_own_pages_are_taken(path: str) -> None:
    assert _ask("POST", path, origin=HERE).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/project/file"),
        ("PUT", "/project/element"),
        ("DELETE", "/project/element"),
        ("PUT", "/feedback"),
        ("DELETE", "/feedback"),
        ("POST", "/project/threads"),
        ("GET", "/project/thread/1"),
        ("PUT", "/project/thread/share"),
        ("GET", "/project/share/1"),
        ("GET", "/project/action"),
        ("PUT", "/project/action"),
        ("POST", "/project/action/x"),
        ("POST", "/mcp"),
        ("POST", "/auth/jwt"),
        ("POST", "/auth/header"),
        ("GET", "/auth/oauth/google"),
        ("GET", "/public/theme.json"),
        ("GET", "/copilot/index.js"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", "/anything"),
        ("GET", "/assets/../secret"),
        ("GET", "/assets/a/b.js"),
        ("GET", "/project/file/../../etc"),
        ("DELETE", "/login"),
        ("OPTIONS", "/login"),
        ("PATCH", "/user"),
        ("POST", "/user"),
        ("GET", "/logout"),
    ],
)
def test_everything_that_is_not_used_is_not_there(method: str, path: str) -> None:
    assert _ask(method, path, origin=HERE).status_code == 404


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:8001", "https://127.0.0.1:8000", "null"])
def test_forms_of_other_pages_are_refused(origin: str) -> None:
    assert _ask("POST", "/login", origin=origin).status_code == 403
    assert _ask("GET", "/user", origin=origin).status_code == 403


def test_a_form_that_does_not_say_where_it_is_from_is_refused() -> None:
    assert _ask("POST", "/login").status_code == 403


@pytest.mark.parametrize("host", ["evil.example:8000", "127.0.0.1", "127.0.0.1:8001", ""])
def test_a_name_that_others_point_here_is_not_served(host: str) -> None:
    assert _ask("GET", "/", host=host).status_code == 421


def test_a_body_is_limited_by_what_it_says_and_by_what_it_is() -> None:
    largest, larger = b"x" * (1 << 20), b"x" * ((1 << 20) + 1)
    assert _ask("POST", "/login", content=largest, origin=HERE).text == f"got {1 << 20}"
    assert _ask("POST", "/login", content=larger, origin=HERE).status_code == 413
    assert asyncio.run(_post_in_pieces([largest, b"x"])) == [413]
    assert asyncio.run(_post_in_pieces([b"x", b"x"])) == [200]


def test_answers_carry_the_headers() -> None:
    for response in (_ask("GET", "/"), _ask("GET", "/docs")):
        headers = response.headers
        assert headers["content-security-policy"] == "default-src 'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
    assert _ask("GET", "/assets/a.js").headers["cache-control"] == "no-cache"


def test_a_passage_opened_by_itself_can_do_nothing() -> None:
    assert _ask("GET", FILE).headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("path", "origin", "through"),
    [
        ("/ws/socket.io/", HERE, True),
        ("/ws/socket.io/", "http://evil.example", False),
        ("/ws/socket.io/", None, False),
        ("/elsewhere", HERE, False),
    ],
)
def test_a_web_socket_is_ours_or_refused(path: str, origin: str | None, through: bool) -> None:
    assert asyncio.run(_open_socket(path, origin)) is through


def test_the_policy_names_inline_scripts_by_hash_and_no_other_host() -> None:
    page = '<script>let a = 1</script><script type="module" src="/a.js"></script>'
    policy = page_policy(page, origins=[HERE])
    # printf 'let a = 1' | openssl dgst -sha256 -binary | base64
    assert "script-src 'self' 'sha256-LAfYd7pbFUgwfQu8b4q135PeTG2z+/coPEUYCd74eCQ='" in policy
    assert policy.count("sha256-") == 1
    assert "connect-src 'self' ws://127.0.0.1:8000" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy


async def _post_in_pieces(pieces: list[bytes]) -> list[int]:
    """Send a body without saying how long it is."""
    waiting = [
        {"type": "http.request", "body": piece, "more_body": index < len(pieces) - 1}
        for index, piece in enumerate(pieces)
    ]
    statuses: list[int] = []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = [(b"host", b"127.0.0.1:8000"), (b"origin", HERE.encode())]
    scope = {"type": "http", "method": "POST", "path": "/login", "headers": headers, "query_string": b""}
    await _APP(scope, receive, send)
    return statuses


async def _open_socket(path: str, origin: str | None) -> bool:
    reached = []

    async def inner(scope: object, receive: object, send: object) -> None:
        reached.append(scope)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8000")] + ([(b"origin", origin.encode())] if origin else [])
    await Hardening(inner, origins=[HERE], page_policy="")(
        {"type": "websocket", "path": path, "headers": headers}, receive, send
    )
    assert bool(reached) != bool(sent)
    return bool(reached)


def _through_doors(method: str, path: str, *, content: bytes = b"", **headers: str) -> httpx.Response:
    pages, programs = APIRouter(), APIRouter()

    @pages.post("/corpora/{name}")
    async def upload(name: str, request: Request) -> str:
        return f"{name} {len(await request.body())}"

    @programs.delete("/api/v1/things/{id}")
    async def remove(id: str, request: Request) -> str:
        return f"{request.headers.get('authorization')} {request.headers.get('cookie')}"

    @pages.get("/corpora")
    async def every(request: Request) -> str:
        return f"{request.headers.get('authorization')} {request.headers.get('cookie')}"

    app = FastAPI()
    app.include_router(pages)
    app.include_router(programs)
    doors = [Door(pages, largest_body_bytes=1 << 22), Door(programs, by_token=True)]
    guarded = Hardening(app, origins=[HERE], page_policy="", doors=doors)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url=HERE) as client:
            return await client.request(method, path, content=content, headers=headers)

    return asyncio.run(ask())


def test_a_door_lets_through_what_its_routes_are() -> None:
    assert _through_doors("GET", "/corpora").status_code == 200
    assert _through_doors("POST", "/corpora/law", origin=HERE).status_code == 200
    for method, path in [
        ("GET", "/corpora/law"),
        ("DELETE", "/corpora/law"),
        ("POST", "/corpora/law/x"),
        ("GET", "/docs"),
    ]:
        assert _through_doors(method, path, origin=HERE).status_code == 404


def test_a_door_says_how_large_a_body_may_be() -> None:
    assert _through_doors("POST", "/corpora/law", origin=HERE, content=b"x" * (1 << 21)).status_code == 200
    assert _through_doors("POST", "/corpora/law", origin=HERE, content=b"x" * (1 << 23)).status_code == 413


def test_a_page_is_changed_from_our_own_pages_only() -> None:
    assert _through_doors("POST", "/corpora/law").status_code == 403
    assert _through_doors("POST", "/corpora/law", origin="http://evil.example").status_code == 403


def test_a_program_needs_no_origin_and_cannot_use_a_cookie() -> None:
    answer = _through_doors("DELETE", "/api/v1/things/1", authorization="Bearer t", cookie="session=s")
    assert answer.json() == "Bearer t None"
    assert _through_doors("DELETE", "/api/v1/things/1", origin="http://evil.example").status_code == 403


def test_a_token_does_not_open_a_page() -> None:
    assert _through_doors("GET", "/corpora", authorization="Bearer t", cookie="session=s").json() == "None session=s"
