"""What happens in a folder is what search says shortly after, and no trouble on the way stops that."""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest

from retrieval.access import scope_for
from retrieval.embedding import HashEmbedder
from retrieval.index import IndexUnavailable, Vector
from retrieval.ingesting import Ingestion
from retrieval.lifecycle.outcomes import Became
from retrieval.lifecycle.watching_corpora import Compared, Delayed, Watched, Watching
from retrieval.loading import Loaded, load
from retrieval.locking import exclusive
from retrieval.marking import Label, write_label
from retrieval.searching import Retriever
from tests.installations import OFFICER, OPEN, TODAY, a_corpus, an_ingestion


class FailingEmbedder(HashEmbedder):
    """Cannot work while `away`."""

    away = False

    def embed_passages(self, texts: Any) -> Vector:
        if self.away:
            raise IndexUnavailable("It went away.", hint="Start it.")
        return super().embed_passages(texts)


class Owner:
    """Watches a folder in a thread, and keeps what is told."""

    def __init__(self, ingestion: Ingestion, folder: Path) -> None:
        self.ingestion = ingestion
        self.waited_for: list[str] = []
        self._told: Queue[Compared | Watched | Delayed] = Queue()
        self._stop = Event()
        self._watching = Watching(
            ingestion,
            a_corpus(),
            [folder],
            settle_seconds=0.1,
            retry_seconds=0.3,
            on_wait=self.waited_for.append,
        )
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        for told in self._watching.run(self._stop):
            self._told.put(told)

    def next(self, *, seconds: float = 20) -> Compared | Watched | Delayed:
        return self._told.get(timeout=seconds)

    def became(self) -> tuple[str, Became]:
        told = self.next()
        assert isinstance(told, Watched), told
        assert 0 <= told.seconds < 20
        return told.outcome.key, told.outcome.became

    def found(self, query: str) -> list[str]:
        catalog = self.ingestion.catalog
        scope = scope_for(OFFICER, markings=catalog.markings(), corpora=["plans"], on_date=TODAY)
        hits = Retriever(catalog, self.ingestion.index, self.ingestion.embedder).search(query, scope=scope)
        return [hit.passage.text for hit in hits]

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=20)
        assert not self._thread.is_alive()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "order.md").write_text("The convoy leaves at six.\n")
    return folder


@pytest.fixture
def read() -> dict[str, OSError]:
    """The files that cannot be read, by name."""
    return {}


@pytest.fixture
def owner(tmp_path: Path, folder: Path, read: dict[str, OSError]) -> Iterator[Owner]:
    ingestion = an_ingestion(tmp_path, embedder=FailingEmbedder())

    def loading(path: Path, *, name: str | None = None) -> Loaded:
        if path.name in read:
            raise read[path.name]
        return load(path, name=name)

    ingestion.read = loading
    owner = Owner(ingestion, folder)
    first = owner.next()
    assert isinstance(first, Compared)
    assert first.report.added == 1
    yield owner
    owner.close()


def test_what_lands_changes_moves_and_vanishes_is_found_so(owner: Owner, folder: Path) -> None:
    (folder / "bridge.md").write_text("The battalion guards the bridge.\n")
    assert owner.became() == ("bridge.md", Became.ADDED)
    assert owner.found("Who guards the bridge?")[0] == "The battalion guards the bridge."
    (folder / "bridge.md").write_text("The company guards the bridge from now on.\n")
    assert owner.became() == ("bridge.md", Became.CHANGED)
    assert owner.found("Who guards the bridge?")[0] == "The company guards the bridge from now on."
    (folder / "later").mkdir()
    (folder / "bridge.md").rename(folder / "later" / "bridge.md")
    assert owner.became() == ("later/bridge.md", Became.MOVED)
    (folder / "later" / "bridge.md").unlink()
    assert owner.became() == ("later/bridge.md", Became.RETIRED)
    assert owner.found("Who guards the bridge?") == ["The convoy leaves at six."]


def test_what_vanished_and_lands_elsewhere_is_the_same_document(owner: Owner, folder: Path) -> None:
    before = {one.document.id for one in owner.ingestion.catalog.holdings("plans")}
    (folder / "other.md").write_text("Another order.\n")
    assert owner.became() == ("other.md", Became.ADDED)
    (folder / "order.md").unlink()
    assert owner.became() == ("order.md", Became.RETIRED)
    (folder / "again.md").write_text("The convoy leaves at six.\n")
    owner.next()
    (held,) = (one for one in owner.ingestion.catalog.holdings("plans") if one.document.key == "again.md")
    assert held.live
    assert held.document.id in before


def test_a_new_marking_beside_a_document_holds_at_once(owner: Owner, folder: Path) -> None:
    (folder / "corpus.toml").write_text('marking = "Stg. Geheim"\n')
    assert owner.became() == ("order.md", Became.CHANGED)
    assert owner.found("When does the convoy leave?") == []
    made = datetime(2026, 1, 1, tzinfo=UTC)
    (folder / "order.label.xml").write_bytes(write_label(Label(OPEN, created=made, review=made.replace(year=2031))))
    assert owner.became() == ("order.md", Became.CHANGED)
    assert owner.found("When does the convoy leave?") == ["The convoy leaves at six."]
    (folder / "order.label.xml").unlink()
    assert owner.became() == ("order.md", Became.CHANGED)
    assert owner.found("When does the convoy leave?") == []


def test_a_manifest_with_a_fault_changes_nothing_until_it_is_mended(owner: Owner, folder: Path) -> None:
    (folder / "corpus.toml").write_text('marking = "Secretish"\n')
    assert isinstance(owner.next(), Delayed)
    assert owner.found("When does the convoy leave?") == ["The convoy leaves at six."]
    (folder / "corpus.toml").write_text('marking = "Stg. Geheim"\n')
    assert owner.became() == ("order.md", Became.CHANGED)


def test_a_file_without_rights_is_told_and_read_when_they_are_given(
    owner: Owner, folder: Path, read: dict[str, OSError]
) -> None:
    read["bridge.md"] = OSError(errno.EACCES, "Permission denied")
    (folder / "bridge.md").write_text("The battalion guards the bridge.\n")
    assert owner.became() == ("bridge.md", Became.NOT_READ)
    read.clear()
    (folder / "bridge.md").chmod(0o640)
    assert owner.became() == ("bridge.md", Became.ADDED)
    assert owner.found("Who guards the bridge?")[0] == "The battalion guards the bridge."


def test_what_fails_is_told_once_and_tried_again(owner: Owner, folder: Path) -> None:
    assert isinstance(owner.ingestion.embedder, FailingEmbedder)
    owner.ingestion.embedder.away = True
    (folder / "bridge.md").write_text("The battalion guards the bridge.\n")
    told = owner.next()
    assert isinstance(told, Delayed)
    assert "It went away." in told.reason
    time.sleep(0.8)
    owner.ingestion.embedder.away = False
    assert owner.became() == ("bridge.md", Became.ADDED)
    assert owner.found("Who guards the bridge?")[0] == "The battalion guards the bridge."


def test_a_folder_that_vanishes_takes_no_document_with_it(owner: Owner, folder: Path) -> None:
    away = folder.with_name("away")
    folder.rename(away)
    time.sleep(0.6)
    assert owner.found("When does the convoy leave?") == ["The convoy leaves at six."]
    shutil.copytree(away, folder)
    (folder / "bridge.md").write_text("The battalion guards the bridge.\n")
    keys = {owner.became()[0]}
    if "bridge.md" not in keys:
        keys.add(owner.became()[0])
    assert "bridge.md" in keys


def test_a_folder_that_is_emptied_takes_no_document_with_it_and_what_lands_then_settles_it(
    owner: Owner, folder: Path
) -> None:
    (folder / "order.md").unlink()
    assert isinstance(owner.next(), Delayed)
    assert owner.found("When does the convoy leave?") == ["The convoy leaves at six."]
    (folder / "bridge.md").write_text("The battalion guards the bridge.\n")
    became = dict([owner.became(), owner.became()])
    assert became == {"order.md": Became.RETIRED, "bridge.md": Became.ADDED}


def test_another_writer_is_waited_for(owner: Owner, folder: Path) -> None:
    with exclusive(owner.ingestion.locks / "writer.lock"):
        (folder / "bridge.md").write_text("The battalion guards the bridge.\n")
        time.sleep(0.8)
        assert owner.found("Who guards the bridge?") == ["The convoy leaves at six."]
    assert owner.became() == ("bridge.md", Became.ADDED)
    assert owner.waited_for == [str(os.getpid())]
