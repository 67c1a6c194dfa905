"""What came of a load: how long users waited, how much was answered, what failed, and whether all got their share.

Pure arithmetic over questions as their askers saw them. Knows no server and no clock.

There are no confidence intervals: answers of one run wait for each other, so they are no independent draws, and an
interval over them would promise more than is known. Repeat the load with other seeds instead."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from evals.driving.usage import Usage

_REFERENCES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, as the user who asked it saw it. Seconds count from the question, but for `at`."""

    user: int
    """From 1."""
    case: str
    at: float
    """Seconds from the start of the load."""
    seconds: float
    """Until it ended, in whatever way."""
    complete: bool
    """The whole answer was shown. Without it and without an error, the load ended before the question did."""
    life_seconds: float | None = None
    """Until the first words on the screen."""
    source_seconds: float | None = None
    """Until the first passage could be opened."""
    queue_seconds: float = 0.0
    """While the screen said that others were before it."""
    token_gaps: tuple[float, ...] = ()
    """Between each two pieces of the model's text as they came."""
    error: str = ""
    """The sentence that was shown instead of an answer, or what became of the connection."""
    reference: str = ""
    """By which the log of the chat explains the error."""

    @property
    def unfinished(self) -> bool:
        return not self.complete and not self.error


@dataclass(frozen=True, slots=True)
class Waits:
    """How long something took, over the questions for which it came."""

    n: int
    unscored: int
    """Questions for which it never came. They are not zeros."""
    p50: float | None
    p95: float | None
    max: float | None
    """Seconds; percentiles by nearest rank (definition 1 in Hyndman & Fan 1996). None: there was nothing to time."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error, as often as it was shown."""

    sentence: str
    count: int
    references: tuple[str, ...]
    """The first few."""


@dataclass(frozen=True, slots=True)
class Share:
    """What some users, or one, got."""

    questions: int
    answered: int
    errors: int
    unfinished: int
    """Neither answered nor failed when the load was broken off."""
    life: Waits
    source: Waits
    complete: Waits
    queue: Waits
    """Over the questions that were seen to wait; the others are unscored."""
    token_gap: Waits
    """Between each two pieces of the model's text; N counts gaps."""


@dataclass(frozen=True, slots=True)
class LoadSummary:
    everyone: Share
    users: dict[int, Share]
    """By number, from 1, also of those who got to ask nothing."""
    answers_per_minute: float | None
    """Complete answers over the time from the first question to the last end. None: nothing was asked."""
    most_answers: int
    fewest_answers: int
    """Of one user."""
    fairness: float | None
    """Most answers over fewest: 1 is fair. None: somebody got none."""
    failures: tuple[Failure, ...]
    """Most frequent first."""


@dataclass(frozen=True, slots=True)
class Load:
    """A load: what was put on what, and what came of it."""

    at: str
    """UTC, ISO 8601."""
    address: str
    set_name: str
    set_sha256: str
    """Of the cases that were asked."""
    cases: int
    users: int
    minutes: float
    think_seconds: float
    patience_seconds: float
    seed: int
    settings_fingerprint: str
    """Of the settings that this command read; the chat does not tell its own."""
    seconds: float
    """How long it really took, with the answers that were waited for."""
    driver_processor_seconds: float
    """What this command itself took from the machine."""
    summary: LoadSummary
    usage: Usage | None
    """Of the chat's process. None: it is not known, has ended, or its use cannot be read on this system."""
    broken_off: str
    """Why it ended before its time; '' when it did not."""


def summarise(asked: Sequence[Asked], *, users: int) -> LoadSummary:
    """Sum up a load by `users` users."""
    shares = {user: _share([one for one in asked if one.user == user]) for user in range(1, users + 1)}
    answers = [share.answered for share in shares.values()]
    return LoadSummary(
        everyone=_share(asked),
        users=shares,
        answers_per_minute=_per_minute(asked),
        most_answers=max(answers),
        fewest_answers=min(answers),
        fairness=max(answers) / min(answers) if min(answers) else None,
        failures=_failures(asked),
    )


def waits(seconds: Iterable[float | None]) -> Waits:
    """Sum up how long something took; None where it never came."""
    told = list(seconds)
    timed = sorted(one for one in told if one is not None)
    if not timed:
        return Waits(0, len(told), None, None, None)
    return Waits(len(timed), len(told) - len(timed), _nearest_rank(timed, 50), _nearest_rank(timed, 95), timed[-1])


def _share(asked: Sequence[Asked]) -> Share:
    def timed(seconds: Callable[[Asked], float | None]) -> Waits:
        return waits(map(seconds, asked))

    return Share(
        questions=len(asked),
        answered=sum(one.complete for one in asked),
        errors=sum(bool(one.error) for one in asked),
        unfinished=sum(one.unfinished for one in asked),
        life=timed(lambda one: one.life_seconds),
        source=timed(lambda one: one.source_seconds),
        complete=timed(lambda one: one.seconds if one.complete else None),
        queue=timed(lambda one: one.queue_seconds or None),
        token_gap=waits(gap for one in asked for gap in one.token_gaps),
    )


def _nearest_rank(ordered: Sequence[float], percent: int) -> float:
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]


def _per_minute(asked: Sequence[Asked]) -> float | None:
    if not asked:
        return None
    span = max(one.at + one.seconds for one in asked) - min(one.at for one in asked)
    return 60 * sum(one.complete for one in asked) / span if span > 0 else None


def _failures(asked: Sequence[Asked]) -> tuple[Failure, ...]:
    counts = Counter(one.error for one in asked if one.error)
    return tuple(Failure(sentence, count, _references(asked, sentence)) for sentence, count in counts.most_common())


def _references(asked: Sequence[Asked], sentence: str) -> tuple[str, ...]:
    references = [one.reference for one in asked if one.error == sentence and one.reference]
    return tuple(references[:_REFERENCES_SHOWN])
