"""Read the slides of an OpenDocument presentation, or the pages of a drawing: title first, shapes where they stand,
then what the speaker noted. Hidden slides are left out."""

import re
from collections.abc import Iterator

from lxml import etree

from retrieval.loading.composing import Composer
from retrieval.loading.loaded import Kind
from retrieval.loading.open_styles import DRAW, PRESENTATION, SVG, TEXT, Styles
from retrieval.loading.open_text import TextReader
from retrieval.loading.reading_order import Rectangle, in_reading_order

_CLASS = f"{PRESENTATION}class"
_MARGINS = frozenset({"header", "footer", "date-time", "page-number"})
_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(cm|mm|in|pt|px)")
_MILLIMETRES = {"cm": 10.0, "mm": 1.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96}


class SlideReader:
    """Writes the slides of one presentation down."""

    def __init__(self, composer: Composer, styles: Styles, text: TextReader) -> None:
        self._composer = composer
        self._styles = styles
        self._text = text

    def read(self, body: etree._Element) -> str:
        """Write down every slide that is shown; return the title of the first that has one."""
        title = ""
        for number, page in enumerate(body.iterchildren(f"{DRAW}page"), start=1):
            if str(page.get(f"{DRAW}style-name")) in self._styles.hidden:
                self._text.notice("slides")
            else:
                heading = self._slide(number, page)
                title = title or heading
        return title

    def _slide(self, number: int, page: etree._Element) -> str:
        shapes = [shape for shape in page if _is_shape(shape)]
        heads = [shape for shape in shapes if shape.get(_CLASS) == "title"]
        heading = " ".join(filter(None, (self._text.line(one) for head in heads for one in head.iter(f"{TEXT}p"))))
        # Without a heading of its own a slide would be read as more of the one before.
        self._composer.add(heading or f"Slide {number}", Kind.HEADING, page=number, level=1)
        written = self._composer.blocks
        for shape in _ordered([shape for shape in shapes if shape not in heads]):
            self._text.shape(shape, page=number)
        for notes in page.iterchildren(f"{PRESENTATION}notes"):
            self._notes(number, notes)
        if not heading and self._composer.blocks == written:
            self._composer.drop_last()
        return heading

    def _notes(self, number: int, notes: etree._Element) -> None:
        frames = (frame for frame in notes if frame.get(_CLASS) == "notes")
        lines = [line for frame in frames for one in frame.iter(f"{TEXT}p") if (line := self._text.line(one))]
        self._composer.add("\n".join(["Notes:", *lines]) if lines else "", page=number)


def _is_shape(element: etree._Element) -> bool:
    is_drawn = isinstance(element.tag, str) and element.tag.startswith(DRAW)
    return is_drawn and element.get(_CLASS) not in _MARGINS


def _ordered(shapes: list[etree._Element]) -> Iterator[etree._Element]:
    """As they are read. A layout's own frames stand in the order that its designer gave them."""
    areas = [_rectangle(shape) for shape in shapes]
    if all(shape.get(_CLASS) for shape in shapes) or None in areas:
        return iter(shapes)
    return in_reading_order([(shape, area) for shape, area in zip(shapes, areas, strict=True) if area is not None])


def _rectangle(shape: etree._Element) -> Rectangle | None:
    left, top, width, height = (_length(shape.get(f"{SVG}{side}")) for side in ("x", "y", "width", "height"))
    if left is None or top is None or width is None or height is None:
        return None
    return Rectangle(left, top, left + width, top + height)


def _length(written: str | None) -> float | None:
    found = _LENGTH.fullmatch(written or "")
    return float(found[1]) * _MILLIMETRES[found[2]] if found else None
