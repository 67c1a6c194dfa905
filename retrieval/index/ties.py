"""Order what an engine found: best first, equal scores by id.

Engines cut a list at `limit` wherever a tie happens to fall, so more is asked until the tie is seen whole.
Knows nothing of an engine: it is handed a function that asks one."""

from collections.abc import Callable, Sequence

from retrieval.index.protocol import Scored

# Settles nearly every tie at once; 16 more results cost under 0.1 ms at 10,000 points.
_EXTRA = 16
# Beyond so many equals it stops mattering which of them is returned, and looking for all of them costs too much
# (75 ms for 4,000 equals among 30,000 points).
_MOST = 512

Ask = Callable[[Sequence[int], int], Sequence[Sequence[Scored]]]


def best(ask: Ask, *, searches: int, limit: int) -> list[tuple[Scored, ...]]:
    """Return the best `limit` of each search in a fixed order.

    `ask(numbers, count)` runs the searches with these numbers, from 0, for `count` results each."""
    asked = limit + _EXTRA
    found = dict(enumerate(ask(range(searches), asked)))
    while asked < limit + _MOST and (cut := [number for number in found if _cuts_a_tie(found[number], limit, asked)]):
        asked = min(asked * 4, limit + _MOST)
        found.update(zip(cut, ask(cut, asked), strict=True))
    return [tuple(sorted(results, key=lambda scored: (-scored.score, scored.id))[:limit]) for results in found.values()]


def _cuts_a_tie(results: Sequence[Scored], limit: int, asked: int) -> bool:
    return len(results) >= asked and results[-1].score == results[limit - 1].score
