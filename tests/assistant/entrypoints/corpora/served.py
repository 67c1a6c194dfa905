"""The owners' pages behind their guards, over an installation without weights, for whoever is signed in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient
from qdrant_client import QdrantClient

from assistant.bootstrap import Installation
from assistant.entrypoints.corpora import corpora_doors
from assistant.entrypoints.corpora.uploads import Uploads
from assistant.entrypoints.hardening import Hardening, page_policy
from assistant.entrypoints.pages import Frame, Place
from assistant.settings import Settings
from retrieval.access import UNMARKED, Marking, Principal
from retrieval.catalog import Corpus
from retrieval.embedding import Embedder, HashEmbedder
from retrieval.index import Index, QdrantIndex
from retrieval.languages import Language

OPEN, SECRET = Marking("NLD", "Ongerubriceerd"), Marking("NLD", "Stg. Geheim")
OWNER = Principal("owner", (("NLD", "Stg. Confidentieel"),), "NLD", roles=frozenset({"owner"}))
KEEPER = Principal("keeper", (("NLD", "Ongerubriceerd"),), "NLD", roles=frozenset({"owner:plans"}))
READER = Principal("reader", (("NLD", "Ongerubriceerd"),), "NLD")
LISTER = Principal("lister", (("NLD", "Ongerubriceerd"),), "NLD", roles=frozenset({"metadata-only", "owner"}))
CLEARED = Principal("cleared", (("NLD", "Stg. Geheim"),), "NLD", roles=frozenset({"owner"}))
_PACKAGE = Path(corpora_doors.__code__.co_filename).parents[1]


_TITLE: dict[Language, str] = {"nl": "Corpora", "en": "Corpora"}


class Weightless(Installation):
    @cached_property
    def embedder(self) -> Embedder:
        return HashEmbedder()

    @cached_property
    def index(self) -> Index:
        return QdrantIndex(QdrantClient(":memory:"), "tests", dimensions=64)


class Served:
    """An application in which anybody can sign in by being named."""

    def __init__(self, home: Path, *, origin: str = "http://127.0.0.1:8000") -> None:
        self.installation = Weightless(Settings(home=home))
        self.uploads = Uploads(self.installation)
        self.who: Principal | None = OWNER
        self.origin = origin
        inner = FastAPI()
        inner.mount("/static", StaticFiles(directory=_PACKAGE / "static"))

        async def identify(request: Request) -> Principal | None:
            return self.who

        frame = Frame([Place("/", {"nl": "Vragen", "en": "Questions"}), Place("/corpora", _TITLE)])
        self.doors = corpora_doors(self.installation, frame, identify, self.uploads)
        for door in self.doors:
            inner.include_router(door.router)
        self.app = Hardening(inner, origins=[origin], page_policy=page_policy("", origins=[origin]), doors=self.doors)

    def client(self, who: Principal | None = OWNER, *, language: str = "en") -> TestClient:
        self.who = who
        headers = {"origin": self.origin, "accept-language": language}
        return TestClient(self.app, base_url=self.origin, headers=headers, follow_redirects=False)

    def fill(self, folder: Path) -> None:
        """Make 'plans', with a document, one that is secret and one that waits; and 'hidden', which is secret."""
        catalog, ingestion = self.installation.catalog, self.installation.ingestion
        for name, corpus, marking in (
            ("order.md", "plans", OPEN),
            ("plan-b.md", "plans", SECRET),
            ("loose.md", "plans", UNMARKED),
            ("spy.md", "hidden", SECRET),
        ):
            path = folder / marking.level / name
            path.parent.mkdir(parents=True, exist_ok=True)
            front = "" if marking == UNMARKED else f"---\nmarking: {marking.level}\n---\n"
            path.write_text(f"{front}# Title of {name}\n\nThe bridge of {name} is closed to tracks.\n")
            own = UNMARKED if corpus == "plans" else SECRET
            catalog.ensure_corpus(Corpus(corpus, f"The {corpus}", "J3", own))
            ingestion.add(path, catalog.corpus(corpus))

    def document(self, key: str, corpus: str = "plans") -> str:
        """Return the id and seal by which a form names a document."""
        from retrieval.lifecycle.curating import seal

        one = next(one for one in self.installation.catalog.holdings(corpus) if one.document.key == key)
        return f"{one.document.id}.{seal(one)}"


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    one = Served(folder / "home")
    one.fill(folder / "documents")
    yield one
    one.uploads.wait(20)
    one.installation.close()


def ids_in(page: str) -> list[str]:
    return re.findall(r'name="document" value="([^"]+)"', page)
