"""How a user reaches the chat, and which chat."""

import asyncio

import pytest

from evals.driving.visiting import AddressRefused, ChatUnreachable, Entrance, Visitor, chat_address
from evals.driving.watching import Watch
from tests.evals.driving.chat_double import PASSWORD, ChatDouble, chat_double


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://127.0.0.1", "http://127.0.0.1:80"),
        ("http://staff.example:8000", "http://staff.example:8000"),
    ],
)
def test_a_chat_of_this_machine_or_of_the_settings_is_an_address(told: str, address: str) -> None:
    assert chat_address(told, configured_host="staff.example") == address


@pytest.mark.parametrize(
    "told",
    [
        "http://192.0.2.7:8000",
        "http://other.example:8000",
        "http://127.0.0.1.other.example:8000",
        "http://127.0.0.1@other.example:8000",
        "http://127.0.0.1:8000@other.example",
        "http://0.0.0.0:8000",
        "https://127.0.0.1:8000",
        "ftp://127.0.0.1",
        "127.0.0.1:8000",
        "http://127.0.0.1:99999",
        "http://[::1:8000",
        "http://127.0.0.1:8000/chat",
        "http://",
        "",
    ],
)
def test_other_machines_and_what_is_no_address_are_refused(told: str) -> None:
    with pytest.raises(AddressRefused):
        chat_address(told, configured_host="127.0.0.1")


def test_a_password_does_not_show_in_what_is_printed_of_an_entrance() -> None:
    assert PASSWORD not in repr(Entrance("http://127.0.0.1:1", "officer", PASSWORD))


def test_a_visitor_is_told_from_a_page_elsewhere_and_cleans_up() -> None:
    async def visit(double: ChatDouble) -> Watch:
        async with Visitor(Entrance(double.address, "officer", PASSWORD), door=asyncio.Lock()) as visitor:
            assert await visitor.enter()
            watch = Watch(asyncio.get_running_loop().time)
            assert await visitor.ask("one", watch, patience_seconds=10)
        return watch

    with chat_double() as double:
        watch = asyncio.run(visit(double))
    assert watch.ended
    assert double.origins == {double.address}
    assert double.events == ["stop", "clear_session"]


def test_an_answer_that_takes_too_long_is_left_and_the_next_one_gets_a_new_conversation() -> None:
    async def visit(double: ChatDouble) -> list[str]:
        errors = []
        async with Visitor(Entrance(double.address, "officer", PASSWORD), door=asyncio.Lock()) as visitor:
            for text in ("never", "one"):
                assert await visitor.enter()
                watch = Watch(asyncio.get_running_loop().time)
                assert await visitor.ask(text, watch, patience_seconds=0.5)
                errors.append(watch.asked(user=1, case="a", began=0).error)
        return errors

    with chat_double() as double:
        assert asyncio.run(visit(double)) == ["There was no whole answer within 0.5 seconds.", ""]
    (first, _), (second, _) = double.questions
    assert first != second


def test_a_server_that_is_something_else_is_told_by_what_it_says() -> None:
    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        # Not followed: it could lead to another machine.
        writer.write(b"HTTP/1.1 302 Found\r\nlocation: http://192.0.2.7/\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async def visit() -> None:
        server = await asyncio.start_server(elsewhere, "127.0.0.1", 0)
        address = "http://127.0.0.1:{1}".format(*server.sockets[0].getsockname())
        async with server, Visitor(Entrance(address, "officer", PASSWORD), door=asyncio.Lock()) as visitor:
            await visitor.enter()

    with pytest.raises(ChatUnreachable, match=r"no chat under that address \(HTTP 302\)"):
        asyncio.run(visit())
