"""Ask PDFium what is written on one page: its lines, where and how large, and whether a reader can see them.

Refuses to make paragraphs or tables; what a reader cannot see it reports as hidden and leaves out."""

import ctypes
import itertools
import math
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from retrieval.loading.hyphens import HYPHEN
from retrieval.loading.paragraphs import Box, Cell, Line

UNMAPPED = "\ufffd"
"""In the text of a line: the font does not say which character this is."""

# A character lower than this (in points, 1/72 inch) cannot be read.
_LOWEST_POINTS = 1.0
_WHITE = 250
# A page with less text, on a picture of more than this share of it, is a scan that something was stamped on.
_FEW_CHARACTERS = 200
_COVERED = 0.5
# In sizes of the letters: a space is a quarter, stretched to fill a line seldom more than one.
_CELL_GAP = 1.0
# A line is stretched if its gaps, so many at least, differ by no more than this.
_FEWEST_GAPS = 3
_SAME_GAP = 0.25
_WORD = re.compile(r"\S+")
_PRIVATE_LETTER = re.compile("(?<=[^\\W_])[\ue000-\uf8ff]|[\ue000-\uf8ff](?=[^\\W_])")
_PRIVATE_MARK = re.compile("[\ue000-\uf8ff]")


@dataclass(slots=True)
class PageLines:
    """One page."""

    number: int
    """From 1."""
    lines: list[Line] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    """Of a form: name and value."""
    hidden: int = 0
    """Lines left out because they cannot be seen."""
    recognised: bool = False
    """Whether most of the text is not drawn but laid under a picture, as OCR does."""
    has_pictures: bool = False
    is_scan: bool = False
    """Whether a picture covers the page and hardly any text is drawn: a stamp or a page number on a scan."""
    annotations: int = 0
    failed: bool = False


class Sight(Enum):
    """Whether a reader sees a stretch of text."""

    DRAWN = "drawn"
    UNDRAWN = "laid under a picture"
    HIDDEN = "off the page, too small to see, or white on the bare page"


class PageReader:
    """Tells what can be seen of one page's text."""

    def __init__(self, page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> None:
        self._page = page
        self._text = text
        self._bounds = Box(*page.get_bbox())
        self._backgrounds: list[Box] | None = None
        self._last = (0, Sight.DRAWN)
        self._kept = {Sight.DRAWN}

    def read(self, found: PageLines) -> None:
        found.has_pictures = raw.FPDFPage_CountObjects(self._page) > 0
        pieces = list(self._pieces())
        drawn = sum(len(line.text) for line, sight in pieces if sight is Sight.DRAWN)
        undrawn = sum(len(line.text) for line, sight in pieces if sight is Sight.UNDRAWN)
        # Text that is not drawn is what OCR lays under a scan. Without a scan, or with more text that is drawn, it is
        # hidden.
        found.recognised = undrawn > drawn and self._is_covered()
        self._kept = {Sight.DRAWN, Sight.UNDRAWN} if found.recognised else {Sight.DRAWN}
        found.lines = [line for line, sight in pieces if sight in self._kept]
        found.hidden = len(pieces) - len(found.lines)
        found.is_scan = not found.recognised and drawn < _FEW_CHARACTERS and self._is_covered()

    def sees(self, character: int) -> bool:
        """Tell, once the page was read, whether this character of PDFium's is among what can be seen."""
        return self._sight(character) in self._kept

    def _is_covered(self) -> bool:
        page = self._bounds
        area = (page.right - page.left) * page.height
        for drawing in self._page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            with suppress(pdfium.PdfiumError):
                left, bottom, right, top = drawing.get_bounds()
                if (right - left) * (top - bottom) > _COVERED * area:
                    return True
        return False

    def _pieces(self) -> Iterator[tuple[Line, "Sight"]]:
        """The lines, divided where words that can be seen stand beside words that cannot."""
        written = self._text.get_text_range()
        start = 0
        for line in written.split("\r\n"):
            words = [(start + word.start(), start + word.end()) for word in _WORD.finditer(line)]
            for sight, run in itertools.groupby(words, key=lambda word: self._sight(self._character(word[0]))):
                places = list(run)
                yield self._line(written, places), sight
            start += len(line) + 2

    def _line(self, written: str, words: list[tuple[int, int]]) -> Line:
        start, end = words[0][0], words[-1][1]
        first, last = self._character(start), self._character(end - 1)
        # The larger of the two: a line may begin or end with a note mark.
        size = max(self._size(first), self._size(last))
        text, cells = self._resolved(written[start:end], start), self._cells(written, words, size)
        return Line(text, size, self._box(first), self._box(last), cells)

    def _cells(self, written: str, words: list[tuple[int, int]], size: float) -> tuple[Cell, ...]:
        """The words of a line, those together that have no more between them than a space."""
        ends = [(self._box(self._character(start)), self._box(self._character(end - 1))) for start, end in words]
        gaps = [after[0].left - before[1].right for before, after in itertools.pairwise(ends)]
        wide = [gap > _CELL_GAP * size for gap in gaps]
        # A line that was stretched to the margin: its gaps are wide, but all the same.
        if len(gaps) >= _FEWEST_GAPS and max(gaps) - min(gaps) < _SAME_GAP * size and not _is_numeric(written, words):
            wide = [False] * len(gaps)
        starts = [0, *(at for at, is_wide in enumerate(wide, start=1) if is_wide)]
        return tuple(
            Cell(
                self._resolved(written[words[one][0] : words[two - 1][1]], words[one][0]),
                ends[one][0].left,
                ends[two - 1][1].right,
            )
            for one, two in itertools.pairwise([*starts, len(words)])
        )

    def _character(self, index: int) -> int:
        """PDFium counts characters and the text it makes of them separately."""
        return int(raw.FPDFText_GetCharIndexFromTextIndex(self._text, index))

    def _resolved(self, line: str, start: int) -> str:
        # A font's private characters: letters within a word (mostly ligatures), marks elsewhere.
        line = _PRIVATE_MARK.sub("•", _PRIVATE_LETTER.sub(UNMAPPED, line))
        if "\ufffe" not in line and HYPHEN not in line:
            return line
        written = list(line)
        for offset, character in enumerate(written):
            if character in ("\ufffe", HYPHEN):
                is_hyphen = raw.FPDFText_IsHyphen(self._text, self._character(start + offset)) == 1
                written[offset] = HYPHEN if is_hyphen else UNMAPPED
        return "".join(written)

    def _box(self, character: int) -> Box:
        box = raw.FS_RECTF()
        if character < 0 or not raw.FPDFText_GetLooseCharBox(self._text, character, box):
            return Box(*([math.nan] * 4))
        return Box(box.left, box.bottom, box.right, box.top)

    def _size(self, character: int) -> float:
        matrix = raw.FS_MATRIX()
        if character < 0 or not raw.FPDFText_GetMatrix(self._text, character, matrix):
            return math.nan
        return float(raw.FPDFText_GetFontSize(self._text, character)) * math.hypot(matrix.c, matrix.d)

    def _sight(self, character: int) -> "Sight":
        drawing = raw.FPDFText_GetTextObject(self._text, character) if character >= 0 else None
        if not drawing:
            return Sight.DRAWN
        # Colour, mode and size belong to a text object, which mostly is a line or a stretch of it.
        address = ctypes.addressof(drawing.contents)
        if address != self._last[0]:
            self._last = (address, self._sight_of(drawing, character))
        return self._last[1]

    def _sight_of(self, drawing: Any, character: int) -> "Sight":
        box = self._box(character)
        if math.isnan(box.left):
            return Sight.DRAWN
        if not box.overlaps(self._bounds) or box.height < _LOWEST_POINTS:
            return Sight.HIDDEN
        if self._is_white(character) and not any(box.overlaps(drawn) for drawn in self._drawn()):
            return Sight.HIDDEN
        mode = raw.FPDFTextObj_GetTextRenderMode(drawing)
        undrawn = mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
        return Sight.UNDRAWN if undrawn else Sight.DRAWN

    def _is_white(self, character: int) -> bool:
        parts = [ctypes.c_uint() for _ in range(4)]
        if not raw.FPDFText_GetFillColor(self._text, character, *parts):
            return False
        return _is_white(*(part.value for part in parts))

    def _drawn(self) -> list[Box]:
        """Where something is drawn that white text could stand out against."""
        if self._backgrounds is None:
            self._backgrounds = []
            for drawing in self._page.get_objects(max_depth=1):
                if drawing.type != raw.FPDF_PAGEOBJ_TEXT and not _is_bare(drawing):
                    with suppress(pdfium.PdfiumError):
                        self._backgrounds.append(Box(*drawing.get_bounds()))
        return self._backgrounds


def _is_bare(drawing: Any) -> bool:
    """Whether a drawing leaves the page white inside: an outline, or a white surface."""
    if drawing.type != raw.FPDF_PAGEOBJ_PATH:
        return False
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if raw.FPDFPath_GetDrawMode(drawing, fill, stroke) and fill.value == raw.FPDF_FILLMODE_NONE:
        return True
    parts = [ctypes.c_uint() for _ in range(4)]
    return bool(raw.FPDFPageObj_GetFillColor(drawing, *parts)) and _is_white(*(part.value for part in parts))


def _is_white(red: int, green: int, blue: int, alpha: int) -> bool:
    return alpha == 0 or min(red, green, blue) >= _WHITE


def _is_numeric(written: str, words: list[tuple[int, int]]) -> bool:
    """Whether most of the words have no letter."""
    numbers = sum(not any(character.isalpha() for character in written[start:end]) for start, end in words)
    return numbers > len(words) / 2
