"""What the reader of an answer says of it: right, or not right and why. Kept in the journal: a verdict once for each
answer, and a remark on it as a record of its own.

Knows nothing of how an answer is made, nor of what becomes of what is said."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

import asyncio

from chainlit.context import context
from chainlit.message import Message

from assistant.entrypoints.buttons import Button, Buttons, Group, remove
from assistant.entrypoints.phrases import phrase
from assistant.entrypoints.preparing import PreparedAssistant
from assistant.entrypoints.telling import AUTHOR
from retrieval.errors import StafwijzerError
from retrieval.languages import Language


class RemarkTooLong(StafwijzerError):
    """A remark is longer than a question may be."""


class Feedback:
    """What one session's reader may still say of the answers that it was given.

    Its methods run in that session's context on the event loop."""

    def __init__(self, assistant: PreparedAssistant, *, reader: str, longest: int, language: Language) -> None:
        """`longest`: characters of a remark, at most."""
        self._assistant = assistant
        self._reader = reader
        self._longest = longest
        self._language = language
        self._buttons = Buttons(language)

    async def offer(self, answer: str, *, under: str) -> None:
        """Let the reader judge the answer of this id, under the message of that id."""
        await self._buttons.show(answer, [Button.RIGHT, Button.NOT_RIGHT], under=under)

    async def press(self, button: Button, answer: object) -> None:
        """Do what a button says, if it is there to be pressed; else nothing."""
        group = self._buttons.take(answer, button) if isinstance(answer, str) else None
        if group is None or not isinstance(answer, str):
            return
        match button:
            case Button.RIGHT:
                await self._keep(answer, group, "up")
            case Button.NOT_RIGHT:
                await self._keep(answer, group, "down")
                await self._buttons.show(answer, [Button.EXPLAIN], under=group[button].forId or "")
            case Button.EXPLAIN:
                await remove(group)
                asked = await Message(content=phrase("why", self._language), author=AUTHOR).send()
                await self._buttons.show(answer, [Button.NEVER_MIND], under=asked.id)
            case Button.NEVER_MIND:
                await remove(group)

    async def take_remark(self, text: str) -> bool:
        """Keep a message as a remark if the reader was asked for one, and say whether it was. Raises RemarkTooLong."""
        answer = self._buttons.waiting(Button.NEVER_MIND)
        if answer is None:
            return False
        if len(text) > self._longest:
            raise RemarkTooLong(
                f"The remark is {len(text):,} characters long; at most {self._longest:,} are taken.",
                hint="Say it in a few sentences.",
            )
        if group := self._buttons.take(answer, Button.NEVER_MIND):
            # Half a character (a lone surrogate) is no text.
            await self._keep(answer, group, "down", text.strip().encode("utf-8", "replace").decode())
        return True

    async def withdraw(self) -> None:
        """Ask for no remark any more."""
        answer = self._buttons.waiting(Button.NEVER_MIND)
        if answer is not None and (group := self._buttons.take(answer, Button.NEVER_MIND)):
            await remove(group)

    async def _keep(self, answer: str, group: Group, verdict: str, comment: str = "") -> None:
        body = {"answer": answer, "verdict": verdict, "comment": comment, "by": self._reader}
        try:
            await asyncio.to_thread(lambda: self._assistant.get().journal.append("feedback", body))
        except Exception:
            self._buttons.put_back(answer, group)
            raise
        await remove(group)
        await context.emitter.send_toast(phrase("thanks", self._language), "success")
