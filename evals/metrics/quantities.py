"""Compare the numbers, dates and times of an answer with expected ones, across notations.

How a quantity is read is `retrieval/quantities.py`; this knows only what share of the expected ones was said."""

from collections.abc import Sequence

from retrieval.quantities import is_said_by, quantities


def numbers_accuracy(text: str, expected: Sequence[str], *, language: str = "en") -> float | None:
    """Return the share of the quantities of an expected answer that stand in the text with the same value and unit.

    Of the expected answer that fares best; None when none holds a quantity. A number expected without a unit is found
    with any; a date or time is found when what is told of it is (6 February in 2026-02-06). The language (ISO 639-1)
    says which of point and comma is the decimal mark, in the text as in what is expected."""
    wanted = [found for one in expected if (found := quantities(one, language=language))]
    if not wanted:
        return None
    there = quantities(text, language=language)
    return max(sum(any(is_said_by(one, other) for other in there) for one in group) / len(group) for group in wanted)
