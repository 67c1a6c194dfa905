"""Text from a document shows as itself: no input makes a link, a picture, a heading or HTML of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.entrypoints.escaping import marked, plain

_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_ONLY_MARKS = {"text", "strong_open", "strong_close", "em_open", "em_close", "text_special"}

# What the chat's reader looks for in finished text, within one stretch of it: mdast-util-gfm-autolink-literal 2.0.0,
# Chainlit 2.12.0 (MarkdownAlert), trim-lines 3.0.1.
_AFTERWARDS = [
    re.compile(r"(https?://|www(?=\.))([-.\w]+)([^ \t\r\n]*)", re.IGNORECASE),
    re.compile(r"([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)"),
    re.compile(r"^:::\s*([\w-]+)\n([\s\S]*?)\n:::", re.IGNORECASE),
    re.compile(r"[ \t]\n|\n[ \t]"),
    re.compile("\u200b"),
]

_MARKS = r"# ** _ * ` ~~ [1] ]( ![ <b> <!-- &amp; &#58; \ --- === :: :a $x$ {} word".split()
_ADDRESSES = ["http://", "https://evil.example/x", "www.", "a@b.nl"]
_BLOCKS = ["\n", "\n\n", "    ", "\t", " ", "```\n", "- ", "1. ", "> ", "| a |\n|---|\n", ":::note\n", "\n:::"]
_UNUSUAL = ["\r\n", "\r", "\x0c", "\u2028", "\u200b", "\ufeff", "\x00", "\u202e"]
_PIECES = st.sampled_from([*_MARKS, *_ADDRESSES, *_BLOCKS, *_UNUSUAL])
_TEXTS = st.one_of(st.text(), st.lists(st.one_of(_PIECES, st.text(max_size=3)), max_size=25).map("".join))


@given(_TEXTS)
def test_plain_text_shows_as_itself_and_does_nothing(text: str) -> None:
    stretches = _read(plain(text))
    assert "".join(shown for shown, _ in stretches) == _as_shown(text)
    assert not any(is_bold for _, is_bold in stretches)


@given(_TEXTS, st.lists(st.tuples(st.integers(-3, 60), st.integers(-3, 60)), max_size=4))
def test_just_the_ranges_are_bold_and_nothing_else_has_an_effect(text: str, ranges: list[tuple[int, int]]) -> None:
    stretches = _read(marked(text, ranges))
    assert "".join(shown for shown, _ in stretches) == _as_shown(text)
    covered = {index for start, end in ranges for index in range(max(start, 0), min(end, len(text)))}
    bold = "".join(shown for shown, is_bold in stretches if is_bold)
    # A line end of two characters shows as its last.
    expected = "".join(
        _as_shown(one)
        for index, one in enumerate(text)
        if index in covered and not (one == "\r" and text[index + 1 : index + 2] == "\n")
    )
    assert bold == expected


@given(_TEXTS)
def test_it_stays_in_one_line(text: str) -> None:
    assert "\n" not in marked(text, [(0, 3)])


@pytest.mark.parametrize("text", ["31U:FT 4523 1198", "ref:alpha", "a:b:c", "06:00", "::name[x]{y}"])
def test_colons_are_written_so_that_they_start_no_directive(text: str) -> None:
    assert ":" not in plain(text)


def test_a_mark_of_writing_backwards_is_made_visible() -> None:
    assert _read(plain("a\u202eb")) == [("a\ufffdb", False)]


def _as_shown(text: str) -> str:
    """Say what a reader should see, in other words than the program does."""
    text = re.sub("\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", text)
    text = re.sub("[\u200b\ufeff]", "", text)
    text = re.sub("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef]", "\ufffd", text)
    return "".join("\ufffd" if ord(one) & 0xFFFE == 0xFFFE else one for one in text)


def _read(written: str) -> list[tuple[str, bool]]:
    """Return the stretches of text that a reader makes of it and whether they are bold. Fails on any other effect."""
    if not written:
        return []
    blocks = _READER.parse(written)
    assert [block.type for block in blocks] == ["paragraph_open", "inline", "paragraph_close"]
    children = blocks[1].children or []
    assert {child.type for child in children} <= _ONLY_MARKS
    stretches = list(_stretches(children))
    for shown, _, _ in stretches:
        assert not any(rule.search(shown) for rule in _AFTERWARDS), shown
    return _joined([(shown, is_bold) for shown, is_bold, _ in stretches])


def _stretches(children: list[Token]) -> list[tuple[str, bool, bool]]:
    """Join what one parser gives in pieces and another in one: text under the same marks."""
    stretches: list[tuple[str, bool, bool]] = []
    bold = broken = False
    new = True
    for child in children:
        if child.type.startswith(("strong", "em")):
            opens = child.type.endswith("open")
            bold, broken = (opens, broken) if child.type.startswith("strong") else (bold, opens)
            new = True
        elif new or not stretches:
            stretches.append((child.content, bold, broken))
            new = False
        else:
            stretches[-1] = (stretches[-1][0] + child.content, bold, broken)
    return [one for one in stretches if one[0]]


def _joined(stretches: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    joined: list[tuple[str, bool]] = []
    for shown, is_bold in stretches:
        if joined and joined[-1][1] == is_bold:
            joined[-1] = (joined[-1][0] + shown, is_bold)
        else:
            joined.append((shown, is_bold))
    return joined
