"""The line that says what is being done."""

import io
import re

import pytest

from assistant.entrypoints import progressing
from assistant.entrypoints.progressing import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_what_is_done_and_for_how_long_and_then_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progressing, "_TICK_SECONDS", 0.01)
    terminal = Terminal()
    with ProgressLine(terminal) as line:
        line.show("Searching")
        while terminal.getvalue().count("Searching · 0 s") < 3:
            pass
    assert re.fullmatch(r"(\r\x1b\[KSearching · 0 s){3,}\r\x1b\[K", terminal.getvalue())


def test_what_is_no_terminal_gets_nothing() -> None:
    file = io.StringIO()
    with ProgressLine(file) as line:
        line.show("Searching")
    assert file.getvalue() == ""
