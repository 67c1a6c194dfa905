"""Of the odd files that people hand in, what holds text is read, and the rest is refused in a sentence."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.loading import NotLoaded
from retrieval.loading.loaded import Loaded
from retrieval.sources import Offered, Refusal, documents

Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]

HOLD_TEXT = frozenset({"office_ok", "email_ok", "encoding", "html_csv_misc", "wrong_extension"})


def holds_text(entry: dict[str, str], content: bytes) -> bool:
    """What is expected to be read without a reader of pictures."""
    is_text = not any(word in entry["expected"] for word in ("PNG", "corrupt"))
    return entry["category"] in HOLD_TEXT and is_text and bool(content.strip(b"\xef\xbb\xbf \r\n\t"))


def outcomes(settle: Settle, file: Path) -> list[Loaded | NotLoaded]:
    found: list[Loaded | NotLoaded] = []
    try:
        for one in documents(file.name, file):
            if isinstance(one, Offered):
                found.append(settle(one.load))
            else:
                assert isinstance(one, Refusal)
                found.append(NotLoaded(one.reason))
    except NotLoaded as error:
        found.append(error)
    return found


def test_what_holds_text_is_read(data_folder: Path, settle: Settle) -> None:
    folder = data_folder / "robustness"
    entries = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    files = [folder / entry["file"] for entry in entries if holds_text(entry, (folder / entry["file"]).read_bytes())]
    refused = [f"{file.name}: {one}" for file in files for one in outcomes(settle, file) if isinstance(one, NotLoaded)]
    assert len(files) > 50
    assert len(refused) <= 0.05 * len(files), refused


def test_what_is_locked_is_refused(data_folder: Path, settle: Settle) -> None:
    files = sorted((data_folder / "robustness" / "office_protected").iterdir())
    assert files
    assert [file.name for file in files if any(isinstance(one, Loaded) for one in outcomes(settle, file))] == []


@pytest.mark.parametrize("damaged", ["office_bad", "office_active", "email_bad", "resource_bomb"])
def test_what_is_damaged_stops_nothing(data_folder: Path, settle: Settle, damaged: str) -> None:
    files = sorted((data_folder / "robustness" / damaged).iterdir())
    assert files
    for file in files:
        assert outcomes(settle, file)
