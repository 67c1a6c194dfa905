"""Find where on a page a quote stands: the boxes of exactly its characters, or none.

White space counts for nothing, a word that was broken at the end of a line is whole, and the bars between the cells of
a table are not on the page; all else must be the same. What stands on the page twice is told apart by what stands
around it, and has no boxes where that does not help. Knows nothing of PDF."""

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise

from retrieval.rendering.pages import HYPHEN, Page, Rectangle, TextLine

# Of what stands around a quote, so many characters are enough to tell it from another.
_CONTEXT = 80
# A piece of a quote that stands apart on the page is found by itself only when it is no shorter.
_SHORTEST_PIECE = 3
# Left out when looking, and compared afterwards.
_UNCERTAIN = frozenset(f"-{HYPHEN}|")
# Characters without a meaning of their own; the loader writes them as one of the last two.
_UNNAMED = re.compile("[\ue000-\uf8ff\ufffd\x00-\x01\x03-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_BETWEEN_PIECES = re.compile(r"\n| \| ")
# In heights of a line: a wider gap ends a stretch of text, or a box; lines that fill a column have wide ones.
_GAP = 1.2
_BOX_GAP = 3.0


def locate(page: Page, quote: str, *, before: str = "", after: str = "") -> list[Rectangle]:
    """Return the rectangles, one for each line, of the characters on the page that are the quote; [] when they are not
    there, or are there more than once alike. `before` and `after`: what the document says around it on that page."""
    written = _Written(page)
    found = written.find(quote, before=before, after=after)
    if found is None:
        found = _in_pieces(written, quote)
    return [line.place for line in _lines(page, found, gap=_BOX_GAP)] if found else []


def text_lines(page: Page) -> list[TextLine]:
    """Return the text of a page in stretches of one line each, to be laid over its picture."""
    return _lines(page, range(len(page.text)), gap=_GAP)


class _Written:
    """The characters of a page that count, and where each of them stands in its text."""

    def __init__(self, page: Page) -> None:
        counted = [(_plain(one), at) for at, one in enumerate(page.text) if _counts(one)]
        self._characters = [one for one, _ in counted]
        self._places = [at for _, at in counted]
        sure = [(one, at) for at, one in enumerate(self._characters) if one not in _UNCERTAIN]
        self._sure = "".join(one for one, _ in sure)
        self._of_sure = [at for _, at in sure]

    def find(self, quote: str, *, before: str = "", after: str = "") -> list[int] | None:
        """Return the places in the page's text of the one stretch that is the quote."""
        ranges = list(self._ranges(quote))
        if len(ranges) > 1 and (before or after):
            near = [self._nearness(one, _sure(before)[-_CONTEXT:], _sure(after)[:_CONTEXT]) for one in ranges]
            ranges = [one for one, score in zip(ranges, near, strict=True) if score == max(near)]
        return self._places[ranges[0].start : ranges[0].stop] if len(ranges) == 1 else None

    def _ranges(self, quote: str) -> Iterator[range]:
        counted, sure = _counted(quote), _sure(quote)
        at = self._sure.find(sure) if sure else -1
        while at >= 0:
            start, end = self._of_sure[at], self._of_sure[at + len(sure) - 1] + 1
            # Hyphens and bars that the quote begins or ends with were left out when looking.
            while start and self._characters[start - 1] == "-" and counted[0] == "-" != self._characters[start]:
                start -= 1
            while end < len(self._characters) and self._characters[end] in f"-{HYPHEN}" and counted[-1] == "-":
                end += 1
            if _is_same(counted, self._characters[start:end]):
                yield range(start, end)
            at = self._sure.find(sure, at + 1)

    def _nearness(self, found: range, before: str, after: str) -> int:
        """How many characters around a stretch are those that stand around the quote."""
        ahead = self._characters[max(0, found.start - 2 * _CONTEXT) : found.start]
        behind = self._characters[found.stop : found.stop + 2 * _CONTEXT]
        left = "".join(one for one in ahead if one not in _UNCERTAIN)
        right = "".join(one for one in behind if one not in _UNCERTAIN)
        return _shared(left[::-1], before[::-1]) + _shared(right, after)


def _in_pieces(written: _Written, quote: str) -> list[int] | None:
    """Find the lines and cells of a quote each by itself: the page has another order than the document's text.

    What stands around them tells nothing then, so each must be there once."""
    pieces = [(piece.start(), piece.end()) for piece in _pieces(quote)]
    if len(pieces) < 2:
        return None
    found: list[int] = []
    for start, end in pieces:
        piece = quote[start:end]
        if len(_sure(piece)) < _SHORTEST_PIECE:
            return None
        places = written.find(piece)
        if places is None or set(places) & set(found):
            return None
        found += places
    return found


def _pieces(quote: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"(?:(?!{_BETWEEN_PIECES.pattern}).)+", quote)


def _is_same(quote: Sequence[str], characters: Sequence[str]) -> bool:
    """Compare what counts of a quote with what counts on the page."""
    at = 0
    for one in quote:
        if at < len(characters) and characters[at] == HYPHEN:
            at += 1
            if one == "-":
                continue
        if at < len(characters) and characters[at] == one:
            at += 1
        elif one != "|":
            return False
    return at == len(characters) or (at == len(characters) - 1 and characters[at] == HYPHEN)


def _lines(page: Page, places: Sequence[int], *, gap: float) -> list[TextLine]:
    """Join the characters at these places of a page's text, as long as they stand on one line without a wide gap."""
    turned = _is_turned(page)
    runs: list[list[int]] = []
    last: Rectangle | None = None
    for at in places:
        box = page.boxes[at]
        if box is None or box.width <= 0 or box.height <= 0:
            continue
        box = box.turned() if turned else box
        if last is not None and box.is_beside(last) and box.distance(last) < gap * box.height:
            runs[-1].append(at)
        elif not page.text[at].isspace():
            runs.append([at])
        else:
            continue
        last = box
    return [_line(page, run, turned=turned) for run in runs]


def _is_turned(page: Page) -> bool:
    """Tell whether most characters stand above or below the one before: lines that run up or down the page."""
    boxes = [box for box in page.boxes if box and box.width > 0 and box.height > 0]
    across = sum(one.is_beside(two) for one, two in pairwise(boxes))
    along = sum(one.turned().is_beside(two.turned()) for one, two in pairwise(boxes))
    return along > across


def _line(page: Page, places: Sequence[int], *, turned: bool) -> TextLine:
    while page.text[places[-1]].isspace():
        places = places[:-1]
    boxes = [box for at in places if (box := page.boxes[at])]
    # A character without a box, such as a generated space, stands between two that have one.
    told = page.text[places[0]] + "".join(
        page.text[one + 1 : two + 1] if two - one <= 2 else page.text[two] for one, two in pairwise(places)
    )
    return TextLine(told.replace(HYPHEN, "-").replace("\n", " "), reduce(Rectangle.joined, boxes), turned)


def _counted(text: str) -> list[str]:
    return [_plain(one) for one in text if _counts(one)]


def _sure(text: str) -> str:
    return "".join(one for one in _counted(text) if one not in _UNCERTAIN)


def _counts(character: str) -> bool:
    return not character.isspace() and character != "\xad"


def _plain(character: str) -> str:
    return "•" if _UNNAMED.match(character) else character


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
