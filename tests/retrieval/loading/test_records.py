"""A file of records: each good line a document, each bad line itself."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.loading import BadRecord, NotLoaded, Record, load, records
from retrieval.loading.loaded import Loaded
from retrieval.loading.records import MAX_LINE_BYTES

Check = Callable[[Loaded], Loaded]


def write(folder: Path, *lines: str | bytes) -> Path:
    file = folder / "corpus.jsonl"
    file.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines))
    return file


def test_title_and_paragraphs_become_spans(tmp_path: Path, check: Check) -> None:
    line = json.dumps({"_id": "7", "title": "Brug", "text": "Ga.\n\nWacht.", "metadata": {"year": 2024, "x": []}})
    (found,) = records(write(tmp_path, line))
    assert isinstance(found, Record)
    assert found.id == "7"
    loaded = check(found.loaded)
    assert loaded.text == "Brug\n\nGa.\n\nWacht."
    assert [span.kind.value for span in loaded.spans] == ["heading", "paragraph", "paragraph"]
    assert (loaded.title, loaded.metadata) == ("Brug", {"year": "2024"})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is not valid JSON"),
        (b'{"_id": "\xff"}', "is not valid JSON in UTF-8"),
        ("[1]", "is not a JSON object"),
        ('{"text": "x"}', "has no '_id'"),
        ('{"_id": " ", "text": "x"}', "has no '_id'"),
        ('{"_id": "2"}', "has no 'text'"),
        ('{"_id": "2", "text": 5}', "has no 'text'"),
        ('{"_id": "2", "text": {"a": "x"}}', "has no 'text'"),
        ('{"_id": "2", "text": " "}', "holds no text"),
        ('{"_id": "1", "text": "again"}', "a second time"),
        ("[" * 100_000, "is not valid JSON"),
    ],
)
def test_a_bad_line_costs_that_line(tmp_path: Path, line: str | bytes, reason: str) -> None:
    found = list(records(write(tmp_path, '{"_id": "1", "text": "one"}', "", line, '{"_id": 3, "text": "three"}')))
    assert [type(one) for one in found] == [Record, BadRecord, Record]
    bad = found[1]
    assert isinstance(bad, BadRecord)
    assert bad.line == 3
    assert reason in bad.reason
    assert bad.reason.endswith(".")


def test_a_line_without_end_costs_that_line_and_no_memory(tmp_path: Path) -> None:
    file = write(tmp_path, b'{"_id": "1", "text": "' + b"a" * (MAX_LINE_BYTES + 10), '{"_id": "2", "text": "two"}')
    first, second = records(file)
    assert isinstance(first, BadRecord)
    assert isinstance(second, Record)


def test_what_cannot_be_stored_is_replaced(tmp_path: Path, check: Check) -> None:
    (found,) = records(write(tmp_path, r'{"_id": "1", "text": "a\u0000b\ud800c"}'))
    assert isinstance(found, Record)
    assert check(found.loaded).text == "a\ufffdb\ufffdc"


def test_a_file_of_records_is_not_one_document(tmp_path: Path) -> None:
    with pytest.raises(NotLoaded, match=r"is a file of records; .*\.$"):
        load(write(tmp_path, '{"_id": "1", "text": "one"}'))
