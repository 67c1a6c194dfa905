"""Find what a PDF file can do, by the names in its objects: scripts, actions, embedded files, earlier revisions.

Reads the bytes as they lie, and the object streams that it can unpack (ISO 32000-1, 7.5.7). That also works on a file
whose cross-reference table is broken or that names its objects in disguise (/J#61vaScript). Lays nothing out."""

import re
from collections.abc import Iterator

from retrieval.loading.pdf_objects import objects
from retrieval.screening.flags import Flag, Kind, Place, Severity, flag

_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_SAID = rb"\s*(\((?:[^()\\]|\\.){0,400}\)|<[0-9A-Fa-f\s]{0,800}>|[^\s/<>\[\]()]{0,40})"

_NAMES = (
    # A table of scripts may be empty; PDFium counts what is in it.
    (rb"/S\s*/JavaScript\b|/JS\b" + _SAID, Kind.SCRIPT, Severity.HOLD, "JavaScript"),
    (rb"/S\s*/Launch\b", Kind.LAUNCH, Severity.HOLD, "Launch"),
    (rb"/S\s*/GoToR\b", Kind.REMOTE, Severity.WARN, "GoToR"),
    (rb"/S\s*/GoToE\b", Kind.EMBEDDED, Severity.WARN, "GoToE"),
    (rb"/S\s*/SubmitForm\b", Kind.LAUNCH, Severity.WARN, "SubmitForm"),
    (rb"/S\s*/ImportData\b", Kind.LAUNCH, Severity.HOLD, "ImportData"),
    (rb"/RichMedia\b|/Subtype\s*/(?:3D|Movie|Sound|Screen)\b|/S\s*/Rendition\b", Kind.SCRIPT, Severity.WARN, "Media"),
    (rb"/XFA\b", Kind.SCRIPT, Severity.WARN, "XFA"),
    (rb"/Type\s*/EmbeddedFile\b|/EmbeddedFiles\b", Kind.EMBEDDED, Severity.WARN, "EmbeddedFile"),
    (rb"/S\s*/URI\b", Kind.LINK, Severity.NOTE, "URI"),
    (rb"/Encrypt\s+\d+\s+\d+\s+R", Kind.PROTECTED, Severity.NOTE, "Encrypt"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), kind, severity, name) for pattern, kind, severity, name in _NAMES)
_LINEARIZED = re.compile(rb"/Linearized\b")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF")


def named_in_pdf(content: bytes) -> Iterator[Flag]:
    """Flag what the names in a PDF file tell, each once with how often it occurs."""
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), b"\n".join(objects(content)))
    for pattern, kind, severity, name in _PATTERNS:
        found = list(pattern.finditer(plain))
        if found:
            said = next((one[1] for one in found if pattern.groups and one[1] and len(one[1]) > 2), b"")
            yield flag(kind, severity, Place(), f"{name} ({len(found)}) {_readable(said)}".strip())
    revisions = len(_END.findall(content)) - bool(_LINEARIZED.search(content[:2048]))
    if revisions > 1:
        yield flag(Kind.EARLIER_REVISION, Severity.NOTE, Place(), f"{revisions - 1} x %%EOF")


def _readable(said: bytes) -> str:
    if said.startswith(b"<"):
        digits = b"".join(said.strip(b"<>").split())
        said = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    else:
        said = said.removeprefix(b"(").removesuffix(b")")
    return said.decode("utf-16", "replace") if said.startswith((b"\xfe\xff", b"\xff\xfe")) else said.decode("latin-1")
