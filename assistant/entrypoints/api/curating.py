"""Add a document to a corpus. Its owner may, with a token that is for it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from assistant.entrypoints.api.describing import Name, described
from assistant.entrypoints.api.problems import Unacceptable
from assistant.entrypoints.programs.admitting import Forbidden, allowed, holder_of
from assistant.entrypoints.programs.library import Library
from assistant.entrypoints.programs.shapes import Shape
from assistant.entrypoints.programs.uploading import NameUnusable, Uploaded, take_in
from retrieval.identifying import MAX_FILE_BYTES
from retrieval.lifecycle.knowing import owns
from retrieval.lifecycle.outcomes import Became

# The largest file that is read, and what a form puts around it.
LARGEST_UPLOAD_BYTES = MAX_FILE_BYTES + (1 << 16)
_FORM = "multipart/form-data"
_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        _FORM: {
            "schema": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary", "description": "With its name."}},
                "required": ["file"],
                "additionalProperties": False,
            }
        }
    },
}


class OutcomeShape(Shape):
    """What became of one document."""

    document: str | None
    """Its id; null when there is none in the corpus."""
    key: str
    became: Became
    reason: str
    """Why, where it is not served."""


class UploadShape(Shape):
    """What became of a file. An archive or a message may hold several documents."""

    name: str = Field(examples=["route-card.md"])
    outcomes: list[OutcomeShape]
    """Empty: all of it was in the corpus already."""


def curating(library: Library) -> APIRouter:
    router = APIRouter(tags=["corpora"])
    schema = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{UploadShape.__name__}"}}}}
    route = described(
        "corpora:write",
        *(404, 415),
        status_200={"description": "All of it was in the corpus already.", **schema},
        status_202={"description": "Read, and held back until its owner decides; `reason` says why.", **schema},
    )
    route["openapi_extra"]["requestBody"] = _BODY

    @router.post("/corpora/{name}/documents", status_code=201, response_model=UploadShape, **route)
    async def add_a_document(name: Name, request: Request) -> Response:
        """Add a file to a corpus that the holder owns, or a new version of one that was added under the same name.

        What it is, its content says. Answers when its documents can be found."""
        # Before anything of the body is read.
        principal = allowed(holder_of(request), "corpora:write").principal
        await asyncio.to_thread(library.corpus, name, principal)
        if not owns(principal, name):
            raise Forbidden("You do not curate this corpus.")
        if not request.headers.get("content-type", "").lower().startswith(f"{_FORM};"):
            raise HTTPException(415, f"Send a form of {_FORM} with one file, called 'file'.")
        async with request.form(max_files=1, max_fields=0) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise Unacceptable("There is no file called 'file' in the form.", hint="One file, with its name.")
            try:
                told = await asyncio.to_thread(take_in, file.file, file.filename or "", name, library.installation)
            except NameUnusable as error:
                raise Unacceptable(error.problem, hint=error.hint) from error
        return _answer(told, await asyncio.to_thread(_ids, told, name, library))

    return router


def _ids(told: Uploaded, corpus: str, library: Library) -> dict[str, str]:
    """Return the ids of the documents of a file, by key."""
    files = {one.key.partition("#")[0] for one in told.outcomes}
    held = library.installation.catalog.holdings_of(corpus, files)
    return {one.document.key: one.document.id for one in held}


def _answer(told: Uploaded, ids: Mapping[str, str]) -> Response:
    if told.outcomes and not told.served and not told.held_back:
        raise Unacceptable(told.outcomes[0].reason, hint="Nothing was added.")
    outcomes = [
        OutcomeShape(document=ids.get(one.key), key=one.key, became=one.became, reason=one.reason)
        for one in told.outcomes
    ]
    status = 201 if told.served else 202 if told.outcomes else 200
    return Response(
        UploadShape(name=told.name, outcomes=outcomes).model_dump_json(), status, media_type="application/json"
    )
