"""Files are handed over once, complete, under the name that they have."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

import pytest

from retrieval.watching import Changes, watch

SETTLE = 0.15


class Watcher:
    """Watches in a thread and keeps what it is handed."""

    def __init__(self, folder: Path, *, polling: bool = False) -> None:
        self._changes: Queue[Changes] = Queue()
        self._stop = Event()
        self._thread = Thread(target=self._run, args=(folder, polling), daemon=True)
        self._thread.start()

    def _run(self, folder: Path, polling: bool) -> None:
        for changes in watch(folder, settle_seconds=SETTLE, stop=self._stop, polling=polling):
            self._changes.put(changes)

    def next(self, *, seconds: float = 10) -> Changes:
        return self._changes.get(timeout=seconds)

    def stays_silent(self, *, seconds: float = 0.8) -> bool:
        try:
            self.next(seconds=seconds)
        except Empty:
            return True
        return False

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)
        assert not self._thread.is_alive()


@pytest.fixture(params=[False, True], ids=["told", "polling"])
def watcher(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watcher]:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "first.md").write_text("there before")
    watcher = Watcher(folder, polling=request.param)
    assert watcher.next() == Changes(changed=frozenset({folder / "first.md"}))
    yield watcher
    watcher.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "in"


def test_a_file_that_lands_changes_and_vanishes_is_told_each_time(watcher: Watcher, folder: Path) -> None:
    path = folder / "deep" / "order.md"
    path.parent.mkdir()
    path.write_text("one")
    assert watcher.next() == Changes(changed=frozenset({path}))
    path.write_text("two, longer")
    assert watcher.next() == Changes(changed=frozenset({path}))
    path.unlink()
    assert watcher.next() == Changes(removed=frozenset({path}))


def test_a_rename_is_one(watcher: Watcher, folder: Path) -> None:
    (folder / "moved").mkdir()
    (folder / "first.md").rename(folder / "moved" / "second.md")
    assert watcher.next() == Changes(renamed=frozenset({(folder / "first.md", folder / "moved" / "second.md")}))


def test_saving_by_replacing_is_a_change_and_not_a_removal(watcher: Watcher, folder: Path) -> None:
    (folder / "first.md.tmp").write_text("new content")
    (folder / "first.md").unlink()
    (folder / "first.md.tmp").rename(folder / "first.md")
    assert watcher.next() == Changes(changed=frozenset({folder / "first.md"}))


def test_a_file_that_is_still_written_waits_however_long_it_pauses(watcher: Watcher, folder: Path) -> None:
    with (folder / "slow.md").open("w") as file:
        file.write("half")
        file.flush()
        assert watcher.stays_silent(seconds=6 * SETTLE + 1)
        file.write(" and whole")
    assert watcher.next() == Changes(changed=frozenset({folder / "slow.md"}))
    assert watcher.stays_silent()


def test_a_file_that_grows_by_appending_waits_until_it_stands_still(watcher: Watcher, folder: Path) -> None:
    path, finished = folder / "grows.md", 0.0
    for _ in range(8):
        with path.open("a") as file:
            file.write("line\n")
        finished = time.monotonic()
        time.sleep(SETTLE / 3)
    assert watcher.next() == Changes(changed=frozenset({path}))
    assert time.monotonic() - finished >= SETTLE
    assert watcher.stays_silent()


@pytest.mark.parametrize("name", ["~$plan.docx", ".~lock.plan.odt#", "plan.pdf.part", "plan.crdownload", "a.TMP", "a~"])
def test_temporary_files_are_left_out(name: str, watcher: Watcher, folder: Path) -> None:
    (folder / name).write_text("x")
    assert watcher.stays_silent(seconds=1.5)


def test_links_are_left_out(watcher: Watcher, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("x")
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    (folder / "loop").symlink_to(folder)
    assert watcher.stays_silent(seconds=1.5)


def test_a_download_is_told_under_its_last_name(watcher: Watcher, folder: Path) -> None:
    (folder / "plan.pdf.part").write_text("x")
    (folder / "plan.pdf.part").rename(folder / "plan.pdf")
    assert watcher.next() == Changes(changed=frozenset({folder / "plan.pdf"}))


def test_a_folder_that_is_removed_and_made_again_goes_on_and_loses_nothing(watcher: Watcher, folder: Path) -> None:
    shutil.rmtree(folder)
    assert watcher.stays_silent(seconds=1.5)
    folder.mkdir()
    assert watcher.stays_silent(seconds=1.5)
    (folder / "second.md").write_text("after")
    assert watcher.next() == Changes(
        changed=frozenset({folder / "second.md"}), removed=frozenset({folder / "first.md"})
    )
    (folder / "third.md").write_text("later")
    assert watcher.next() == Changes(changed=frozenset({folder / "third.md"}))


def test_a_folder_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    watcher = Watcher(tmp_path / "later")
    assert watcher.stays_silent()
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "a.md").write_text("x")
    assert watcher.next() == Changes(changed=frozenset({tmp_path / "later" / "a.md"}))
    watcher.close()


def test_many_files_are_handed_over_each_once(watcher: Watcher, folder: Path) -> None:
    expected = {folder / f"{number:03}.md" for number in range(300)}
    for path in sorted(expected):
        path.write_text(path.name)
    told: list[Path] = []
    while len(told) < 300:
        told += watcher.next().changed
    assert len(told) == len(set(told))
    assert set(told) == expected


def test_a_copied_time_does_not_hide_a_change(watcher: Watcher, folder: Path) -> None:
    state = (folder / "first.md").stat()
    (folder / "new").write_text("other content")
    os.utime(folder / "new", ns=(state.st_atime_ns, state.st_mtime_ns))
    (folder / "new").rename(folder / "first.md")
    assert watcher.next() == Changes(changed=frozenset({folder / "first.md"}))
