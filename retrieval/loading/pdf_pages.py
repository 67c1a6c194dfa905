"""Ask PDFium what a document holds: pages with their lines, fields and notes, bookmarks, labels, attachments.

Knows PDFium, as do `pdf_text`, which reads one page, and `pdf_scans`, which draws one. Refuses to make paragraphs or to
judge; it reports."""

import itertools
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from retrieval.limits import in_force
from retrieval.loading.composing import MAX_CHARACTERS, tell
from retrieval.loading.loaded import NotLoaded
from retrieval.loading.paragraphs import Line
from retrieval.loading.pdf_properties import described, information
from retrieval.loading.pdf_text import PageLines, PageReader

# PDFium has one state for the whole process and is not safe to enter twice.
PDFIUM = Lock()

_MAX_BOOKMARKS = 10_000


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the document's own table of contents."""

    title: str
    level: int
    """From 1."""
    page: int


@dataclass(slots=True)
class PdfFile:
    """A whole document."""

    pages: list[PageLines]
    bookmarks: list[Bookmark]
    properties: dict[str, str]
    stated: dict[str, str]
    """What it says of itself under names of its owner's."""
    attachments: list[str]
    labels: list[str]
    """What each page is called in the document itself: 'iv', 'A-3'. Empty if it calls none."""
    has_dynamic_form: bool


def read_pages(name: str, content: bytes) -> PdfFile:
    """Read the bytes of the PDF file called `name`. Raises NotLoaded if it cannot be opened at all; a page that fails
    is reported as failed."""
    with PDFIUM:
        try:
            document = pdfium.PdfDocument(content)
        except pdfium.PdfiumError as error:
            raise _not_opened(name, error) from error
        with closing(document):
            if len(document) > (most := in_force.get().pages):
                raise NotLoaded(f"{name} has more than {most:,} pages; split it and add the parts.")
            form = document.get_formtype()
            if form == raw.FORMTYPE_ACRO_FORM:
                with suppress(pdfium.PdfiumError):
                    document.init_forms()
            return PdfFile(
                pages=list(_pages(name, document)),
                bookmarks=list(_bookmarks(document)),
                properties=_properties(document),
                stated=_stated(document, content),
                attachments=_attachments(document),
                labels=_labels(document),
                has_dynamic_form=form in (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND),
            )


def _not_opened(name: str, error: pdfium.PdfiumError) -> NotLoaded:
    if error.err_code == raw.FPDF_ERR_PASSWORD:
        return NotLoaded(f"{name} is protected by a password; remove the password and add it again.")
    if error.err_code == raw.FPDF_ERR_SECURITY:
        return NotLoaded(f"{name} is protected in a way that is not supported; print it to a new .pdf and add that.")
    return NotLoaded(f"{name} is damaged and cannot be opened as PDF; ask for a whole copy and add that.")


# Besides its own error, pypdfium2 lets through that a name or title is not the UTF-16 it should be.
_UNREADABLE = (pdfium.PdfiumError, UnicodeDecodeError)


def _properties(document: pdfium.PdfDocument) -> dict[str, str]:
    found = {}
    for key in document.METADATA_KEYS:
        with suppress(*_UNREADABLE):
            found[key] = document.get_metadata_value(key)
    return {key: value for key, value in found.items() if value}


def _stated(document: pdfium.PdfDocument, content: bytes) -> dict[str, str]:
    told: dict[str, str] = {}
    for key, value in (*information(document, content), *described(content)):
        tell(told, key, value)
    return told


def _bookmarks(document: pdfium.PdfDocument) -> Iterator[Bookmark]:
    for entry in itertools.islice(document.get_toc(), _MAX_BOOKMARKS):
        with suppress(*_UNREADABLE):
            destination = entry.get_dest()
            index = destination.get_index() if destination else None
            if index is not None:
                yield Bookmark(entry.get_title(), entry.level + 1, index + 1)


def _attachments(document: pdfium.PdfDocument) -> list[str]:
    names = []
    for index in range(document.count_attachments()):
        try:
            names.append(document.get_attachment(index).get_name())
        except _UNREADABLE:
            names.append("one without a readable name")
    return names


def _labels(document: pdfium.PdfDocument) -> list[str]:
    labels = []
    for index in range(len(document)):
        try:
            labels.append(document.get_page_label(index))
        except _UNREADABLE:
            labels.append("")
    return labels if any(labels) else []


def _pages(name: str, document: pdfium.PdfDocument) -> Iterator[PageLines]:
    written = 0
    for index in range(len(document)):
        page = _page(document, index)
        written += _length(page.lines)
        if written > MAX_CHARACTERS:
            raise NotLoaded(f"{name} holds more than {MAX_CHARACTERS:,} characters; split it and add the parts.")
        yield page


def _page(document: pdfium.PdfDocument, index: int) -> PageLines:
    found = PageLines(number=index + 1)
    try:
        page = document[index]
    except pdfium.PdfiumError:
        found.failed = True
        return found
    with closing(page):
        try:
            with closing(page.get_textpage()) as text:
                PageReader(page, text).read(found)
            _annotations(document, page, found)
        except pdfium.PdfiumError:
            found.failed = True
    return found


def _length(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _annotations(document: pdfium.PdfDocument, page: pdfium.PdfPage, found: PageLines) -> None:
    """Form fields are text that a reader sees; notes and the like are counted."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if kind == raw.FPDF_ANNOT_WIDGET and document.formenv:
            value = _form_text(raw.FPDFAnnot_GetFormFieldValue, document, annotation)
            if value.strip() and value != "Off":
                found.fields.append((_form_text(raw.FPDFAnnot_GetFormFieldName, document, annotation), value))
        elif kind not in (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP):
            found.annotations += 1
        raw.FPDFPage_CloseAnnot(annotation)


def _form_text(ask: Any, document: pdfium.PdfDocument, annotation: Any) -> str:
    """PDFium tells the length in bytes first, and then fills a buffer with UTF-16."""
    size = ask(document.formenv, annotation, None, 0)
    if size <= 2:
        return ""
    buffer = (raw.FPDF_WCHAR * (size // 2))()
    ask(document.formenv, annotation, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
