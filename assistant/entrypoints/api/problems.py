"""Tell what went wrong as problem+json (RFC 9457). What was sent is not sent back, and no place on the server named.

The same problem is told in the same bytes, whatever was asked for. Knows no route."""

import logging
from typing import Any

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.applications import Starlette
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import JSONResponse, Response

from assistant.entrypoints.programs.admitting import Forbidden, Refusal
from assistant.entrypoints.programs.library import NotThere
from assistant.entrypoints.programs.limiting import Busy
from assistant.entrypoints.programs.questioning import AskerLeft
from assistant.entrypoints.programs.shapes import Shape
from assistant.service import QuestionInvalid, ReadsNoText
from retrieval.catalog import CorpusUnknown
from retrieval.errors import StafwijzerError

MEDIA_TYPE = "application/problem+json"
# RFC 9110; the phrases of older Pythons differ.
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_log = logging.getLogger(__name__)


class Fault(Shape):
    """One thing in a request that is not as it should be."""

    place: str = Field(examples=["body.text"])
    detail: str = Field(examples=["Field required"])


class Problem(Shape):
    """A problem, as RFC 9457 has it."""

    type: str = Field(examples=["about:blank"])
    """Always 'about:blank': the title and status say what kind it is."""
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no such thing here for you."])
    hint: str | None = None
    """What to do about it, where something can be done."""
    faults: list[Fault] | None = None
    """Of a request that is not as described (422)."""


class Unacceptable(StafwijzerError):
    """A request that is well formed and cannot be done. Told with 422."""


def problem(status: int, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """Return a problem; `more`: hint, faults."""
    told = Problem(type="about:blank", title=_TITLES.get(status, "Error"), status=status, detail=detail, **more)
    return JSONResponse(told.model_dump(exclude_none=True), status, headers, media_type=MEDIA_TYPE)


def refused(refusal: Refusal) -> Response:
    return problem(refusal.status, refusal.sentence, headers=dict(refusal.headers))


def told_problem(error: Exception) -> Response:
    """Return the problem that an exception is."""
    match error:
        case NotThere():
            return problem(404, "There is no such thing here for you.")
        case Forbidden():
            return problem(403, str(error))
        case ReadsNoText():
            return problem(403, error.problem, hint=error.hint)
        case QuestionInvalid() | CorpusUnknown() | Unacceptable():
            return problem(422, error.problem, hint=error.hint)
        case Busy():
            return problem(503, error.problem, hint=error.hint, headers={"Retry-After": str(error.seconds)})
        case StafwijzerError():
            # For the operator: it may name files and addresses.
            _log.warning("%s", error)
            return problem(503, "This cannot be done now; the operator's log says why.", headers={"Retry-After": "60"})
    _log.error("A defect in the API", exc_info=error)
    return problem(500, "This is a defect of ours; the operator's log says where.")


def tell_problems(app: Starlette) -> None:
    """Let an application tell all its errors so."""

    async def by_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        if error.status_code == 404:
            return told_problem(NotThere())
        headers = dict(error.headers) if error.headers else None
        return problem(error.status_code, _detail(error), headers=headers)

    async def misformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        faults = [Fault(place=".".join(map(str, one["loc"])), detail=one["msg"]) for one in error.errors()]
        return problem(422, "The request is not as this API describes it.", faults=faults)

    async def by_kind(request: Request, error: Exception) -> Response:
        return told_problem(error)

    async def left(request: Request, error: Exception) -> Response:
        return Response(status_code=204)

    app.add_exception_handler(StarletteHTTPException, by_status)
    app.add_exception_handler(RequestValidationError, misformed)
    app.add_exception_handler(AskerLeft, left)
    for kind in (NotThere, Forbidden, StafwijzerError, Exception):
        app.add_exception_handler(kind, by_kind)


def _detail(error: HTTPException | StarletteHTTPException) -> str:
    if error.status_code == 405:
        return "This method is not for this path; the Allow header says which are."
    return str(error.detail)
