"""Documents in several formats, versions and markings, and the pages of documents over them."""

import asyncio
import io
from collections.abc import Mapping
from pathlib import Path

import httpx
from fastapi import FastAPI, Request
from reportlab.pdfgen.canvas import Canvas

from assistant.answers import Answer, Question
from assistant.entrypoints.documents.library import Library
from assistant.entrypoints.documents.routes import documents_door
from assistant.entrypoints.pages import Frame
from retrieval.access import Marking, Principal
from retrieval.blobs import BlobStore
from retrieval.documents import Passage, document_id
from retrieval.lifecycle.curating import Curation
from retrieval.rendering import Renderers
from tests.installations import CLEARED, OFFICER, OPEN, SECRET, TODAY, a_corpus, an_assistant, an_ingestion

CLOSED = "The bridge at Kruisvoorde is closed to tracked vehicles."
REOPENED = "The bridge at Kruisvoorde is open to tracked vehicles by day."
ORDER = "# Order\n\n## Bridges\n\n{bridge}\n\nWheeled vehicles cross one at a time.\n\n"
TABLE = "| Bridge | Class |\n|---|---|\n| Kruisvoorde | MLC 40 |\n| Zuiderwaag | MLC <20> |\n"


def a_pdf(*pages: str) -> bytes:
    """Return a document of these pages, each of one line and another below it."""
    written = io.BytesIO()
    canvas = Canvas(written, invariant=True)
    for page in pages:
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, 700, page)
        canvas.drawString(72, 600, "This line stands on every page.")
        canvas.showPage()
    canvas.save()
    return written.getvalue()


class Shelf:
    """A catalog with documents, and who asks for them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ingestion = an_ingestion(home)
        self.catalog = self.ingestion.catalog
        self.curation = Curation(self.ingestion)
        self.renderers = Renderers()
        self.add("plans", {"order.md": ORDER.format(bridge=CLOSED) + TABLE, "map.pdf": a_pdf(CLOSED, "Second page.")})
        self.add("plans", {"order.md": ORDER.format(bridge=REOPENED) + TABLE})

    def add(self, corpus: str, files: Mapping[str, str | bytes], marking: Marking = OPEN) -> None:
        """Put files into the folder of a corpus and add that."""
        folder = self.home / "in" / corpus
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        self.ingestion.add(folder, a_corpus(corpus, marking))

    def versions(self, key: str, corpus: str = "plans") -> list[str]:
        """Return the ids of a document's versions, the current one first."""
        return [past.version.id for past in self.catalog.history(document_id(corpus, key))]

    def passage(self, version: str, holding: str) -> Passage:
        found = self.catalog.passages_of_versions([version])
        return next(one.passage for one in found if holding in one.passage.text)

    def quote(self, version: str, words: str) -> tuple[int, int]:
        """Return the offsets of words in a version."""
        passage = self.passage(version, words)
        start = passage.start + passage.text.index(words)
        return start, start + len(words)

    def ask(self, text: str, principal: Principal) -> Answer:
        return an_assistant(self.ingestion).ask(Question(text, principal, frozenset(), TODAY))

    def get(
        self, path: str, reader: Principal | None = OFFICER, *, language: str = "en", headers: Mapping[str, str] = {}
    ) -> httpx.Response:
        """Ask for a path as a reader."""

        async def identify(request: Request) -> Principal | None:
            return reader

        app = FastAPI()
        library = Library(lambda: self.catalog, BlobStore(self.home / "blobs"), self.renderers)
        app.include_router(documents_door(library, Frame([]), identify).router)

        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
                return await client.get(path, headers={"accept-language": language, **headers})

        return asyncio.run(ask())


__all__ = ["CLEARED", "CLOSED", "OFFICER", "REOPENED", "SECRET", "Shelf", "a_pdf"]
