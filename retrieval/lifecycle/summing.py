"""Sum up in numbers how the documents of a corpus stand on a day. Pure: it is handed what the catalog holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from retrieval.catalog import Holding

_SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """How many documents of a corpus stand how. One document may count in several."""

    live: int
    in_force: int
    """Live, and found on this day."""
    not_yet: int
    """Live, and from a later day on."""
    ended: int
    """Live, for the days before an end that has passed."""
    ending_soon: int
    """In force, with an end in the next thirty days."""
    superseded: int
    retired: int
    """Not live: their file is gone, or their owner retired them."""
    withdrawn: int
    """Of these, those that their owner retired."""


def standing(holdings: Sequence[Holding], *, on_date: date) -> Standing:
    """Count documents by how they stand on a day."""
    live = [holding for holding in holdings if holding.live and holding.version]
    dates = [(one.version.valid_from or date.min, one.version.valid_until or date.max) for one in live if one.version]
    in_force = [(first, end) for first, end in dates if first <= on_date < end]
    return Standing(
        live=len(live),
        in_force=len(in_force),
        not_yet=sum(first > on_date for first, _ in dates),
        ended=sum(end <= on_date for _, end in dates),
        ending_soon=sum(end <= on_date + timedelta(days=_SOON_DAYS) for _, end in in_force),
        superseded=sum(holding.superseded_by is not None for holding in live),
        retired=sum(not holding.held and holding.version is not None for holding in holdings),
        withdrawn=sum(holding.withdrawn for holding in holdings),
    )
