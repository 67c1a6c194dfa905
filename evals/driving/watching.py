"""Watch one answer as its reader does: from the events that the chat sends, what was on the screen and when.

Knows the chat's events (Chainlit 2.12) and no connection."""

import html
import re
from collections.abc import Callable, Mapping
from typing import Literal

from assistant.entrypoints.phrases import phrase
from evals.driving.driven import Asked

LANGUAGE: Literal["en"] = "en"
"""Of the screen that is watched."""
_WAITING = phrase("waiting", LANGUAGE, count=0).partition(";")[0]
_REFERENCE = re.compile(rf"(.*) {phrase('reference', LANGUAGE, reference='([0-9A-F]{4}-[0-9A-F]{4})')}\.", re.DOTALL)
# What `escaping.plain` adds besides references to characters; those of the text itself it writes as references.
_MARKS = re.compile(r"[_*]")


class Watch:
    """The answer to one question, from the moment that this is made. `clock` tells seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._asked = clock()
        self._taken = self._answered = False
        self._life: float | None = None
        self._source: float | None = None
        self._ended: float | None = None
        self._last_token: float | None = None
        self._token_gaps: list[float] = []
        self._queued = 0.0
        self._queued_since: float | None = None
        self._error = self._reference = ""

    @property
    def ended(self) -> bool:
        """The chat has said all that it has to say, or was given up."""
        return self._ended is not None

    def see(self, event: str, told: object) -> None:
        """Take in an event and what came with it. What is not known says nothing."""
        step = told if isinstance(told, Mapping) else {}
        match event:
            case "task_start":
                self._taken = True
            # Claims come when they were checked; what comes token by token replaces what stood there (isSequence).
            case "stream_token" if step.get("isSequence"):
                self._see_token()
            case "new_message" | "stream_start" | "update_message":
                self._see_step(step)
            case "delete_message":
                self._leave_queue()
            case "element":
                self._source = self._since() if self._source is None else self._source
            # Chainlit says it at the sign-on as well, before any question.
            case "task_end" if self._taken:
                self._end("" if self._answered else "The chat ended the question without an answer.")

    def give_up(self, sentence: str) -> None:
        """End it with an error of the connection, unless it has ended."""
        if not self.ended:
            self._answered = False
            self._end(sentence)

    def asked(self, *, user: int, case: str, began: float) -> Asked:
        """Return what was seen. `began` is when the load did, by the same clock."""
        return Asked(
            user=user,
            case=case,
            at=self._asked - began,
            seconds=self._since() if self._ended is None else self._ended,
            complete=self.ended and self._answered and not self._error,
            life_seconds=self._life,
            source_seconds=self._source,
            queue_seconds=self._queued,
            token_gaps=tuple(self._token_gaps),
            error=self._error,
            reference=self._reference,
        )

    def _see_step(self, step: Mapping[str, object]) -> None:
        if step.get("type") == "user_message":
            return
        self._life = self._since() if self._life is None else self._life
        if step.get("isError"):
            self._error, self._reference = read_problem(str(step.get("output", "")))
        elif step.get("type") == "assistant_message":
            self._answered = True
        if str(step.get("name", "")).startswith(_WAITING):
            self._queued_since = self._clock() if self._queued_since is None else self._queued_since
        else:
            self._leave_queue()

    def _see_token(self) -> None:
        now = self._clock()
        if self._last_token is not None:
            self._token_gaps.append(now - self._last_token)
        self._last_token = now

    def _leave_queue(self) -> None:
        if self._queued_since is not None:
            self._queued += self._clock() - self._queued_since
            self._queued_since = None

    def _end(self, error: str) -> None:
        self._leave_queue()
        self._ended = self._since()
        self._error = self._error or error

    def _since(self) -> float:
        return self._clock() - self._asked


def read_problem(markdown: str) -> tuple[str, str]:
    """Return the sentence and the reference of an error that the chat shows; '' for a reference that is not there."""
    text = html.unescape(_MARKS.sub("", markdown)).strip()
    matched = _REFERENCE.fullmatch(text)
    return (matched[1], matched[2]) if matched else (text or "The chat showed an error without words.", "")
