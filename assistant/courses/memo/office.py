"""Turn a memo, or another paper in DOCX, into ODT or PDF, where LibreOffice is installed."""

from retrieval.errors import StafwijzerError
from retrieval.libreoffice import ConversionFailed, ConversionTooSlow, LibreOfficeMissing, converted

# A paper takes some hundred KiB.
_MOST_BYTES = 64 * 1024 * 1024


class FormatUnavailable(StafwijzerError):
    """A file cannot be written in this format here."""


def convert(word: bytes, format: str) -> bytes:
    """Return a DOCX as 'odt' or 'pdf'. Raises FormatUnavailable."""
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
