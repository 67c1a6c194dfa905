"""Ask PDFium for one page: its picture, its characters, and the box of each.

Only what a reader sees counts as a character of the page, as when the document was read. Refuses to know of quotes."""

import ctypes
import io
import math
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from retrieval.limits import in_force
from retrieval.loading.loaded import NotLoaded
from retrieval.loading.pdf_text import UNMAPPED, PageLines, PageReader
from retrieval.rendering.pages import HYPHEN, NO_SUCH_PAGE, Page, Rectangle

MOST_CHARACTERS = 60_000
"""On one page. The fullest one seen has 9,000; what has more is drawn and has no text to select."""
# Of a side, in pixels: WebP knows no longer one than 16,383.
_LONGEST = 16_000
# Lossy, at a quality that leaves type sharp; a third of the bytes of a PNG, and a scan is a tenth.
_WEBP = {"quality": 82, "method": 0}


def draw(path: Path, *, number: int, width: int) -> bytes:
    """Return a page of the PDF document at `path` as a WebP picture of this width in pixels, or smaller when it would
    have more pixels than the limits allow. Raises NotLoaded."""
    with closing(_opened(path)) as document, closing(_page(document, number)) as page:
        across, down = page.get_size()
        scale = min(width / across, math.sqrt(in_force.get().pixels / (across * down)), _LONGEST / max(across, down))
        with closing(page.render(scale=scale, may_draw_forms=True)) as bitmap, closing(bitmap.to_pil()) as picture:
            written = io.BytesIO()
            picture.convert("RGB").save(written, "WEBP", **_WEBP)
            return written.getvalue()


def read(path: Path, *, number: int) -> Page:
    """Return what is written on a page of the PDF document at `path`. Raises NotLoaded."""
    with closing(_opened(path)) as document, closing(_page(document, number)) as page:
        size = [round(10 * side) for side in page.get_size()]
        with closing(page.get_textpage()) as text:
            characters = _Characters(page, text, size[0], size[1])
            written = list(characters.written()) if text.count_chars() <= MOST_CHARACTERS else []
        shown, boxes = "".join(one for one, _ in written), tuple(box for _, box in written)
        return Page(number, len(document), size[0], size[1], shown, boxes)


def _opened(path: Path) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise NotLoaded("The document cannot be opened as PDF.") from error
    if document.get_formtype() == raw.FORMTYPE_ACRO_FORM:
        document.init_forms()
    return document


def _page(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    if not 1 <= number <= len(document):
        raise NotLoaded(NO_SUCH_PAGE)
    try:
        page = document[number - 1]
    except pdfium.PdfiumError as error:
        raise NotLoaded("The page is damaged.") from error
    if min(page.get_size()) < 1:
        raise NotLoaded("The page has no size.")
    return page


class _Characters:
    """The characters of one page."""

    def __init__(self, page: pdfium.PdfPage, text: pdfium.PdfTextPage, width: int, height: int) -> None:
        self._page, self._text = page, text
        self._width, self._height = width, height
        self._reader = PageReader(page, text)
        self._reader.read(PageLines(number=1))

    def written(self) -> Iterator[tuple[str, Rectangle | None]]:
        """Return each character that can be seen, one code point at a time, with its box."""
        return chain.from_iterable(self._character(index) for index in range(self._text.count_chars()))

    def _character(self, index: int) -> list[tuple[str, Rectangle | None]]:
        code = raw.FPDFText_GetUnicode(self._text, index)
        if 0xDC00 <= code < 0xE000:
            return []  # The second half of the character before.
        if 0xD800 <= code < 0xDC00:
            low = raw.FPDFText_GetUnicode(self._text, index + 1)
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) if 0xDC00 <= low < 0xE000 else 0xFFFD
        if raw.FPDFText_IsHyphen(self._text, index) == 1:
            character = HYPHEN
        elif code in (0, 2, 0xFFFE):
            character = UNMAPPED
        else:
            character = chr(code)
        if character == "\r" or not self._reader.sees(index):
            return []
        return [(character, None if character.isspace() and character != " " else self._box(index))]

    def _box(self, index: int) -> Rectangle | None:
        box = raw.FS_RECTF()
        if not raw.FPDFText_GetLooseCharBox(self._text, index, box):
            return None
        if not all(map(math.isfinite, (box.left, box.top, box.right, box.bottom))):
            return None
        (one, two), (three, four) = self._seen(box.left, box.top), self._seen(box.right, box.bottom)
        return Rectangle(min(one, three), min(two, four), max(one, three), max(two, four))

    def _seen(self, x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(self._page, 0, 0, self._width, self._height, 0, x, y, across, down)
        return across.value, down.value
