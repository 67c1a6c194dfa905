"""Make a workspace of courses of action from a question in the chat, and give its address.

Knows nothing of what is done in it."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

import asyncio
from datetime import date

from chainlit.message import Message

from assistant.entrypoints.buttons import Button, Buttons, remove
from assistant.entrypoints.phrases import phrase
from assistant.entrypoints.telling import AUTHOR
from assistant.entrypoints.workspaces.planner import PreparedPlanner
from retrieval.access import Principal
from retrieval.languages import Language

_COMMAND = "/coa"


class Starting:
    """The workspaces that one session's reader may still begin from an answer, or with `/coa`.

    Its methods run in that session's context on the event loop. Without a planner they do nothing."""

    def __init__(self, planner: PreparedPlanner | None, *, principal: Principal, language: Language) -> None:
        self._planner, self._principal, self._language = planner, principal, language
        self._buttons = Buttons(language)
        self._problems: dict[str, str] = {}
        """By the id of the answer."""

    async def offer(self, answer: str, problem: str, *, under: str) -> None:
        """Let the reader begin one from a question, under the message of this id."""
        if self._planner:
            self._problems[answer] = problem
            await self._buttons.show(answer, [Button.COURSES], under=under)

    async def press(self, answer: str) -> None:
        """Begin one, if its button is there to be pressed; else nothing."""
        if group := self._buttons.take(answer, Button.COURSES):
            await remove(group)
            await self._begin(self._problems.pop(answer))

    async def take(self, message: str) -> bool:
        """Begin one if the message is `/coa` and a problem; tell whether it was for here."""
        command, _, problem = message.strip().partition(" ")
        if self._planner is None or command.lower() != _COMMAND:
            return False
        if problem.strip():
            await self._begin(problem.strip())
        else:
            await Message(content=phrase("courses how", self._language), author=AUTHOR).send()
        return True

    async def _begin(self, problem: str) -> None:
        assert self._planner is not None
        prepared, principal, language = self._planner, self._principal, self._language

        def make() -> str:
            return (
                prepared.get()
                .new(problem, principal=principal, language=language, corpora=frozenset(), on_date=date.today())
                .id
            )

        address = f"/coa/{await asyncio.to_thread(make)}"
        await Message(content=phrase("courses begun", language, address=address), author=AUTHOR).send()
