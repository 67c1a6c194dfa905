"""Read an e-book (.epub): its chapters in the order of its spine, each as the page that it is.

Refuses to read what is locked, and to open anything outside the file."""

import io
import posixpath
import zipfile
from urllib.parse import unquote

from lxml import etree

from retrieval.loading.composing import Composer
from retrieval.loading.decoding import decode
from retrieval.loading.html import read_page
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.unpacking import DAMAGED, check_archive

_BROKEN = (*DAMAGED, LookupError, ValueError, AttributeError, TypeError, etree.LxmlError)
_CONTAINER = "META-INF/container.xml"
_CHAPTERS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_FIELDS = {"creator": "author", "date": "date", "language": "language", "publisher": "publisher"}


def load_ebook(name: str, content: bytes) -> Loaded:
    """Read the bytes of the EPUB file called `name`. Raises NotLoaded."""
    with check_archive(name, content, allow_document_types=True) as archive:
        try:
            return _read(name, archive)
        except _BROKEN as error:
            raise NotLoaded(
                f"{name} is damaged or not quite an e-book; convert it to .pdf or .html and add that."
            ) from error


def _read(name: str, archive: zipfile.ZipFile) -> Loaded:
    members = set(archive.namelist())
    if "META-INF/rights.xml" in members or "META-INF/license.lcpl" in members:
        raise NotLoaded(f"{name} is locked by its publisher; ask for a copy without protection.")
    found = _parsed(archive.read(_CONTAINER)).find(".//{*}rootfile")
    package = str(found.get("full-path")) if found is not None else ""
    root = _parsed(archive.read(package))
    composer, warnings, missing = Composer(name), [], 0
    for chapter in _spine(root, posixpath.dirname(package)):
        if chapter not in members:
            missing += 1
            continue
        decoded = decode(name, archive.read(chapter))
        page = read_page(name, decoded.text, composer)
        warnings += [*decoded.warnings, *page.warnings]
    if missing:
        warnings.append(f"{name} lacks chapters that it names ({missing}); ask for a whole copy.")
    titles = [title.text or "" for title in root.iterfind(".//{http://purl.org/dc/elements/1.1/}title")]
    return composer.loaded(
        title=next(iter(titles), ""), metadata=_metadata(root), warnings=tuple(dict.fromkeys(warnings))
    )


def _spine(root: etree._Element, folder: str) -> list[str]:
    """The members that hold the chapters, in reading order (EPUB 3.3, 5.7)."""
    items = {str(item.get("id")): item for item in root.iterfind(".//{*}manifest/{*}item")}
    chapters = (items.get(str(entry.get("idref"))) for entry in root.iterfind(".//{*}spine/{*}itemref"))
    return [
        posixpath.normpath(posixpath.join(folder, unquote(str(item.get("href")))))
        for item in chapters
        if item is not None and item.get("media-type") in _CHAPTERS
    ]


def _metadata(root: etree._Element) -> dict[str, str]:
    found = {}
    for field, key in _FIELDS.items():
        values = (one.text or "" for one in root.iterfind(f".//{{http://purl.org/dc/elements/1.1/}}{field}"))
        found[key] = ", ".join(values)
    return found


def _parsed(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.parse(io.BytesIO(content), parser).getroot()
