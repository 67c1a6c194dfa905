"""Pairs of documents become questions in one language about documents in the other."""

import json
from pathlib import Path

import pytest

from evals.importing.gathering import Options
from evals.importing.parallel import import_parallel
from evals.importing.reading import SourceInvalid


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pairs.jsonl").write_text(json.dumps({"nl": "nl.md", "en": "en.md"}))
    (tmp_path / "nl.md").write_text("# De brug\n\nDe brug over de rivier is sinds maandag dicht.\n")
    (tmp_path / "en.md").write_text("# The bridge\n\nThe bridge over the river is closed since Monday.\n")
    return tmp_path


def test_titles_and_sentences_of_one_side_ask_for_the_other(folder: Path) -> None:
    imported = import_parallel(folder, Options(language="nl"))
    assert [case.question for case in imported.cases] == [
        "De brug",
        "De brug over de rivier is sinds maandag dicht.",
    ]
    (document,) = imported.documents
    assert "The bridge over the river" in document.text
    assert {place.document for case in imported.cases for place in case.relevant} == {document.key}


def test_a_third_language_or_a_missing_document_is_named(folder: Path) -> None:
    with pytest.raises(SourceInvalid, match="'de'"):
        import_parallel(folder, Options(language="de"))
    (folder / "en.md").unlink()
    with pytest.raises(SourceInvalid, match=r"en\.md"):
        import_parallel(folder, Options(language="en"))
