"""Say when two quantities are the same amount in another unit or wording: four weeks and 28 days, twice and two times.

Only conversions that are exact. Reads no claims."""

import re
from decimal import Decimal, InvalidOperation

from retrieval.quantities import Quantity, is_said_by

_IN_SMALLEST: dict[str, tuple[str, Decimal]] = {
    unit: (kind, Decimal(factor))
    for kind, units in {
        "time": {"s": "1", "min": "60", "h": "3600", "d": "86400", "week": "604800"},
        "long time": {"month": "1", "year": "12"},
        "length": {"mm": "1", "cm": "10", "m": "1000", "km": "1000000"},
        "weight": {"g": "1", "kg": "1000", "t": "1000000"},
    }.items()
    for unit, factor in units.items()
}
SCALES = frozenset("million millions billion billions miljoen miljard mln mld bn".split())
"""Words between a figure and its unit, which are compared as a whole."""
_SPELLED = tuple(
    (re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), plain)
    for pattern, plain in (
        ("twice|two times", "2 times"),
        ("thrice|three times", "3 times"),
        ("tweemaal|twee maal|twee keer", "2 keer"),
        ("driemaal|drie maal|drie keer", "3 keer"),
        ("viermaal|vier maal|vier keer", "4 keer"),
        ("half a minute", "30 seconds"),
        ("half an hour", "30 minutes"),
        ("a quarter of an hour", "15 minutes"),
        ("(?:een )?halve minuut", "30 seconden"),
        ("(?:een )?half uur", "30 minuten"),
        ("(?:een )?kwartier", "15 minuten"),
        ("half a year", "6 months"),
        ("(?:een )?half jaar", "6 maanden"),
        ("first half of|first six months of", "first half of"),
        ("a dozen", "12"),
        ("(?:een )?dozijn", "12"),
    )
)


def spelled_out(text: str) -> str:
    """Return the text with small amounts that have a word of their own in one notation: half an hour is 30 minutes."""
    for pattern, plain in _SPELLED:
        text = pattern.sub(plain, text)
    return text


def is_measured_by(wanted: Quantity, found: Quantity) -> bool:
    """Tell whether a quantity says the one wanted, in the same unit or in one that converts to it exactly."""
    if is_said_by(wanted, found):
        return True
    mine, theirs = _amount(wanted), _amount(found)
    return mine is not None and mine == theirs


def _amount(one: Quantity) -> tuple[str, Decimal] | None:
    if one.unit not in _IN_SMALLEST:
        return None
    kind, factor = _IN_SMALLEST[one.unit]
    try:
        return kind, Decimal(one.parts[0]) * factor
    except InvalidOperation:
        return None
