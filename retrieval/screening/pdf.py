"""Find text in a PDF that a reader does not see, the links on its pages and the files in it.

Asks PDFium object by object. Refuses to judge text under a scan, which OCR lays there, unless most of the page's text
is drawn; runs no action and opens no attachment."""

import ctypes
import math
from collections.abc import Iterator
from contextlib import closing, suppress

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from retrieval.loading.pdf_pages import PDFIUM
from retrieval.screening.addressing import unseen
from retrieval.screening.flags import Flag, Kind, Place, Severity, flag
from retrieval.screening.pdf_names import named_in_pdf
from retrieval.screening.programs import is_program

# In points, 1/72 inch.
_LOWEST_POINTS = 1.0
_WHITE = 250
_MOST_PAGES = 10_000
_MOST_LINKS = 200
_MOST_BACKGROUNDS = 2_000
_ATTACHMENT_HEAD_BYTES = 64 * 1024 * 1024
_UNREADABLE = (pdfium.PdfiumError, UnicodeDecodeError, ValueError)
_UNDRAWN = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_ACTIONS = {
    raw.PDFACTION_LAUNCH: (Kind.LAUNCH, Severity.HOLD),
    raw.PDFACTION_REMOTEGOTO: (Kind.REMOTE, Severity.WARN),
    raw.PDFACTION_URI: (Kind.LINK, Severity.NOTE),
}
_Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


def screen_pdf(content: bytes) -> Iterator[Flag]:
    """Flag a PDF file. A file that PDFium cannot open is judged by its bytes alone."""
    yield from named_in_pdf(content)
    with PDFIUM:
        try:
            document = pdfium.PdfDocument(content)
        except pdfium.PdfiumError as error:
            if error.err_code == raw.FPDF_ERR_PASSWORD:
                yield flag(Kind.PROTECTED, Severity.WARN, Place(), "password")
            return
        with closing(document):
            if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
                yield flag(Kind.SCRIPT, Severity.HOLD, Place(), "JavaScript that runs on opening")
            yield from _attachments(document)
            for index in range(min(len(document), _MOST_PAGES)):
                with suppress(*_UNREADABLE):
                    yield from _page(document, index)


def _attachments(document: pdfium.PdfDocument) -> Iterator[Flag]:
    for index in range(document.count_attachments()):
        name, head = "", b""
        with suppress(*_UNREADABLE):
            attachment = document.get_attachment(index)
            name = attachment.get_name()
            head = bytes(attachment.get_data()[:_ATTACHMENT_HEAD_BYTES])
        if is_program(head, name):
            yield flag(Kind.EXECUTABLE, Severity.HOLD, Place(part=name), name)
        else:
            yield flag(Kind.EMBEDDED, Severity.WARN, Place(part=name), name or "attachment without a name")


def _page(document: pdfium.PdfDocument, index: int) -> Iterator[Flag]:
    with closing(document[index]) as page, closing(page.get_textpage()) as text:
        place = Place(page=index + 1)
        bounds: _Bounds = page.get_bbox()
        drawn = _Page(page, text, bounds)
        hidden = " ".join(drawn.hidden())
        yield from unseen(hidden, place)
        yield from _links(document, page, place)


class _Page:
    def __init__(self, page: pdfium.PdfPage, text: pdfium.PdfTextPage, bounds: _Bounds) -> None:
        self._text = text
        self._bounds = bounds
        objects = list(page.get_objects(max_depth=4))
        self._writing = [one for one in objects if one.type == raw.FPDF_PAGEOBJ_TEXT]
        self._others = [one for one in objects if one.type != raw.FPDF_PAGEOBJ_TEXT]
        self._backgrounds: list[_Bounds] | None = None

    def hidden(self) -> Iterator[str]:
        """What is written and not seen."""
        undrawn = [self._written(one) for one in self._writing if _mode(one) in _UNDRAWN]
        seen = [one for one in self._writing if _mode(one) not in _UNDRAWN]
        # Text that is not drawn is what OCR lays under a scan; a little of it among text that is drawn is hidden.
        if undrawn and sum(map(len, undrawn)) <= sum(len(self._written(one)) for one in seen):
            yield from undrawn
        yield from (self._written(one) for one in seen if self._is_unseen(one))

    def _written(self, one: pdfium.PdfObject) -> str:
        size = raw.FPDFTextObj_GetText(one, self._text, None, 0)
        if size <= 2:
            return ""
        buffer = (raw.FPDF_WCHAR * (size // 2))()
        raw.FPDFTextObj_GetText(one, self._text, buffer, size)
        return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")

    def _is_unseen(self, one: pdfium.PdfObject) -> bool:
        size = ctypes.c_float()
        raw.FPDFTextObj_GetFontSize(one, size)
        matrix = one.get_matrix()
        if abs(size.value) * math.hypot(matrix.c, matrix.d) < _LOWEST_POINTS:
            return True
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        raw.FPDFPageObj_GetFillColor(one, red, green, blue, alpha)
        white = alpha.value == 0 or min(red.value, green.value, blue.value) >= _WHITE
        box = _bounds(one)
        if box is None:
            return False
        off = not _overlap(box, self._bounds)
        return off or (white and not any(_overlap(box, other) for other in self._behind()))

    def _behind(self) -> list[_Bounds]:
        """Where something is drawn that white text could stand out against."""
        if self._backgrounds is None:
            drawn = (box for one in self._others if (box := _bounds(one)) and not _is_white(one))
            # Each white text may be compared with all of them: the large ones come first and are mostly enough.
            self._backgrounds = sorted(drawn, key=_area, reverse=True)[:_MOST_BACKGROUNDS]
        return self._backgrounds


def _mode(one: pdfium.PdfObject) -> int:
    return int(raw.FPDFTextObj_GetTextRenderMode(one))


def _bounds(one: pdfium.PdfObject) -> _Bounds | None:
    with suppress(*_UNREADABLE):
        left, bottom, right, top = one.get_bounds()
        return left, bottom, right, top
    return None


def _is_white(one: pdfium.PdfObject) -> bool:
    if one.type != raw.FPDF_PAGEOBJ_PATH:
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = raw.FPDFPageObj_GetFillColor(one, red, green, blue, alpha)
    return bool(known) and min(red.value, green.value, blue.value) >= _WHITE


def _area(box: _Bounds) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _overlap(one: _Bounds, other: _Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _links(document: pdfium.PdfDocument, page: pdfium.PdfPage, place: Place) -> Iterator[Flag]:
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    for _ in range(_MOST_LINKS):
        if not raw.FPDFLink_Enumerate(page, position, link):
            return
        action = raw.FPDFLink_GetAction(link)
        kind = raw.FPDFAction_GetType(action) if action else None
        if kind in _ACTIONS:
            found, severity = _ACTIONS[kind]
            ask = raw.FPDFAction_GetURIPath if kind == raw.PDFACTION_URI else None
            target = _uri(document, action) if ask else _file(action)
            if target.lower().startswith(("javascript:", "file:", "\\\\")):
                severity = Severity.WARN
            yield flag(found, severity, place, target)


def _uri(document: pdfium.PdfDocument, action: object) -> str:
    size = raw.FPDFAction_GetURIPath(document, action, None, 0)
    buffer = ctypes.create_string_buffer(max(1, size))
    raw.FPDFAction_GetURIPath(document, action, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def _file(action: object) -> str:
    size = raw.FPDFAction_GetFilePath(action, None, 0)
    buffer = ctypes.create_string_buffer(max(1, size))
    raw.FPDFAction_GetFilePath(action, buffer, size)
    return buffer.value.decode("utf-8", "replace")
