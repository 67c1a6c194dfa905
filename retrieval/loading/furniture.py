"""Tell the running heads and feet of pages from their text: lines that return at the same height with other numbers.

Pure: knows no file format. A reader sees them on every page, but they are no part of what the document says."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from retrieval.loading.paragraphs import Line

# Only lines this near to the top or bottom of a page can be running ones.
_OUTERMOST = 3
# Running lines stand on this share of the pages at least: left and right pages may have one each.
_SHARE = 0.4
_FEWEST_PAGES = 2
# In points: renderers round the place of a line.
_SAME_HEIGHT = 4
_NUMBER = re.compile(r"\d{1,4}")

Place = tuple[str, int]
"""What a line says and how high it stands, in steps."""


def running_lines(pages: Sequence[Sequence[Line]]) -> list[frozenset[int]]:
    """Return for each page the positions of its running lines. A document of one page has none."""
    needed = max(_FEWEST_PAGES, _SHARE * len(pages))
    places = [_places(number, lines) for number, lines in enumerate(pages)]
    seen = Counter(place for page in places for place in {place for some in page.values() for place in some})
    return [
        frozenset(position for position, some in page.items() if any(_count(seen, one) >= needed for one in some))
        for page in places
    ]


def _places(page: int, lines: Sequence[Line]) -> dict[int, list[Place]]:
    """Return for the outermost lines of a page what they say, as it stands and with a page's number left out."""
    placed = [position for position, line in enumerate(lines) if line.is_placed]
    by_height = sorted(placed, key=lambda position: lines[position].first.bottom)
    return {
        position: [
            (words, round(lines[position].first.bottom / _SAME_HEIGHT)) for words in _said(page, lines[position])
        ]
        for position in {*by_height[:_OUTERMOST], *by_height[-_OUTERMOST:]}
    }


def _said(page: int, line: Line) -> Iterator[str]:
    text = " ".join(line.text.split())
    yield text
    # A number that goes up with the pages is the page's: each in turn, so that 'page 3 of 12' keeps its 12.
    for number in _NUMBER.finditer(text):
        yield f"{text[: number.start()]}#{int(number.group()) - page}{text[number.end() :]}"


def _count(seen: Counter[Place], place: Place) -> int:
    words, step = place
    return sum(seen[words, near] for near in (step - 1, step, step + 1))
