"""Whatever people hand in is read, or refused in one sentence. Nothing else happens."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

import pytest

from retrieval.identifying import Format, identify_file
from retrieval.loading import BadRecord, NotLoaded, load, records
from retrieval.loading.loaded import Loaded

Check = Callable[[Loaded], Loaded]
Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]

CORPORA = [
    "corpora/defence_management_en",
    "corpora/doctrine_en",
    "corpora/gov_nl",
    "corpora/kamervragen_nl",
    "corpora/law_nl",
    "corpora/parallel_nl_en",
]
ROBUSTNESS = [
    "email_bad", "email_ok", "encoding", "html_csv_misc", "office_active", "office_bad", "office_ok",
    "office_protected", "pdf_bad_fonts", "pdf_encrypted", "pdf_forms_attach", "pdf_malformed", "pdf_scanned",
    "pdf_text_ok", "pdf_tricks", "resource_bomb", "wrong_extension",
]  # fmt: skip
# The slowest seen takes half a second without recognition, which `evals.bench_robustness` measures; this only has to
# tell slow from stuck.
SLOWEST_SECONDS = 10
# Another program converts these: some four seconds, three times that on a busy machine.
SLOWEST_CONVERTED_SECONDS = 60


@pytest.mark.parametrize("folder", [*CORPORA, *(f"robustness/{name}" for name in ROBUSTNESS)])
def test_every_file_is_read_or_refused_in_a_sentence(
    data_folder: Path, settle: Settle, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    files = [file for file in sorted((data_folder / folder).rglob("*")) if file.is_file()]
    assert files
    for file in files:
        started = perf_counter()
        outcome = settle(partial(load, file))
        assert isinstance(outcome, Loaded) or outcome.reason.startswith(file.name), outcome
        is_old = identify_file(file) is Format.OLD_OFFICE
        assert perf_counter() - started < (SLOWEST_CONVERTED_SECONDS if is_old else SLOWEST_SECONDS), file


@pytest.mark.parametrize("folder", ["scifact_en", "govbench_nl"])
def test_every_record_of_a_benchmark_is_read(data_folder: Path, check: Check, folder: str) -> None:
    file = data_folder / "sets" / folder / "corpus.jsonl"
    assert identify_file(file) is Format.JSON
    lines = sum(1 for line in file.open("rb") if line.strip())
    found = list(records(file))
    assert len(found) == lines
    for record in found:
        assert not isinstance(record, BadRecord), record
        check(record.loaded)


@pytest.mark.parametrize("folder", ["corpora/doctrine_en/markdown", "corpora/law_nl"])
def test_markdown_is_the_opened_file_and_loses_no_letter(data_folder: Path, folder: str) -> None:
    for file in (data_folder / folder).rglob("*.md"):
        loaded = load(file)
        with file.open(encoding="utf-8-sig", newline=None) as opened:
            assert loaded.text == opened.read()
        outside = list(loaded.text)
        for span in loaded.spans:
            outside[span.start : span.end] = " " * (span.end - span.start)
        left = re.sub(r"<!-- p\.\d+ -->", "", "".join(outside))
        assert not any(character.isalnum() for character in left), file
