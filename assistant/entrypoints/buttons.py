"""The buttons on the screen of a session, and what a browser may say by pressing one. In a form that is checked.

Only a button that the server put on that screen can be pressed, and pressing one removes all that stand with it: what
a browser sends is no more than a name to look up. Knows nothing of what the buttons do."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from chainlit.action import Action
from chainlit.server import UserParam, app, call_action
from chainlit.session import WebsocketSession
from chainlit.types import CallActionRequest
from fastapi import HTTPException
from starlette.responses import JSONResponse

from assistant.entrypoints.phrases import phrase
from retrieval.languages import Language

_PATH = "/project/action"


class Button(StrEnum):
    RIGHT = "right"
    NOT_RIGHT = "not right"
    EXPLAIN = "explain"
    NEVER_MIND = "never mind"
    AGAIN = "again"
    OTHER_QUERY = "other query"
    KEEP_QUERY = "keep query"
    REQUEST = "request"
    COURSES = "courses"


# Names of pictures that come with the pages. They stand beside the words, not in their place.
_ICONS = {
    Button.RIGHT: "thumbs-up",
    Button.NOT_RIGHT: "thumbs-down",
    Button.EXPLAIN: "pencil",
    Button.NEVER_MIND: "x",
    Button.AGAIN: "refresh-cw",
    Button.OTHER_QUERY: "search",
    Button.KEEP_QUERY: "x",
    Button.REQUEST: "file-text",
    Button.COURSES: "route",
}

Group = dict[Button, Action]


class Buttons:
    """Buttons of one session about one matter, in one group at most for each answer."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._groups: dict[str, Group] = {}

    async def show(self, answer: str, names: Iterable[Button], *, under: str) -> None:
        """Put buttons about an answer under the message of this id."""
        group = {
            name: Action(
                name=name.value, payload={"answer": answer}, label=phrase(name, self._language), icon=_ICONS[name]
            )
            for name in names
        }
        self._groups[answer] = group
        for action in group.values():
            await action.send(for_id=under)

    def take(self, answer: str, name: Button) -> Group | None:
        """Return the group that a button stands in, which from now on cannot be pressed; None when it is not there."""
        return self._groups.pop(answer) if name in self._groups.get(answer, {}) else None

    def put_back(self, answer: str, group: Group) -> None:
        """Let a group that was taken be pressed again."""
        self._groups[answer] = group

    def waiting(self, name: Button) -> str | None:
        """Return the answer under which a button of this name was shown last and not pressed."""
        return next((answer for answer, group in reversed(self._groups.items()) if name in group), None)


async def remove(group: Group) -> None:
    """Take buttons from the screen."""
    for action in group.values():
        await action.remove()


def restrict_buttons() -> None:
    """Put a checking handler before Chainlit's for a button that is pressed."""
    app.add_api_route(_PATH, _press, methods=["POST"])
    # The first one that fits is taken.
    app.router.routes.insert(0, app.router.routes.pop())


def checked_press(action: dict[str, Any]) -> dict[str, Any] | None:
    """Return the name of a button and of its answer, or None when it is not one of ours."""
    name, payload = action.get("name"), action.get("payload")
    answer = payload.get("answer") if isinstance(payload, dict) else None
    if name not in [*Button] or not isinstance(answer, str):
        return None
    return {"name": str(name), "payload": {"answer": answer}}


async def _press(pressed: CallActionRequest, reader: UserParam) -> JSONResponse:
    checked = checked_press(pressed.action)
    # Left to itself Chainlit fails on a session that it does not know.
    if reader is None or checked is None or WebsocketSession.get_by_id(pressed.sessionId) is None:
        raise HTTPException(404)
    response: JSONResponse = await call_action(CallActionRequest(action=checked, sessionId=pressed.sessionId), reader)
    return response
