"""Put lines that stand on a page together into paragraphs, by where they stand.

Pure geometry: knows no file format and no words. Every line ends up in exactly one paragraph, in the order given."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

# Shares of a line's height. Lines of one paragraph stand at their usual distance, paragraphs at least this much more.
_EXTRA_GAP = 0.4
_INDENT = 0.8
_COLUMN_GAP = 2.0
# A font that differs less than this share is the same one, with a note mark or a fraction in the line.
_SIZE_CHANGE = 0.12
_BULLET = re.compile(r"[•‣▪●○◦■□➢✓*·\u2013-]|\(?[0-9a-zA-Z]{1,3}[.)]")
# A page where nearly every line would be a paragraph is a table, a drawing or turned on its side.
_SHATTERED = 0.8
_SHATTERED_LINES = 12


@dataclass(frozen=True, slots=True)
class Box:
    """In points (1/72 inch) from the lower left corner of the page. Not a number where nothing is known."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def overlaps(self, other: "Box") -> bool:
        across = self.left <= other.right and other.left <= self.right
        return across and self.bottom <= other.top and other.bottom <= self.top


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of a line with a wide gap before and after it. In points, as Box."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, or more where a word broken at its end was joined."""

    text: str
    size: float
    """Of its letters, in points."""
    first: Box
    """Of its first character."""
    last: Box
    """Of its last character."""
    cells: tuple[Cell, ...] = ()
    """Its stretches, from left to right; more than one where gaps are wider than between words. Empty where unknown."""

    @property
    def is_placed(self) -> bool:
        return not (math.isnan(self.size) or math.isnan(self.first.left) or math.isnan(self.last.left))


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Group the lines of one page."""
    if not lines:
        return []
    usual_gap = _usual_gap(lines)
    groups = [[lines[0]]]
    for index, line in enumerate(lines[1:], start=1):
        after = lines[index + 1] if index + 1 < len(lines) else None
        if _begins(groups[-1], line, after, usual_gap):
            groups.append([line])
        else:
            groups[-1].append(line)
    shattered = len(lines) >= _SHATTERED_LINES and len(groups) > _SHATTERED * len(lines)
    return [list(lines)] if shattered else groups


def _usual_gap(lines: Sequence[Line]) -> float:
    gaps = [
        before.last.bottom - line.first.top
        for before, line in pairwise(lines)
        if before.is_placed and line.is_placed and abs(before.last.bottom - line.first.top) < line.first.height
    ]
    return median(gaps) if gaps else 0.0


def _begins(group: Sequence[Line], line: Line, after: Line | None, usual_gap: float) -> bool:
    """Whether a line begins a paragraph, or goes on with the group."""
    before = group[-1]
    if not (before.is_placed and line.is_placed):
        return False
    height = max(before.first.height, line.first.height)
    gap = before.last.bottom - line.first.top
    if beside(before.last, line.first):
        return False
    if gap < -height or gap > max(usual_gap, 0) + _EXTRA_GAP * height:
        return True
    # The largest of the group: the line before may be no more than a raised note mark.
    size = max(member.size for member in group)
    if abs(line.size - size) > _SIZE_CHANGE * max(line.size, size):
        return True
    if line.first.left > before.last.right + _COLUMN_GAP * height:
        return True
    indented = line.first.left - before.first.left > _INDENT * height
    returns = after is not None and after.is_placed and line.first.left - after.first.left > _INDENT * height / 2
    return indented and returns and not _BULLET.match(before.text)


def beside(left: Box, right: Box) -> bool:
    """Tell whether two boxes stand on one line: a raised note mark, a number in the next column."""
    shared = min(left.top, right.top) - max(left.bottom, right.bottom)
    return shared > 0.4 * min(left.height, right.height)
