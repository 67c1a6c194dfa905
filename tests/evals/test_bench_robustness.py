"""What became of each odd file is counted, and a file that is out has to say why."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from evals.bench_robustness import Outcome, main, missed, summarise
from retrieval.limits import Limits


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "robustness"
    folder.mkdir()
    rows = [
        ("bomb.7z", "resource_bomb", "bounded memory/time, file rejected with reason", b"7z\xbc\xaf\x27\x1c", 0),
        ("whole.txt", "encoding", "correct characters (charset detection)", b"Twelve words.", 13),
        ("half.txt", "encoding", "text extracted", b"Half of it.", 100),
        ("blank.txt", "encoding", "no body text (metadata only)", b" ", 0),
    ]
    with (folder / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for name, category, expected, content, characters in rows:
            (folder / name).write_bytes(content)
            row = {"file": name, "category": category, "expected": expected}
            manifest.write(json.dumps({**row, "observed_pymupdf": {"chars_first20": characters}}) + "\n")
    return tmp_path


def test_files_are_counted_by_category_and_a_missed_target_fails_the_command(data: Path) -> None:
    run = CliRunner().invoke(main, [str(data), "--json"])
    told = json.loads(run.output)
    encoding = next(row for row in told["categories"] if row["category"] == "encoding")
    assert (encoding["indexed"], encoding["listed"], encoding["unexplained"]) == (2, 1, 0)
    assert (encoding["text expected"], encoding["recovered"]) == (2, 1)
    assert told["categories"][-1]["files"] == 4
    assert told["missed"] == ["text recovered for 95 % of the files that hold it"]
    assert run.exit_code == 1


def test_the_table_names_what_was_not_recovered(data: Path) -> None:
    assert "not recovered: half.txt (11 characters)" in CliRunner().invoke(main, [str(data)]).output


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"ended": "stopped: crashed"}, "no reader crashes"),
        ({"ended": "stopped: slow"}, "no file hangs"),
        ({"reason": ""}, "every file is in, or out with a reason"),
    ],
)
def test_every_target_can_be_missed(change: dict[str, Any], target: str) -> None:
    fine = {"file": "x/a.pdf", "category": "x", "expected": "clear message", "ended": "listed", "reason": "a.pdf is."}
    numbers = {"seconds": 1.0, "asks_text": False, "recovered": False, "characters": 0}
    outcome = Outcome(**{**fine, **numbers, **change})
    assert missed(summarise([outcome])[-1], 10, Limits()) == [target]
    assert missed(summarise([Outcome(**fine, **numbers)])[-1], 4096, Limits()) == ["no bomb exceeds its limits"]  # type: ignore[arg-type]
