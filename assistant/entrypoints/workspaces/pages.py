"""The two pages that a browser is sent: the list of workspaces, and one workspace. Their scripts do the rest.

They hold nothing of any workspace, so there is nothing in them to keep from anyone."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from assistant.courses.naming import every_name
from assistant.entrypoints.doors import Identify, page_reader
from assistant.entrypoints.pages import Frame, Words, telling
from retrieval.access import Principal

_WORDS: Words = {
    "nl": {
        "title": "Handelwijzen",
        "loading": "Wordt geladen …",
        "script": "Deze pagina heeft JavaScript nodig.",
    },
    "en": {
        "title": "Courses of action",
        "loading": "Loading …",
        "script": "This page needs JavaScript.",
    },
}


def workspace_pages(frame: Frame, identify: Identify) -> APIRouter:
    """Return the routes of both pages."""
    router, looking = APIRouter(route_class=telling(frame)), Depends(page_reader(identify))

    def page(request: Request, reader: Principal, script: str) -> HTMLResponse:
        # The names of fields in both languages: which one a workspace has, its page learns later.
        return frame.page(
            "workspaces/page.html", request, reader=reader, words=_WORDS, names=every_name(), script=script
        )

    @router.get("/coa")
    def every(request: Request, reader: Principal = looking) -> HTMLResponse:
        return page(request, reader, "courses-list.js")

    @router.get("/coa/{id}")
    def one(id: str, request: Request, reader: Principal = looking) -> HTMLResponse:
        return page(request, reader, "courses.js")

    return router
