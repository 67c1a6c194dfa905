"""What a document says is shown, and does nothing to the terminal."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from assistant.entrypoints.terminal import printable

HOSTILE = "a\x1b]0;owned\x07\x1b[2J\x9b31m\r\n\u202eb\tc\x00\x7f\u00ad\u2028d"


@given(st.text())
def test_nothing_in_a_text_can_act_on_a_terminal(text: str) -> None:
    for character in printable(text + HOSTILE):
        assert character == "\n" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_plain_text_shows_as_it_is_and_what_would_act_shows_that_it_was_there() -> None:
    plain = "Één brug – “Amber” €5 ½ 桥 é\n\ttab".expandtabs(4)
    assert printable(plain) == plain
    assert printable(HOSTILE).startswith("a\ufffd]0;owned\ufffd\ufffd[2J\ufffd31m\n\ufffdb")
    assert printable("op\u00adtreden") == "optreden"
