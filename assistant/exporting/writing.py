"""Write a paper as DOCX, ODT, PDF or Markdown, the marking above and below it, on every page where there are pages."""

from assistant.courses.memo.markdown import as_markdown, escaped
from assistant.courses.memo.sections import DecisionMemo
from assistant.courses.memo.word import as_docx
from assistant.exporting.wording import words
from retrieval.errors import StafwijzerError
from retrieval.libreoffice import ConversionFailed, ConversionTooSlow, LibreOfficeMissing, converted

FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
}
"""Formats by the ending of their files, and their media types."""
# A paper takes some hundred KiB.
_MOST_BYTES = 64 * 1024 * 1024


class FormatUnavailable(StafwijzerError):
    """This format cannot be written here."""


def write_paper(paper: DecisionMemo, format: str) -> bytes:
    """Return a paper in one of the FORMATS. Raises FormatUnavailable for ODT and PDF without LibreOffice."""
    if format == "md":
        foot = f"{words('marking', paper.language)}: {escaped(paper.marking)}"
        return f"{as_markdown(paper)}\n**{foot}**\n".encode()
    word = as_docx(paper)
    return word if format == "docx" else _converted(word, format)


def _converted(word: bytes, format: str) -> bytes:
    try:
        return converted(word, suffix="docx", kind=format, most_bytes=_MOST_BYTES)
    except LibreOfficeMissing as error:
        raise FormatUnavailable(
            f"A file as {format.upper()} needs LibreOffice, which is not installed here.",
            hint="Take the DOCX or Markdown, or have LibreOffice installed.",
        ) from error
    except (ConversionFailed, ConversionTooSlow) as error:
        raise FormatUnavailable(
            f"LibreOffice did not write the file as {format.upper()}.", hint="Take the DOCX and convert it by hand."
        ) from error
