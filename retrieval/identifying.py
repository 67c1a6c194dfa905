"""Say what a file is by looking inside it.

The suffix only tells kinds of plain text apart, because Markdown and a mailed letter are the same to a byte counter.
Knows how each format is called, which suffixes go with it and what its owner can do when it is not read. Refuses to
know how anything is read, and never unpacks a member of an archive."""

import codecs
import io
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

# 256 MiB: some fifteen times the longest doctrine publication with its figures. A loader holds a file in memory once
# or twice; larger files are scans or archives, and records are read line by line without this bound.
MAX_FILE_BYTES = 256 * 1024 * 1024

# What is enough to tell plain text, PDF, pictures and archives apart.
HEAD_BYTES = 64 * 1024

# Word writes 20-100 parts, a workbook of 250 sheets some 800. More is an archive of files, or a bomb of empty members
# (each costs the zip module half a kilobyte).
MAX_ARCHIVE_MEMBERS = 10_000


class Format(StrEnum):
    """What a file is. `NATURES` says which of them are read."""

    MARKDOWN = "markdown"
    TEXT = "text"
    CSV = "csv"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    RTF = "rtf"
    EPUB = "epub"
    XML = "xml"
    EML = "eml"
    IMAGE = "image"
    MSG = "msg"
    OLD_OFFICE = "old office"
    """Word, Excel or PowerPoint from before 2007: read where there is a program that converts it."""
    PARQUET = "parquet"
    JSON = "json"
    """Records: one JSON object per line, or one array of them."""
    ZIP = "zip"
    MAILBOX = "mailbox"

    EMPTY = "empty"
    ENCRYPTED_OFFICE = "encrypted office"
    BINARY_WORKBOOK = "binary workbook"
    ARCHIVE = "archive"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Nature:
    """How a format is spoken of."""

    what: str
    """With its article, to follow 'is'."""
    suffixes: tuple[str, ...]
    """The usual one first."""
    remedy: str = ""
    """What the owner can do, to follow a semicolon. Empty for a format that is read."""


NATURES: dict[Format, Nature] = {
    Format.MARKDOWN: Nature("Markdown", (".md", ".markdown", ".mdown")),
    Format.TEXT: Nature("plain text", (".txt", ".text", ".log", ".ics", ".vcs")),
    Format.CSV: Nature("a table as plain text", (".csv", ".tsv")),
    Format.HTML: Nature("an HTML page", (".html", ".htm", ".xhtml")),
    Format.PDF: Nature("a PDF document", (".pdf",)),
    Format.DOCX: Nature("a Word document", (".docx", ".docm", ".dotx", ".dotm")),
    Format.XLSX: Nature("an Excel workbook", (".xlsx", ".xlsm", ".xltx", ".xltm")),
    Format.PPTX: Nature("a PowerPoint presentation", (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm")),
    Format.ODT: Nature("an OpenDocument text", (".odt", ".ott", ".fodt")),
    Format.ODS: Nature("an OpenDocument spreadsheet", (".ods", ".ots", ".fods")),
    Format.ODP: Nature("an OpenDocument presentation or drawing", (".odp", ".otp", ".odg", ".fodp", ".fodg")),
    Format.RTF: Nature("a rich text (RTF) document", (".rtf", ".doc")),
    Format.EPUB: Nature("an e-book (EPUB)", (".epub",)),
    Format.XML: Nature("an XML document", (".xml",)),
    Format.EML: Nature("a mail message", (".eml",)),
    Format.MSG: Nature("an Outlook message", (".msg",)),
    Format.OLD_OFFICE: Nature(
        "an Office file in the format from before 2007",
        (".doc", ".xls", ".ppt", ".dot", ".xlt", ".pps", ".pot"),
    ),
    Format.PARQUET: Nature("a Parquet file", (".parquet", ".pq")),
    Format.JSON: Nature("a file of records", (".jsonl", ".ndjson", ".json")),
    Format.ZIP: Nature("a ZIP archive", (".zip",)),
    Format.MAILBOX: Nature("a mailbox of several messages", (".mbox",)),
    Format.EMPTY: Nature("empty", (), "add it again once it has content"),
    Format.ENCRYPTED_OFFICE: Nature(
        "an Office file that is encrypted or protected by a password",
        (".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm", ".doc", ".xls", ".ppt"),
        "remove the protection in Office and add it again",
    ),
    Format.BINARY_WORKBOOK: Nature("a binary Excel workbook", (".xlsb",), "save it as .xlsx and add that"),
    Format.ARCHIVE: Nature(
        "an archive",
        (".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".z"),
        "unpack it and add the files in it",
    ),
    Format.IMAGE: Nature(
        "a picture",
        (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic", ".jp2"),
    ),
    Format.BINARY: Nature(
        "a file without readable text", (), "save it as .pdf in the program it was made with and add that"
    ),
}

_PLAIN_SUFFIXES = frozenset(
    suffix
    for kind in (Format.MARKDOWN, Format.TEXT, Format.CSV, Format.HTML, Format.XML, Format.EML, Format.JSON)
    for suffix in NATURES[kind].suffixes
)

_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"{\\rtf", Format.RTF),
    (b"PAR1", Format.PARQUET),
    (b"7z\xbc\xaf\x27\x1c", Format.ARCHIVE),
    (b"Rar!\x1a\x07", Format.ARCHIVE),
    (b"\x1f\x8b", Format.ARCHIVE),
    (b"\x1f\x9d", Format.ARCHIVE),
    (b"\x1f\xa0", Format.ARCHIVE),
    (b"BZh", Format.ARCHIVE),
    (b"\xfd7zXZ\x00", Format.ARCHIVE),
    (b"\x28\xb5\x2f\xfd", Format.ARCHIVE),
    (b"\x89PNG\r\n\x1a\n", Format.IMAGE),
    (b"\xff\xd8\xff", Format.IMAGE),
    (b"GIF87a", Format.IMAGE),
    (b"GIF89a", Format.IMAGE),
    (b"II*\x00", Format.IMAGE),
    (b"MM\x00*", Format.IMAGE),
    (b"\x00\x00\x00\x0cjP  ", Format.IMAGE),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# UTF-32 before UTF-16: its mark begins with the same two bytes.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Possessive: a text that begins with many comments would otherwise be tried in every way they can be divided.
_HTML = re.compile(
    r"\s*+(?:<\?xml[^>]*>\s*)?+(?:<!--.*?-->\s*)*+<(?:!doctype\s+html|html|head)[\s>]", re.IGNORECASE | re.DOTALL
)
_MAILBOX = re.compile(r"From \S+ .*\d{4}\r?\n[A-Za-z-]+:")
_MAIL = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*:.*\r?\n(?:[ \t].*\r?\n)*){3}")
_MAIL_MARK = re.compile(r"^(Received|Return-Path|Message-ID|MIME-Version|From):", re.IGNORECASE | re.MULTILINE)
# A line of JSON on its own, well enough; with the suffix of JSON anything goes.
_RECORD = re.compile(r'\s*\{\s*"[^"\n]{1,80}"\s*:[^\n]*\}\s*(?:\n|$)')
_XML = re.compile(r"\s*+<\?xml\s")
# The root element of a flat OpenDocument file says its kind within the first of its namespaces.
_FLAT = re.compile(r"<office:document\s[^>]*office:mimetype=[\"']([^\"']*)")
_OPEN_DOCUMENTS = (
    ("application/vnd.oasis.opendocument.text", Format.ODT),
    ("application/vnd.oasis.opendocument.spreadsheet", Format.ODS),
    ("application/vnd.oasis.opendocument.", Format.ODP),
)


def identify(name: str, content: bytes) -> Format:
    """Say what a file is from its bytes. The first HEAD_BYTES are enough, except for ZIP and OLE containers, whose
    directory may stand anywhere: give those whole."""
    head = content[:HEAD_BYTES]
    suffix = PurePath(name).suffix.lower()
    if not content:
        return Format.EMPTY
    if head.startswith(_ZIP):
        return _within_zip(content, suffix)
    if head.startswith(_OLE):
        return _within_ole(content)
    if _is_pdf(head, suffix):
        return Format.PDF
    if head[257:262] == b"ustar":
        return Format.ARCHIVE
    if head[:2] == b"BM" and head[6:10] == bytes(4):  # BITMAPFILEHEADER: two reserved fields
        return Format.IMAGE
    if (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif"):
        return Format.IMAGE
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    text = _as_text(head)
    return Format.BINARY if text is None else _kind_of_text(text, suffix)


def identify_file(path: Path, *, name: str | None = None) -> Format:
    """Say what the file at `path` is; `name` is what its owner calls it, when the path is not."""
    with path.open("rb") as file:
        content = file.read(HEAD_BYTES)
        if content.startswith((*_ZIP, _OLE)):
            content += file.read(MAX_FILE_BYTES)
    return identify(name or path.name, content)


def misnamed(name: str, found: Format) -> bool:
    """Whether the suffix promises another format than was found. An unknown suffix promises nothing."""
    suffix = PurePath(name).suffix.lower()
    known = any(suffix in nature.suffixes for nature in NATURES.values())
    return known and found is not Format.EMPTY and suffix not in NATURES[found].suffixes


def byte_order_mark(content: bytes) -> str | None:
    """The encoding that the first bytes declare, as a name for `bytes.decode`, or None."""
    return next((encoding for mark, encoding in _BYTE_ORDER_MARKS if content.startswith(mark)), None)


def utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 shows itself in Western text by a zero in every second byte."""
    sample = content[:HEAD_BYTES]
    half = len(sample) // 2
    if half < 2:
        return None
    odd, even = sample[1::2].count(0) / half, sample[0::2].count(0) / half
    if odd > 0.7 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.05 else None


def _is_pdf(head: bytes, suffix: str) -> bool:
    # ISO 32000-1, implementation note 13: readers accept the mark anywhere within the first 1024 bytes. A plain text
    # that mentions it is not a PDF, so there it has to come first.
    if suffix in _PLAIN_SUFFIXES:
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-")
    return b"%PDF-" in head[:1024]


def _within_zip(content: bytes, suffix: str) -> Format:
    members = _zip_members(content)

    def holds(start: str, end: str = ".xml") -> bool:
        return any(member.startswith(start) and member.endswith(end) for member in members)

    if "meta-inf/container.xml" in members:
        return Format.EPUB
    if "content.xml" in members and ("mimetype" in members or "meta-inf/manifest.xml" in members):
        return _open_document(content, suffix)
    if "[content_types].xml" in members or not members:
        # Without members it is a damaged archive; then the suffix says what was damaged.
        if holds("word/document") or (not members and suffix in NATURES[Format.DOCX].suffixes):
            return Format.DOCX
        if holds("xl/workbook") or (not members and suffix in NATURES[Format.XLSX].suffixes):
            return Format.XLSX
        if holds("xl/workbook", ".bin"):
            return Format.BINARY_WORKBOOK
        if holds("ppt/presentation") or (not members and suffix in NATURES[Format.PPTX].suffixes):
            return Format.PPTX
    return Format.ZIP


def _open_document(content: bytes, suffix: str) -> Format:
    # The file 'mimetype' comes first and is not compressed (ODF 1.3 part 2, 3.3), so it can be read where it lies.
    head = content[:256]
    for mimetype, found in _OPEN_DOCUMENTS:
        if mimetype.encode() in head:
            return found
    by_suffix = (found for found in (Format.ODS, Format.ODP) if suffix in NATURES[found].suffixes)
    return next(by_suffix, Format.ODT)


def _zip_members(content: bytes) -> frozenset[str]:
    """Lower-cased: part names in Office files are compared without regard to case (ECMA-376 part 2)."""
    if content.count(b"PK\x01\x02") > MAX_ARCHIVE_MEMBERS:
        return frozenset({"too many to look at"})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return frozenset(member.lower() for member in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return frozenset()


def _within_ole(content: bytes) -> Format:
    def holds(stream: str) -> bool:
        # Directory entries are 128 bytes, begin with their name in UTF-16 and stand on multiples of their size
        # (MS-CFB 2.6). Looking for them there also works on a file whose sector chains are broken.
        wanted = stream.encode("utf-16-le")
        at = content.find(wanted)
        while at != -1:
            if at % 128 == 0:
                return True
            at = content.find(wanted, at + 1)
        return False

    if any(holds(stream) for stream in ("EncryptedPackage", "EncryptionInfo", "\x09DRMContent", "EncryptedSummary")):
        return Format.ENCRYPTED_OFFICE
    if holds("__properties_version1.0"):
        return Format.MSG
    if any(holds(stream) for stream in ("WordDocument", "Workbook", "Book", "PowerPoint Document", "Current User")):
        return Format.OLD_OFFICE
    return Format.BINARY


def _as_text(head: bytes) -> str | None:
    """The head as characters, well enough to recognise words in; None if these are no characters."""
    encoding = byte_order_mark(head) or utf16_without_mark(head)
    if encoding is None:
        # A tab, newline, form feed or escape occurs in texts; another control character is the sign of a binary.
        controls = sum(head.count(code) for code in range(32) if code not in b"\t\n\r\f\x1b")
        if 0 in head or controls > len(head) / 100:
            return None
        encoding = "utf-8"
    return head.decode(encoding, "replace")


def _kind_of_text(text: str, suffix: str) -> Format:
    text = text.lstrip("\ufeff")
    if _HTML.match(text):
        return Format.HTML
    if flat := _FLAT.search(text):
        return next((found for mimetype, found in _OPEN_DOCUMENTS if flat[1].startswith(mimetype)), Format.XML)
    for kind in (Format.MARKDOWN, Format.TEXT, Format.CSV, Format.HTML, Format.EML):
        if suffix in NATURES[kind].suffixes:
            return kind
    if _XML.match(text) or (suffix in NATURES[Format.XML].suffixes and text.lstrip().startswith("<")):
        return Format.XML
    if suffix in NATURES[Format.JSON].suffixes or _RECORD.match(text):
        return Format.JSON
    if _MAILBOX.match(text):
        return Format.MAILBOX
    headers = _MAIL.match(text)
    return Format.EML if headers and _MAIL_MARK.search(headers.group()) else Format.TEXT
