"""Turn an answer that is none into a request for information, for its reader to copy, change and send.

Sends nothing and keeps nothing once it was shown."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

from datetime import date

from chainlit.message import Message
from chainlit.step import Step

from assistant.abstaining import request_for_information
from assistant.answers import Answer
from assistant.entrypoints.buttons import Button, Buttons, remove
from assistant.entrypoints.showing import write_request
from assistant.entrypoints.telling import AUTHOR
from retrieval.languages import Language


class Requests:
    """The requests that one session's reader may still have drafted.

    Its methods run in that session's context on the event loop."""

    def __init__(self, *, asker: str, language: Language) -> None:
        self._asker = asker
        self._buttons = Buttons(language)
        self._answers: dict[str, Answer] = {}

    async def offer(self, answer: Answer, *, under: str) -> None:
        """Let the reader have a request drafted, under the message of this id."""
        self._answers[answer.id] = answer
        await self._buttons.show(answer.id, [Button.REQUEST], under=under)

    async def press(self, answer: str) -> None:
        """Show the request, if its button is there to be pressed; else nothing."""
        if group := self._buttons.take(answer, Button.REQUEST):
            await remove(group)
            text = request_for_information(self._answers.pop(answer), asker=self._asker, asked_on=date.today())
            # Only below a step of this kind and name does the page put a button that copies.
            async with Step(name="on_message", type="run", show_input=False):
                await Message(content=write_request(text), author=AUTHOR).send()
