"""What stands between a request and the routes of a page or an interface: who asks, and what may get that far.

Knows nothing of how somebody signed in, nor of what lies behind a door."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from starlette.routing import Match, Route
from starlette.types import Scope

from retrieval.access import METADATA_ONLY, Principal

Identify = Callable[[Request], Awaitable[Principal | None]]
"""Tells whose a request is; None when nobody is signed in, or not any more."""

_BODY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Door:
    """Routes that may be reached from outside: these methods and paths, and nothing else below them."""

    router: APIRouter
    largest_body_bytes: int = _BODY_BYTES
    by_token: bool = False
    """Programs ask here, with a token in the Authorization header: cookies are left out, and no Origin is asked for."""

    def leads_to(self, scope: Scope) -> bool:
        """Tell whether a request's method and path are of one of its routes. HEAD is for whoever answers GET."""
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        routes = (route for route in self.router.routes if isinstance(route, Route))
        return any(route.matches(asked)[0] is Match.FULL for route in routes)


def door_for(doors: Iterable[Door], scope: Scope) -> Door | None:
    """Return the door that leads to what a request asks for."""
    return next((door for door in doors if door.leads_to(scope)), None)


def page_reader(identify: Identify, *, reads_text: bool = True) -> Callable[[Request], Awaitable[Principal]]:
    """Return the dependency of a page: who looks at it. Whoever is not signed in is sent to do that.

    `reads_text`: the page shows text of documents, so it is not for those who may only list them."""
    return _reader(identify, HTTPException(303, headers={"location": "/login"}), reads_text=reads_text)


def interface_reader(identify: Identify, *, reads_text: bool = True) -> Callable[[Request], Awaitable[Principal]]:
    """Return the dependency of what a page or a program asks for: who asks. Raises 401 and 403."""
    return _reader(identify, HTTPException(401, "Sign in first."), reads_text=reads_text)


def _reader(
    identify: Identify, nobody: HTTPException, *, reads_text: bool
) -> Callable[[Request], Awaitable[Principal]]:
    async def reader(request: Request) -> Principal:
        principal = await identify(request)
        if principal is None:
            raise nobody
        # For what tells them of something that goes wrong.
        request.state.reader = principal
        if reads_text and METADATA_ONLY in principal.roles:
            raise HTTPException(403, "You may list and count documents and read no text.")
        return principal

    return reader
