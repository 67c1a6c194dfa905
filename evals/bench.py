"""Measure indexing, search, answering and cancelling here, each beside its physical reference in the same run.

    python -m evals.bench [--full] [--data FOLDER]

Short: the example corpus. --full: the doctrine corpus of the public data. Prints JSON; the ratios are what to quote.
Knows nothing of right and wrong answers."""

import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from assistant import composing
from assistant.answers import Question, SourcesFound
from assistant.bootstrap import Installation
from assistant.llamacpp import LlamaCppChat
from assistant.quoting import best_sentences, rank_sentences
from assistant.selecting import select, within_budget
from assistant.settings import Settings
from assistant.surroundings import prepare
from evals.bench_cancelling import measure_cancelling
from evals.bench_matrix import measure_matrix
from evals.bench_runs import measure_runs
from evals.sets import SHIPPED
from retrieval.access import Scope, scope_for
from retrieval.catalog import Corpus
from retrieval.index import stop_owner
from retrieval.ingesting import searchable_text

_QUESTIONS = (
    "Who is responsible for the battle rhythm?",
    "What are the principles of mission command?",
    "When does the targeting working group meet?",
    "Which unit provides medical support to the brigade?",
    "How is a course of action screened?",
    "What does the commander's intent describe?",
    "Who approves the operation order?",
    "What are the phases of the operations process?",
    "How many litres of fuel does a battalion need each day?",
    "Where does the main command post set up?",
)
# Enough for a 95th percentile that rests on more than a handful of values.
_SEARCHES = 200

T = TypeVar("T")


@click.command()
@click.option("--full", is_flag=True, help="Use the doctrine corpus (about 10,000 passages; minutes).")
@click.option(
    "--data", type=click.Path(path_type=Path), envvar="STAFWIJZER_DATA", default="../shared/data", show_default=True
)
def main(full: bool, data: Path) -> None:
    """Measure and print JSON."""
    source = data / "corpora" / "doctrine_en" / "markdown" if full else SHIPPED / "corpus"
    with tempfile.TemporaryDirectory() as folder, _installation(Path(folder)) as installation:
        measured: dict[str, Any] = {"corpus": source.name, "cores": os.cpu_count()}
        measured["indexing"] = _indexing(installation, source)
        measured["search"] = _search(installation)
        measured["answering"] = _answering(installation)
        measured["cancelling"] = _cancelling(installation)
        measured["comparing courses"] = measure_matrix()
        measured["evaluating"] = measure_runs(installation, _QUESTIONS, Path(folder) / "evals")
    click.echo(json.dumps(measured, indent=2))


@contextmanager
def _installation(home: Path) -> Iterator[Installation]:
    installation = Installation(Settings(home=home))
    installation.embedder.embed_query("load the model before anything is timed")
    try:
        yield installation
    finally:
        installation.close()
        for index in (home / "index").glob("*"):
            stop_owner(index)


def _indexing(installation: Installation, source: Path) -> dict[str, Any]:
    marking = installation.settings.default_marking
    report, whole = _timed(lambda: installation.ingestion.add(source, Corpus("bench", "bench", "", marking)))
    peak = _peak_mebibytes()
    texts = [searchable_text(found) for found in installation.catalog.live_passages()]
    _, alone = _timed(lambda: installation.embedder.embed_passages(texts))
    return {
        "peak memory MiB (target 1536 at most)": round(peak),
        "passages": report.passages,
        "embedded": report.embedded,
        "seconds": round(whole, 2),
        "passages per second": round(report.passages / whole, 1),
        "embedder alone, all passages sorted by length, seconds": round(alone, 2),
        "ratio to embedder alone (target 1.5 at most)": round(whole / alone * len(texts) / max(1, report.embedded), 3),
    }


def _search(installation: Installation) -> dict[str, Any]:
    scope = _scope(installation)
    # Different queries each time: an embedder or engine that remembers would flatter itself.
    queries = [f"{question} {number}" for number in range(_SEARCHES // len(_QUESTIONS)) for question in _QUESTIONS]
    for query in _QUESTIONS:
        installation.retriever.search(query, scope=scope)
    seconds = [_timed(partial(installation.retriever.search, query, scope=scope))[1] for query in queries]
    embedding = [_timed(partial(installation.embedder.embed_query, query))[1] for query in queries]
    return {
        "passages": installation.catalog.live_passage_count(),
        "searches": len(queries),
        "p50 ms": _milliseconds(statistics.median(seconds)),
        "p95 ms, query embedding included (target 30 at most)": _milliseconds(_percentile(seconds, 95)),
        "query embedding alone p50 ms": _milliseconds(statistics.median(embedding)),
    }


def _answering(installation: Installation) -> dict[str, Any]:
    principal, assistant = installation.settings.principal, installation.assistant
    sources, first, alone, complete = [], [], [], []
    for text in _QUESTIONS:
        question = Question(text, principal, frozenset(), date.today())
        chat = installation.model.chat if installation.model else None
        assert isinstance(chat, LlamaCppChat)
        chat.forget()
        started = time.perf_counter()
        for event in assistant.stream(question):
            if isinstance(event, SourcesFound):
                sources.append(time.perf_counter() - started)
            last = event
        timings = last.answer.trace.timings  # type: ignore[union-attr]
        complete.append(timings["answered"])
        if "first_token" in timings:
            first.append(timings["first_token"] - timings["quoted"])
            alone.append(_alone(installation, text, chat))
    return {
        "questions": len(_QUESTIONS),
        "first source p50 ms (target 300 at most)": _milliseconds(statistics.median(sources)),
        "complete answer p50 s": round(statistics.median(complete), 2),
        "composed": len(first),
        "time to first token p50 ms": _milliseconds(statistics.median(first)) if first else None,
        "llama.cpp alone on the same prompt p50 ms": _milliseconds(statistics.median(alone)) if alone else None,
        "ratio to llama.cpp alone (target 1.1 at most)": round(sum(first) / sum(alone), 3) if alone else None,
    }


def _cancelling(installation: Installation) -> dict[str, Any]:
    chat = installation.model.chat if installation.model else None
    return measure_cancelling(chat) if isinstance(chat, LlamaCppChat) else {"cancels": 0}


def _alone(installation: Installation, text: str, chat: LlamaCppChat) -> float:
    """Return the seconds to the first token when llama.cpp is handed the finished prompt and nothing else."""
    answer = installation.settings.answer
    hits = installation.retriever.search(text, scope=_scope(installation), limit=installation.settings.search.limit)
    evidence = select(hits, limit=installation.settings.search.limit)
    sentences = rank_sentences(text, evidence, embedder=installation.sentence_embedder, trust=1.0)
    messages = composing.compose_messages(
        composing.prompt_for("en"),
        text,
        within_budget(
            best_sentences(sentences, 2 * answer.quotes),
            budget_tokens=answer.evidence_tokens,
            count_tokens=chat.get_num_tokens,
        ),
    )
    chat.forget()
    return _timed(lambda: next(chat.tokens_of(messages, (), None)))[1]


def _scope(installation: Installation) -> Scope:
    return scope_for(
        installation.settings.principal,
        markings=installation.catalog.markings(),
        corpora=["bench"],
        on_date=date.today(),
    )


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _peak_mebibytes() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return own / 1024


if __name__ == "__main__":
    prepare()
    main()
