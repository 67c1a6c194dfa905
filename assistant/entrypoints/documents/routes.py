"""The pages of documents and what they fetch: who asks what, and one refusal for all that may not be known.

Every route asks the library, and the library asks the access rule, each time. Knows nothing of how text is laid out."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from assistant.entrypoints.documents.addresses import QUOTE_ID, page_address, part_address
from assistant.entrypoints.documents.library import Library, NotThere, Opened, shared_marking
from assistant.entrypoints.documents.showing import (
    PIXELS,
    ZOOMS,
    Drawn,
    Wanted,
    compared,
    shown,
    standing,
    successor,
)
from assistant.entrypoints.documents.wording import WORDS
from assistant.entrypoints.doors import Door, Identify, page_reader
from assistant.entrypoints.hardening import SANDBOX
from assistant.entrypoints.pages import Frame
from retrieval.access import Principal
from retrieval.errors import StafwijzerError
from retrieval.rendering import PageMissing

# Offsets and numbers of pages have no more digits.
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes work with."""

    library: Library
    frame: Frame

    def told(self, request: Request, reader: Principal, answer: Callable[[], Response]) -> Response:
        """Answer, or tell that there is nothing: in the same words, whether it is not there or not for this reader."""
        try:
            return answer()
        except (NotThere, PageMissing):
            return self.page("nothing", request, reader, status=404)
        except StafwijzerError as error:
            return self.frame.problem(request, error, reader=reader)

    def page(self, name: str, request: Request, reader: Principal, **given: Any) -> Response:
        return self.frame.page(f"documents/{name}.html", request, reader=reader, words=WORDS, **given)


def documents_door(library: Library, frame: Frame, identify: Identify) -> Door:
    """Return the way to the pages of documents."""
    router, desk = APIRouter(), Desk(library, frame)
    is_reader = Depends(page_reader(identify))

    @router.get("/documents/of/{version}")
    def of(request: Request, version: str, start: str = "", end: str = "", reader: Principal = is_reader) -> Response:
        def answer() -> Response:
            document = library.document_of(version, reader=reader)
            first, last = _number(start), _number(end)
            if first >= last:
                return RedirectResponse(page_address(document, version=version), 303)
            address = page_address(document, version=version, start=first, end=last)
            return RedirectResponse(f"{address}#{QUOTE_ID}", 303)

        return desk.told(request, reader, answer)

    @router.get("/documents/{id}")
    def document(request: Request, id: str, version: str = "", on: str = "", reader: Principal = is_reader) -> Response:
        wanted, day = _wanted(request), _day(on)

        def answer() -> Response:
            return _document(
                desk, request, reader, library.open(id, reader=reader, on=day, version=version), wanted, day
            )

        return desk.told(request, reader, answer)

    @router.get("/documents/{id}/pages/{number}.webp")
    def picture(
        request: Request, id: str, number: str, version: str = "", zoom: str = "", reader: Principal = is_reader
    ) -> Response:
        def answer() -> Response:
            opened = library.open(id, reader=reader, on=date.today(), version=version)
            drawn = library.picture(opened, number=_number(number), width=PIXELS[_zoom(zoom)])
            return Response(drawn, media_type="image/webp")

        return desk.told(request, reader, answer)

    @router.get("/documents/{id}/original")
    def original(request: Request, id: str, version: str = "", reader: Principal = is_reader) -> Response:
        def answer() -> Response:
            opened = library.open(id, reader=reader, on=date.today(), version=version)
            path = library.original(opened)
            if path is None:
                raise NotThere
            name = PurePosixPath(opened.reading.key.replace("#", "/")).name
            # Whatever it is, a browser keeps it and opens nothing.
            headers = {"Content-Security-Policy": SANDBOX, "X-Content-Type-Options": "nosniff"}
            return FileResponse(path, media_type="application/octet-stream", filename=name, headers=headers)

        return desk.told(request, reader, answer)

    @router.get("/documents/{id}/compare")
    def compare(
        request: Request, id: str, old: str = "", new: str = "", part: str = "", reader: Principal = is_reader
    ) -> Response:
        def answer() -> Response:
            opened = library.open(id, reader=reader, on=date.today())
            return _comparison(desk, request, reader, opened, old=old, new=new, part=_number(part))

        return desk.told(request, reader, answer)

    @router.get("/documents/{id}/answers")
    def answers(request: Request, id: str, reader: Principal = is_reader) -> Response:
        def answer() -> Response:
            opened, today = library.open(id, reader=reader, on=date.today()), date.today()
            found = library.answers(opened, reader=reader, today=today)
            # One policy to a page: no order between two could mark it.
            own = [one for one in found if one.marking.policy == opened.reading.marking.policy]
            marking = shared_marking([opened.reading.marking, *(one.marking for one in own)])
            given = {"answers": own, "opened": opened, "address": page_address}
            return desk.page("answers", request, reader, marking=marking, **given)

        return desk.told(request, reader, answer)

    return Door(router)


def _document(desk: Desk, request: Request, reader: Principal, opened: Opened, wanted: Wanted, on: date) -> Response:
    reading, view = opened.reading, shown(desk.library, opened, wanted)
    newer = successor(desk.library, opened, reader=reader)
    is_other = newer is not None and newer.version.document != opened.id
    markings = [reading.marking, *([newer.marking] if newer and is_other else [])]
    marking = shared_marking(markings)
    if marking is None:
        # The title of what replaces it stands under another policy and is left out.
        marking, newer = reading.marking, None

    def here(**told: str | int | None) -> str:
        """Return the address of this page with something else about it."""
        kept: dict[str, str | int | None] = {
            "version": reading.version.id,
            "start": wanted.start if wanted.quotes else None,
            "end": wanted.end if wanted.quotes else None,
            "page": view.page.number if isinstance(view, Drawn) else None,
            "zoom": wanted.zoom if wanted.zoom != ZOOMS[0] else None,
            "view": "text" if wanted.as_text else None,
        }
        return page_address(opened.id, **{**kept, **told})

    return desk.page(
        "page",
        request,
        reader,
        marking=marking,
        opened=opened,
        reading=reading,
        view=view,
        is_drawn=isinstance(view, Drawn),
        wanted=wanted,
        standing=standing(reading, on=on, superseded=newer is not None),
        standings={
            one.version.id: standing(one, on=on, superseded=opened.readings[0].is_current and not one.is_current)
            for one in opened.readings
        },
        newer=newer,
        is_other=is_other,
        here=here,
        zooms=ZOOMS,
        pixels=PIXELS[wanted.zoom],
        address=page_address,
        below=part_address,
        can_draw=wanted.as_text and desk.library.drawable(opened) is not None,
        has_original=desk.library.original(opened) is not None,
    )


def _comparison(
    desk: Desk, request: Request, reader: Principal, opened: Opened, *, old: str, new: str, part: int
) -> Response:
    newest_first = opened.readings
    after = opened.version(new) if new else newest_first[0]
    before = opened.version(old) if old else next((one for one in newest_first if one != after), after)
    marking = shared_marking([before.marking, after.marking])
    found = compared(desk.library, opened, before, after, part=part) if marking and before != after else None
    return desk.page(
        "compare",
        request,
        reader,
        marking=marking,
        opened=opened,
        old=before,
        new=after,
        found=found,
        two_policies=marking is None,
        address=page_address,
        below=part_address,
    )


def _wanted(request: Request) -> Wanted:
    told = request.query_params
    return Wanted(
        _number(told.get("start", "")),
        _number(told.get("end", "")),
        _number(told.get("page", "")),
        _number(told.get("part", "")),
        _zoom(told.get("zoom", "")),
        told.get("view") == "text",
    )


def _number(told: str) -> int:
    """Return a number from an address; 0 for what is none."""
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= _MOST_DIGITS else 0


def _zoom(told: str) -> int:
    return zoom if (zoom := _number(told)) in ZOOMS else ZOOMS[0]


def _day(told: str) -> date:
    with suppress(ValueError):
        return date.fromisoformat(told)
    return date.today()
