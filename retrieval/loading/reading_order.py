"""Put shapes that lie on a page in the order in which a Western reader takes them.

Pure geometry: knows no file format and no words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

_Shape = TypeVar("_Shape")


@dataclass(frozen=True, slots=True)
class Rectangle:
    """In any unit, from the upper left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float


def in_reading_order(placed: Sequence[tuple[_Shape, Rectangle]]) -> Iterator[_Shape]:
    """Yield shapes row by row, within a row column by column, and so on within those.

    The recursive X-Y cut of Nagy and Seth 1984: rows and columns are what a straight line of white space divides.
    What no line divides comes from top to bottom, then from left to right."""
    rows = _divided(placed, vertically=True)
    if len(rows) > 1:
        for row in rows:
            yield from in_reading_order(row)
        return
    columns = _divided(placed, vertically=False)
    if len(columns) > 1:
        for column in columns:
            yield from in_reading_order(column)
        return
    yield from (shape for shape, _ in sorted(placed, key=lambda one: (one[1].top, one[1].left)))


def _divided(placed: Sequence[tuple[_Shape, Rectangle]], *, vertically: bool) -> list[list[tuple[_Shape, Rectangle]]]:
    groups: list[list[tuple[_Shape, Rectangle]]] = []
    reach = 0.0
    for one in sorted(placed, key=lambda one: one[1].top if vertically else one[1].left):
        area = one[1]
        start, end = (area.top, area.bottom) if vertically else (area.left, area.right)
        # Touching by a tenth is how hand-placed shapes lie below each other.
        if groups and start < reach - 0.1 * (end - start):
            groups[-1].append(one)
            reach = max(reach, end)
        else:
            groups.append([one])
            reach = end
    return groups
