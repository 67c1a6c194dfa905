"""A file that crashes, hangs or swells costs nothing but itself."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.limits import Limits
from retrieval.loading import Loaded, NotLoaded, load
from retrieval.parsing import Cause, Readers, Stopped, load_isolated

HOSTILE = "tests.retrieval.parsing.hostile"
SMALL = Limits(wall_seconds=1, cpu_seconds=60, memory_bytes=512 * 1024**2)


@pytest.fixture
def readers() -> Iterator[Readers]:
    with Readers(limits=SMALL, module=HOSTILE) as readers:
        yield readers


class Files:
    """Files that say what their parser does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, text: str) -> Path:
        path = self.folder / f"{text.replace(' ', '-')}.txt"
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def file(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_a_worker_reads_what_load_reads(tmp_path: Path) -> None:
    path = tmp_path / "orders.md"
    path.write_text(
        "# Orders\n\nThe tables stand below.\n\n| a | b |\n|---|---|\n| -1 | \U0001f600 |\n", encoding="utf-8"
    )
    assert load_isolated(path) == load(path)
    assert load_isolated(path, name="renamed.md") == load(path, name="renamed.md")


@pytest.mark.parametrize(
    ("does", "cause", "reason"),
    [
        ("spin", Cause.SLOW, "took longer than 1 s to read"),
        ("child", Cause.SLOW, "took longer than 1 s to read"),
        ("swell", Cause.LARGE, r"needs more than 0\.5 GiB of memory"),
        ("abort", Cause.CRASHED, "made its reader crash"),
        ("raise", Cause.CRASHED, "its reader failed on it"),
        ("lie", Cause.CRASHED, "made its reader crash"),
    ],
)
def test_what_goes_wrong_costs_that_file_only(
    readers: Readers, file: Files, does: str, cause: Cause, reason: str
) -> None:
    readers.load(file("fine"))
    started = time.monotonic()
    with pytest.raises(Stopped, match=rf"^{does}\.txt .*{reason}.*\.$") as stopped:
        readers.load(file(does))
    assert stopped.value.cause is cause
    assert time.monotonic() - started < 5
    assert readers.load(file("fine")).text == "done"


def test_computing_is_bounded_even_where_waiting_is_not(file: Files) -> None:
    limits = Limits(wall_seconds=60, cpu_seconds=1, memory_bytes=SMALL.memory_bytes)
    with Readers(limits=limits, module=HOSTILE) as readers, pytest.raises(Stopped, match="took longer than 1 s"):
        readers.load(file("spin"))


def test_a_slow_file_that_makes_progress_is_read(readers: Readers, file: Files) -> None:
    readers.load(file("fine"))
    assert readers.load(file("sleep 0.4 and report 5")).text == "done"


def test_refusals_and_closed_files_are_told_as_load_tells_them(readers: Readers, file: Files) -> None:
    with pytest.raises(NotLoaded, match=r"^refuse\.txt is refused\.$") as refused:
        readers.load(file("refuse"))
    assert not isinstance(refused.value, Stopped)
    with pytest.raises(PermissionError):
        readers.load(file("deny"))
    with pytest.raises(FileNotFoundError):
        readers.load(file("fine").with_name("gone.txt"))


def test_a_library_that_prints_does_not_disturb_the_reply(readers: Readers, file: Files) -> None:
    assert readers.load(file("print")).text == "done"


def test_a_worker_has_no_network_no_secrets_and_no_model(
    readers: Readers, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "hunter2")
    assert readers.load(file("connect")).text == "EACCES EACCES EACCES"
    assert "hunter2" not in readers.load(file("environment")).text
    modules = {name.split(".")[0] for name in readers.load(file("modules")).text.split()}
    assert modules & {"torch", "transformers", "sqlalchemy", "qdrant_edge", "numpy"} == set()


def test_workers_are_used_again(readers: Readers, file: Files) -> None:
    first = readers.load(file("worker")).text
    assert readers.load(file("worker")).text == first
    assert int(first) != os.getpid()


def test_many_are_yielded_in_order_while_workers_read_ahead(file: Files) -> None:
    does = ["sleep 0.5", "refuse", "abort", "worker", "spin", "fine", "fine"]
    with Readers(workers=2, limits=SMALL, module=HOSTILE) as readers:
        found = list(readers.load_many((file(one), one) for one in does))
    assert [type(one) for one in found] == [Loaded, NotLoaded, Stopped, Loaded, Stopped, Loaded, Loaded]


def test_no_more_is_read_ahead_than_was_allowed(readers: Readers, file: Files) -> None:
    taken = []

    def files() -> Iterator[tuple[Path, str]]:
        for number in range(100):
            taken.append(number)
            yield file("fine"), str(number)

    outcomes = readers.load_many(files(), ahead=3)
    next(outcomes)
    assert len(taken) == 4
    outcomes.close()


def test_whoever_stops_early_waits_for_nobody(file: Files) -> None:
    started = time.monotonic()
    with Readers(limits=Limits(wall_seconds=60), module=HOSTILE) as readers:
        outcomes = readers.load_many([(file("fine"), "a"), (file("sleep 50"), "b"), (file("fine"), "c")], ahead=1)
        next(outcomes)
    assert time.monotonic() - started < 10
