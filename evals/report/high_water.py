"""Work out the marking of a report, or of a part of it, from the markings of all that was found and shown."""

from collections import defaultdict
from collections.abc import Iterable

from evals.records import Record
from retrieval.access import POLICIES, Marking, high_water_mark


def high_water(markings: Iterable[Marking], words: Iterable[str] = ()) -> str:
    """Return the high-water mark in words; '' when there is nothing to mark.

    Two policies have no order: both are told. So is, as it stands, a marking outside every policy, and each of `words`,
    the markings that passages have in writing, that is none of the markings'."""
    by_policy: defaultdict[str, list[Marking]] = defaultdict(list)
    strange: set[str] = {*words} - {""}
    for marking in set(markings):
        strange.discard(str(marking))
        if marking.level in POLICIES.get(marking.policy, ()):
            by_policy[marking.policy].append(marking)
        else:
            strange.add(str(marking))
    highest = [str(high_water_mark(by_policy[policy])) for policy in POLICIES if policy in by_policy]
    return " / ".join([*highest, *sorted(strange)])


def high_water_of(records: Iterable[Record]) -> str:
    """Return the high-water mark of all that was found and shown in the records; holds one at a time."""
    markings: set[Marking] = set()
    words: set[str] = set()
    for record in records:
        markings.update(record.markings)
        words.update(one.marking for one in record.evidence)
    return high_water(markings, words)
