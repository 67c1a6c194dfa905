"""Decide whether a person may give documents another marking: not above what they read, and not lower unexplained.

Pure. Knows nothing of how a marking is stored, nor of who owns a corpus."""

from collections.abc import Iterable
from datetime import date

from retrieval.access import UNMARKED, Marking, Principal, high_water_mark, may_read
from retrieval.errors import StafwijzerError


class MarkedAbove(StafwijzerError):
    """A person would mark documents so that they could not read them any more."""


class LoweredUnexplained(StafwijzerError):
    """A marking would let more people read, and nobody says why."""


def lowers(before: Marking, after: Marking) -> bool:
    """Tell whether somebody may read under `after` who may not under `before`.

    What nobody marked is not lowered by its first marking. Between two policies there is no order: that counts as
    lower."""
    if before == UNMARKED:
        return False
    try:
        return high_water_mark([before, after]) != after
    except ValueError:
        return True


def check_remarking(
    principal: Principal, before: Iterable[Marking], after: Marking, *, reason: str, on_date: date
) -> bool:
    """Return whether any marking is lowered. Raises MarkedAbove or LoweredUnexplained."""
    if not may_read(principal, after, on_date):
        raise MarkedAbove(
            f"You may not read {after} yourself, so that you would lose sight of these documents.",
            hint="Choose a marking that you may read, or ask somebody who is cleared for it.",
        )
    lower = any(lowers(one, after) for one in before)
    if lower and not reason.strip():
        raise LoweredUnexplained(
            "This marking lets more people read some of these documents.", hint="Say why; the reason is recorded."
        )
    return lower
