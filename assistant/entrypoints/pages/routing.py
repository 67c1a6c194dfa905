"""Routes that tell on a page, not in a line of JSON, what went wrong. Knows nothing of what the pages are about."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import HTTPException, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from assistant.entrypoints.pages.rendering import Frame
from retrieval.errors import StafwijzerError

_FORBIDDEN, _NOT_FOUND = 403, 404
_UNPROCESSABLE = 422


def telling(frame: Frame, statuses: Mapping[type[StafwijzerError], int] | None = None) -> type[APIRoute]:
    """Return routes whose refusals are pages: those a person can mend, 422 where `statuses` says nothing else; and 403
    and 404. For routes whose reader `doors.page_reader` tells."""

    class Told(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_or_tell(request: Request) -> Response:
                try:
                    return await handle(request)
                except StafwijzerError as error:
                    problem, status = error, (statuses or {}).get(type(error), _UNPROCESSABLE)
                except HTTPException as error:
                    if error.status_code not in (_FORBIDDEN, _NOT_FOUND) or not hasattr(request.state, "reader"):
                        raise
                    problem, status = StafwijzerError(str(error.detail), hint=""), error.status_code
                return frame.problem(request, problem, reader=request.state.reader, status=status)

            return handle_or_tell

    return Told
