"""Drive a running chat as several users at once: each asks, waits for the whole answer, thinks and asks again.

Hands over each question as it ends, so that what was measured is there however the load ends. Knows nothing of how a
user reaches the chat."""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from evals.cases import Case
from evals.driven import Asked
from evals.visiting import ChatUnreachable, Entrance, Visitor
from evals.watching import Watch
from retrieval.errors import StafwijzerError

# Bounds on what a user does, whatever the clock says.
_MOST_QUESTIONS = 100_000
_MOST_LOSSES = 5
_LONGEST_RAMP_SECONDS = 10.0

OnAsked = Callable[[Asked], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """A load: who asks what, for how long."""

    cases: tuple[Case, ...]
    """Only their questions are asked, in an order of each user's own."""
    users: int
    seconds: float
    """After which nobody asks any more. Answers under way are waited for."""
    think_seconds: float
    """Mean of the exponential distribution of the time between an answer and the next question."""
    patience_seconds: float = 120.0
    """How long a user waits for an answer."""
    seed: int = 0

    @property
    def ramp_seconds(self) -> float:
        """Over which the users arrive, evenly."""
        return min(_LONGEST_RAMP_SECONDS, self.seconds / 4)


def questions_to_ask(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the cases that the chat's one user can ask as they stand: finished, of today, without a history."""
    return tuple(case for case in cases if not (case.draft or case.history or case.principal or case.on_date))


async def drive(plan: Plan, entrance: Entrance, *, on_asked: OnAsked) -> None:
    """Ask as all users until the time is up and the last answers are there.

    Questions that a cancellation cuts short are handed over too. Raises ChatUnreachable and SignInRefused when one of
    the users meets them; the others stop then."""
    assert plan.cases
    began = asyncio.get_running_loop().time()
    door = asyncio.Lock()
    try:
        async with asyncio.TaskGroup() as users:
            for number in range(1, plan.users + 1):
                users.create_task(_User(number, plan, began, on_asked).be(Visitor(entrance, door=door)))
    except BaseExceptionGroup as raised:
        mendable, defects = raised.split(StafwijzerError)
        if mendable is None or defects is not None:
            raise
        raise mendable.exceptions[0] from None


class _User:
    """One of the users of a load."""

    def __init__(self, number: int, plan: Plan, began: float, on_asked: OnAsked) -> None:
        self._number, self._plan, self._began, self._on_asked = number, plan, began, on_asked
        self._random = random.Random(f"{plan.seed}/{number}")  # noqa: S311 (repeatable, no secret)
        self._clock = asyncio.get_running_loop().time

    async def be(self, visitor: Visitor) -> None:
        """Arrive, and ask and think until the time is up."""
        await asyncio.sleep(self._plan.ramp_seconds * (self._number - 1) / self._plan.users)
        losses = 0
        async with visitor:
            for case in islice(self._questions(), _MOST_QUESTIONS):
                if self._left() <= 0:
                    return
                losses = 0 if await self._ask(visitor, case) else losses + 1
                if losses == _MOST_LOSSES:
                    raise ChatUnreachable(
                        f"The chat broke off {losses} times in a row for user {self._number}.",
                        hint="What it printed tells why; try again with fewer users.",
                    )
                await asyncio.sleep(min(self._thought(), max(0.0, self._left())))

    async def _ask(self, visitor: Visitor, case: Case) -> bool:
        """Ask a question, hand over what was seen, and tell whether the connection held."""
        entered = await visitor.enter()
        watch = Watch(self._clock)
        try:
            if entered:
                return await visitor.ask(case.question, watch, patience_seconds=self._plan.patience_seconds)
            watch.give_up("The chat did not take the connection.")
            return False
        finally:
            self._on_asked(watch.asked(user=self._number, case=case.id, began=self._began))

    def _questions(self) -> Iterator[Case]:
        while True:
            yield from self._random.sample(self._plan.cases, len(self._plan.cases))

    def _thought(self) -> float:
        mean = self._plan.think_seconds
        return self._random.expovariate(1 / mean) if mean > 0 else 0.0

    def _left(self) -> float:
        return self._began + self._plan.seconds - self._clock()
