"""What gets to an interface for programs, and as whom."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.entrypoints.programs.admitting import Forbidden, Gate, Refusal, allowed, holder_of
from assistant.entrypoints.programs.limiting import RateLimit
from tests.assistant.entrypoints.programs.house import HELD, OWNER, Bearer


async def _read(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{holder_of(request).token_id} {len(await request.body())}")


def _refused(refusal: Refusal) -> Response:
    return PlainTextResponse(refusal.code, refusal.status, dict(refusal.headers))


def _ask(*, headers: dict[str, str], content: object = b"", limit: RateLimit | None = None) -> httpx.Response:
    app = Gate(
        Starlette(routes=[Route("/", _read, methods=["POST"])]),
        holders=HELD,
        limit=limit or RateLimit(),
        refuse=_refused,
        largest_body=lambda scope: 10,
    )

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.post("/", content=content, headers=headers)  # type: ignore[arg-type]

    return asyncio.run(ask())


@pytest.mark.parametrize("told", ["Bearer token-a", "bearer token-a", "Bearer  token-a"])
def test_the_holder_of_a_token_gets_through(told: str) -> None:
    assert _ask(headers={"authorization": told}, content=b"12345").text == "a 5"


@pytest.mark.parametrize("told", ["", "Bearer", "Bearer wrong", "Basic token-a", "token-a", "Bearer " + "x" * 600])
def test_nobody_else_does(told: str) -> None:
    answer = _ask(headers={"authorization": told} if told else {})
    assert (answer.status_code, answer.headers["www-authenticate"].split(" ")[0]) == (401, "Bearer")


def test_a_token_that_asks_too_often_is_told_when_to_come_back() -> None:
    limit, headers = RateLimit(requests=1), {"authorization": "Bearer token-a"}
    assert _ask(headers=headers, limit=limit).status_code == 200
    answer = _ask(headers=headers, limit=limit)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert _ask(headers={"authorization": "Bearer token-b"}, limit=limit).status_code == 200


def test_a_body_is_limited_by_what_it_says_and_by_what_it_is() -> None:
    async def pieces() -> object:
        yield b"12345"
        yield b"678901"

    headers = {"authorization": "Bearer token-a"}
    assert _ask(headers=headers, content=b"1234567890").status_code == 200
    assert _ask(headers=headers, content=b"12345678901").status_code == 413
    assert _ask(headers=headers, content=pieces()).status_code == 413


def test_a_token_is_for_what_it_is_for_and_its_holder_for_what_they_may() -> None:
    searcher = Bearer(OWNER, frozenset({"search"}), "s")
    assert allowed(searcher, "search") is searcher
    with pytest.raises(Forbidden):
        allowed(searcher, "ask")
    lister = HELD.holder("token-lister", at=None)  # type: ignore[arg-type]
    assert lister is not None
    assert allowed(lister, "documents", reads_text=False) is lister
    with pytest.raises(Forbidden):
        allowed(lister, "search")
