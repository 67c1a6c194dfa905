"""Put the chat together as one web application: Chainlit behind its guards, and our own style sheet beside it.

Knows nothing of how it is served, nor of how an assistant is made."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

from collections.abc import Callable, Sequence
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.staticfiles import StaticFiles

from assistant.entrypoints.chatfolder import drop_other_languages, prepare_chat_folder
from assistant.entrypoints.doors import Door, Identify
from assistant.entrypoints.hardening import Hardening, page_policy
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.shelf import Shelf
from assistant.entrypoints.signin import Credentials, SignInGuard, SignInLimit
from assistant.entrypoints.workspaces.planner import PreparedPlanner
from assistant.entrypoints.workspaces.routes import Desk, SignedIn, add_workspaces
from assistant.entrypoints.workspaces.running import Runs
from assistant.settings import Settings
from retrieval.access import Principal

MakeDoors = Callable[[Identify], Sequence[Door]]

_STATIC = Path(__file__).parent / "static"


def create_app(
    assistant: PreparedAssistant,
    settings: Settings,
    password: str,
    *,
    planner: PreparedPlanner | None = None,
    runs: Runs | None = None,
    doors: MakeDoors | None = None,
    shelf: Shelf | None = None,
) -> FastAPI:
    """Return the chat as an application for one user, whose name is in the settings.

    With a planner, its workspaces of courses of action are beside it, and `runs` keeps what is under way on them.
    `shelf` tells what a question may be asked of.
    `doors` makes the other pages and interfaces, once it is known how to tell whose a request is.
    Once in a process: Chainlit keeps its configuration in its modules. Raises FrontendUnknown."""
    origins, cookie = chat_origins(settings), f"stafwijzer_{settings.chat.port}"
    folder = chat_folder(settings)
    prepare_chat_folder(folder, origins=origins, cookie=cookie)
    # Imported here: Chainlit reads its folder and the environment when it is imported.
    from chainlit.config import config
    from chainlit.server import app as chainlit_app
    from chainlit.server import get_html_template

    from assistant.entrypoints.chat import register_chat

    drop_other_languages(folder)
    config.root = str(folder)
    register_chat(assistant, settings, Credentials(settings.access.name, password), planner, shelf)

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/static", StaticFiles(directory=_STATIC))
    if planner:
        desk = Desk(planner, runs or Runs(), settings.principal)
        add_workspaces(app, desk, signed_in=_signed_in_as(settings.access.name))
    opened = doors(_identify(settings)) if doors else ()
    for door in opened:
        app.include_router(door.router)
    app.mount("/", chainlit_app)
    # The last one added stands in front.
    app.add_middleware(SignInGuard, limit=SignInLimit(), cookie=cookie)
    app.add_middleware(
        Hardening, origins=origins, page_policy=page_policy(get_html_template(""), origins=origins), doors=opened
    )
    return app


def _identify(settings: Settings) -> Identify:
    signed_in = _signed_in_as(settings.access.name)

    async def identify(request: Request) -> Principal | None:
        return settings.principal if await signed_in(request) else None

    return identify


def _signed_in_as(name: str) -> SignedIn:
    """Return what tells whether a request carries the cookie of this user. A spent one was dropped by SignInGuard."""
    from chainlit.auth import get_current_user, get_token_from_cookies

    async def signed_in(request: Request) -> bool:
        try:
            user = await get_current_user(get_token_from_cookies(dict(request.cookies)) or "")
        except HTTPException:
            return False
        return user is not None and user.identifier == name

    return signed_in


def chat_origins(settings: Settings) -> list[str]:
    """Return the addresses under which the chat is reached from this machine, the one to tell first."""
    host, port = settings.chat.host, settings.chat.port
    names = dict.fromkeys([f"[{host}]" if ":" in host else host, "localhost", "127.0.0.1"])
    return [f"http://{name}:{port}" for name in names]


def chat_folder(settings: Settings) -> Path:
    """Return the folder that Chainlit works in: one for each port, because one process at a time has that."""
    return settings.home / "chat" / str(settings.chat.port)
