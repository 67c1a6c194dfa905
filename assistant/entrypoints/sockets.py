"""What a browser may say to Chainlit over the web socket: sign on, ask, stop, leave. In a form that is checked.

Chainlit takes more: it lets a client change stored messages, name the type of a message, and choose the folder of its
session, which it deletes afterwards. Knows nothing of questions."""

import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, cast

from chainlit.auth import get_token_from_cookies
from chainlit.context import context
from chainlit.server import sio
from chainlit.session import WebsocketSession
from chainlit.socket import _authenticate_connection
from starlette.requests import cookie_parser

from assistant.entrypoints.remembering.layer import signing_on

_NAMESPACE = "/"
_KEPT = frozenset({"connect", "connection_successful", "clear_session", "disconnect"})
# Of version 4 and in lower case, as the pages make them.
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

_Handler = Callable[..., Awaitable[Any]]


def restrict_socket(
    *,
    owned: Callable[[str, str], Awaitable[bool]],
    stop_followed: Callable[[str], bool],
    resumed: Callable[[], Awaitable[None]],
) -> None:
    """Replace Chainlit's handlers of the events that are used by checking ones, and drop the others.

    `owned` tells whether a user has a conversation of this id; `stop_followed` stops the question that a session
    follows and tells whether there was one; `resumed` is awaited when a conversation was opened again."""
    handlers = cast(dict[str, _Handler], sio.handlers[_NAMESPACE])
    connect, ask, begin = handlers["connect"], handlers["client_message"], handlers["connection_successful"]
    for name in [name for name in handlers if name not in _KEPT]:
        del handlers[name]

    async def checked_connect(sid: str, environ: dict[str, Any], auth: object) -> bool:
        known = _checked_sign_on(auth)
        if known is None:
            return False
        user = (await _authenticate_connection(environ))[0]
        signing_on.set(user.identifier if user else None)
        taken = bool(await connect(sid, environ, known))
        thread, session = known["threadId"], WebsocketSession.get(sid)
        if session and taken:
            # One that is taken up again keeps the token it began with; its reader may have signed in anew.
            session.token = get_token_from_cookies(cookie_parser(environ.get("HTTP_COOKIE", "")))
        resumes = taken and thread is not None and session is not None and session.thread_id == thread
        if session and resumes and not (user and await owned(user.identifier, thread)):
            # The page is told that there is none; what is asked on it belongs to a conversation of its own.
            session.thread_id = str(uuid.uuid4())
        return taken

    async def checked_begin(sid: str) -> None:
        await begin(sid)
        session = WebsocketSession.get(sid)
        if session and session.thread_id_to_resume == session.thread_id and context.session is session:
            await resumed()

    async def checked_ask(sid: str, payload: object) -> None:
        if checked := checked_message(payload):
            await ask(sid, checked)

    async def stop(sid: str) -> None:
        # Chainlit's own also puts a message in English on the screen.
        session = WebsocketSession.get(sid)
        if session and not stop_followed(session.id) and session.current_task:
            session.current_task.cancel()

    handlers.update(connect=checked_connect, connection_successful=checked_begin, client_message=checked_ask, stop=stop)


def _checked_sign_on(auth: object) -> dict[str, Any] | None:
    """Return what a client may say of itself when it connects, or None when it is not one of ours."""
    if not isinstance(auth, dict):
        return None
    session, thread = auth.get("sessionId"), auth.get("threadId") or None
    if not isinstance(session, str) or not _UUID.fullmatch(session):
        return None
    if thread is not None and not (isinstance(thread, str) and _UUID.fullmatch(thread)):
        return None
    return {"sessionId": session, "clientType": "webapp", "userEnv": None, "chatProfile": None, "threadId": thread}


def checked_message(payload: object) -> dict[str, Any] | None:
    """Return a message that is a user's and brings no files, or None when it has no such form."""
    message = payload.get("message") if isinstance(payload, dict) else None
    if not isinstance(message, dict):
        return None
    told = {key: message.get(key) for key in ("id", "output", "createdAt", "name")}
    if not all(isinstance(value, str) for value in told.values()) or not _UUID.fullmatch(str(told["id"])):
        return None
    return {"message": {**told, "type": "user_message", "metadata": {}}, "fileReferences": None}
