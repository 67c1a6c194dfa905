"""Put the chat together as one web application: Chainlit behind its guards, and our own style sheet beside it.

Knows nothing of how it is served, nor of how an assistant is made."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

from collections.abc import Callable, Sequence
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from assistant.entrypoints.chatfolder import drop_other_languages, prepare_chat_folder
from assistant.entrypoints.doors import Door, Identify
from assistant.entrypoints.hardening import Hardening, page_policy
from assistant.entrypoints.pages import PLACES, Frame
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.shelf import Shelf
from assistant.entrypoints.signin import SignInGuard, SignInLimit
from assistant.entrypoints.visitors import Claim, VisitorGuard, Visitors, identify
from assistant.entrypoints.workspaces.planner import PreparedPlanner
from assistant.entrypoints.workspaces.routes import add_workspaces
from assistant.entrypoints.workspaces.running import Runs
from assistant.history import History
from assistant.identity import Accounts
from assistant.settings import Settings

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
    accounts: Callable[[], Accounts] | None = None,
    history: Callable[[], History] | None = None,
    shelf: Shelf | None = None,
) -> FastAPI:
    """Return the chat as an application: for the `accounts`, or while there are none for the user of the settings.

    With a planner, its workspaces of courses of action are beside it, and `runs` keeps what is under way on them.
    `doors` makes the other pages and interfaces, once it is known how to tell whose a request is. `history` keeps
    conversations; without it they end with their screen. `shelf` tells what a question may be asked of.
    Once in a process: Chainlit keeps its configuration in its modules. Raises FrontendUnknown."""
    origins, cookie = chat_origins(settings), f"stafwijzer_{settings.chat.port}"
    folder = chat_folder(settings)
    prepare_chat_folder(folder, origins=origins, cookie=cookie)
    # Imported here: Chainlit reads its folder and the environment when it is imported.
    from chainlit.config import config
    from chainlit.server import app as chainlit_app
    from chainlit.server import get_html_template

    from assistant.entrypoints.chat import register_chat
    from assistant.entrypoints.remembering.routes import conversations_door
    from assistant.entrypoints.remembering.underway import Questions

    drop_other_languages(folder)
    config.root = str(folder)
    questions = Questions(history)
    visitors = Visitors(settings, password, _read_cookie, accounts)
    register_chat(assistant, settings, visitors, planner, history=history, questions=questions, shelf=shelf)

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/static", StaticFiles(directory=_STATIC))
    if planner:
        add_workspaces(app, planner, runs or Runs(), identify=identify, frame=Frame(PLACES))
    opened = [*(doors(identify) if doors else ())]
    if history is not None:
        opened.append(conversations_door(identify, history, questions))
    for door in opened:
        app.include_router(door.router)
    app.mount("/", chainlit_app)
    # The last one added stands in front.
    app.add_middleware(VisitorGuard, visitors=visitors, cookie=cookie)
    app.add_middleware(SignInGuard, limit=_limits(visitors), cookie=cookie)
    app.add_middleware(
        Hardening, origins=origins, page_policy=page_policy(get_html_template(""), origins=origins), doors=opened
    )
    return app


def _limits(visitors: Visitors) -> Callable[[], SignInLimit]:
    """Each account has a limit of its own, and behind a proxy all come from one address."""
    one_user, together = SignInLimit(), SignInLimit(failures=100, failures_in_all=100)
    return lambda: together if visitors.has_accounts() else one_user


def _read_cookie(token: str) -> Claim | None:
    from chainlit.auth.jwt import decode_jwt

    try:
        user = decode_jwt(token)
    except Exception:  # noqa: BLE001 (whatever is wrong with it, it is not one of ours)
        return None
    return Claim(user.identifier, str(user.metadata.get("session", "")))


def chat_origins(settings: Settings) -> list[str]:
    """Return the addresses under which the chat is reached from this machine, the one to tell first."""
    host, port = settings.chat.host, settings.chat.port
    names = dict.fromkeys([f"[{host}]" if ":" in host else host, "localhost", "127.0.0.1"])
    return [f"http://{name}:{port}" for name in names]


def chat_folder(settings: Settings) -> Path:
    """Return the folder that Chainlit works in: one for each port, because one process at a time has that."""
    return settings.home / "chat" / str(settings.chat.port)
