"""The password, the limit on guessing it, and the end of a session."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from assistant.entrypoints.signin import Credentials, SignInGuard, SignInLimit


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_only_the_right_name_and_password_match() -> None:
    credentials = Credentials("officer", "right")
    assert credentials.match("officer", "right")
    for name, password in [("officer", "wrong"), ("other", "right"), ("", ""), ("officer", ""), ("officer\0", "right")]:
        assert not credentials.match(name, password)


def test_the_password_is_not_kept() -> None:
    credentials = Credentials("officer", "right")
    assert "right" not in repr(credentials)
    assert "right" not in repr(vars(credentials))


def test_name_and_password_are_not_taken_for_each_other() -> None:
    assert not Credentials("ab", "c").match("a", "bc")


def test_after_five_failures_an_address_waits() -> None:
    clock = Clock()
    limit = SignInLimit(failures=5, failures_in_all=20, seconds=60, clock=clock)
    for _ in range(5):
        assert not limit.refuses("one")
        limit.failed("one")
    assert limit.refuses("one")
    assert not limit.refuses("two")
    clock.now += 61
    assert not limit.refuses("one")


def test_many_addresses_do_not_get_more_tries() -> None:
    limit = SignInLimit(failures=5, failures_in_all=20, seconds=60, clock=Clock())
    for number in range(20):
        limit.failed(f"address {number}")
    assert limit.refuses("a new address")


def test_success_forgets_the_failures_of_that_address() -> None:
    limit = SignInLimit(failures=2, failures_in_all=20, seconds=60, clock=Clock())
    limit.failed("one")
    limit.failed("one")
    limit.succeeded("one")
    assert not limit.refuses("one")


def test_a_refused_try_does_not_reach_the_application() -> None:
    app = Application(status=401)
    guard = SignInGuard(app, limit=SignInLimit(failures=3), cookie="session")
    statuses = [_status(guard, "POST", "/login") for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert len(app.seen) == 3


def test_tries_at_the_same_moment_do_not_slip_through() -> None:
    app = Application(status=401, pause=0.01)
    guard = SignInGuard(app, limit=SignInLimit(failures=5), cookie="session")

    async def all_at_once() -> list[int]:
        return list(await asyncio.gather(*(_request(guard, "POST", "/login") for _ in range(30))))

    assert sorted(asyncio.run(all_at_once())) == [401] * 5 + [429] * 25


def test_a_right_password_is_not_counted_as_a_failure() -> None:
    guard = SignInGuard(Application(status=200), limit=SignInLimit(failures=3), cookie="session")
    assert [_status(guard, "POST", "/login") for _ in range(10)] == [200] * 10


@pytest.mark.parametrize("spent", [b"session=token", b"other=1; session=token", b"session_0=tok; session_1=en"])
def test_a_session_that_was_signed_out_is_no_session(spent: bytes) -> None:
    app = Application(status=200)
    guard = SignInGuard(app, limit=SignInLimit(), cookie="session")
    _status(guard, "GET", "/user", (b"cookie", b"session=token"))
    assert (b"cookie", b"session=token") in app.seen[-1]["headers"]
    _status(guard, "POST", "/logout", (b"cookie", b"session=token"))
    _status(guard, "GET", "/user", (b"cookie", spent))
    assert app.seen[-1]["headers"] == []
    _status(guard, "GET", "/user", (b"cookie", b"session=another"))
    assert app.seen[-1]["headers"] == [(b"cookie", b"session=another")]


class Application:
    """Answers with one status and remembers what it was asked."""

    def __init__(self, status: int, pause: float = 0.0) -> None:
        self.status, self.pause = status, pause
        self.seen: list[dict[str, Any]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append(dict(scope))
        await asyncio.sleep(self.pause)
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def _status(guard: SignInGuard, method: str, path: str, *headers: tuple[bytes, bytes]) -> int:
    return asyncio.run(_request(guard, method, path, *headers))


async def _request(guard: SignInGuard, method: str, path: str, *headers: tuple[bytes, bytes]) -> int:
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {"type": "http", "method": method, "path": path, "headers": list(headers), "client": ("127.0.0.1", 5)}
    await guard(scope, receive, send)
    return statuses[0]
