"""Write a paper as DOCX, ODT, PDF or Markdown, the marking above and below it, on every page where there are pages."""

from assistant.courses.memo.markdown import as_markdown, escaped
from assistant.courses.memo.office import convert
from assistant.courses.memo.sections import DecisionMemo
from assistant.courses.memo.word import as_docx
from assistant.exporting.wording import words

FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
}
"""Formats by the ending of their files, and their media types."""


def write_paper(paper: DecisionMemo, format: str) -> bytes:
    """Return a paper in one of the FORMATS. Raises FormatUnavailable for ODT and PDF without LibreOffice."""
    if format == "md":
        foot = f"{words('marking', paper.language)}: {escaped(paper.marking)}"
        return f"{as_markdown(paper)}\n**{foot}**\n".encode()
    word = as_docx(paper)
    return word if format == "docx" else convert(word, format)
