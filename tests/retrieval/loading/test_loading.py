"""One door: a path goes in, a Loaded comes out, or a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import retrieval.loading
from retrieval.loading import NotLoaded, load


def test_a_file_that_lies_is_read_as_what_it_is_and_said(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"<!doctype html><p>text")
    loaded = load(file)
    assert loaded.text == "text"
    assert loaded.warnings == ("report.pdf is in truth an HTML page and was read as one; rename it to report.html.",)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (
            "report.pdf",
            b"PK\x05\x06" + bytes(18),
            "report.pdf is in truth a ZIP archive; add it to a corpus, where each file in it becomes a document.",
        ),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0", "a.7z is an archive; unpack it and add the files in it."),
        ("a.txt", b"", "a.txt is empty; add it again once it has content."),
    ],
)
def test_what_is_not_read_is_named_with_its_remedy(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NotLoaded) as caught:
        load(tmp_path / name)
    assert caught.value.reason == reason


def test_a_stored_original_is_read_under_its_own_name(tmp_path: Path) -> None:
    file = tmp_path / "5f8b"
    file.write_bytes(b"# Orders\n\nGo.")
    loaded = load(file, name="orders.md")
    assert loaded.title == "Orders"
    assert loaded.warnings == ()


def test_a_file_larger_than_the_bound_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval.loading, "MAX_FILE_BYTES", 10)
    file = tmp_path / "a.txt"
    file.write_bytes(b"longer than ten")
    with pytest.raises(NotLoaded, match=r"^a\.txt is larger than 0 MiB; split it"):
        load(file)


def test_a_file_that_is_not_there_is_the_callers_to_mend(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.txt")


def test_importing_the_package_imports_no_library() -> None:
    libraries = {"lxml", "docx", "openpyxl", "pptx", "pyarrow", "olefile", "pypdfium2"}
    code = f"import retrieval.loading, retrieval.sources, sys; print(sorted({libraries} & set(sys.modules)))"
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]"
