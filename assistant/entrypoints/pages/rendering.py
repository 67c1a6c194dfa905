"""Render pages from templates within one frame: the head, the places to go to, and the marking of what is shown.

Everything that is put into a template is escaped by it. Knows nothing of what the pages are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from retrieval.access import Marking, Principal
from retrieval.errors import StafwijzerError
from retrieval.languages import Language

Words = Mapping[Language, Mapping[str, str]]
"""What a page says, by language and key; `{name}` stands for a value."""

_TEMPLATES = Path(__file__).parents[1] / "templates"
_NOTHING: Words = {"nl": {}, "en": {}}
_FRAME: Words = {
    "nl": {
        "skip": "Naar de inhoud",
        "sign out": "Afmelden",
        "places": "Onderdelen",
        "marking": "Rubricering van deze pagina",
    },
    "en": {
        "skip": "To the content",
        "sign out": "Sign out",
        "places": "Places",
        "marking": "Marking of this page",
    },
}


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the program that the frame of every page leads to."""

    path: str
    title: Mapping[Language, str]
    role: str = ""
    """Who does not have it is not shown the way; what is there refuses them by itself."""


class Frame:
    """Renders every page."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = tuple(places)
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(
        self,
        template: str,
        request: Request,
        *,
        reader: Principal,
        words: Words,
        marking: Marking | None = None,
        status: int = 200,
        **shown: Any,
    ) -> HTMLResponse:
        """Return a page in the language of the browser. `marking`: the high-water mark of all that is on it.

        The template extends `frame.html` and gets `shown`, `language`, `reader`, and `say(key, **values)`."""
        language = language_of(request)

        def say(key: str, **values: object) -> str:
            told = words[language].get(key) or _FRAME[language][key]
            return told.format_map(values)

        here = request.url.path
        text = self._environment.get_template(template).render(
            shown,
            language=language,
            reader=reader,
            say=say,
            marking=str(marking) if marking else "",
            places=[
                (path, title, here == path or here.startswith(f"{path}/"))
                for path, title in self.places(request, reader)
            ],
        )
        return HTMLResponse(text, status)

    def places(self, request: Request, reader: Principal) -> list[tuple[str, str]]:
        """Return the path and title of each place that is for a reader, in the language of the browser."""
        language = language_of(request)
        return [
            (place.path, place.title[language])
            for place in self._places
            if not place.role or place.role in reader.roles
        ]

    def problem(
        self, request: Request, error: StafwijzerError, *, reader: Principal, status: int = 422
    ) -> HTMLResponse:
        """Return the page that tells what a person can mend."""
        problem, hint = error.problem, error.hint
        return self.page(
            "problem.html", request, reader=reader, words=_NOTHING, status=status, problem=problem, hint=hint
        )


def language_of(request: Request) -> Language:
    """Return the language that a browser asks for first: Dutch, else English."""
    return "nl" if request.headers.get("accept-language", "").strip().lower().startswith("nl") else "en"
