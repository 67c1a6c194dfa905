"""Owners supersede, date, mark, retire and restore: the reader sees it at once, and no model is run for it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from retrieval.catalog import CorpusUnknown
from retrieval.embedding import HashEmbedder
from retrieval.index import Vector
from retrieval.ingesting import Ingestion
from retrieval.lifecycle.curating import Curation, DocumentUnknown, NotLive
from retrieval.lifecycle.superseding import DatesImpossible, SupersessionCyclic
from tests.installations import CLEARED, SECRET, TODAY, a_corpus, an_ingestion
from tests.retrieval.lifecycle.conftest import agree, found, ids

LAST_YEAR, THIS_YEAR = date(2025, 1, 1), date(2026, 1, 1)


class Refusing(HashEmbedder):
    """Refuses to be run once it is told to."""

    refuses = False

    def embed_passages(self, texts: list[str]) -> Vector:  # type: ignore[override]
        assert not (self.refuses and texts), "the model was run"
        return super().embed_passages(texts)


@pytest.fixture
def laws(tmp_path: Path) -> Ingestion:
    """Three editions of a law, in one corpus."""
    folder = tmp_path / "laws"
    folder.mkdir()
    for name, hours in (("old.md", "eight"), ("new.md", "seven"), ("newest.md", "six")):
        (folder / name).write_text(f"# Law\n\nA duty of guard takes {hours} hours.\n")
    embedder = Refusing()
    ingestion = an_ingestion(tmp_path, embedder=embedder)
    ingestion.add(folder, a_corpus())
    embedder.refuses = True
    return ingestion


def _takes(ingestion: Ingestion, on: date) -> set[str]:
    return {text.split()[5] for text in found(ingestion, "How long is a duty of guard?", on=on)}


def test_a_superseded_document_is_found_for_the_days_before(laws: Ingestion) -> None:
    curation = Curation(laws)
    curation.supersede("plans", "old.md", "new.md", on=LAST_YEAR)
    curation.supersede("plans", "new.md", "newest.md", on=THIS_YEAR)
    assert _takes(laws, TODAY) == {"six"}
    assert _takes(laws, THIS_YEAR) == {"six"}
    assert _takes(laws, THIS_YEAR - timedelta(days=1)) == {"seven"}
    assert _takes(laws, LAST_YEAR - timedelta(days=1)) == {"eight"}
    assert agree(laws)


def test_a_supersession_goes_by_the_first_day_of_the_newer_one(laws: Ingestion) -> None:
    curation = Curation(laws)
    with pytest.raises(DatesImpossible, match=r"'new\.md' has no first day"):
        curation.supersede("plans", "old.md", "new.md")
    curation.set_validity("plans", "new.md", valid_from=THIS_YEAR)
    curation.supersede("plans", "old.md", "new.md")
    held = {one.document.key: one for one in laws.catalog.holdings("plans")}
    old, new = held["old.md"], held["new.md"]
    assert old.version is not None
    assert (old.version.valid_until, old.superseded_by) == (THIS_YEAR, new.document.id)


@pytest.mark.parametrize(("old", "new"), [("new.md", "old.md"), ("newest.md", "old.md"), ("old.md", "old.md")])
def test_a_document_cannot_take_its_own_place_in_the_end(laws: Ingestion, old: str, new: str) -> None:
    curation = Curation(laws)
    curation.supersede("plans", "old.md", "new.md", on=LAST_YEAR)
    curation.supersede("plans", "new.md", "newest.md", on=THIS_YEAR)
    before = laws.catalog.holdings("plans")
    with pytest.raises(SupersessionCyclic, match=f"would take its own place: '{old}' → '{new}'|'{old}' → '{old}'"):
        curation.supersede("plans", old, new, on=TODAY)
    assert laws.catalog.holdings("plans") == before


def test_an_end_that_is_not_after_the_first_day_is_refused_and_nothing_is_changed(laws: Ingestion) -> None:
    curation = Curation(laws)
    curation.set_validity("plans", "old.md", valid_from=THIS_YEAR)
    before = laws.catalog.holdings("plans")
    for end in (THIS_YEAR, LAST_YEAR):
        with pytest.raises(DatesImpossible, match="would hold from 2026-01-01 and end on"):
            curation.set_validity("plans", "old.md", valid_from=THIS_YEAR, valid_until=end)
        with pytest.raises(DatesImpossible, match="would hold from 2026-01-01 and end on"):
            curation.supersede("plans", "old.md", "new.md", on=end)
    assert laws.catalog.holdings("plans") == before


def test_a_supersession_is_undone_by_taking_the_end_away(laws: Ingestion) -> None:
    curation = Curation(laws)
    curation.supersede("plans", "old.md", "new.md", on=LAST_YEAR)
    curation.set_validity("plans", "old.md")
    assert _takes(laws, TODAY) == {"eight", "seven", "six"}
    curation.supersede("plans", "new.md", "old.md", on=THIS_YEAR)
    assert _takes(laws, TODAY) == {"eight", "six"}


def test_a_marking_holds_in_the_index_and_in_the_catalog_at_once(laws: Ingestion) -> None:
    assert Curation(laws).mark("plans", "new*.md", SECRET) == ["new.md", "newest.md"]
    assert _takes(laws, TODAY) == {"eight"}
    query = "How long is a duty of guard?"
    assert len(found(laws, query, principal=CLEARED)) == 3
    assert agree(laws)


def test_a_marking_that_was_not_told_to_the_index_is_told_by_the_next_command(laws: Ingestion) -> None:
    # As if the process was killed between the two.
    laws.catalog.set_marking([ids(laws)["new.md"]], SECRET)
    assert _takes(laws, TODAY) == {"eight", "six"}, "the catalog is asked again before text leaves"
    assert laws.verify().faults != ()
    Curation(laws).retire("plans", "old.md")
    assert agree(laws)


def test_what_is_retired_is_found_no_more_until_it_is_restored(filled: Ingestion) -> None:
    curation, before = Curation(filled), ids(filled)
    assert curation.retire("plans", "order.md") == ["order.md"]
    assert found(filled, "convoy") == ["The battalion guards the bridge at Kruisvoorde."]
    assert agree(filled)
    assert curation.restore("plans", "*") == ["order.md"]
    assert found(filled, "convoy")[0] == "The convoy leaves at six."
    assert ids(filled) == before
    assert agree(filled)


def test_the_version_that_was_live_last_is_restored(filled: Ingestion, folder: Path) -> None:
    for hour in ("seven", "eight"):
        (folder / "order.md").write_text(f"# Order\n\nThe convoy leaves at {hour}.\n")
        filled.add(folder, a_corpus())
    curation = Curation(filled)
    curation.retire("plans", "order.md")
    curation.restore("plans", "order.md")
    assert found(filled, "convoy")[0] == "The convoy leaves at eight."


def test_a_restoration_that_was_stopped_leaves_nothing_to_be_found(filled: Ingestion) -> None:
    curation = Curation(filled)
    curation.retire("plans", "order.md")
    held = next(one for one in filled.catalog.holdings("plans") if one.document.key == "order.md")
    assert held.version is not None
    filled.catalog.return_to_index(held.version.id)
    filled.points.rewrite([held.version.id])
    assert found(filled, "convoy") == ["The battalion guards the bridge at Kruisvoorde."]
    curation.restore("plans", "order.md")
    assert agree(filled)


def test_what_is_not_there_or_not_live_is_named(filled: Ingestion) -> None:
    curation = Curation(filled)
    with pytest.raises(CorpusUnknown):
        curation.retire("nowhere", "order.md")
    for change in (curation.retire, curation.restore, curation.chosen):
        with pytest.raises(DocumentUnknown, match=r"no document 'x.md', nor any that fits it.*corpus show plans"):
            change("plans", "x.md")
    with pytest.raises(NotLive, match="is retired"):
        curation.restore("plans", "order.md")
    curation.retire("plans", "order.md")
    with pytest.raises(NotLive, match=r"'order\.md' is retired"):
        curation.supersede("plans", "order.md", "annexes/guard.txt", on=TODAY)


def test_a_key_with_signs_of_a_pattern_names_itself_alone(ingestion: Ingestion, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for name in ("a[1].md", "a1.md"):
        (folder / name).write_text(f"The text of {name}.\n")
    ingestion.add(folder, a_corpus())
    assert Curation(ingestion).retire("plans", "a[1].md") == ["a[1].md"]
    assert Curation(ingestion).retire("plans", "a?.md") == ["a1.md"]
