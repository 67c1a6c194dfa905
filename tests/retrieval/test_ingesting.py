"""Adding documents: idempotent, complete, and the same after a crash."""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from retrieval.access import scope_for
from retrieval.catalog import Catalog
from retrieval.consistency import IndexMismatch, check_index
from retrieval.embedding import HashEmbedder
from retrieval.index import SharedEdgeIndex, Vector, stop_owner
from retrieval.ingesting import Ingestion
from retrieval.searching import Retriever
from retrieval.sources import SourceMissing
from tests.installations import OFFICER, TODAY, a_corpus, an_ingestion


class CountingEmbedder(HashEmbedder):
    """Counts the passages that it was run for."""

    embedded = 0

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        self.embedded += len(texts)
        return super().embed_passages(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "annexes").mkdir(parents=True)
    (folder / "order.md").write_text("# Order\n\nThe convoy leaves at six.\n")
    (folder / "annexes" / "bevel.txt").write_text("Het bataljon bewaakt de brug bij Kruisvoorde.\n")
    return folder


def _search(ingestion: Ingestion, query: str) -> list[str]:
    catalog = ingestion.catalog
    corpora = [corpus.name for corpus in catalog.corpora()]
    scope = scope_for(OFFICER, markings=catalog.markings(), corpora=corpora, on_date=TODAY)
    hits = Retriever(catalog, ingestion.index, ingestion.embedder).search(query, scope=scope)
    return [hit.document.key for hit in hits]


def test_a_folder_is_read_with_all_below_it_and_found(tmp_path: Path, folder: Path) -> None:
    ingestion = an_ingestion(tmp_path)
    report = ingestion.add(folder, a_corpus())
    assert (report.added, report.passages, report.refused) == (2, 2, ())
    assert _search(ingestion, "Wie bewaakt de brug?")[0] == "annexes/bevel.txt"


def test_what_is_added_for_a_later_day_is_not_found_before_it(tmp_path: Path, folder: Path) -> None:
    ingestion = an_ingestion(tmp_path)
    ingestion.add(folder, a_corpus(), valid_from=TODAY + timedelta(days=1))
    assert _search(ingestion, "Wie bewaakt de brug?") == []
    (folder / "order.md").write_text("# Order\n\nThe convoy leaves at seven.\n")
    ingestion.add(folder, a_corpus(), valid_from=TODAY)
    assert _search(ingestion, "When does the convoy leave?") == ["order.md"]


def test_adding_again_reads_and_embeds_nothing(tmp_path: Path, folder: Path) -> None:
    embedder = CountingEmbedder()
    ingestion = an_ingestion(tmp_path, embedder=embedder)
    ingestion.add(folder, a_corpus())
    before = embedder.embedded
    report = ingestion.add(folder, a_corpus())
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
    assert embedder.embedded == before


def test_the_same_text_is_not_embedded_twice_whatever_its_name_or_corpus(tmp_path: Path, folder: Path) -> None:
    embedder = CountingEmbedder()
    ingestion = an_ingestion(tmp_path, embedder=embedder)
    ingestion.add(folder, a_corpus())
    before = embedder.embedded
    report = ingestion.add(folder, a_corpus("copies"))
    assert (report.added, report.embedded, report.reused) == (2, 0, 2)
    assert embedder.embedded == before


def test_a_changed_file_becomes_the_version_that_is_found_and_the_old_text_is_not(tmp_path: Path, folder: Path) -> None:
    ingestion = an_ingestion(tmp_path)
    ingestion.add(folder, a_corpus())
    (folder / "order.md").write_text("# Order\n\nThe convoy leaves at nine.\n")
    report = ingestion.add(folder, a_corpus())
    assert (report.changed, report.unchanged) == (1, 1)
    catalog = ingestion.catalog
    scope = scope_for(OFFICER, markings=catalog.markings(), corpora=["plans"], on_date=TODAY)
    hits = Retriever(catalog, ingestion.index, ingestion.embedder).search("When does the convoy leave?", scope=scope)
    assert [hit.passage.text for hit in hits if hit.document.key == "order.md"] == ["The convoy leaves at nine."]
    assert ingestion.index.count() == catalog.live_passage_count() == 2


def test_a_file_that_cannot_be_read_costs_that_file_only(tmp_path: Path, folder: Path) -> None:
    (folder / "empty.md").write_text("")
    (folder / "blob.bin").write_bytes(bytes(range(256)) * 40)
    (folder / "liar.pdf").write_bytes(b"PK\x03\x04 not a document")
    ingestion = an_ingestion(tmp_path)
    report = ingestion.add(folder, a_corpus())
    assert report.added == 2
    assert {refusal.key for refusal in report.refused} == {"empty.md", "blob.bin", "liar.pdf"}
    assert all(refusal.reason.endswith(".") for refusal in report.refused)
    assert {key for key, _ in ingestion.catalog.refusals("plans")} == {"empty.md", "blob.bin", "liar.pdf"}


def test_a_file_without_read_permission_is_refused_in_a_sentence(tmp_path: Path, folder: Path) -> None:
    locked = folder / "locked.md"
    locked.write_text("Nobody may read this.")
    locked.chmod(0)
    if os.access(locked, os.R_OK):
        pytest.skip("this user reads files whatever their permissions")
    report = an_ingestion(tmp_path).add(folder, a_corpus())
    assert [refusal.key for refusal in report.refused] == ["locked.md"]


def test_a_record_file_becomes_one_document_a_record_and_bad_lines_cost_themselves(tmp_path: Path) -> None:
    source = tmp_path / "corpus.jsonl"
    records = [{"_id": "a", "title": "First", "text": "The bridge is open."}, {"_id": "b", "text": "De brug is dicht."}]
    source.write_text("\n".join([*map(json.dumps, records), "{broken"]))
    ingestion = an_ingestion(tmp_path)
    report = ingestion.add(source, a_corpus())
    assert report.added == 2
    assert [refusal.key for refusal in report.refused] == ["corpus.jsonl:3"]
    assert _search(ingestion, "Is the bridge open?")[0] == "corpus.jsonl#a"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match=r"no file or folder .*/nowhere"):
        an_ingestion(tmp_path).add(tmp_path / "nowhere", a_corpus())


def test_hidden_files_and_links_out_of_the_folder_are_not_documents(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "outside.md").write_text("Outside.")
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    (folder / ".hidden.md").write_text("Hidden.")
    assert an_ingestion(tmp_path).add(folder, a_corpus()).added == 2


def test_the_original_is_kept_by_its_hash(tmp_path: Path, folder: Path) -> None:
    ingestion = an_ingestion(tmp_path)
    ingestion.add(folder, a_corpus())
    kept = sorted(path.read_bytes() for path in (tmp_path / "blobs").rglob("*") if path.is_file())
    assert kept == sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_another_embedder_is_refused_until_the_index_is_rebuilt(tmp_path: Path, folder: Path) -> None:
    first = an_ingestion(tmp_path)
    first.add(folder, a_corpus())
    other = HashEmbedder()
    other.fingerprint = "another-model"
    second = an_ingestion(tmp_path, index=first.index, embedder=other)
    with pytest.raises(IndexMismatch, match="corpus reindex"):
        second.add(folder, a_corpus())
    assert second.reindex() == 2
    check_index(second.catalog, second.index, second.embedder)


def test_a_dropped_index_is_rebuilt_from_the_catalog_without_the_files(tmp_path: Path, folder: Path) -> None:
    ingestion = an_ingestion(tmp_path)
    ingestion.add(folder, a_corpus())
    before = ingestion.index.ids()
    for path in folder.rglob("*.*"):
        path.unlink()
    ingestion.index.drop()
    with pytest.raises(IndexMismatch):
        check_index(ingestion.catalog, ingestion.index, ingestion.embedder)
    ingestion.reindex()
    assert ingestion.index.ids() == before
    assert _search(ingestion, "Wie bewaakt de brug?")[0] == "annexes/bevel.txt"


_CRASHING = """
import sys
from pathlib import Path
from retrieval.index import SharedEdgeIndex
from tests.installations import a_corpus, an_ingestion
home, source = map(Path, sys.argv[1:])
an_ingestion(home, index=SharedEdgeIndex(home / "index", dimensions=64)).add(source, a_corpus())
"""


@pytest.mark.slow
def test_killed_at_any_moment_the_same_command_ends_in_the_same_state(tmp_path: Path) -> None:
    """Kills the process that adds at moments spread over its work, and compares with an undisturbed run."""
    source = tmp_path / "source"
    source.mkdir()
    for number in range(60):
        texts = [f"Order {number} paragraph {part}: unit {number * part} moves to post {part}." for part in range(40)]
        sections = (f"## Part {part}\n\n{text}" for part, text in enumerate(texts))
        (source / f"order-{number:02}.md").write_text("\n\n".join(sections))
    disturbed, undisturbed = tmp_path / "disturbed", tmp_path / "undisturbed"
    seen = []
    try:
        for home in (disturbed, undisturbed):
            home.mkdir()
        for staged, delay in ((1, 0.0), (1, 0.05), (600, 0.0), (1100, 0.1), (1700, 0.02)):
            seen.append(_killed_after(disturbed, source, staged=staged, delay=delay))
        for home in (disturbed, undisturbed):
            subprocess.run([sys.executable, "-c", _CRASHING, str(home), str(source)], check=True)
        states = [_state(home) for home in (disturbed, undisturbed)]
    finally:
        for home in (disturbed, undisturbed):
            stop_owner(home / "index")
    assert min(seen) < 60 * 40, "no kill came in the middle of the work"
    assert states[0] == states[1]
    assert len(states[0][0]) == 60 * 40


KILLS = 30


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_thirty_random_moments_the_same_command_ends_in_the_same_state(tmp_path: Path) -> None:
    """Kills at moments drawn over the length of a whole run; a run that ended before its kill makes room for the next.

    Every installation that was killed is brought to its end and compared with an undisturbed one."""
    source = tmp_path / "source"
    source.mkdir()
    for number in range(120):
        sections = (f"## Part {part}\n\nUnit {number * part} moves to post {part}." for part in range(40))
        (source / f"order-{number:03}.md").write_text("\n\n".join(sections))
    chance, homes = random.Random(20261124), [tmp_path / "undisturbed", tmp_path / "disturbed-0"]
    for home in homes:
        home.mkdir()
    try:
        length = _timed(homes[0], source)
        kills = halfway = 0
        while kills < KILLS:
            if _was_killed(homes[-1], source, after=chance.uniform(0, length)):
                kills += 1
                halfway += 0 < _count(homes[-1], "SELECT count(*) FROM versions") < 120
            else:
                homes.append(tmp_path / f"disturbed-{len(homes)}")
                homes[-1].mkdir()
        _timed(homes[-1], source)
        states = [_state(home) for home in homes]
    finally:
        for home in homes:
            stop_owner(home / "index")
    assert halfway >= 5, "the kills came before or after the work"
    assert len(states[0][0]) == 120 * 40
    assert all(state == states[0] for state in states)


def _timed(home: Path, source: Path) -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", _CRASHING, str(home), str(source)], check=True)
    return time.monotonic() - began


def _was_killed(home: Path, source: Path, *, after: float) -> bool:
    """Start an `add` and kill it after some seconds; return False when it had ended by then."""
    process = subprocess.Popen([sys.executable, "-c", _CRASHING, str(home), str(source)])
    try:
        assert process.wait(after) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def _killed_after(home: Path, source: Path, *, staged: int, delay: float) -> int:
    """Kill an `add` `delay` seconds after `staged` passages are in the catalog; return how many are live then."""
    process = subprocess.Popen([sys.executable, "-c", _CRASHING, str(home), str(source)])
    give_up = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < give_up:
        if _count(home, "SELECT count(*) FROM passages") >= staged:
            time.sleep(delay)
            break
        time.sleep(0.005)
    process.kill()
    process.wait()
    return _count(home, "SELECT count(*) FROM passages JOIN versions ON versions.id = version WHERE state = 'live'")


def _count(home: Path, query: str) -> int:
    try:
        with closing(sqlite3.connect(f"file:{home / 'catalog.sqlite'}?mode=ro", uri=True)) as connection:
            (count,) = connection.execute(query).fetchone()
            return int(count)
    except sqlite3.OperationalError:
        return 0


def _state(home: Path) -> tuple[dict[str, str], dict[str, tuple[str, str]], frozenset[str]]:
    catalog = Catalog(f"sqlite:///{home / 'catalog.sqlite'}")
    index = SharedEdgeIndex(home / "index", dimensions=64)
    live = {found.passage.id: found.passage.text for found in catalog.live_passages()}
    try:
        assert index.ids() == set(live)
        return live, catalog.contents("plans"), catalog.not_live_in_index()
    finally:
        index.close()
        catalog.close()
