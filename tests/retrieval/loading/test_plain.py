"""The text is the file; spans are its paragraphs."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.loading import load
from retrieval.loading.loaded import Kind, Loaded, NotLoaded
from retrieval.loading.plain import blocks, load_csv, load_text

Check = Callable[[Loaded], Loaded]


def test_offsets_are_those_of_the_opened_file(tmp_path: Path, check: Check) -> None:
    file = tmp_path / "orders.txt"
    file.write_bytes("\ufeffOrders\r\n\r\n  Één: ga.\r\nTwee: blijf.  \r\n\t\r\nDrie.".encode())
    loaded = check(load(file))
    with file.open(encoding="utf-8-sig", newline=None) as opened:
        assert loaded.text == opened.read()
    assert [loaded.text[span.start : span.end] for span in loaded.spans] == [
        "Orders",
        "Één: ga.\nTwee: blijf.",
        "Drie.",
    ]


def test_a_first_line_that_stands_alone_is_the_title() -> None:
    assert load_text("a.txt", b"Orders for today\n\nGo.").title == "Orders for today"
    assert load_text("a.txt", b"Go at once.\n\nCome back.").title == ""
    assert load_text("a.txt", b"Only this").title == ""


def test_csv_keeps_its_lines_together() -> None:
    loaded = load_csv("a.csv", b"unit;men\nA;12\nB;-3\n")
    assert [(span.kind, span.start, span.end) for span in loaded.spans] == [(Kind.TABLE, 0, 18)]


@pytest.mark.parametrize("content", [b" \n\t\n", b"\xef\xbb\xbf", b"\n"])
def test_white_space_is_no_text(content: bytes) -> None:
    with pytest.raises(NotLoaded, match="holds no text"):
        load_text("a.txt", content)


@given(st.text())
def test_every_visible_character_is_in_one_block(text: str) -> None:
    text = text.replace("\r", "\n")
    found = blocks(text)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())
    assert all(before[1] < after[0] for before, after in pairwise(found))
