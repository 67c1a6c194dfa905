"""Measure how documents come in: who waits for whom, what memory it takes, and what a second look costs.

`python -m evals.bench_indexing DATA [--documents N]`. DATA holds corpora/; an even sample of N files of it is
copied to a folder of its own, added by the default models to an installation of its own, and synced again unchanged.
Intake reads files in worker processes and embeds in a thread of its own: what counts is how long the embedder is at
work of all the time that passes."""

import json
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from assistant.bootstrap import Installation
from assistant.settings import Settings
from retrieval.catalog import Corpus
from retrieval.embedding import Embedder
from retrieval.index import Vector, stop_owner
from retrieval.ingesting import Ingestion, Progress
from retrieval.parsing import load_isolated

_CORPORA = ("doctrine_en", "law_nl", "gov_nl", "kamervragen_nl", "defence_management_en")
_QUARTERS = (0.25, 0.5, 0.75, 1.0)


@dataclass(slots=True)
class Clock:
    """Seconds spent in one kind of work; in several threads at once they count once."""

    seconds: float = 0.0
    _within: int = 0
    _since: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self) -> Iterator[None]:
        with self._lock:
            self._within += 1
            if self._within == 1:
                self._since = time.perf_counter()
        try:
            yield
        finally:
            with self._lock:
                self._within -= 1
                if self._within == 0:
                    self.seconds += time.perf_counter() - self._since


@dataclass(slots=True)
class _Timed:
    """An embedder whose work is timed."""

    inside: Embedder
    clock: Clock

    @property
    def dimensions(self) -> int:
        return self.inside.dimensions

    @property
    def fingerprint(self) -> str:
        return self.inside.fingerprint

    def embed_query(self, query: str) -> Vector:
        return self.inside.embed_query(query)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        with self.clock.running():
            return self.inside.embed_passages(texts)


def measure(source: Path, home: Path) -> dict[str, Any]:
    """Add the files below `source` to a new installation in `home` and sync them again; return what it took."""
    installation = Installation(Settings(home=home))
    try:
        installation.embedder.embed_query("load the model before anything is timed")
        clocks = {name: Clock() for name in ("reading", "embedding", "indexing")}
        ingestion = _timed(installation.ingestion, clocks)
        corpus = Corpus("bench", "bench", "", installation.settings.default_marking)
        memory: dict[str, int] = {}
        started = time.perf_counter()
        report = ingestion.add(source, corpus, on_progress=_quarters(memory))
        whole = time.perf_counter() - started
        memory["100 %"] = _resident_mebibytes()
        started, processor = time.perf_counter(), time.process_time()
        again = installation.ingestion.sync(source, corpus)
        looked, spent = time.perf_counter() - started, time.process_time() - processor
    finally:
        installation.close()
        for index in (home / "index").glob("*"):
            stop_owner(index)
    return {
        "documents": report.added,
        "not read": len(report.refused),
        "passages": report.passages,
        "seconds": round(whole, 1),
        "passages per second": round(report.passages / whole, 1),
        **{f"{name}, seconds": round(clock.seconds, 1) for name, clock in clocks.items()},
        "embedder busy (target 0.85 at least)": round(clocks["embedding"].seconds / whole, 3),
        "all else, seconds (target: less than embedding)": round(whole - clocks["embedding"].seconds, 1),
        "memory MiB at": memory,
        "sync unchanged": again.unchanged,
        "sync unchanged, seconds": round(looked, 2),
        "sync unchanged, processor seconds": round(spent, 2),
        "sync unchanged of the first run (target 0.02 at most)": round(looked / whole, 4),
    }


def _timed(ingestion: Ingestion, clocks: dict[str, Clock]) -> Ingestion:
    """Return an ingestion that does the same and whose work is timed."""

    def timed(work: Callable[..., Any], clock: Clock) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            with clock.running():
                return work(*arguments, **options)

        return run

    # What a shared index gives to its owner in another process is waited for here.
    ingestion.index.upsert = timed(ingestion.index.upsert, clocks["indexing"])  # type: ignore[method-assign]
    return replace(
        ingestion,
        embedder=_Timed(ingestion.embedder, clocks["embedding"]),
        read=timed(load_isolated, clocks["reading"]),
    )


def _quarters(memory: dict[str, int]) -> Callable[[Progress], None]:
    """Return what notes the memory of this process as a quarter, half and three quarters of the files are read."""

    def note(progress: Progress) -> None:
        for part in _QUARTERS[:-1]:
            if progress.files_done >= part * progress.files_total:
                memory.setdefault(f"{part:.0%}".replace("%", " %"), _resident_mebibytes())

    return note


def _resident_mebibytes() -> int:
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) // 1024 if found else 0


def _sample(data: Path, target: Path, documents: int) -> None:
    """Copy an even sample of the files of the corpora: what is added is looked at by its path."""
    folders = [data / "corpora" / name for name in _CORPORA]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    step = max(1.0, len(files) / documents) if documents else 1.0
    for number in range(int(len(files) / step)):
        path = files[int(number * step)]
        copy = target / path.relative_to(data / "corpora")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--documents", type=int, default=0, help="About so many files. Default: all.")
def main(data: Path, documents: int) -> None:
    """Measure and print JSON."""
    with tempfile.TemporaryDirectory() as folder:
        source, home = Path(folder) / "source", Path(folder) / "home"
        _sample(data, source, documents)
        click.echo(json.dumps({"cores": os.cpu_count(), **measure(source, home)}, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
