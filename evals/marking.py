"""Work out the marking of whatever leaves the bench: a report, an export, drafts.

By the one rule for what is derived, policy by policy. Knows no record."""

from collections import defaultdict
from collections.abc import Iterable

from retrieval.access import POLICIES, Marking, high_water_mark


def high_water(markings: Iterable[Marking]) -> str:
    """Return the high-water mark in words; '' when there is nothing to mark.

    Two policies have no order: both are told. So is, as it stands, a marking outside every policy."""
    by_policy: defaultdict[str, list[Marking]] = defaultdict(list)
    strange: set[str] = set()
    for marking in set(markings):
        if marking.level in POLICIES.get(marking.policy, ()):
            by_policy[marking.policy].append(marking)
        else:
            strange.add(str(marking))
    highest = [str(high_water_mark(by_policy[policy])) for policy in POLICIES if policy in by_policy]
    return " / ".join([*highest, *sorted(strange)])
