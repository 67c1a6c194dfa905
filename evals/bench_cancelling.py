"""Measure how soon a model stops when an asker cancels, at random moments of its reading and of its writing.

Part of `python -m evals.bench`. By the clock, which the machine's other work slows, and by the computing of this
process. Knows nothing of questions or answers."""

import statistics
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from langchain_core.messages import HumanMessage

from assistant.chatmodels import Cancelled
from assistant.llamacpp import LlamaCppChat

_CANCELS = 20
_LONG = " ".join(f"Convoy {number} crosses the bridge at {number:02}:15." for number in range(100))
_SHORT = "Tell a long story of a bridge."
# Seconds; within what the default model needs for the long prompt, and for its longest answer, on one core.
_READING, _WRITING = 1.0, 0.3


@dataclass(slots=True)
class _Cancel:
    """Sets its event after some seconds and remembers when."""

    after_seconds: float
    event: threading.Event = field(default_factory=threading.Event)
    clock: float = 0.0
    computing: float = 0.0

    def start(self) -> threading.Timer:
        timer = threading.Timer(self.after_seconds, self._cancel)
        timer.start()
        return timer

    def _cancel(self) -> None:
        self.clock, self.computing = time.perf_counter(), time.process_time()
        self.event.set()


def measure_cancelling(chat: LlamaCppChat, *, cancels: int = _CANCELS, seed: int = 0) -> dict[str, Any]:
    """Return the milliseconds from a cancel until the model has stopped, while it reads and while it writes.

    A cancel that came when the model had ended by itself is not counted."""
    moments = np.random.default_rng(seed)
    reading = [_waited(chat, at, writing=False) for at in moments.uniform(0, _READING, cancels)]
    writing = [_waited(chat, at, writing=True) for at in moments.uniform(0, _WRITING, cancels)]
    return {"reading (target 200 at most)": _told(reading), "writing (target 200 at most)": _told(writing)}


def _waited(chat: LlamaCppChat, after_seconds: float, *, writing: bool) -> tuple[float, float] | None:
    """Return the seconds by the clock and of computing; None when the model ended before."""
    chat.forget()
    cancel = _Cancel(after_seconds)
    pieces = chat.tokens_of([HumanMessage(_SHORT if writing else _LONG)], (), cancel.event)
    if writing:
        next(pieces)
    timer = cancel.start()
    try:
        for _ in pieces:
            pass
    except Cancelled:
        return time.perf_counter() - cancel.clock, time.process_time() - cancel.computing
    finally:
        timer.cancel()
    return None


def _told(waited: list[tuple[float, float] | None]) -> dict[str, Any]:
    counted = [one for one in waited if one is not None]
    if not counted:
        return {"cancels": 0}
    clock, computing = ([seconds * 1000 for seconds in column] for column in zip(*counted, strict=True))
    return {
        "cancels": len(counted),
        "clock ms p50": round(statistics.median(clock), 1),
        "clock ms most": round(max(clock), 1),
        "computing ms p50": round(statistics.median(computing), 1),
        "computing ms most": round(max(computing), 1),
    }
