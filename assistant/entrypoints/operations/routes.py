"""The operators' pages under /admin, the addresses by which a machine is watched, and who may look."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from assistant.bootstrap import Installation
from assistant.diagnosis import examine
from assistant.entrypoints.doors import Identify, page_reader
from assistant.entrypoints.metering import MEDIA_TYPE, Meter
from assistant.entrypoints.operations.overview import look
from assistant.entrypoints.operations.recorded import Sought, find
from assistant.entrypoints.operations.wording import WORDS
from assistant.entrypoints.pages import Frame, language_of, telling
from assistant.identity.accounts import OPERATOR
from assistant.settings import described_settings
from retrieval.access import Principal
from retrieval.errors import StafwijzerError

_BEARER = "Bearer "


@dataclass(frozen=True, slots=True)
class Machine:
    """What operators look at."""

    installation: Installation
    meter: Meter
    ready: Callable[[], bool]
    """Whether questions are answered without waiting for something to load."""


def probes(machine: Machine, *, may_scrape: Callable[[str], bool]) -> APIRouter:
    """Return the addresses that programs watch. `may_scrape` tells whether a token opens the figures."""
    router = APIRouter()

    @router.get("/healthz")
    async def alive() -> PlainTextResponse:
        return PlainTextResponse("alive\n")

    @router.get("/readyz")
    async def ready() -> PlainTextResponse:
        if machine.ready():
            return PlainTextResponse("ready\n")
        return PlainTextResponse("not ready\n", 503, {"Retry-After": "5"})

    @router.get("/metrics")
    def figures(request: Request) -> Response:
        told = request.headers.get("authorization", "")
        if not told.startswith(_BEARER) or not may_scrape(told.removeprefix(_BEARER)):
            raise HTTPException(401, "Send a token that may read figures.", {"WWW-Authenticate": "Bearer"})
        return Response(machine.meter.exposition(), media_type=MEDIA_TYPE)

    return router


def operations(machine: Machine, frame: Frame, identify: Identify) -> APIRouter:
    """Return the operators' pages."""
    router, operator = APIRouter(prefix="/admin", route_class=telling(frame)), Depends(_operator(identify))
    installation = machine.installation

    @router.get("")
    def overview(request: Request, reader: Principal = operator) -> HTMLResponse:
        return frame.page(
            "operations/overview.html",
            request,
            reader=reader,
            words=WORDS,
            here="overview",
            ready=machine.ready(),
            seen=look(installation),
            outcomes=machine.meter.outcomes(),
            size=_size,
        )

    @router.get("/checks")
    def checks(request: Request, reader: Principal = operator) -> HTMLResponse:
        return frame.page("operations/checks.html", request, reader=reader, words=WORDS, here="checks", checked=None)

    @router.post("/checks")
    def run_checks(request: Request, reader: Principal = operator) -> HTMLResponse:
        # This program itself listens on the port.
        checked = [check for check in examine(installation) if check.part != "port"]
        return frame.page("operations/checks.html", request, reader=reader, words=WORDS, here="checks", checked=checked)

    @router.get("/settings")
    def settings(request: Request, reader: Principal = operator) -> HTMLResponse:
        told = [(key, _written(value), meaning) for key, value, meaning in described_settings(installation.settings)]
        return frame.page(
            "operations/settings.html", request, reader=reader, words=WORDS, here="settings", settings=told
        )

    @router.get("/journal")
    def journal(
        request: Request,
        reader: Principal = operator,
        kind: str = "",
        person: str = "",
        since: str = "",
        until: str = "",
        before: int | None = None,
    ) -> HTMLResponse:
        try:
            sought = Sought(kind, person.strip(), _day(since), _day(until), before)
        except StafwijzerError as error:
            return frame.problem(request, error, reader=reader)
        return _journal(request, reader, sought)

    @router.post("/journal/check")
    def verify(request: Request, reader: Principal = operator) -> HTMLResponse:
        broken = installation.journal.check()
        said = WORDS[language_of(request)]["whole" if broken is None else "broken"].format(number=broken)
        return _journal(request, reader, Sought(), verified=said, whole=broken is None)

    def _journal(
        request: Request, reader: Principal, sought: Sought, *, verified: str = "", whole: bool = True
    ) -> HTMLResponse:
        return frame.page(
            "operations/journal.html",
            request,
            reader=reader,
            words=WORDS,
            here="journal",
            sought=sought,
            found=find(installation.journal, sought),
            kinds=installation.journal.kinds(),
            verified=verified,
            whole=whole,
        )

    return router


def _operator(identify: Identify) -> Callable[[Request], Awaitable[Principal]]:
    reader_of = page_reader(identify, reads_text=False)

    async def operator(request: Request) -> Principal:
        reader = await reader_of(request)
        if OPERATOR not in reader.roles:
            raise HTTPException(403, WORDS[language_of(request)]["operators only"])
        return reader

    return operator


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise StafwijzerError(f"'{text}' is no date.", hint="Write it as 2026-02-05.") from error


def _size(count: int) -> str:
    """Return a number of bytes in words: '1.4 GiB'."""
    size, units = float(count), ["B", "KiB", "MiB", "GiB", "TiB"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        units.pop(0)
    return f"{size:.0f} {units[0]}" if units[0] == "B" else f"{size:.1f} {units[0]}"


def _written(value: object) -> str:
    if isinstance(value, frozenset | set):
        return ", ".join(sorted(map(str, value)))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {inner}" for key, inner in value.items())
    return "" if value is None else str(value)
