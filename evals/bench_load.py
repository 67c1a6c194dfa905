"""Measure the chat under many users at once, with and without an ingestion in the same process: `make load`.

`python -m evals.bench_load [--users 100] [--seconds 60]`. The product is whole but for its weights: a model that says
60 words at 20 tokens a second for as many as ask, and an embedder that knows words only, so that what is measured is
the server and not the models. A first load runs alone; in a second one, a folder is read into a corpus of the same
process for 30 seconds. Each user goes through the door of a browser (evals/driving)."""

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from assistant.bootstrap import Installation
from assistant.chatmodels import ScriptedChat
from assistant.citing import as_json
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.serving import listen, serve_assistant
from assistant.queueing import FairQueue
from assistant.service import LanguageModel
from assistant.settings import AnswerSettings, ChatSettings, Settings
from evals.cases import Case
from evals.driving.drive import Plan, drive
from evals.driving.driven import Asked, LoadSummary, summarise
from evals.driving.usage import Usage, read_usage, usage_between
from evals.driving.visiting import Entrance
from retrieval.catalog import Corpus
from retrieval.embedding import Embedder, HashEmbedder
from retrieval.index import stop_owner

_TOKENS_PER_SECOND = 20
_REPLY = "The convoy crosses the bridge before the river rises, as the order says [1]. " * 5
_TOPICS = "bridge convoy river supply route engineer fuel water medical radio".split()
_INGEST_SECONDS = 30.0
_DOCUMENTS = 50


class _Weightless(Installation):
    """The product with a model and an embedder that need no weights."""

    @cached_property
    def embedder(self) -> Embedder:
        return HashEmbedder()

    @cached_property
    def sentence_embedder(self) -> Embedder:
        return HashEmbedder()

    @cached_property
    def model(self) -> LanguageModel | None:
        chat = ScriptedChat(replies=(_REPLY,), seconds_per_token=1 / _TOKENS_PER_SECOND)
        return LanguageModel(chat, None, frozenset({"nl", "en"}), FairQueue(1000))


@dataclass(frozen=True, slots=True)
class Measured:
    """One load."""

    summary: LoadSummary
    usage: Usage | None
    ingested: int
    """Documents that were read meanwhile."""


def serve(home: Path, port: int) -> None:
    """Serve the weightless product; read folders into it while the file HOME/ingest is there."""
    # What the words have in common is all that this embedder knows.
    settings = Settings(home=home, chat=ChatSettings(port=port), answer=AnswerSettings(answerability=0.0))
    installation = _Weightless(settings)
    _add(installation, home / "documents", "orders", range(_DOCUMENTS))
    threading.Thread(target=_ingest_when_told, args=(installation, home), daemon=True).start()
    assistant = PreparedAssistant(lambda: installation.assistant)
    serve_assistant(assistant, settings, listen(settings), as_json=True)
    installation.close()
    for folder in (home / "index").iterdir():
        stop_owner(folder)


def measure(*, users: int, seconds: float) -> dict[str, Measured]:
    """Put both loads on a chat of their own, and return what came of each."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "evals.bench_load", "--serve", home]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 (this program itself)
        assert server.stdout is not None
        try:
            told = json.loads(server.stdout.readline())
            entrance = Entrance(told["address"], told["user"], told["password"])
            alone = _load(server.pid, entrance, users=users, seconds=seconds, seed=0)
            (Path(home) / "ingest").touch()
            beside = _load(server.pid, entrance, users=users, seconds=max(seconds, _INGEST_SECONDS + 10), seed=1)
            ingested = int((Path(home) / "ingested").read_text())
        finally:
            server.terminate()
            server.wait(30)
    return {"alone": Measured(*alone, 0), "beside an ingestion": Measured(*beside, ingested)}


def _load(
    process: int, entrance: Entrance, *, users: int, seconds: float, seed: int
) -> tuple[LoadSummary, Usage | None]:
    cases = tuple(Case(id=topic, question=f"What is said of the {topic}?", language="en") for topic in _TOPICS)
    plan = Plan(cases, users, seconds, think_seconds=2.0, seed=seed)
    asked: list[Asked] = []
    before, started = read_usage(process), time.perf_counter()
    asyncio.run(drive(plan, entrance, on_asked=asked.append))
    used = usage_between(before, read_usage(process), seconds=time.perf_counter() - started)
    return summarise(asked, users=users), used


def _ingest_when_told(installation: Installation, home: Path) -> None:
    while not (home / "ingest").exists():
        time.sleep(0.1)
    until, batch = time.monotonic() + _INGEST_SECONDS, 0
    while time.monotonic() < until:
        batch += 1
        numbers = range(batch * _DOCUMENTS, (batch + 1) * _DOCUMENTS)
        _add(installation, home / f"more-{batch}", "reports", numbers)
    (home / "ingested").write_text(str(batch * _DOCUMENTS))


def _add(installation: Installation, folder: Path, corpus: str, numbers: range) -> None:
    folder.mkdir()
    for number in numbers:
        topic = _TOPICS[number % len(_TOPICS)]
        lines = [f"The {topic} of order {number} is at kilometre {line}, as reported." for line in range(60)]
        (folder / f"{number:05}.md").write_text(f"# The {topic}, order {number}\n\n" + "\n\n".join(lines))
    installation.ingestion.add(folder, Corpus(corpus, corpus, "G3", installation.settings.default_marking))


def _told(measured: Measured) -> dict[str, Any]:
    everyone = measured.summary.everyone
    return {
        "questions": everyone.questions,
        "errors": everyone.errors,
        "token gap": as_json(everyone.token_gap),
        "first source": as_json(everyone.source),
        "usage": as_json(measured.usage),
        "ingested": measured.ingested,
    }


@click.command()
@click.option("--users", default=100, show_default=True, help="How many ask at once.")
@click.option("--seconds", default=60.0, show_default=True, help="How long they ask, in each of the two loads.")
@click.option("--serve", "home", type=click.Path(path_type=Path), hidden=True)
def main(users: int, seconds: float, home: Path | None) -> None:
    """Measure the chat under many users at once."""
    if home is not None:
        serve(home, _free_port())
        return
    for name, measured in measure(users=users, seconds=seconds).items():
        click.echo(json.dumps({"load": name, "users": users, **_told(measured)}))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
