"""A file that is damaged or of another format is refused, with its line and field."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from evals.importing.reading import Identity, SourceInvalid, files_of, read_json, read_records


@dataclass(frozen=True, slots=True)
class Shape:
    id: Identity
    words: list[str]


def test_a_list_and_lines_are_the_same_records(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text('[{"id": 1, "words": ["a"], "more": 0}]')
    (tmp_path / "lines.jsonl").write_text('\ufeff{"id": "1", "words": ["a"]}\n\n')
    for name in ("list.json", "lines.jsonl"):
        assert list(read_records(tmp_path / name, Shape, format_name="X")) == [Shape("1", ["a"])]


def test_a_line_separator_inside_a_text_is_no_new_line(tmp_path: Path) -> None:
    (tmp_path / "lines.jsonl").write_text('{"id": "1", "words": ["a\u2028b\x85c"]}\n', encoding="utf-8")
    (record,) = read_records(tmp_path / "lines.jsonl", Shape, format_name="X")
    assert record.words == ["a\u2028b\x85c"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "1", "words": ["a"]}\n{"id": "1", "words": [}\n', r"line 2: this is not JSON \(expected value"),
        ('{"id": "1", "words": ["a"]}\n{"id": "1"}\n', r"This is not X: .*line 2, 'words': field required"),
        ('{"id": "1", "words": [1]}\n', r"line 1, 'words.0': input should be a valid string"),
        ('{"id": " ", "words": []}\n', r"line 1, 'id': string should match"),
        ("[1]", r"This is not X: .*'0'"),
        ('"text"\n', r"This is not X: .*'the whole'"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "file").write_text(text)
    with pytest.raises(SourceInvalid, match=message):
        list(read_records(tmp_path / "file", Shape, format_name="X"))


def test_bytes_that_are_no_text_and_files_that_are_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x01")
    for name in ("binary", "missing", "."):
        with pytest.raises(SourceInvalid, match="cannot be read"):
            read_json(tmp_path / name, Shape, format_name="X")
    with pytest.raises(SourceInvalid, match=r"This is not X: .*missing is not there"):
        files_of(tmp_path / "missing", "*.json", format_name="X")
    with pytest.raises(SourceInvalid, match=r"holds no \*\.json"):
        files_of(tmp_path, "*.json", format_name="X")
