"""The port that the chat listens on."""

import socket

import pytest

from assistant.entrypoints.serving import PortUnusable, listen, serve
from assistant.settings import ChatSettings, Settings


def test_a_taken_port_is_told_with_its_number_and_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortUnusable) as raised:
            serve(Settings(chat=ChatSettings(port=port)))
    assert str(raised.value) == (
        f"Port {port} on 127.0.0.1 is in use by another program. "
        "Set another chat.port in stafwijzer.toml, or stop that program."
    )


def test_a_free_port_is_held_from_the_moment_it_was_checked() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    settings = Settings(chat=ChatSettings(port=port))
    with listen(settings) as listener:
        assert listener.getsockname()[:2] == ("127.0.0.1", port)
        with pytest.raises(PortUnusable):
            listen(settings)
