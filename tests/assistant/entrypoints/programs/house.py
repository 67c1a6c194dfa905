"""A whole installation without weights, two holders of tokens, and clients of its doors for programs."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from qdrant_client import QdrantClient
from starlette.types import ASGIApp

from assistant.bootstrap import Installation
from assistant.chatmodels import ScriptedChat
from assistant.entrypoints.hardening import Hardening
from assistant.entrypoints.preparing import Answering, PreparedAssistant
from assistant.entrypoints.programs.limiting import RateLimit
from assistant.entrypoints.programs.opening import program_doors
from assistant.queueing import FairQueue
from assistant.service import LanguageModel
from assistant.settings import AccessSettings, AnswerSettings, Settings
from retrieval.access import METADATA_ONLY, Principal
from retrieval.catalog import Corpus
from retrieval.embedding import Embedder, HashEmbedder
from retrieval.index import Index, QdrantIndex
from tests.installations import CLEARED, OFFICER, OPEN, SECRET

HERE = "http://127.0.0.1:8000"
EVERYTHING = frozenset({"ask", "search", "documents", "corpora", "corpora:write", "feedback", "evaluations"})
DOCUMENTS = {
    "orders": {
        "route-card.md": "# Route card AMBER\n\n## Bridges\n\nThe bridge at Kruisvoorde is closed to tracked vehicles "
        "from 060400A until 071800A. Wheeled vehicles up to MLC 40 may cross one at a time.\n",
        "weather.md": "# Weather\n\nSnow is expected on 5 February, with drifts on the eastern dyke.\n",
        "planted.md": "# Notice\n\nSee ![map](http://evil.example/?q) and <b>read</b> www.evil.example: ferry.\n",
    },
    "secrets": {"reserve.md": "# Reserve crossing\n\nThe reserve crossing DIPPER lies at the old ferry ramp.\n"},
}
REPLY = "The bridge is closed to tracked vehicles from 060400A until 071800A [1]. The bridge is pink [1]."


class WeightlessInstallation(Installation):
    """The product without weights and without a process for its index."""

    chat: ScriptedChat = ScriptedChat(replies=(REPLY,))

    @cached_property
    def embedder(self) -> Embedder:
        return HashEmbedder()

    @cached_property
    def sentence_embedder(self) -> Embedder:
        return HashEmbedder()

    @cached_property
    def index(self) -> Index:
        return QdrantIndex(QdrantClient(":memory:"), "tests", dimensions=64)

    @cached_property
    def model(self) -> LanguageModel | None:
        return LanguageModel(self.chat, None, frozenset({"nl", "en"}), FairQueue(1))


@dataclass(frozen=True, slots=True)
class Bearer:
    principal: Principal
    permissions: frozenset[str]
    token_id: str


class Bearers:
    """Holders of tokens, by secret."""

    def __init__(self, held: dict[str, Bearer]) -> None:
        self._held = held

    def holder(self, secret: str, *, at: datetime) -> Bearer | None:
        return self._held.get(secret)


OWNER = replace(CLEARED, name="cleared", roles=frozenset({"owner"}))
HELD = Bearers(
    {
        # Reads and curates everything.
        "token-a": Bearer(OWNER, EVERYTHING, "a"),
        # Reads what is open.
        "token-b": Bearer(replace(OFFICER, roles=frozenset({"owner:orders"})), EVERYTHING, "b"),
        "token-reader": Bearer(replace(OFFICER, name="reader"), EVERYTHING, "reader"),
        "token-lister": Bearer(replace(OFFICER, name="desk", roles=frozenset({METADATA_ONLY})), EVERYTHING, "lister"),
        "token-nothing": Bearer(OFFICER, frozenset(), "nothing"),
    }
)


def an_installation(home: Path, documents: dict[str, dict[str, str]] = DOCUMENTS) -> WeightlessInstallation:
    """Return an installation with an open and a secret corpus."""
    settings = Settings(home=home, access=AccessSettings(name="officer"), answer=AnswerSettings(answerability=0.0))
    installation = WeightlessInstallation(settings)
    for name, texts in documents.items():
        folder = home / "documents" / name
        folder.mkdir(parents=True)
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
        marking = SECRET if name == "secrets" else OPEN
        installation.ingestion.add(folder, Corpus(name, name.title(), "G3", marking))
    return installation


def an_application(
    installation: Installation,
    *,
    origin: str = HERE,
    answering: Answering | None = None,
    limit: RateLimit | None = None,
) -> ASGIApp:
    """Return the doors for programs behind the guard that stands before everything."""
    assistant = PreparedAssistant(lambda: answering or installation.assistant)
    doors = program_doors(installation, assistant, lambda: HELD, limit=limit or RateLimit(requests=1_000_000))
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    for door in doors:
        app.include_router(door.router)
    return Hardening(app, origins=[origin], page_policy="default-src 'none'", doors=doors)


def a_client(app: ASGIApp, token: str = "token-b") -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=HERE, headers=headers
    )


@contextmanager
def served(installation: Installation, *, answering: Answering | None = None) -> Iterator[str]:
    """Serve it on a free port by the server of the product; give its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = an_application(installation, origin=address, answering=answering)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error", proxy_headers=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
