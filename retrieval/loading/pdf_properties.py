"""Read what a PDF file says of itself under names of its owner's: in its information dictionary and its XMP packets.

PDFium tells the value of a name and not which names there are, so the names are taken from the bytes and PDFium is
asked about each. Refuses to know which name means what."""

import ctypes
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from lxml import etree

from retrieval.loading.pdf_objects import metadata_streams, objects

_NAME = re.compile(rb"/([^\x00-\x20/<>\[\](){}%]{1,127})")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_MOST_NAMES = 100_000
_STANDARD = frozenset(pdfium.PdfDocument.METADATA_KEYS)

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DUBLIN, _PDF = "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/pdf/1.3/}"
# Besides these, the two say what the information dictionary says too; the next, what a program notes of its own work.
_FREE = (f"{_DUBLIN}subject", f"{_PDF}Keywords")
_TECHNICAL = (_DUBLIN, _PDF, _RDF, "{http://ns.adobe.com/xap/1.0/", "{http://www.aiim.org/", "{http://www.w3.org/XML/")
# Acrobat writes a character that no name in XML may hold as U+2182 and its number.
_UNNAMEABLE = re.compile("\u2182([0-9A-Fa-f]{4})")


def information(document: pdfium.PdfDocument, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the (name, value) pairs of the information dictionary besides the standard ones, by name."""
    found = {name for some in objects(content) for name in _NAME.findall(some)}
    for name in sorted(found)[:_MOST_NAMES]:
        plain = _ESCAPED.sub(lambda one: bytes([int(one[1], 16)]), name)
        called = plain.decode("utf-8", "replace")
        if called not in _STANDARD and (value := _value(document, plain)):
            yield called, value


def described(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the (name, value) pairs of the XMP packets, in order: names without their namespace, lists as one text."""
    for packet in metadata_streams(content):
        # What is broken is read as far as it goes.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
        root = etree.fromstring(packet.strip() or b"<none/>", parser)
        for description in [] if root is None else root.iter(f"{_RDF}Description"):
            told = [(str(name), str(value)) for name, value in description.items()]
            told += [(one.tag, _words(one)) for one in description if isinstance(one.tag, str)]
            for name, value in told:
                if name in _FREE or not name.startswith(_TECHNICAL):
                    plain = name.rpartition("}")[2]
                    yield _UNNAMEABLE.sub(lambda one: chr(int(one[1], 16)), plain), value


def _words(element: etree._Element) -> str:
    items = [str(item.text or "") for item in element.iter(f"{_RDF}li")] or list(map(str, element.itertext()))
    return "; ".join(item.strip() for item in items if item.strip())


def _value(document: pdfium.PdfDocument, name: bytes) -> str:
    length = raw.FPDF_GetMetaText(document, name, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDF_GetMetaText(document, name, buffer, length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")
