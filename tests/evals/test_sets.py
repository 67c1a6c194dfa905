"""Test sets are read whole or refused with the line and the field that is wrong."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Asker, Case, Exchange, Relevant, schema
from evals.sets import SetInvalid, read_set, set_sha256, write_set

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
            id="en-1",
            question="Which bridge?",
            language="en",
            corpora=frozenset({"plans"}),
            expected=("the Amber bridge",),
            relevant=(Relevant("order.md", 2, "the Amber bridge"),),
            must_not_contain=("Ochre",),
            tags=frozenset({"fact"}),
        )
    ]


def test_fields_that_may_be_left_out_are_empty(tmp_path: Path) -> None:
    (case,) = read_set(write(tmp_path, {"id": "1", "question": "Wie?", "language": "nl", "answerable": False}))
    assert case == Case(id="1", question="Wie?", language="nl", answerable=False)
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
        ({"id": None}, "'id': input should be a valid string"),
        ({"id": "  "}, "'id': it is empty"),
        ({"question": 5}, "'question': input should be a valid string"),
        ({"language": "French"}, "'language': it is empty, or not of the form"),
        ({"language": None}, "'language': input should be a valid string"),
        ({"corpora": "plans"}, "'corpora': input should be a valid array"),
        ({"expected": [1]}, "'expected.0': input should be a valid string"),
        ({"expected": [""]}, "'expected.0': it is empty"),
        ({"must_not_contain": None}, "'must_not_contain': input should be a valid array"),
        ({"tags": {"a": 1}}, "'tags': input should be a valid array"),
        ({"answerable": "false"}, "'answerable': input should be a valid boolean"),
        ({"relevant": "order.md"}, "'relevant': input should be a valid array"),
        ({"relevant": ["order.md"]}, "'relevant.0': it is not an object"),
        ({"relevant": [{"page": 1}]}, "'relevant.0.document': it is missing"),
        ({"relevant": [{"document": "a.md", "quote": 3}]}, "'relevant.0.quote': input should be a valid string"),
        ({"relevant": [{"document": "a.md", "page": "2"}]}, "'relevant.0.page': input should be a valid integer"),
        ({"relevant": [{"document": "a.md", "page": 0}]}, "'relevant.0.page': input should be greater"),
        ({"relevant": [{"document": "a.md", "grade": 4}]}, "'relevant.0.grade': input should be less"),
        ({"relevant": [{"document": "a.md", "qoute": "x"}]}, "'relevant.0.qoute': there is no such field"),
        ({"nuggets": [{"texts": []}]}, "'nuggets.0.texts': .* at least 1 item"),
        ({"on_date": "6 February"}, "'on_date': input should be a valid date"),
        ({"principal": {"name": "x", "nationality": "Dutch"}}, "'principal.nationality': .* not of the form"),
        ({"expected": [], "relevant": []}, "'expected': an answerable case says"),
        (
            {"expected": [], "relevant": [], "nuggets": [{"texts": ["x"], "vital": False}]},
            "'expected': an answerable case says",
        ),
        ({"answerable": False}, "'answerable': it is false, and the case says"),
        ({"relevant": [{"document": "a.md", "quote": " "}]}, "'relevant.0.quote': it is empty"),
        ({"principal": {"name": "x", "clearance": {"NLD": "Top"}}}, "'principal.clearance': .* no 'Top' in the policy"),
        ({"answer": "x"}, "'answer': there is no such field"),
    ],
)
def test_a_wrong_field_is_refused_with_its_line_and_name(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(SetInvalid, match=message) as refusal:
        read_set(write(tmp_path, GOOD, {**GOOD, "id": "en-2", **change}))
    assert "line 2" in str(refusal.value)


def test_a_missing_field_is_refused_with_its_line_and_name(tmp_path: Path) -> None:
    for field in ("id", "question", "language"):
        line = {name: value for name, value in GOOD.items() if name != field}
        with pytest.raises(SetInvalid, match=f"line 1, '{field}': it is missing"):
            read_set(write(tmp_path, line))


@pytest.mark.parametrize("line", ['["a list"]', '"text"', "3", "null"])
def test_a_line_that_is_no_object_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(SetInvalid, match="line 2, 'the whole line': it is not an object"):
        read_set(write(tmp_path, GOOD, line))


def test_an_id_that_stands_there_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SetInvalid, match=r"line 3: the id 'en-1' stands on line 1 as well"):
        read_set(write(tmp_path, GOOD, {**GOOD, "id": "en-2"}, GOOD))


def test_a_set_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetInvalid, match="holds no cases"):
        read_set(write(tmp_path, "\n"))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    for name in ("missing.jsonl", "binary.jsonl", "."):
        with pytest.raises(SetInvalid, match="cannot be read"):
            read_set(str(tmp_path / name))


CASES = st.builds(
    Case,
    id=st.text(min_size=1).filter(str.strip),
    question=st.text(min_size=1).filter(str.strip),
    language=st.sampled_from(["nl", "en", "de"]),
    answerable=st.sampled_from([False, None]),
    refusal=st.booleans(),
    must_not_contain=st.lists(st.text(min_size=1).filter(str.strip), max_size=2).map(tuple),
    on_date=st.none() | st.dates(),
    principal=st.none() | st.builds(Asker, name=st.just("x"), clearance=st.just({"NLD": "Stg. Geheim"})),
    history=st.lists(st.builds(Exchange, question=st.just("Wie?"), answer=st.text()), max_size=2).map(tuple),
    tags=st.frozensets(st.text(), max_size=3),
)


@given(CASES)
def test_what_is_written_is_read_back(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.jsonl"
        assert write_set(path, [case]) == 1
        assert read_set(str(path)) == [case]


def test_the_hash_of_a_set_changes_with_its_cases_and_their_order() -> None:
    one, other = (Case(id=name, question="Wie?", language="nl", answerable=False) for name in "ab")
    hashes = [set_sha256(cases) for cases in ([one, other], [other, one], [one], [one, replace(other, refusal=True)])]
    assert len(set(hashes)) == len(hashes)
    assert set_sha256([one, other]) == hashes[0]


def test_what_a_case_needs_to_be_right_follows_from_its_fields() -> None:
    case = Case(id="1", question="Wie?", language="nl")
    assert case.should_abstain is False
    assert replace(case, answerable=False).should_abstain is True
    assert replace(case, refusal=True).should_abstain is True
    assert replace(case, answerable=None).should_abstain is None


def test_the_published_schema_says_what_the_reader_takes(tmp_path: Path) -> None:
    published = schema()
    jsonschema.Draft202012Validator.check_schema(published)
    validator = jsonschema.Draft202012Validator(published)
    lines = Path("examples/questions.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(validator.is_valid(json.loads(line)) for line in lines)
    for wrong in ({"id": ""}, {"language": "French"}, {"page": 1}, {"relevant": [{"page": 1}]}, {"on_date": 5}):
        assert not validator.is_valid({**GOOD, **wrong})
        with pytest.raises(SetInvalid):
            read_set(write(tmp_path, {**GOOD, **wrong}))
