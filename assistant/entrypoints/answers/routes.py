"""The door to answers as files: `/answers/{ids}/export/{format}`, with one id or several apart by commas.

What somebody may have is decided by `exporting`, at each request anew. Knows nothing of the chat."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from assistant.entrypoints.doors import Door, Identify, page_reader
from assistant.entrypoints.pages import Frame, language_of
from assistant.exporting import (
    FORMATS,
    AnswerUnknown,
    FormatUnavailable,
    KeptAnswer,
    kept_answers,
    paper_of,
    write_paper,
)
from assistant.journal import Journal
from retrieval.access import Principal
from retrieval.catalog import Catalog

# A long conversation; with more, its address would grow beyond what browsers and proxies take.
MOST_ANSWERS = 40


def answers_door(
    identify: Identify, frame: Frame, *, journal: Callable[[], Journal], catalog: Callable[[], Catalog]
) -> Door:
    """Return the door. `journal` and `catalog` are asked for when an answer is."""
    router = APIRouter(prefix="/answers")
    reader = Depends(page_reader(identify))

    # A plain function: FastAPI runs it in a thread, where LibreOffice may take its time.
    @router.get("/{ids}/export/{format}")
    def export(request: Request, ids: str, format: str, principal: Annotated[Principal, reader]) -> Response:
        asked, today = list(dict.fromkeys(ids.split(","))), date.today()
        if format not in FORMATS or len(asked) > MOST_ANSWERS:
            raise HTTPException(404, "There is nothing here.")
        try:
            kept: list[KeptAnswer] = kept_answers(
                asked, journal=journal(), catalog=catalog(), principal=principal, today=today
            )
            paper = paper_of(kept, language=language_of(request), today=today)
            content = write_paper(paper, format)
        except AnswerUnknown as error:
            return frame.problem(request, error, reader=principal, status=404)
        except FormatUnavailable as error:
            return frame.problem(request, error, reader=principal, status=503)
        # Letters, digits and hyphens only: nothing to quote.
        named = f'attachment; filename="{paper.name}.{format}"'
        return Response(content, media_type=FORMATS[format], headers={"content-disposition": named})

    return Door(router)
