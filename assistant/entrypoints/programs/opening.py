"""Open the doors for programs: the HTTP API, chat completions and tools. Knows nothing of what is behind them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from fastapi import APIRouter
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.routing import Route
from starlette.types import ASGIApp

from assistant.bootstrap import Installation
from assistant.entrypoints.api import make_api
from assistant.entrypoints.api.application import ROOT as API
from assistant.entrypoints.completions import make_completions
from assistant.entrypoints.completions.application import ROOT as COMPLETIONS
from assistant.entrypoints.doors import Door
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.programs.holders import Holder, Holders
from assistant.entrypoints.programs.library import Library
from assistant.entrypoints.programs.limiting import RateLimit
from assistant.entrypoints.programs.questioning import Questions
from assistant.entrypoints.tools.serving import PATH as TOOLS
from assistant.entrypoints.tools.serving import make_tools

# Each interface ends a body that is too large itself, in the form in which it tells errors.
_BOUNDED_WITHIN = 1 << 40


def program_doors(
    installation: Installation,
    assistant: PreparedAssistant,
    make: Callable[[], Holders],
    *,
    limit: RateLimit | None = None,
) -> Sequence[Door]:
    """Return the doors for programs. A token's requests are counted over all of them, and so are questions.

    `make`: called when the first token is sent."""
    holders = _Made(make)
    library, questions, limit = Library(installation), Questions(assistant), limit or RateLimit()
    return [
        _door(f"{API}/{{rest:rest}}", make_api(library, questions, holders, limit=limit)),
        _door(f"{COMPLETIONS}/{{rest:rest}}", make_completions(library, questions, holders, limit=limit)),
        _door(TOOLS, make_tools(library, questions, holders, limit=limit)),
    ]


class _Made:
    """Holders that are made when somebody first asks for one."""

    def __init__(self, make: Callable[[], Holders]) -> None:
        self._make = make

    def holder(self, secret: str, *, at: datetime) -> Holder | None:
        return self._make().holder(secret, at=at)


class _Rest(PathConvertor):
    """The rest of a path, with the line breaks that may stand in it as %0A: Starlette's own stops at one."""

    regex = "(?s:.*)"


def _door(path: str, application: ASGIApp) -> Door:
    """Lead all methods below a path to an application, which tells by itself which of them it has."""
    register_url_convertor("rest", _Rest())
    router = APIRouter()
    router.routes.append(Route(path, endpoint=application))
    return Door(router, largest_body_bytes=_BOUNDED_WITHIN, by_token=True)
