"""Measure how long it takes from a file that lands in a watched folder until search finds what it says.

`python -m evals.bench_watching [--documents N] [--drops M]`. Makes a corpus of N short documents and drops M
more of two pages into its folder, one after another, with the default models. The clock runs from the moment at which
the file has its name until a search returns its passage; what the watcher says of itself is not asked."""

import json
import os
import random
import statistics
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import Any

import click

from assistant.bootstrap import Installation
from assistant.settings import Settings
from retrieval.access import scope_for
from retrieval.catalog import Corpus
from retrieval.index import stop_owner
from retrieval.lifecycle.watching_corpora import Compared, Watching

_WORDS = (
    "battalion bridge convoy river supply route platoon engineer report order crossing fuel water medical evacuation"
    " radio frequency patrol village road night weather artillery reserve commander staff position attack defence"
).split()
# Two pages of an order.
_PARAGRAPHS, _SENTENCES = 12, 5
_PATIENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.02


def measure(folder: Path, home: Path, *, documents: int, drops: int) -> dict[str, Any]:
    """Watch a folder of `documents` files and drop `drops` into it; return the seconds until each was found."""
    chance = random.Random(0)  # noqa: S311 (names and sentences, no secrets)
    for number in range(documents):
        (folder / f"order-{number:04}.md").write_text(_document(f"Order {number}", chance, paragraphs=3))
    installation = Installation(Settings(home=home))
    corpus = Corpus("watched", "Watched", "bench", installation.settings.default_marking)
    installation.catalog.ensure_corpus(corpus)
    stop, compared = Event(), Event()

    def watch() -> None:
        with closing(Watching(installation.ingestion, corpus, [folder]).run(stop)) as events:
            for event in events:
                if isinstance(event, Compared):
                    compared.set()

    watcher = Thread(target=watch, name="watching")
    watcher.start()
    try:
        compared.wait()
        seconds = [_drop(installation, folder, number, chance) for number in range(drops)]
        held = installation.catalog.live_passage_count()
    finally:
        stop.set()
        watcher.join()
        installation.close()
        for index in (home / "index").glob("*"):
            stop_owner(index)
    found = [one for one in seconds if one is not None]
    return {
        "documents": documents,
        "passages": held,
        "drops": drops,
        "found": len(found),
        "median seconds (target 1.5 at most)": round(statistics.median(found), 2),
        "longest seconds": round(max(found), 2),
    }


def _drop(installation: Installation, folder: Path, number: int, chance: random.Random) -> float | None:
    """Drop a document with a word of its own; return the seconds until it is found, None when it never is."""
    word = f"codeword{chance.randrange(10**9)}"
    text = _document(f"Fragmentary order {number}", chance, paragraphs=_PARAGRAPHS)
    half = folder / f".{number}.part"
    half.write_text(f"{text}\nThe crossing is called {word}.\n")
    half.rename(folder / f"drop-{number:03}.md")
    landed = time.perf_counter()
    while (waited := time.perf_counter() - landed) < _PATIENCE_SECONDS:
        principal, catalog = installation.settings.principal, installation.catalog
        scope = scope_for(principal, markings=catalog.markings(), corpora=["watched"], on_date=date.today())
        hits = installation.retriever.search(word, scope=scope, limit=3)
        if any(word in hit.passage.text for hit in hits):
            return waited
        time.sleep(_LOOK_SECONDS)
    return None


def _document(title: str, chance: random.Random, *, paragraphs: int) -> str:
    told = (" ".join(_sentence(chance) for _ in range(_SENTENCES)) for _ in range(paragraphs))
    return "\n\n".join([f"# {title}", *told, ""])


def _sentence(chance: random.Random) -> str:
    return f"The {' '.join(chance.choices(_WORDS, k=9))} at {chance.randrange(2400):04}."


@click.command()
@click.option("--documents", type=int, default=500, show_default=True)
@click.option("--drops", type=int, default=20, show_default=True)
def main(documents: int, drops: int) -> None:
    """Measure and print JSON."""
    with tempfile.TemporaryDirectory() as told:
        folder, home = Path(told) / "folder", Path(told) / "home"
        folder.mkdir()
        measured = measure(folder, home, documents=documents, drops=drops)
    click.echo(json.dumps({"cores": os.cpu_count(), **measured}, indent=2))


if __name__ == "__main__":
    main()
