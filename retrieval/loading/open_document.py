"""Read an OpenDocument file (.odt, .ods, .odp, .odg; packed or flat): text with its numbers and notes, sheets as
tables, slides as pages with what their speaker noted.

Refuses to run macros, to open what a file links to, and to read what a reader does not see: hidden text, sheets and
slides, and what tracked changes removed."""

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from retrieval.loading.composing import Composer, one_line, tell
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.open_sheets import SheetReader
from retrieval.loading.open_slides import SlideReader
from retrieval.loading.open_styles import OFFICE, PRESENTATION, STYLE, TEXT, Styles, read_styles
from retrieval.loading.open_text import TextReader
from retrieval.loading.unpacking import DAMAGED, check_archive

_BROKEN = (
    *DAMAGED, LookupError, ValueError, AttributeError, TypeError, ArithmeticError, RecursionError, etree.LxmlError,
)  # fmt: skip
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_FIELDS = {
    "author": f"{_META}initial-creator",
    "subject": f"{_DUBLIN}subject",
    "keywords": f"{_META}keyword",
    "created": f"{_META}creation-date",
    "modified": f"{_DUBLIN}date",
}
_ENCRYPTED = re.compile(rb"<(?:\w+:)?encryption-data[\s>]")
_MARGIN_CHARACTERS = 500


def load_open_document(name: str, content: bytes) -> Loaded:
    """Read the bytes of the OpenDocument file called `name`. Raises NotLoaded."""
    try:
        return _read(name, _flat(content) if content.lstrip().startswith(b"<") else _packed(name, content))
    except _BROKEN as error:
        raise NotLoaded(
            f"{name} is damaged or not quite an OpenDocument file; open it in LibreOffice, save it again and add that."
        ) from error


def _flat(content: bytes) -> dict[str, etree._Element]:
    return {"content.xml": _parsed(content)}


def _packed(name: str, content: bytes) -> dict[str, etree._Element]:
    # The first versions of the format declared a document type; no entity in it is resolved.
    with check_archive(name, content, allow_document_types=True) as archive:
        members = archive.namelist()
        if "META-INF/manifest.xml" in members and _ENCRYPTED.search(archive.read("META-INF/manifest.xml")):
            raise NotLoaded(f"{name} is encrypted; remove the password and add it again.")
        wanted = ("content.xml", "styles.xml", "meta.xml")
        parts = {member: _parsed(archive.read(member)) for member in wanted if member in members}
        if _has_macros(archive):
            parts["macros"] = etree.Element("macros")
    return parts


def _has_macros(archive: zipfile.ZipFile) -> bool:
    # Each library has an index of its own, also when there is no module in it.
    return any(
        member.startswith(("Basic/", "Scripts/")) and not member.endswith(("/", "script-lc.xml", "script-lb.xml"))
        for member in archive.namelist()
    )


def _parsed(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.parse(io.BytesIO(content), parser).getroot()


def _read(name: str, parts: dict[str, etree._Element]) -> Loaded:
    roots = [parts[part] for part in ("styles.xml", "content.xml") if part in parts]
    body = parts["content.xml"].find(f"{OFFICE}body")
    kinds = [] if body is None else [child for child in body if isinstance(child.tag, str)]
    if not kinds:
        raise NotLoaded(f"{name} holds no text; check that it is the right file.")
    styles = read_styles(roots)
    composer = Composer(name)
    text = TextReader(composer, styles)
    title = _content(name, kinds[0], composer, text, styles)
    if "macros" in parts or any(True for root in roots for _ in root.iter(f"{OFFICE}scripts") if len(_)):
        text.notice("macros")
    margins = _margins(roots, text)
    if not composer.blocks and kinds[0].tag != f"{OFFICE}spreadsheet":
        # Slides or pages with nothing but what stands on each of them.
        composer.add("\n".join(margins.values()))
    if not composer.blocks and text.has_hidden:
        raise NotLoaded(f"{name} has hidden text only; make it visible and add it again.")
    metadata = _metadata([*roots, *([parts["meta.xml"]] if "meta.xml" in parts else [])])
    given = metadata.pop("title", "")
    return composer.loaded(
        title=title or given or text.first_heading,
        metadata=metadata | margins,
        warnings=text.warnings(name),
    )


def _content(name: str, kind: etree._Element, composer: Composer, text: TextReader, styles: Styles) -> str:
    """Write down what is in a document of any kind; return the title that it shows."""
    if kind.tag == f"{OFFICE}spreadsheet":
        SheetReader(name, composer, styles, text).read(kind)
    elif kind.tag in (f"{OFFICE}presentation", f"{OFFICE}drawing"):
        return SlideReader(composer, styles, text).read(kind)
    else:
        text.blocks(kind)
    return text.title


def _metadata(roots: list[etree._Element]) -> dict[str, str]:
    found: dict[str, str] = {}
    for root in roots:
        for meta in root.iter(f"{OFFICE}meta"):
            found["title"] = meta.findtext(f"{_DUBLIN}title") or ""
            for key, tag in _FIELDS.items():
                value = ", ".join(element.text or "" for element in meta.iter(tag))
                found[key] = value[:10] if key in ("created", "modified") else value
            for element in meta.iter(f"{_META}user-defined"):
                tell(found, str(element.get(f"{_META}name", "")), "".join(map(str, element.itertext())))
    return found


def _margins(roots: list[etree._Element], text: TextReader) -> dict[str, str]:
    """The headers and footers of pages and slides: often the marking stands there."""
    found = {}
    for key in ("header", "footer"):
        margins = [margin for root in roots for margin in root.iter(f"{STYLE}{key}")]
        for master in (master for root in roots for master in root.iter(f"{STYLE}master-page")):
            margins += [frame for frame in master if frame.get(f"{PRESENTATION}class") == key]
        texts = dict.fromkeys(filter(None, (one_line(" ".join(_lines(margin, text))) for margin in margins)))
        found[key] = " / ".join(texts)[:_MARGIN_CHARACTERS]
    return found


def _lines(margin: etree._Element, text: TextReader) -> Iterator[str]:
    return (text.line(paragraph) for paragraph in margin.iter(f"{TEXT}p", f"{TEXT}h"))
