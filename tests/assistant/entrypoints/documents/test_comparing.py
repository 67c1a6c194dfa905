"""Two versions beside each other: what went, what came, and what stayed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.entrypoints.documents.comparing import Change, Row, TooLong, compare, in_parts

TEXTS = st.lists(
    st.sampled_from(["The bridge is closed.", "The bridge is open.", "Snow falls.", "a", "b c"]), max_size=12
)


def _told(rows: list[Row]) -> list[Change]:
    return [row.change for row in rows]


def test_a_changed_word_is_told_within_its_paragraph() -> None:
    (row,) = compare(["The bridge is closed."], ["The bridge is open."])
    assert [words.text for words in row.old if words.differs] == ["closed"]
    assert [words.text for words in row.new if words.differs] == ["open"]


def test_paragraphs_without_likeness_went_and_came() -> None:
    assert _told(compare(["Snow falls."], ["MLC 40 applies here today"])) == [Change.REMOVED, Change.ADDED]


def test_what_stayed_is_left_out_but_for_its_edge() -> None:
    same = [f"Paragraph {number}." for number in range(9)]
    rows = compare([*same, "Old words here."], [*same, "Snow in the hills."])
    assert _told(rows)[:2] == [Change.SKIPPED, Change.SAME]
    assert rows[0].skipped == 8


@given(TEXTS, TEXTS)
def test_both_sides_are_whole(old: list[str], new: list[str]) -> None:
    rows = compare(old, new)
    skipped = sum(row.skipped for row in rows)
    left = ["".join(words.text for words in row.old) for row in rows if row.old]
    right = ["".join(words.text for words in row.new) for row in rows if row.new]
    assert len(left) + skipped == len(old)
    assert len(right) + skipped == len(new)
    assert set(left) <= set(old)
    assert set(right) <= set(new)
    assert (old == new) == all(change in (Change.SAME, Change.SKIPPED) for change in _told(rows))


def test_a_thousand_rows_alike_take_no_minutes() -> None:
    started = time.perf_counter()
    compare(["0 | 0 | 0"] * 6000 + ["end"], ["0 | 0 | 0"] * 5000 + ["1 | 0 | 0"] * 1000)
    assert time.perf_counter() - started < 10


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(TooLong):
        compare(["x" * 1_500_000], ["y" * 600_000])


def test_parts_hold_all_rows() -> None:
    rows = compare([], ["New words. " * 40] * 200)
    assert sum(map(len, in_parts(rows))) == len(rows) == 200
    assert len(in_parts(rows)) > 2
