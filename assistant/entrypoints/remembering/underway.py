"""Questions under way: each runs to its end by itself, and any screen of its asker may follow it from the beginning.

A screen that goes away stops nothing. Only stopping stops, and deleting its conversation. Knows nothing of Chainlit."""

import asyncio
import logging
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field

from assistant.answers import (
    Answer,
    Answered,
    Claim,
    ClaimChecked,
    Conflict,
    ConflictFound,
    Event,
    Evidence,
    Question,
    SourcesFound,
    Tokens,
    Trace,
)
from assistant.citing import as_text
from assistant.entrypoints.bridging import read_from_thread
from assistant.history import ConversationUnknown, History, Outcome
from retrieval.access import high_water_mark
from retrieval.errors import StafwijzerError
from retrieval.languages import Language, detect_language

_log = logging.getLogger(__name__)

Produce = Callable[[threading.Event], Iterator[Event]]
Explain = Callable[[Exception], str]
"""Tells an asker in a sentence what went wrong."""


@dataclass(eq=False)
class UnderWay:
    """One question on its way, or at its end."""

    conversation: str
    question: Question
    number: int | None = None
    """Of the question in its conversation; None while, or because, it is not kept."""
    outcome: Outcome = Outcome.ASKED
    problem: str = ""
    """What to tell its asker when it failed; '' when the program ended."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once it is known whether the question is kept."""
    _events: list[Event] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _task: asyncio.Task[None] | None = None
    _stopping: bool = False

    @property
    def ended(self) -> bool:
        return self.outcome is not Outcome.ASKED

    @property
    def answer(self) -> Answer | None:
        """What there is to keep: the answer, or as much of it as was shown."""
        answered = [event.answer for event in self._events if isinstance(event, Answered)]
        return answered[0] if answered else unfinished(self.question, self._events)

    async def events(self) -> AsyncIterator[Event]:
        """Give what has come and what comes, until it has ended."""
        given = 0
        while True:
            async with self._news:
                while not self.ended and len(self._events) == given:
                    await self._news.wait()
                some, ended = self._events[given:], self.ended
            for event in some:
                yield event
            given += len(some)
            if ended:
                return

    async def kept(self) -> bool:
        """Wait until all is written that will be, and tell whether it was."""
        if self._task is not None:
            await asyncio.wait([self._task])
        return self.number is not None

    def stop(self) -> None:
        """Stop it, if it has not ended."""
        if self._task is not None and not self.ended:
            self._stopping = True
            self._task.cancel()

    def start(self, produce: Produce, history: Callable[[], History] | None, explain: Explain) -> None:
        self._task = asyncio.create_task(self._run(produce, history, explain))

    async def _run(self, produce: Produce, history: Callable[[], History] | None, explain: Explain) -> None:
        keeping = asyncio.create_task(self._keep_question(history))
        outcome = Outcome.ANSWERED
        try:
            async with read_from_thread(produce) as events:
                async for event in events:
                    await self._publish(event)
        except asyncio.CancelledError:
            # Or the program ends, which its asker did not ask for.
            outcome = Outcome.STOPPED if self._stopping else Outcome.FAILED
        except Exception as error:  # noqa: BLE001 (told to its asker, whatever it is)
            outcome, self.problem = Outcome.FAILED, explain(error)
        async with self._news:
            self.outcome = outcome
            self._news.notify_all()
        await keeping
        await self._keep_outcome(history)

    async def _publish(self, event: Event) -> None:
        async with self._news:
            self._events.append(event)
            self._news.notify_all()

    async def _keep_question(self, history: Callable[[], History] | None) -> None:
        try:
            if history is not None:
                self.number = await asyncio.to_thread(lambda: history().ask(self.conversation, self.question))
        except Exception as error:  # noqa: BLE001 (whatever it is, an answer that is not kept is still an answer)
            _complain("question", error)
        finally:
            self.asked.set()

    async def _keep_outcome(self, history: Callable[[], History] | None) -> None:
        if history is None or (number := self.number) is None:
            return
        told = (self.conversation, number, self.outcome, self.answer)
        principal = self.question.principal
        try:
            await asyncio.to_thread(lambda: history().finish(*told, principal=principal, problem=self.problem))
        except ConversationUnknown:
            # It was deleted in the meantime, by its asker.
            pass
        except Exception as error:  # noqa: BLE001 (as above)
            self.number = None
            _complain("answer", error)


class Questions:
    """The questions that are under way, by asker and conversation."""

    def __init__(self, history: Callable[[], History] | None) -> None:
        """`history`: where they are kept; None: nowhere."""
        self._history = history
        self._running: dict[tuple[str, str], list[UnderWay]] = {}

    def begin(self, conversation: str, question: Question, produce: Produce, explain: Explain) -> UnderWay:
        """Begin to answer a question. Within the event loop."""
        one = UnderWay(conversation, question)
        key = (question.principal.name, conversation)
        self._running.setdefault(key, []).append(one)
        one.start(produce, self._history, explain)
        assert one._task is not None
        one._task.add_done_callback(lambda _: self._forget(key, one))
        return one

    def of(self, asker: str, conversation: str) -> list[UnderWay]:
        """Return those of a conversation, oldest first."""
        return list(self._running.get((asker, conversation), ()))

    async def end(self, asker: str, conversation: str) -> None:
        """Stop those of a conversation and wait until nothing of them is written any more."""
        for one in self.of(asker, conversation):
            one.stop()
            await one.kept()

    def _forget(self, key: tuple[str, str], one: UnderWay) -> None:
        self._running[key].remove(one)
        if not self._running[key]:
            del self._running[key]


def unfinished(question: Question, events: list[Event]) -> Answer | None:
    """Return what was shown of an answer that broke off; None when nothing was."""
    evidence: tuple[Evidence, ...] = ()
    claims: list[Claim] = []
    conflicts: list[Conflict] = []
    for event in events:
        match event:
            case SourcesFound(found):
                evidence = found
            case ClaimChecked(claim):
                claims.append(claim)
            case ConflictFound(conflict):
                conflicts.append(conflict)
    if not evidence:
        return None
    language: Language = detect_language(question.text)
    return Answer(
        id=str(uuid.uuid4()),
        question=question.text,
        language=language,
        claims=tuple(claims),
        text=as_text(claims, language),
        citations=tuple(dict.fromkeys(citation for claim in claims for citation in claim.citations)),
        evidence=evidence,
        abstained=False,
        abstention=None,
        unanswered=(),
        conflicts=tuple(conflicts),
        marking=high_water_mark(one.marking for one in evidence),
        withheld=(),
        strikes=False,
        unresolved=0,
        trace=Trace("", "", (), {}, None, "", {}, Tokens(), 0.0),
    )


def _complain(what: str, error: Exception) -> None:
    if isinstance(error, StafwijzerError):
        _log.warning("a %s could not be kept: %s", what, error)
    else:
        _log.exception("a %s could not be kept", what, exc_info=error)
