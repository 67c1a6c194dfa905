"""Let the reader of an answer have its question asked again, or say what should have been searched for, where it was
understood otherwise.

Keeps which question an answer was given to. Knows nothing of how a query is made or answered."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

from dataclasses import replace

from chainlit.message import Message

from assistant.answers import Question
from assistant.entrypoints.buttons import Button, Buttons, remove
from assistant.entrypoints.escaping import plain
from assistant.entrypoints.phrases import phrase
from assistant.entrypoints.telling import AUTHOR
from retrieval.errors import StafwijzerError
from retrieval.languages import Language


class QueryTooLong(StafwijzerError):
    """A query is longer than a question may be."""


class OtherQuery:
    """What one session's reader may still have searched for in another way.

    Its methods run in that session's context on the event loop."""

    def __init__(self, *, longest: int, language: Language) -> None:
        """`longest`: characters of a query, at most."""
        self._longest = longest
        self._language = language
        self._buttons = Buttons(language)
        self._questions: dict[str, Question] = {}
        """By the id of their answer."""

    async def offer(self, answer: str, question: Question, *, editable: bool, under: str) -> None:
        """Let the reader have a question asked again, under the message of this id.

        `editable`: something else was searched for than what was asked, so another query may be given too."""
        self._questions[answer] = question
        names = [Button.AGAIN, Button.OTHER_QUERY] if editable else [Button.AGAIN]
        await self._buttons.show(answer, names, under=under)

    async def take_again(self, answer: str) -> Question | None:
        """Return the question to be asked again, if its button is there to be pressed."""
        group = self._buttons.take(answer, Button.AGAIN)
        if group is None:
            return None
        await remove(group)
        return self._questions[answer]

    async def press(self, button: Button, answer: str) -> None:
        """Ask for the query, or leave it, if the button is there to be pressed; else nothing."""
        group = self._buttons.take(answer, button)
        if group is None:
            return
        await self.withdraw()
        await remove(group)
        if button is Button.OTHER_QUERY:
            question = plain(" ".join(self._questions[answer].text.split()))
            words = phrase("which query", self._language, question=question)
            asked = await Message(content=words, author=AUTHOR).send()
            await self._buttons.show(answer, [Button.KEEP_QUERY], under=asked.id)

    async def withdraw(self) -> None:
        """Ask for no query any more."""
        answer = self._buttons.waiting(Button.KEEP_QUERY)
        if answer is not None and (group := self._buttons.take(answer, Button.KEEP_QUERY)):
            await remove(group)

    async def take_query(self, text: str) -> Question | None:
        """Return the question with a message as its query; None if none was asked for. Raises QueryTooLong."""
        answer = self._buttons.waiting(Button.KEEP_QUERY)
        if answer is None:
            return None
        if len(text) > self._longest:
            raise QueryTooLong(
                f"The query is {len(text):,} characters long; at most {self._longest:,} are taken.",
                hint="Name what to search for in a few words.",
            )
        await self.withdraw()
        # Half a character (a lone surrogate) is no text.
        return replace(self._questions[answer], query=text.strip().encode("utf-8", "replace").decode())
