"""Test sets are read whole or refused with the line and the field that is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.sets import Case, Relevant, SetInvalid, read_set

GOOD: dict[str, Any] = {
    "id": "en-1",
    "question": "Which bridge?",
    "language": "en",
    "corpora": ["plans"],
    "answerable": True,
    "expected": ["the Amber bridge"],
    "relevant": [{"document": "order.md", "page": 2, "quote": "the Amber bridge"}],
    "must_not_contain": ["Ochre"],
    "tags": ["fact"],
}


def write(tmp_path: Path, *lines: str | dict[str, Any]) -> str:
    path = tmp_path / "set.jsonl"
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_case_is_read_field_by_field(tmp_path: Path) -> None:
    assert read_set(write(tmp_path, GOOD)) == [
        Case(
            "en-1",
            "Which bridge?",
            "en",
            frozenset({"plans"}),
            True,
            ("the Amber bridge",),
            (Relevant("order.md", 2, "the Amber bridge"),),
            ("Ochre",),
            frozenset({"fact"}),
        )
    ]


def test_fields_that_may_be_left_out_are_empty(tmp_path: Path) -> None:
    (case,) = read_set(write(tmp_path, {"id": "1", "question": "Wie?", "language": "nl", "answerable": False}))
    assert case == Case("1", "Wie?", "nl", frozenset(), False, (), (), (), frozenset())
    (case,) = read_set(write(tmp_path, {"id": "1", "question": "Wie?", "language": "nl", "expected": ["Jan"]}))
    assert case.answerable


def test_empty_lines_are_no_cases_but_count_as_lines(tmp_path: Path) -> None:
    assert len(read_set(write(tmp_path, "", GOOD, "  ", {**GOOD, "id": "en-2"}))) == 2
    with pytest.raises(SetInvalid, match="line 3 is not JSON"):
        read_set(write(tmp_path, "", GOOD, "{"))


def test_a_line_separator_inside_a_text_is_no_new_line(tmp_path: Path) -> None:
    (case,) = read_set(write(tmp_path, {**GOOD, "question": "Which\u2028bridge\x85?"}))
    assert case.question == "Which\u2028bridge\x85?"


def test_the_example_set_can_be_read() -> None:
    cases = read_set("examples")
    assert len(cases) > 20
    assert {case.language for case in cases} == {"nl", "en"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": None}, "'id' must be text"),
        ({"id": "  "}, "'id' must be text"),
        ({"question": 5}, "'question' must be text"),
        ({"language": "fr"}, "'language' must be one of nl, en"),
        ({"language": None}, "'language' must be one of nl, en"),
        ({"corpora": "plans"}, "'corpora' must be a list of texts"),
        ({"expected": [1]}, "'expected' must be a list of texts"),
        ({"must_not_contain": None}, "'must_not_contain' must be a list of texts"),
        ({"tags": {"a": 1}}, "'tags' must be a list of texts"),
        ({"answerable": "false"}, "'answerable' must be true or false"),
        ({"answerable": None}, "'answerable' must be true or false"),
        ({"relevant": "order.md"}, "'relevant' must be a list"),
        ({"relevant": None}, "'relevant' must be a list"),
        ({"relevant": ["order.md"]}, "'relevant' holds objects"),
        ({"relevant": [{"page": 1}]}, "'document' must be text"),
        ({"relevant": [{"document": "a.md", "quote": 3}]}, "'quote' must be text"),
        ({"relevant": [{"document": "a.md", "quote": None}]}, "'quote' must be text"),
        ({"relevant": [{"document": "a.md", "quote": "x", "page": "2"}]}, "'page' must be a whole number"),
        ({"relevant": [{"document": "a.md", "quote": "x", "page": 0}]}, "'page' must be a whole number"),
        ({"relevant": [{"document": "a.md", "qoute": "x"}]}, "no field 'qoute'"),
        ({"expected": [], "relevant": []}, "needs 'expected' or 'relevant'"),
        ({"answer": "x"}, r"no field 'answer' \(fields: answerable, corpora, "),
    ],
)
def test_a_wrong_field_is_refused_with_its_line_and_name(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(SetInvalid, match=message) as refusal:
        read_set(write(tmp_path, GOOD, {**GOOD, "id": "en-2", **change}))
    assert "line 2" in str(refusal.value)


@pytest.mark.parametrize("line", ['["a list"]', '"text"', "3", "null"])
def test_a_line_that_is_no_object_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(SetInvalid, match="line 2: a case is a JSON object"):
        read_set(write(tmp_path, GOOD, line))


def test_an_id_that_stands_there_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SetInvalid, match=r"line 3.*'en-1' stands there twice"):
        read_set(write(tmp_path, GOOD, {**GOOD, "id": "en-2"}, GOOD))


def test_a_set_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetInvalid, match="holds no cases"):
        read_set(write(tmp_path, "\n"))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    for name in ("missing.jsonl", "binary.jsonl", "."):
        with pytest.raises(SetInvalid, match="cannot be read"):
            read_set(str(tmp_path / name))
