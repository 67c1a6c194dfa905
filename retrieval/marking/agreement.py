"""Bring several statements of a marking to one: the stricter of each part holds, and who disagrees is told.

Knows nothing of where statements come from."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.access import Marking, high_water_mark


@dataclass(frozen=True, slots=True)
class Agreement:
    """What several statements come to."""

    marking: Marking | None = None
    """None: nothing was stated, or `conflict` says why no marking follows."""
    warnings: tuple[str, ...] = ()
    conflict: str = ""


def strictest(stated: Sequence[tuple[str, Marking]]) -> Agreement:
    """Combine (source, marking) pairs, the highest in precedence first.

    Two policies have no order: then there is no marking, and `conflict` is a sentence for the owner."""
    markings = [marking for _, marking in stated]
    told = "; ".join(f"{source} says {described(marking)}" for source, marking in stated)
    if len({marking.policy for marking in markings}) > 1:
        return Agreement(conflict=f"It is marked under two policies, which have no order: {told}; keep one.")
    highest = high_water_mark(markings)
    if highest is None or all(marking == highest for marking in markings):
        return Agreement(highest)
    return Agreement(highest, (f"Its markings disagree: {told}. The stricter holds: {described(highest)}.",))


def described(marking: Marking) -> str:
    """Return a marking in words that name each of its parts."""
    parts = (("categories", marking.categories), ("need to know", marking.need_to_know))
    released = f" REL {'/'.join(sorted(marking.releasable_to))}" if marking.releasable_to else ""
    more = [f"{name} {', '.join(sorted(values))}" for name, values in parts if values]
    return f"{marking.level}{released}" + (f" ({'; '.join(more)})" if more else "")
