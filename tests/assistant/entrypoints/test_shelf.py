"""What a reader may choose from before asking."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.entrypoints.shelf import Shelf
from retrieval.ingesting import Ingestion
from tests.installations import CLEARED, OFFICER, SECRET, a_corpus, an_ingestion

TODAY = date(2026, 2, 4)


@pytest.fixture
def ingestion(tmp_path: Path) -> Ingestion:
    ingestion = an_ingestion(tmp_path)
    for name, texts in {
        "open": {"a.md": "# Route card\n\n## 2.1 Closed bridges\n\nThe bridge is closed.\n"},
        "secret": {"b.md": "# Plan\n\n## Who leads the assault?\n\nThe second company.\n"},
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        for file, text in texts.items():
            (folder / file).write_text(text)
        corpus = a_corpus(name)
        ingestion.add(folder, replace(corpus, marking=SECRET) if name == "secret" else corpus)
    return ingestion


def test_starters_are_made_of_headings_in_the_readers_language(ingestion: Ingestion) -> None:
    shelf = Shelf(lambda: ingestion.catalog, lambda *_: True)
    assert shelf.starters(OFFICER, "nl", TODAY) == ("Wat zegt Route card over Closed bridges?",)
    assert shelf.starters(OFFICER, "en", TODAY) == ("What does Route card say about Closed bridges?",)


def test_nothing_of_what_the_reader_may_not_read_is_offered(ingestion: Ingestion) -> None:
    shelf = Shelf(lambda: ingestion.catalog, lambda *_: True)
    assert [corpus.name for corpus in shelf.corpora(OFFICER, TODAY)] == ["open"]
    assert [corpus.name for corpus in shelf.corpora(CLEARED, TODAY)] == ["open", "secret"]
    assert "Who leads the assault?" in shelf.starters(CLEARED, "en", TODAY)
    assert not any("assault" in one for one in shelf.starters(OFFICER, "en", TODAY))


def test_starters_are_kept_for_a_while_and_for_their_reader(ingestion: Ingestion) -> None:
    now, asked = [0.0], []

    def catalog() -> object:
        asked.append(1)
        return ingestion.catalog

    shelf = Shelf(catalog, lambda *_: True, clock=lambda: now[0])  # type: ignore[arg-type]
    shelf.starters(OFFICER, "nl", TODAY)
    before = len(asked)
    shelf.starters(OFFICER, "nl", TODAY)
    assert len(asked) == before
    now[0] = 301.0
    shelf.starters(OFFICER, "nl", TODAY)
    assert len(asked) > before


def test_what_the_evidence_does_not_answer_is_not_offered_and_tried_again(ingestion: Ingestion) -> None:
    found = [False, True]
    shelf = Shelf(lambda: ingestion.catalog, lambda *_: found.pop(0))
    assert shelf.starters(OFFICER, "nl", TODAY) == ()
    assert len(shelf.starters(OFFICER, "nl", TODAY)) == 1
