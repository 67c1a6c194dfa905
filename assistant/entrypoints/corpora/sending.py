"""The page on which owners add documents, and what takes in the files that they send."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from assistant.entrypoints.corpora.desk import Desk
from assistant.entrypoints.corpora.receiving import receive
from assistant.entrypoints.corpora.spooling import MOST_BYTES, MOST_FILES, UploadRefused, check_room
from assistant.entrypoints.corpora.uploads import Upload, new_upload
from assistant.entrypoints.corpora.wording import WORDS
from assistant.entrypoints.doors import Identify, page_reader
from assistant.entrypoints.pages import language_of
from retrieval.access import UNMARKED, Principal, may_read
from retrieval.identifying import MAX_FILE_BYTES


def add_sending(router: APIRouter, desk: Desk, identify: Identify) -> None:
    """Add the page and its form."""
    reader = Depends(page_reader(identify, reads_text=True))

    @router.get("/{name}/add")
    def add(request: Request, name: str, who: Principal = reader) -> HTMLResponse:
        corpus = desk.owned(request, who, name)
        return desk.page(
            "add",
            request,
            who,
            corpus=corpus,
            owner=True,
            here="add",
            unseen=corpus.marking != UNMARKED and not may_read(who, corpus.marking, desk.knowing(who).on_date),
            unmarked=corpus.marking == UNMARKED,
            most_bytes=MOST_BYTES,
            most_file_bytes=MAX_FILE_BYTES,
            most_files=MOST_FILES,
            uploads=desk.uploads.of(name, who.name)[:10],
        )

    @router.post("/{name}/add")
    async def send(request: Request, name: str, who: Principal = reader) -> Response:
        by_script = "application/json" in request.headers.get("accept", "")
        try:
            upload = await take(request, name, who)
        except UploadRefused as error:
            if by_script:
                return JSONResponse({"problem": str(error)}, 413)
            return desk.frame.problem(request, error, reader=who, status=413)
        address = f"/corpora/{quote(name)}/uploads/{upload.id}"
        return JSONResponse({"address": address}) if by_script else RedirectResponse(address, 303)

    async def take(request: Request, name: str, who: Principal) -> Upload:
        await run_in_threadpool(desk.owned, request, who, name)
        length = request.headers.get("content-length", "")
        check_room(desk.installation.settings.home, int(length) if length.isdecimal() else None)
        with desk.uploads.spooling(name) as (id, spool):
            told = await receive(request.headers.get("content-type", ""), request.stream(), spool)
            if not spool.names and not spool.refused:
                say = WORDS[language_of(request)]
                raise UploadRefused(say["no files"], hint=say["no files hint"])
            upload = new_upload(id, name, who.name, spool, again="again" in told, hold="hold" in told)
            await run_in_threadpool(desk.uploads.start, upload, spool.refused)
        return upload
