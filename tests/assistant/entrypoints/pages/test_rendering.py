"""One frame around every page."""

import asyncio

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from assistant.entrypoints.pages import Frame, Place, Words
from retrieval.access import Marking, Principal
from retrieval.errors import StafwijzerError

_WORDS: Words = {"nl": {}, "en": {}}
_FRAME = Frame(
    [
        Place("/corpora", {"nl": "Corpora", "en": "Corpora"}),
        Place("/admin", {"nl": "Beheer", "en": "Administration"}, role="operator"),
    ]
)


def _get(path: str, *, language: str = "en", roles: frozenset[str] = frozenset()) -> str:
    app, reader = FastAPI(), Principal("<b>A. Officer</b>", (("NLD", "Stg. Confidentieel"),), "NLD", roles=roles)

    @app.get("/corpora/x")
    def page(request: Request) -> HTMLResponse:
        error = StafwijzerError("There is no corpus '<script>'.", hint="Look at the list.")
        return _FRAME.problem(request, error, reader=reader, status=404)

    @app.get("/marked")
    def marked(request: Request) -> HTMLResponse:
        marking, words = Marking("NLD", "Stg. Confidentieel"), _WORDS
        return _FRAME.page("problem.html", request, reader=reader, words=words, marking=marking, problem="P", hint="")

    async def ask() -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            return (await client.get(path, headers={"accept-language": language})).text

    return asyncio.run(ask())


def test_what_a_page_is_given_is_escaped() -> None:
    page = _get("/corpora/x")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<b>A. Officer" not in page


def test_a_page_speaks_the_language_of_the_browser() -> None:
    assert 'lang="nl"' in _get("/corpora/x", language="nl-NL,en;q=0.5")
    assert "Naar de inhoud" in _get("/corpora/x", language="nl-NL,en;q=0.5")
    assert 'lang="en"' in _get("/corpora/x", language="fr")


def test_the_place_one_is_at_is_told_apart() -> None:
    assert '<a href="/corpora" aria-current="page">' in _get("/corpora/x")


def test_a_place_for_a_role_is_shown_to_who_has_it() -> None:
    assert "/admin" not in _get("/corpora/x")
    assert "/admin" in _get("/corpora/x", roles=frozenset({"operator"}))


def test_a_marking_is_told_above_what_it_is_of() -> None:
    assert "Stg. Confidentieel" in _get("/marked")
    assert 'class="banner"' not in _get("/corpora/x")
