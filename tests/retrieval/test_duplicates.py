"""What says the same in the same words is shown once; what differs in a number or a name is not."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.access import Marking
from retrieval.catalog import Found
from retrieval.documents import Document, Passage
from retrieval.duplicates import newest, same_words

OPEN = Marking("NLD", "Ongerubriceerd")


def found(text: str, *, valid_from: date | None = None, key: str = "a.md") -> Found:
    passage = Passage(f"{key}-{text}", "v", 0, "", None, 0, len(text), text)
    return Found(passage, Document(key, "plans", key, key, "v"), OPEN, valid_from, None, "en")


def test_case_markup_and_white_space_make_no_difference() -> None:
    assert same_words(found("The **Bridge** is\nclosed.")) == same_words(found("the bridge, is closed"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The bridge carries 60 tonnes.", "The bridge carries 70 tonnes."),
        ("Alpha relieves Bravo.", "Bravo relieves Alpha."),
        ("It may cross.", "It may not cross."),
        ("It is -5 degrees.", "It is 5 degrees."),
        ("5.56 mm", "55.6 mm"),
    ],
)
def test_passages_that_say_something_else_are_both_shown(one: str, other: str) -> None:
    assert same_words(found(one)) != same_words(found(other))


def test_signs_alone_are_the_same_as_themselves_only() -> None:
    assert same_words(found("***")) != same_words(found("---"))


def test_the_newest_is_kept_and_a_date_is_newer_than_none() -> None:
    old, new = found("a", valid_from=date(2017, 1, 1)), found("a", valid_from=date(2026, 1, 1))
    undated = found("a")
    assert newest([old, undated, new]) is new
    assert newest([undated, old]) is old
    assert newest([undated, replace(undated)]) is undated


@given(st.text(max_size=60))
def test_every_text_is_the_same_as_itself(text: str) -> None:
    assert same_words(found(text)) == same_words(found(text))
