"""Read a Word, Excel or PowerPoint file from before 2007 by having LibreOffice convert it, where that is installed.

LibreOffice runs beside this process, with a profile of its own that is thrown away, without a screen and within a
bounded time; the profile forbids macros and connections. Refuses to read the old formats itself, beyond seeing whether
a file is locked."""

import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace

import olefile

from retrieval import libreoffice
from retrieval.identifying import Format, identify
from retrieval.libreoffice import ConversionFailed, ConversionTooSlow, LibreOfficeMissing, converted
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.sheet import load_sheet
from retrieval.loading.slides import load_slides
from retrieval.loading.unpacking import MAX_UNPACKED_BYTES
from retrieval.loading.word import load_word

_LOADERS: dict[Format, Callable[[str, bytes], Loaded]] = {
    Format.DOCX: load_word,
    Format.XLSX: load_sheet,
    Format.PPTX: load_slides,
}
_FILE_ENCRYPTION = 0x002F
_FIRST_RECORDS_BYTES = 4096


def load_old_office(name: str, content: bytes) -> Loaded:
    """Read the bytes of the file called `name`. Raises NotLoaded, also where LibreOffice is not installed."""
    kind = _kind(content)
    if _is_locked(content):
        raise NotLoaded(f"{name} is protected by a password; remove the protection in Office and add it again.")
    try:
        result = converted(content, suffix=kind[:-1], kind=kind, most_bytes=MAX_UNPACKED_BYTES)
    except LibreOfficeMissing:
        raise NotLoaded(
            f"{name} is an Office file in the format from before 2007; save it as .{kind} and add that, "
            "or have LibreOffice installed here."
        ) from None
    except ConversionTooSlow:
        raise NotLoaded(
            f"{name} took LibreOffice longer than {libreoffice.MAX_SECONDS} s to convert; save it as .{kind} and add "
            "that."
        ) from None
    except ConversionFailed:
        raise _refused(name) from None
    found = identify(f"converted.{kind}", result)
    if found not in _LOADERS:
        raise _refused(name)
    loaded = _LOADERS[found](name, result)
    return replace(loaded, warnings=(*loaded.warnings, f"{name} was converted by LibreOffice to be read."))


def _kind(content: bytes) -> str:
    """What to convert to, by the stream that each program writes (MS-XLS, MS-PPT, MS-DOC)."""
    for kind, streams in (
        ("pptx", ("PowerPoint Document",)),
        ("docx", ("WordDocument",)),
        ("xlsx", ("Workbook", "Book")),
    ):
        if any(stream.encode("utf-16-le") in content for stream in streams):
            return kind
    return "docx"


def _is_locked(content: bytes) -> bool:
    """Whether there is a password on it: MS-DOC 2.5.2 (fEncrypted), MS-XLS 2.4.117 (FilePass), MS-PPT 2.3.2."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            word, workbook, slides = (
                file.openstream(found).read(_FIRST_RECORDS_BYTES) if found else b""
                for found in (
                    _stream(file, names) for names in (("WordDocument",), ("Workbook", "Book"), ("Current User",))
                )
            )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error):
        return False  # LibreOffice may know better; it says so if it does not.
    encrypted_word = len(word) > 11 and bool(word[11] & 0x01)
    return encrypted_word or _FILE_ENCRYPTION in _records(workbook) or slides[12:16] == b"\xdf\xc4\xd1\xf3"


def _stream(file: olefile.OleFileIO, names: tuple[str, ...]) -> str:
    return next((name for name in names if file.exists(name)), "")


def _records(workbook: bytes) -> Iterator[int]:
    at = 0
    while at + 4 <= len(workbook):
        kind, size = struct.unpack_from("<HH", workbook, at)
        yield kind
        at += 4 + size


def _refused(name: str) -> NotLoaded:
    return NotLoaded(f"{name} is damaged, or no Office file that LibreOffice can convert; save it as .docx or .pdf.")
