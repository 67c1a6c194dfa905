"""Tell which pages of a PDF document only draw their text, and have those recognised.

Knows PDFium, as `pdf_pages` does, and holds it only while a page is drawn: recognising takes seconds."""

import math
from collections.abc import Iterator, Sequence
from contextlib import closing

import pypdfium2 as pdfium

from retrieval.limits import in_force
from retrieval.loading.pdf_pages import PDFIUM
from retrieval.loading.pdf_text import PageLines
from retrieval.loading.scanned import (
    DPI,
    REMEDY,
    NoTesseract,
    Picture,
    Recognised,
    doubtful,
    lacks_dutch,
    page_ranges,
    recognise,
)

_POINTS = 72  # to an inch
# Below this share of letters and digits a page is not language: its font does not tell which characters it shows.
_READABLE = 0.5
_LEADERS = frozenset(" \t.\u2026\u00b7_-")
# What a scan says, against what is stamped on it.
_MUCH_MORE = 2

# A3 at 400 dpi. Tesseract takes six times as many bytes.
_MOST_PIXELS = 40_000_000


class Scans:
    """The pages of one document that have to be recognised, and what they say."""

    def __init__(self, content: bytes, pages: Sequence[PageLines]) -> None:
        """Recognise what needs it in the document of these bytes, as many pages as the limits allow."""
        self.garbled = [page.number for page in pages if not _is_readable(page)]
        """Their text is in fonts that do not say which characters they show."""
        bare = [page.number for page in pages if page.has_pictures and not page.lines and not page.fields]
        stamped = [page.number for page in pages if page.is_scan and page.lines]
        self._stamped = frozenset(stamped)
        self.needed = sorted({*bare, *stamped, *self.garbled})
        self.impossible = False
        """Nothing was recognised, because there is nothing to do it with."""
        self.pages: dict[int, Recognised] = {}
        try:
            for number, picture in _drawn(content, self.needed[: in_force.get().scanned_pages]):
                self.pages[number] = recognise(picture)
        except NoTesseract:
            self.impossible = True
        # What is stamped on a scan can be seen in its picture too; what is not found there, was no stamp.
        self.without_layer = {*self.garbled, *(one for one in stamped if self._says_more(pages[one - 1]))}
        """Pages of which only what was recognised counts."""

    def paragraphs(self, number: int) -> Sequence[str]:
        """Return what was recognised on a page, if that counts."""
        page = self.pages.get(number)
        counts = page is not None and (number in self.without_layer or number not in self._stamped)
        return page.paragraphs if page is not None and counts else ()

    def _says_more(self, page: PageLines) -> bool:
        found = self.pages.get(page.number)
        drawn = sum(len(line.text) for line in page.lines)
        return found is not None and sum(map(len, found.paragraphs)) > _MUCH_MORE * drawn

    def lines(self) -> Iterator[str]:
        """Yield what was recognised, to learn the document's words from."""
        return (paragraph for number in self.needed for paragraph in self.paragraphs(number))

    def warnings(self, name: str) -> Iterator[str]:
        """Tell the owner of the document called `name` what was recognised, what was not, and why."""
        read = [number for number in self.needed if self.paragraphs(number)]
        if read:
            yield f"{name} was recognised (OCR) on {page_ranges(read)}; it may hold reading errors."
            if lacks_dutch():
                yield f"{name} was recognised as English only; install tesseract-ocr-nld for Dutch and add it again."
        if unsure := [number for number in doubtful(self.pages) if number in read]:
            yield f"{name} was recognised with little confidence on {page_ranges(unsure)}; check what it says."
        left = [number for number in self.needed if number not in read]
        if garbled := [number for number in left if number in self.garbled]:
            yield f"{name} has fonts on {page_ranges(garbled)} that do not say which characters they show; not read."
        if bare := [number for number in left if number not in self.garbled and number not in self._stamped]:
            why = REMEDY if self.impossible else "no text was recognised in them"
            yield f"{name} holds only pictures on {page_ranges(bare)}; {why}."


def _is_readable(page: PageLines) -> bool:
    # The dots of a table of contents and the lines of a form are no characters of a language.
    visible = [character for line in page.lines for character in line.text if character not in _LEADERS]
    return sum(character.isalnum() for character in visible) >= _READABLE * len(visible)


def _drawn(content: bytes, numbers: Sequence[int]) -> Iterator[tuple[int, Picture]]:
    for number in numbers:
        try:
            # Opened for each page: a document that is held open cannot be used by another thread.
            with PDFIUM, closing(pdfium.PdfDocument(content)) as document, closing(document[number - 1]) as page:
                picture = _picture(page)
        except (pdfium.PdfiumError, ValueError, OverflowError):
            continue
        yield number, picture


def _picture(page: pdfium.PdfPage) -> Picture:
    width, height = page.get_size()
    # A poster, or a page that lies about its size, is drawn as large as the limits allow.
    scale = min(DPI / _POINTS, math.sqrt(_MOST_PIXELS / (width * height)))
    with closing(page.render(scale=scale, grayscale=True)) as bitmap:
        rows = memoryview(bitmap.buffer).cast("B")
        # Each row is filled up to a multiple of four bytes.
        starts = range(0, bitmap.height * bitmap.stride, bitmap.stride)
        grey = b"".join(rows[start : start + bitmap.width] for start in starts)
        return Picture(bitmap.width, bitmap.height, grey, round(scale * _POINTS))
