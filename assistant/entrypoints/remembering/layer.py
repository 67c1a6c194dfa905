"""What Chainlit is given to keep conversations in: it keeps nothing and hands out only what the signed-in user may see.

Chainlit would store every step, element and judgement under ids that a browser chose, and change or delete them for
whoever names the id. None of that is stored here, so there is nothing of it to forge, to move or to overwrite. A
question is kept by the code that answers it, an answer by the code that made it."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

import asyncio
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from chainlit.context import ChainlitContextException, context
from chainlit.data.base import BaseDataLayer
from chainlit.step import StepDict
from chainlit.types import Feedback, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User

from assistant.history import Conversation, ConversationUnknown, Exchange, History

_NAMESPACE = uuid.UUID("0f6d1f0c-6a4e-5d0e-8f43-3a1f5e0d9b61")

SHOWN_AT_MOST = 30
"""Of a conversation that is opened again, so many questions are shown: the last."""

signing_on: ContextVar[str | None] = ContextVar("signing_on", default=None)
"""Who is connecting, while there is no session yet."""


class Refused(PermissionError):
    """Something that no code of this program asks for."""


class GuardedLayer(BaseDataLayer):
    """Conversations by the id that Chainlit calls a thread."""

    def __init__(self, history: Callable[[], History]) -> None:
        self._history = history

    async def get_user(self, identifier: str) -> PersistedUser | None:
        # Not there: so Chainlit makes one of the token each time, with all that was said at signing in.
        return None

    async def create_user(self, user: User) -> PersistedUser | None:
        return PersistedUser(
            id=user.identifier,
            createdAt=datetime.now(UTC).isoformat(),
            identifier=user.identifier,
            display_name=user.display_name,
            metadata=user.metadata,
        )

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """Return the questions of a conversation; None when it is not the signed-in user's.

        Answers are not among them: they are shown anew, as far as they may be read."""
        owner = _signed_in()
        if owner is None:
            return None
        try:
            kept, exchanges = await asyncio.to_thread(lambda: self._history().store.read(thread_id, owner=owner))
        except ConversationUnknown:
            return None
        steps: list[StepDict] = [_question_step(kept, one) for one in exchanges[-SHOWN_AT_MOST:]]
        return {**as_thread(kept), "steps": steps}

    async def get_thread_author(self, thread_id: str) -> str:
        owner = _signed_in()
        if owner is None:
            return ""
        known = await asyncio.to_thread(lambda: self._history().store.belongs(thread_id, owner=owner))
        return owner if known else ""

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Keep nothing: Chainlit tells the name and what its session holds."""

    async def delete_thread(self, thread_id: str) -> None:
        raise Refused("a conversation is deleted by its own route")

    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        raise Refused("conversations are listed by their own route")

    async def create_step(self, step_dict: StepDict) -> None:
        """Keep nothing."""

    async def update_step(self, step_dict: StepDict) -> None:
        """Keep nothing."""

    async def delete_step(self, step_id: str) -> None:
        """Nothing was kept."""

    async def create_element(self, element: Any) -> None:
        """Keep nothing: passages are files of the session that shows them, and go with it."""

    async def get_element(self, thread_id: str, element_id: str) -> None:
        return None

    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        """Nothing was kept."""

    async def upsert_feedback(self, feedback: Feedback) -> str:
        raise Refused("answers are judged by their buttons")

    async def delete_feedback(self, feedback_id: str) -> bool:
        raise Refused("a judgement is not withdrawn")

    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        return []

    async def build_debug_url(self) -> str:
        return ""

    async def close(self) -> None:
        pass


def as_thread(kept: Conversation) -> ThreadDict:
    """Return a conversation as Chainlit's pages list it: its title, and in a line below it its marking."""
    marking = " + ".join(map(str, kept.markings))
    return {
        "id": kept.id,
        # The pages group them by this day.
        "createdAt": kept.changed_at,
        "name": f"{kept.title}\n{marking}" if marking else kept.title,
        "userId": kept.owner,
        "userIdentifier": kept.owner,
        "tags": [],
        "metadata": {},
        "steps": [],
        "elements": [],
    }


def question_id(conversation: str, number: int) -> str:
    """Return the id under which a question stands on a screen that shows it again."""
    return str(uuid.uuid5(_NAMESPACE, f"{conversation}\0{number}"))


def _question_step(kept: Conversation, one: Exchange) -> StepDict:
    return {
        "id": question_id(kept.id, one.number),
        "threadId": kept.id,
        "parentId": None,
        "type": "user_message",
        "name": kept.owner,
        "input": "",
        "output": one.query or one.question,
        "createdAt": one.asked_at,
        "start": one.asked_at,
        "end": one.asked_at,
        "metadata": {},
        "streaming": False,
        "isError": False,
    }


def _signed_in() -> str | None:
    try:
        user = context.session.user
    except ChainlitContextException:
        return signing_on.get()
    return user.identifier if user else None
