"""What is deleted is gone from every file, and what another document has as well is not touched."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from retrieval.access import Scope, scope_for
from retrieval.index import EdgeIndex, IndexUnavailable
from retrieval.ingesting import Ingestion
from retrieval.lifecycle.curating import Curation
from tests.installations import OFFICER, TODAY, a_corpus, an_ingestion
from tests.retrieval.lifecycle.conftest import agree, found, ids

SECRET_WORDS = ("Zwaluwstaart", "Kerkuil")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "plan.md").write_text(f"# The plan {SECRET_WORDS[0]}\n\nThe crossing {SECRET_WORDS[1]} is at dawn.\n")
    (folder / "order.md").write_text("# Order\n\nThe convoy leaves at six.\n")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def kept(home: Path, source: Path) -> Iterator[Ingestion]:
    """An installation in a folder, its index with a shard on disk; `plan.md` is in its second version."""
    ingestion = an_ingestion(home, index=EdgeIndex(home / "index", dimensions=64))
    ingestion.add(source, a_corpus())
    plan = source / "plan.md"
    plan.write_text(plan.read_text() + "\nThe reserve waits.\n")
    ingestion.add(source, a_corpus())
    yield ingestion
    ingestion.index.close()
    ingestion.catalog.close()


def _files_with(home: Path, content: bytes) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file() and content in path.read_bytes()]


def test_nothing_of_what_was_deleted_is_left_in_any_file(kept: Ingestion, home: Path) -> None:
    vectors = {id: vector.tobytes() for id, vector in kept.index.vectors(sorted(kept.index.ids())).items()}
    dying = {one.id for one in kept.catalog.passages_of("plans", "plan.md", scope=_all(kept))}
    assert all(_files_with(home, word.encode()) for word in SECRET_WORDS), "the test looks in the wrong place"
    receipt = Curation(kept).delete("plans", "plan.md", by="the owner")
    for word in SECRET_WORDS:
        assert _files_with(home, word.encode()) == []
    for passage, vector in vectors.items():
        assert bool(_files_with(home, vector)) == (passage not in dying)
    assert receipt.ended_at is not None
    assert found(kept, "convoy") == ["The convoy leaves at six."]
    assert agree(kept)


def test_the_receipt_lists_what_was_removed_and_none_of_its_text(kept: Ingestion, source: Path) -> None:
    sha256 = hashlib.sha256((source / "plan.md").read_bytes()).hexdigest()
    receipt = Curation(kept).delete("plans", "plan.md", by="the owner")
    (document,) = receipt.documents
    assert (document.key, receipt.by, receipt.corpus) == ("plan.md", "the owner", "plans")
    # The first version was replaced: its passages were kept for replay, its points were not.
    assert sorted((one.passages > 0, one.vectors == one.passages) for one in document.versions) == [
        (True, False),
        (True, True),
    ]
    assert sha256 in {one.sha256 for one in document.versions}
    assert set(receipt.blobs_removed) == {one.blob for one in document.versions}
    assert any("journal" in remark for remark in receipt.remarks)
    assert kept.catalog.receipts("plans") == [receipt]
    told = json.dumps(asdict(receipt), default=str)
    assert not any(word in told for word in SECRET_WORDS)


def test_deleting_a_copy_leaves_the_same_content_elsewhere_alone(kept: Ingestion, source: Path) -> None:
    (source / "copy.md").write_bytes((source / "plan.md").read_bytes())
    kept.add(source, a_corpus())
    kept.add(source, a_corpus("archive"))
    curation = Curation(kept)
    receipt = curation.delete("plans", "plan.md", by="the owner")
    assert len(receipt.blobs_kept) == 1
    assert ids(kept).keys() == {"copy.md", "order.md"}
    assert ids(kept, "archive").keys() == {"plan.md", "copy.md", "order.md"}
    assert agree(kept)
    curation.delete("plans", "copy.md", by="the owner")
    assert "dawn" in found(kept, "crossing at dawn")[0]
    last = curation.delete("archive", "*p*.md", by="the owner")
    assert set(last.blobs_removed) == {receipt.blobs_kept[0]}
    assert agree(kept)


def test_a_folder_does_not_bring_back_what_was_deleted_unless_it_is_asked_to(kept: Ingestion, source: Path) -> None:
    receipt = Curation(kept).delete("plans", "plan.md", by="the owner")
    (source / "plan.md").rename(source / "renamed.md")
    report = kept.sync(source, a_corpus())
    assert [one.key for one in report.withheld] == ["renamed.md"]
    assert f"receipt {receipt.number}" in report.withheld[0].reason
    assert kept.add(source, a_corpus("archive")).added == 2, "another corpus is another matter"
    assert kept.add(source, a_corpus(), again=True).added == 1
    assert kept.sync(source, a_corpus()).withheld == ()


@pytest.mark.parametrize("broken", ["delete_versions", "flush", "purge"])
def test_a_deletion_that_was_stopped_hides_at_once_and_is_finished_by_the_next_command(
    kept: Ingestion, home: Path, source: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise IndexUnavailable("The power failed.", hint="Go on.")

    with monkeypatch.context() as failing:
        failing.setattr(kept.index, broken, fail)
        with pytest.raises(IndexUnavailable, match="power"):
            Curation(kept).delete("plans", "plan.md", by="the owner")
    _hidden_then_finished(kept, home, source)


@pytest.mark.parametrize("broken", ["blobs_in_use", "end_deletion"])
def test_a_deletion_stopped_at_the_originals_or_at_the_rows_is_finished_too(
    kept: Ingestion, home: Path, source: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError("The power failed.")

    with monkeypatch.context() as failing:
        failing.setattr(kept.catalog, broken, fail)
        with pytest.raises(OSError, match="power"):
            Curation(kept).delete("plans", "plan.md", by="the owner")
    _hidden_then_finished(kept, home, source)


def _hidden_then_finished(kept: Ingestion, home: Path, source: Path) -> None:
    assert found(kept, "crossing at dawn") == ["The convoy leaves at six."]
    assert [one.ended_at for one in kept.catalog.receipts()] == [None]
    kept.sync(source, a_corpus())
    (receipt,) = kept.catalog.receipts()
    assert receipt.ended_at is not None
    assert all(_files_with(home, word.encode()) == [] for word in SECRET_WORDS)
    assert agree(kept)


def test_a_server_says_that_it_clears_its_files_later(filled: Ingestion) -> None:
    receipt = Curation(filled).delete("plans", "order.md", by="the owner")
    assert any("server clears deleted vectors" in remark for remark in receipt.remarks)


def _all(ingestion: Ingestion) -> Scope:
    catalog = ingestion.catalog
    corpora = [one.name for one in catalog.corpora()]
    return scope_for(OFFICER, markings=catalog.markings(), corpora=corpora, on_date=TODAY)
