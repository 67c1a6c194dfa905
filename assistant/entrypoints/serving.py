"""Serve the chat from one process on this machine, from the check of the port to the last thing closed.

Knows nothing of questions, pages or guards."""

import errno
import json
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from assistant.bootstrap import Installation
from assistant.courses.storing import WorkspaceChanged, WorkspaceUnknown
from assistant.entrypoints.bridging import wait_for_threads
from assistant.entrypoints.chatfolder import remove_passages
from assistant.entrypoints.corpora.uploads import wait_for_uploads
from assistant.entrypoints.metering import Meter
from assistant.entrypoints.opening import doors_of
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.shelf import Shelf, answered_by
from assistant.entrypoints.web import MakeDoors, chat_folder, chat_origins, create_app
from assistant.entrypoints.workspaces.planner import PreparedPlanner, Refusals
from assistant.entrypoints.workspaces.running import Runs
from assistant.history import History
from assistant.identity import Accounts
from assistant.identity.passwords import new_password
from assistant.settings import Settings
from retrieval.errors import StafwijzerError

# Chainlit's tasks and open sockets may take this long to end after a signal.
_GOODBYE_SECONDS = 3
_LARGEST_FRAME_BYTES = 1 << 20


class PortUnusable(StafwijzerError):
    """The chat cannot listen where the settings say."""


def serve(settings: Settings, *, as_json: bool = False) -> None:
    """Serve the chat until a signal ends it. Raises PortUnusable and HomeUnusable.

    Once it answers, its address is printed, and while there are no accounts its user and password: as text, or as one
    line of JSON."""
    listener = listen(settings)
    try:
        installation = Installation(settings)
        try:
            planner = PreparedPlanner(lambda: installation.courses, Refusals(WorkspaceUnknown, WorkspaceChanged))
            meter, runs = Meter(), Runs()
            assistant = PreparedAssistant(lambda: meter.around(installation.assistant))
            weighing = answered_by(lambda: installation.assistant if assistant.ready else None)
            serve_assistant(
                assistant,
                settings,
                listener,
                as_json=as_json,
                planner=planner,
                runs=runs,
                doors=doors_of(installation, assistant, meter, runs),
                accounts=lambda: installation.accounts,
                history=lambda: installation.history,
                shelf=Shelf(lambda: installation.catalog, weighing),
            )
        finally:
            installation.close()
    finally:
        listener.close()


def serve_assistant(
    assistant: PreparedAssistant,
    settings: Settings,
    listener: socket.socket,
    *,
    as_json: bool = False,
    planner: PreparedPlanner | None = None,
    runs: Runs | None = None,
    doors: MakeDoors | None = None,
    accounts: Callable[[], Accounts] | None = None,
    history: Callable[[], History] | None = None,
    shelf: Shelf | None = None,
) -> None:
    """Serve a chat with this assistant on an open port until a signal ends it; it is made in the meantime."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Chainlit remarks on every page that there is no file for nl-NL, but one for nl.
    logging.getLogger("chainlit").setLevel(logging.ERROR)
    password = new_password()
    runs = runs or Runs()
    app = create_app(
        assistant,
        settings,
        password,
        planner=planner,
        runs=runs,
        doors=doors,
        accounts=accounts,
        history=history,
        shelf=shelf,
    )
    assistant.start()
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        log_level="warning",
        # Addresses hold the names of sessions.
        access_log=False,
        server_header=False,
        # Nobody in front of it is trusted to say where a request comes from.
        proxy_headers=False,
        ws_max_size=_LARGEST_FRAME_BYTES,
        timeout_graceful_shutdown=_GOODBYE_SECONDS,
    )
    announcement = _announcement(settings, "" if accounts and accounts().any() else password, as_json=as_json)
    try:
        with _signals_handled():
            _AnnouncingServer(config, announcement).run(sockets=[listener])
    finally:
        runs.end(_GOODBYE_SECONDS)
        wait_for_threads(_GOODBYE_SECONDS)
        wait_for_uploads(_GOODBYE_SECONDS)
        assistant.wait(_GOODBYE_SECONDS)
        remove_passages(chat_folder(settings))


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens where the settings say. Raises PortUnusable."""
    host, port = settings.chat.host, settings.chat.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # A port whose last connections are still ending is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortUnusable(
                f"Port {port} on {host} is in use by another program.",
                hint="Set another chat.port in stafwijzer.toml, or stop that program.",
            ) from error
        raise PortUnusable(
            f"Port {port} on {host} cannot be opened ({error.strerror}).",
            hint="Set another chat.port in stafwijzer.toml; those below 1024 are for the system.",
        ) from error
    return listener


class _AnnouncingServer(uvicorn.Server):
    """Says where it is once it answers."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            print(self._announcement, flush=True)


def _announcement(settings: Settings, password: str, *, as_json: bool) -> str:
    """Say where it is. With accounts there is no password to tell: everybody has their own."""
    address, user = chat_origins(settings)[0], settings.access.name
    if as_json:
        told = {"address": address, "user": user if password else None, "password": password or None}
        return json.dumps(told, ensure_ascii=False)
    if not password:
        return f"\nStafwijzer answers at {address}\nSign in with your own account.\nStop it with Ctrl+C."
    return (
        f"\nStafwijzer answers at {address}\n"
        f"  User      {user}\n"
        f"  Password  {password}   (for this run only)\n"
        "Stop it with Ctrl+C."
    )


@contextmanager
def _signals_handled() -> Iterator[None]:
    """Keep this process alive through the signal that uvicorn sends on after it has ended, so that all gets closed."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
