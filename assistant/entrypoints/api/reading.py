"""Search, and read what there is: passages, documents, their versions, corpora. Changes nothing."""

import base64
import binascii
import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from assistant.entrypoints.api.asked import DocumentsQuery, SearchBody
from assistant.entrypoints.api.describing import Id, Name, described
from assistant.entrypoints.api.problems import Unacceptable
from assistant.entrypoints.programs.admitting import allowed, holder_of
from assistant.entrypoints.programs.library import Library
from assistant.entrypoints.programs.shapes import (
    CorpusShape,
    DocumentShape,
    HitShape,
    PassageShape,
    Shape,
    VersionShape,
    corpus_shape,
    document_shape,
    hit_shape,
    passage_shape,
    version_shape,
)
from retrieval.catalog import Holding


class Found(Shape):
    hits: list[HitShape]
    """Best first; empty when nothing in scope shares anything with the query."""


class Corpora(Shape):
    corpora: list[CorpusShape]


class Documents(Shape):
    documents: list[DocumentShape]
    """By corpus and key."""
    next: str | None = Field(default=None)
    """The cursor of the next page; null on the last."""


class Versions(Shape):
    versions: list[VersionShape]
    """Newest first."""


def reading(library: Library) -> APIRouter:
    router = APIRouter()

    @router.post("/searches", tags=["documents"], **described("search"))
    def search(body: SearchBody, request: Request) -> Found:
        """Find passages by meaning and by words. No language model is used, and nothing is kept."""
        principal = allowed(holder_of(request), "search").principal
        day = body.on_date or date.today()
        hits = library.search(body.query, principal, corpora=body.corpora, on_date=day, limit=body.limit)
        return Found(hits=list(map(hit_shape, hits)))

    @router.get("/passages/{id}", tags=["documents"], **described("search", 404))
    def read_a_passage(id: Id, request: Request) -> PassageShape:
        """Return a passage of a live version."""
        return passage_shape(library.passage(id, allowed(holder_of(request), "search").principal))

    @router.get("/documents", tags=["documents"], **described("documents"))
    def list_documents(asked: Annotated[DocumentsQuery, Query()], request: Request, response: Response) -> Documents:
        """List the documents that the holder may know of. The next page is in `next` and in the Link header."""
        principal = allowed(holder_of(request), "documents", reads_text=False).principal
        after = _place(asked.cursor) if asked.cursor else ("", "")
        fitting = _titled(library.documents(principal, corpus=asked.corpus, after=after), asked.title)
        page = list(islice(fitting, asked.limit + 1))
        further = _cursor(page[asked.limit - 1]) if len(page) > asked.limit else None
        if further:
            told = {**asked.model_dump(exclude_defaults=True), "cursor": further}
            response.headers["Link"] = f'<{request.scope["path"]}?{urlencode(told)}>; rel="next"'
        return Documents(documents=list(map(document_shape, page[: asked.limit])), next=further)

    @router.get("/documents/{id}", tags=["documents"], **described("documents", 404))
    def read_a_document(id: Id, request: Request) -> DocumentShape:
        """Return what may be known of a document. Its text is in its passages."""
        principal = allowed(holder_of(request), "documents", reads_text=False).principal
        return document_shape(library.document(id, principal))

    @router.get("/documents/{id}/versions", tags=["documents"], **described("documents", 404))
    def list_versions(id: Id, request: Request) -> Versions:
        """List the versions of a document."""
        principal = allowed(holder_of(request), "documents", reads_text=False).principal
        return Versions(versions=[version_shape(past, marking) for past, marking in library.versions(id, principal)])

    @router.get("/corpora", tags=["corpora"], **described("corpora"))
    def list_corpora(request: Request) -> Corpora:
        """List the corpora that the holder may know of."""
        principal = allowed(holder_of(request), "corpora", reads_text=False).principal
        return Corpora(corpora=list(map(corpus_shape, library.corpora(principal))))

    @router.get("/corpora/{name}", tags=["corpora"], **described("corpora", 404))
    def read_a_corpus(name: Name, request: Request) -> CorpusShape:
        """Return a corpus."""
        principal = allowed(holder_of(request), "corpora", reads_text=False).principal
        return corpus_shape(library.corpus(name, principal))

    return router


def _titled(holdings: Iterator[Holding], title: str) -> Iterator[Holding]:
    wanted = title.casefold()
    return (one for one in holdings if wanted in one.document.title.casefold() or wanted in one.document.key.casefold())


def _cursor(holding: Holding) -> str:
    place = json.dumps([holding.document.corpus, holding.document.key])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[str, str]:
    try:
        told = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        corpus, key = told
    except (ValueError, TypeError, RecursionError, binascii.Error):
        corpus = key = None
    if not isinstance(corpus, str) or not isinstance(key, str):
        raise Unacceptable("The cursor is not one of ours.", hint="Take it from `next` of the page before.")
    return corpus, key
