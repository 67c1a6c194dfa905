"""Show one answer while it is being made: what is being done, the sources, the claims as they are checked.

Turns the events of `Assistant.stream` into Chainlit's messages and steps. Decides nothing about the answer."""

# Chainlit annotates its functions in part.
# mypy: untyped-calls-exclude=chainlit

import asyncio
import time
from collections.abc import Iterable
from datetime import date

from chainlit.element import Text
from chainlit.message import ErrorMessage, Message
from chainlit.step import Step
from chainlit.user_session import user_session
from chainlit.utils import utc_now

from assistant.answers import (
    Answer,
    Answered,
    Citation,
    Claim,
    ClaimChecked,
    Conflict,
    ConflictFound,
    Drafted,
    Event,
    Evidence,
    Origin,
    Question,
    SourcesFound,
    Stage,
    StageName,
    Understood,
    Weighed,
)
from assistant.entrypoints import showing, sourcing
from assistant.entrypoints.phrases import phrase
from retrieval.access import Marking
from retrieval.languages import Language

AUTHOR = "Stafwijzer"
_TICK_SECONDS = 1.0
_EXPORT = "/export"
# As many as are given as one file.
_MOST_ANSWERS = 40


class Telling:
    """One answer on the screen of one session. Its methods run in that session's context on the event loop."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._on_date: date | None = None
        self._beginning = ""
        self._answer = Message(content="", author=AUTHOR)
        self._elements: dict[int, Text] = {}
        self._cards: dict[int, Text] = {}
        self._evidence: dict[int, Evidence] = {}
        self._cited: dict[int, list[Citation]] = {}
        self._sources: Step | None = None
        self._progress: Step | None = None
        self._doing = ""
        self._began = time.perf_counter()
        self._ticking: asyncio.Task[None] | None = None
        self._draft = ""
        self._section = ""
        self._conflicts: list[Conflict] = []

    @property
    def message(self) -> str:
        """The id of the message that the answer stands in."""
        return str(self._answer.id)

    def asked(self, question: Question, *, within: Iterable[str] = (), again: bool = False) -> None:
        """Take in what is asked, to tell it above the answer: within what, where not all; that it was asked before."""
        self._on_date = question.on_date
        if again:
            self._beginning = showing.write_again(question, self._language)
        self._beginning += showing.write_choice(question, within, today=date.today(), language=self._language)

    async def loading(self) -> None:
        """Say that the models are not there yet."""
        await self._say("loading")

    async def show(self, event: Event) -> None:
        """Show what an event brings."""
        match event:
            case Stage(StageName.SEARCHING):
                await self._say("searching")
            case Stage(StageName.WAITING, position):
                await self._say("waiting", count=position)
            case Stage(StageName.COMPOSING):
                await self._say("draft")
            case Understood():
                self._beginning += showing.write_understood(event, self._language)
                await self._show_under_way(self._beginning)
            case SourcesFound(evidence):
                await self._end_progress()
                self._evidence = {one.label: one for one in evidence}
                if evidence:
                    await self._show_sources()
            case Weighed(_, abstaining) if abstaining and self._sources:
                self._sources.name = phrase("nearest", self._language)
                await self._end_sources()
            case ConflictFound(conflict):
                await self._show_conflict(conflict)
            case Drafted(text):
                self._draft += text
                await self._show_under_way(showing.write_draft(self._draft))
            case ClaimChecked(claim):
                await self._show_claim(claim)
            case Answered(answer):
                await self._finish(answer)

    async def take_export(self, message: str) -> bool:
        """Give the conversation as files if the message is `/export`; tell whether it was."""
        if message.strip().lower() != _EXPORT:
            return False
        answers: tuple[str, ...] = user_session.get("answers", ())
        told = showing.write_exports(answers, self._language) if answers else ""
        await self._write(told or phrase("nothing to take along", self._language))
        await self._close_answer()
        return True

    async def reads_no_text(self) -> None:
        """Say that the reader may list documents and read none."""
        await self._write(phrase("reads no text", self._language))
        await self._close_answer()

    async def stopped(self) -> None:
        """Say that the reader stopped it."""
        await self._end_steps()
        sentence = phrase("stopped", self._language)
        await self._write(f"---\n\n{sentence}" if self._answer.content else sentence)
        await self._close_answer()

    async def failed(self, sentence: str, reference: str) -> None:
        """Show what went wrong."""
        await self._end_steps()
        if self._answer.content:
            await self._close_answer()
        content = showing.write_problem(sentence, reference, self._language)
        await ErrorMessage(content=content, author=AUTHOR).send()

    async def _say(self, name: str, **fields: object) -> None:
        """Show what is being done, in the place of what was, and from then on how long it all takes."""
        self._doing = phrase(name, self._language, **fields)
        if self._progress is None:
            self._progress = self._step(self._doing)
            await self._progress.send()
            self._ticking = asyncio.create_task(self._tick(self._progress))
        else:
            self._progress.name = self._doing
            await self._progress.update()

    async def _tick(self, progress: Step) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            seconds = int(time.perf_counter() - self._began)
            progress.name = phrase("seconds", self._language, words=self._doing, seconds=seconds)
            await progress.update()

    async def _show_under_way(self, text: str) -> None:
        if self._progress and text:
            # Written anew each time: a mark can come in two pieces.
            await self._progress.stream_token(text, is_sequence=True)

    async def _end_progress(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
        if self._progress is not None:
            await self._progress.remove()
            self._progress = None

    async def _show_sources(self) -> None:
        evidence = list(self._evidence.values())
        name = phrase("sources", self._language, count=len(evidence))
        self._sources = self._step(name)
        banner = showing.write_banner(raise_marking(one.marking for one in evidence))
        self._sources.output = banner + sourcing.list_cards(evidence, self._language)
        await self._sources.send()
        for one in evidence:
            self._cards[one.label] = self._element(one, ())
            await self._cards[one.label].send(for_id=self._sources.id)

    async def _show_claim(self, claim: Claim) -> None:
        await self._end_sources()
        await self._open_cited(claim.citations)
        await self._enter("in short" if claim.origin is Origin.MODEL else "quotes")
        await self._write(showing.write_claim(claim, self._language))

    async def _show_conflict(self, conflict: Conflict) -> None:
        await self._end_sources()
        self._conflicts.append(conflict)
        await self._open_cited([side.citation for side in conflict.sides])
        await self._enter("conflicts")
        await self._write(showing.write_conflict(conflict, self._language))

    async def _enter(self, section: str) -> None:
        """Write a heading above what is of another kind than what stands there; an answer begins without one."""
        if section != self._section and (self._section or section != "quotes"):
            await self._write(showing.write_heading(section, self._language))
        self._section = section

    async def _open_cited(self, citations: Iterable[Citation]) -> None:
        """Let the labels of citations open their passages, with these quoted in them."""
        citations = list(citations)
        for citation in citations:
            self._cited.setdefault(citation.label, []).append(citation)
        for label in dict.fromkeys(citation.label for citation in citations):
            await self._open_label(label)

    async def _write(self, text: str) -> None:
        """Add to the answer, which begins with what was searched for and where."""
        text, self._beginning = self._beginning + text, ""
        # A message that is streamed before it is sent gets no time of its own.
        self._answer.created_at = self._answer.created_at or utc_now()
        await self._answer.stream_token(text)

    async def _open_label(self, label: int) -> None:
        """Let a label in the answer open its passage, with all that is quoted from it so far."""
        evidence = self._evidence.get(label)
        if evidence is None:
            return
        element = self._element(evidence, self._cited.get(label, ()))
        if label in self._elements:
            # Under the same id it takes the place of the one with fewer quotes.
            element.id = self._elements[label].id
        self._elements[label] = element
        await element.send(for_id=self._answer.id)
        if self._sources and label in self._cards:
            # The card opens the same, with what is quoted by now.
            card = self._element(evidence, self._cited.get(label, ()))
            card.id = self._cards[label].id
            await card.send(for_id=self._sources.id)

    def _element(self, evidence: Evidence, cited: Iterable[Citation]) -> Text:
        content = sourcing.open_passage(evidence, cited, self._language, on_date=self._on_date)
        return Text(name=sourcing.label_of(evidence.label), content=content, display="side")

    async def _finish(self, answer: Answer) -> None:
        await self._end_steps()
        for conflict in answer.conflicts:
            if conflict not in self._conflicts:
                await self._show_conflict(conflict)
        if answer.abstained:
            self._evidence = {one.label: one for one in answer.evidence}
            await self._open_cited(answer.abstention.nearest if answer.abstention else ())
            await self._write(showing.write_abstention(answer, self._language))
        if answer.strikes:
            await self._open_cited([citation for claim in answer.withheld for citation in claim.citations])
        await self._write(showing.write_remainder(answer, self._language))
        user_session.set("answers", (*user_session.get("answers", ()), answer.id)[-_MOST_ANSWERS:])
        markings = [one.marking for one in answer.evidence]
        await self._write(showing.write_banner(raise_marking(markings)) if markings else "")
        await self._write(showing.write_small_print(answer, self._language))
        await self._close_answer()

    async def _end_sources(self) -> None:
        if self._sources is not None and self._sources.end is None:
            self._sources.end = utc_now()
            await self._sources.update()

    async def _end_steps(self) -> None:
        await self._end_progress()
        await self._end_sources()

    async def _close_answer(self) -> None:
        if self._answer.streaming:
            await self._answer.update()

    def _step(self, name: str) -> Step:
        """Return a step that is open and under way, beside the answer."""
        # Without a name for the picture, the page asks for one under the name of the step.
        step = Step(name=name, type="tool", show_input=False, default_open=True, metadata={"avatarName": AUTHOR})
        step.parent_id = self._answer.parent_id
        step.start = utc_now()
        return step


def raise_marking(markings: Iterable[Marking]) -> frozenset[Marking]:
    """Add to the markings of what the session's conversation shows, and return them all. Never lowered."""
    shown: frozenset[Marking] = user_session.get("markings", frozenset())
    shown |= frozenset(markings)
    user_session.set("markings", shown)
    return shown
