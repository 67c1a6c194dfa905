"""A folder and a corpus are kept the same: what is new, changed, moved and gone, and what is only out of reach."""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from retrieval.blobs import BlobStore
from retrieval.embedding import HashEmbedder
from retrieval.index import Vector
from retrieval.ingesting import Ingestion, SourceEmptied
from retrieval.lifecycle import taking
from retrieval.lifecycle.curating import Curation
from retrieval.locking import exclusive
from retrieval.sources import SourceMissing, documents
from tests.installations import SECRET, TODAY, a_corpus, an_ingestion
from tests.retrieval.lifecycle.conftest import agree, found, ids


class Reading:
    """Counts the files that were opened to be hashed or read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files: list[str] = []

        def counted(key: str, path: Path, **options: Any) -> object:
            self.files.append(key)
            return documents(key, path, **options)

        monkeypatch.setattr(taking, "documents", counted)


def _age(folder: Path) -> None:
    """Let the files be old enough that their time of change tells whether they changed."""
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 60,) * 2)


def test_a_file_that_is_gone_is_retired_and_found_again_when_it_comes_back(filled: Ingestion, folder: Path) -> None:
    before = ids(filled)
    text = (folder / "order.md").read_text()
    (folder / "order.md").unlink()
    report = filled.sync(folder, a_corpus())
    assert (report.retired, report.unchanged, report.added) == (1, 1, 0)
    assert found(filled, "When does the convoy leave?") == ["The battalion guards the bridge at Kruisvoorde."]
    assert agree(filled)
    (folder / "order.md").write_text(text)
    assert filled.sync(folder, a_corpus()).added == 1
    assert found(filled, "When does the convoy leave?")[0] == "The convoy leaves at six."
    assert ids(filled) == before
    assert agree(filled)


def test_add_retires_nothing(filled: Ingestion, folder: Path) -> None:
    (folder / "order.md").unlink()
    assert filled.add(folder, a_corpus()).retired == 0
    assert ids(filled).keys() == {"order.md", "annexes/guard.txt"}


def test_a_moved_file_is_the_same_document_and_is_not_embedded_again(tmp_path: Path, folder: Path) -> None:
    embedder = CountingEmbedder()
    ingestion = an_ingestion(tmp_path, embedder=embedder)
    ingestion.add(folder, a_corpus())
    before, embedded = ids(ingestion), embedder.embedded
    (folder / "old").mkdir()
    (folder / "order.md").rename(folder / "old" / "order.md")
    report = ingestion.sync(folder, a_corpus())
    assert (report.moved, report.added, report.retired, report.unchanged) == (1, 0, 0, 2)
    assert ids(ingestion) == {"old/order.md": before["order.md"], "annexes/guard.txt": before["annexes/guard.txt"]}
    assert embedder.embedded == embedded
    assert agree(ingestion)


def test_a_renamed_file_without_a_title_of_its_own_is_called_by_its_new_name(filled: Ingestion, folder: Path) -> None:
    before = ids(filled)
    (folder / "annexes" / "guard.txt").rename(folder / "annexes" / "watch.txt")
    assert filled.add(folder, a_corpus()).moved == 1
    held = {one.document.key: one.document for one in filled.catalog.holdings("plans")}
    assert held["annexes/watch.txt"].title == "watch"
    assert held["annexes/watch.txt"].id == before["annexes/guard.txt"]
    assert agree(filled)


def test_a_copy_is_another_document_than_its_original(filled: Ingestion, folder: Path) -> None:
    (folder / "copy.md").write_bytes((folder / "order.md").read_bytes())
    report = filled.sync(folder, a_corpus())
    assert (report.added, report.moved, report.embedded) == (1, 0, 0)
    assert len(set(ids(filled).values())) == 3


def test_a_new_file_under_the_old_name_of_a_moved_one_is_a_new_document(filled: Ingestion, folder: Path) -> None:
    before = ids(filled)["order.md"]
    (folder / "order.md").rename(folder / "first.md")
    filled.sync(folder, a_corpus())
    (folder / "order.md").write_text("# Order\n\nThe convoy stays.\n")
    filled.sync(folder, a_corpus())
    held = ids(filled)
    assert held["first.md"] == before
    assert held["order.md"] not in (before, held["annexes/guard.txt"])
    assert agree(filled)


def test_what_has_not_changed_is_not_opened_again(
    filled: Ingestion, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "empty.md").write_text("")
    _age(folder)
    filled.sync(folder, a_corpus())
    reading = Reading(monkeypatch)
    report = filled.sync(folder, a_corpus())
    assert reading.files == []
    assert (report.unchanged, [one.key for one in report.refused]) == (2, ["empty.md"])


def test_a_file_changed_to_the_same_size_and_time_is_noticed(filled: Ingestion, folder: Path) -> None:
    _age(folder)
    filled.sync(folder, a_corpus())
    path = folder / "order.md"
    times = path.stat()
    path.write_text(path.read_text().replace("six", "two"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert path.stat().st_size == times.st_size
    assert filled.sync(folder, a_corpus()).changed == 1
    assert found(filled, "When does the convoy leave?")[0] == "The convoy leaves at two."


def test_what_just_changed_is_looked_at_again(filled: Ingestion, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Reading(monkeypatch)
    filled.sync(folder, a_corpus())
    assert reading.files == ["order.md", "annexes/guard.txt"]


def test_a_folder_that_lost_everything_is_taken_for_not_mounted(filled: Ingestion, folder: Path) -> None:
    for path in folder.rglob("*.*"):
        path.unlink()
    with pytest.raises(SourceEmptied, match=r"2 documents come from it and are as they were.*mounted"):
        filled.sync(folder, a_corpus())
    assert len(ids(filled)) == 2
    assert filled.sync(folder, a_corpus(), allow_empty=True).retired == 2
    assert ids(filled) == {}


def test_a_folder_that_is_not_there_retires_nothing(filled: Ingestion, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(SourceMissing):
        filled.sync(folder, a_corpus())
    assert len(ids(filled)) == 2


def test_documents_in_a_folder_without_rights_are_not_gone_and_the_folder_is_named(
    filled: Ingestion, folder: Path
) -> None:
    (folder / "annexes").chmod(0)
    try:
        if os.access(folder / "annexes", os.R_OK):
            pytest.skip("this user reads folders whatever their permissions")
        report = filled.sync(folder, a_corpus())
    finally:
        (folder / "annexes").chmod(0o700)
    assert (report.retired, [one.key for one in report.refused]) == (0, ["annexes/"])
    assert len(ids(filled)) == 2
    assert filled.sync(folder, a_corpus()).refused == ()
    assert filled.catalog.refusals("plans") == []


def test_a_second_process_waits_and_says_for_whom(filled: Ingestion, folder: Path) -> None:
    waited_for: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        with exclusive(filled.locks / "writer.lock"):
            adding = pool.submit(filled.add, folder, a_corpus("law"), on_wait=waited_for.append)
            while not waited_for:
                assert not adding.done()
                time.sleep(0.01)
            assert filled.catalog.holdings("law") == []
        assert adding.result(60).added == 2
    assert waited_for == [str(os.getpid())]


def test_a_file_removed_half_way_costs_itself_alone(
    ingestion: Ingestion, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def removing(key: str, path: Path, **options: Any) -> object:
        if key == "order.md":
            path.unlink()
        return documents(key, path, **options)

    monkeypatch.setattr(taking, "documents", removing)
    report = ingestion.sync(folder, a_corpus())
    assert (report.added, [one.key for one in report.refused]) == (1, ["order.md"])
    assert "No such file" in report.refused[0].reason
    monkeypatch.undo()
    assert ingestion.sync(folder, a_corpus()).refused == ()
    assert ingestion.catalog.refusals("plans") == []


def test_a_file_that_changes_while_it_is_read_is_not_taken_half(
    ingestion: Ingestion, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changing(key: str, path: Path, **options: Any) -> object:
        for offered in documents(key, path, **options):
            path.write_text("# Order\n\nSomething else.\n")
            yield offered

    monkeypatch.setattr(taking, "documents", changing)
    report = ingestion.add(folder / "order.md", a_corpus())
    assert (report.added, [one.reason for one in report.refused]) == (
        0,
        ["It changed while it was read; run the same command again."],
    )
    monkeypatch.undo()
    assert ingestion.add(folder / "order.md", a_corpus()).added == 1
    assert found(ingestion, "order")[0] == "Something else."


def test_the_same_name_from_another_folder_replaces_nothing(filled: Ingestion, tmp_path: Path) -> None:
    other = tmp_path / "brigade"
    other.mkdir()
    (other / "order.md").write_text("# Order\n\nThe brigade waits.\n")
    report = filled.add(other, a_corpus())
    assert (report.added, report.changed) == (1, 0)
    assert ids(filled).keys() == {"order.md", "annexes/guard.txt", "brigade/order.md"}
    assert filled.add(other, a_corpus()).unchanged == 1
    assert agree(filled)


def test_a_name_that_two_folders_come_to_share_is_refused_with_the_remedy(filled: Ingestion, tmp_path: Path) -> None:
    other = tmp_path / "brigade"
    other.mkdir()
    (other / "note.md").write_text("# Note\n\nThe brigade waits.\n")
    filled.add(other, a_corpus())
    (other / "order.md").write_text("# Order\n\nThe brigade waits.\n")
    report = filled.add(other, a_corpus())
    assert [one.key for one in report.refused] == ["order.md"]
    assert "rename one of the two, or add this folder to a corpus of its own" in report.refused[0].reason
    assert found(filled, "convoy")[0] == "The convoy leaves at six."


def test_a_file_has_one_name_with_its_folder_and_without(filled: Ingestion, folder: Path) -> None:
    report = filled.add(folder / "annexes" / "guard.txt", a_corpus())
    assert (report.unchanged, report.added) == (1, 0)
    report = filled.sync(folder / "annexes", a_corpus())
    assert (report.unchanged, report.added, report.retired) == (1, 0, 0)


def test_a_folder_takes_over_what_was_added_from_inside_it(ingestion: Ingestion, folder: Path) -> None:
    ingestion.add(folder / "annexes", a_corpus())
    ingestion.add(folder / "order.md", a_corpus())
    before = ids(ingestion)
    assert before.keys() == {"guard.txt", "order.md"}
    report = ingestion.add(folder, a_corpus())
    assert (report.unchanged, report.added) == (2, 0)
    assert ids(ingestion) == {"annexes/guard.txt": before["guard.txt"], "order.md": before["order.md"]}
    assert [source.path for source in ingestion.catalog.sources("plans")] == [str(folder)]


def test_what_its_owner_retired_stays_out_whatever_its_file_says(filled: Ingestion, folder: Path) -> None:
    Curation(filled).retire("plans", "order.md")
    (folder / "order.md").write_text("# Order\n\nThe convoy leaves at seven.\n")
    report = filled.sync(folder, a_corpus())
    assert [one.key for one in report.withheld] == ["order.md"]
    assert found(filled, "convoy") == ["The battalion guards the bridge at Kruisvoorde."]


def test_a_new_version_is_marked_and_dated_as_its_owner_said_of_the_one_before(filled: Ingestion, folder: Path) -> None:
    curation = Curation(filled)
    curation.mark("plans", "order.md", SECRET)
    curation.set_validity("plans", "order.md", valid_from=TODAY, valid_until=TODAY + timedelta(days=9))
    (folder / "order.md").write_text("# Order\n\nThe convoy leaves at seven.\n")
    assert filled.sync(folder, a_corpus()).changed == 1
    held = next(one for one in filled.catalog.holdings("plans") if one.document.key == "order.md")
    assert held.marking == SECRET
    assert held.version is not None
    assert (held.version.valid_from, held.version.valid_until) == (TODAY, TODAY + timedelta(days=9))


def test_the_order_of_writing_lets_nothing_be_live_before_it_is_on_disk(tmp_path: Path, folder: Path) -> None:
    ingestion = an_ingestion(tmp_path)
    told: list[str] = []

    class Blobs(BlobStore):
        def keep(self, source: Path, sha256: str, *, anew: bool = False) -> None:
            super().keep(source, sha256, anew=anew)
            told.append("kept")

    ingestion.blobs = Blobs(tmp_path / "blobs")
    for owner, name in ((ingestion.catalog, "stage"), (ingestion.catalog, "go_live"), (ingestion.catalog, "saw_files")):
        _tell(owner, name, told)
    for name in ("upsert", "flush"):
        _tell(ingestion.index, name, told)
    ingestion.add(folder, a_corpus())
    assert told == ["kept", "kept", "stage", "upsert", "flush", "go_live", "saw_files"]


def _tell(owner: object, name: str, told: list[str]) -> None:
    method = getattr(owner, name)

    def telling(*arguments: object, **options: object) -> object:
        done = method(*arguments, **options)
        told.append(name)
        return done

    setattr(owner, name, telling)


def test_a_report_says_all_that_happened(filled: Ingestion, folder: Path) -> None:
    report = filled.sync(folder, a_corpus())
    quiet = {name: value for name, value in asdict(report).items() if value}
    assert quiet == {"corpus": "plans", "unchanged": 2}
    assert replace(report, unchanged=0) == taking.AddReport("plans")


class CountingEmbedder(HashEmbedder):
    """Counts the passages that it was run for."""

    embedded = 0

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        self.embedded += len(texts)
        return super().embed_passages(texts)
