"""Read a Word document (.docx): its body in order, with the numbers Word counts and the notes where they are called.

Refuses to run macros, to follow a link to another file or page, and to read what a reader does not see: hidden text
(white on white too) and what tracked changes removed. Pages exist only once Word lays the document out, so spans have
none."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.exceptions import PythonDocxError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.part import Part, XmlPart
from docx.oxml.parser import parse_xml
from docx.package import Package
from lxml import etree

from retrieval.loading.composing import Composer, one_line, tell
from retrieval.loading.decoding import decode
from retrieval.loading.html import read_page
from retrieval.loading.loaded import Kind, Loaded, NotLoaded
from retrieval.loading.office_properties import custom_properties
from retrieval.loading.unpacking import DAMAGED, check_archive
from retrieval.loading.word_styles import Numbering, Style, W, descend, is_on, outline_level, read_styles

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

# What python-docx and lxml raise on parts that are missing, malformed or not what their type says.
_BROKEN = (
    *DAMAGED,
    LookupError,
    ValueError,
    AttributeError,
    TypeError,
    ArithmeticError,
    etree.LxmlError,
    PythonDocxError,
    OpcError,
)

# Wrappers around paragraphs, rows and cells that mean nothing to a reader.
_TRANSPARENT = frozenset(f"{W}{tag}" for tag in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"))
_REMOVED = frozenset(f"{W}{tag}" for tag in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText"))
_CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_NOTES = {
    f"{W}footnoteReference": RELATIONSHIP_TYPE.FOOTNOTES,
    f"{W}endnoteReference": RELATIONSHIP_TYPE.ENDNOTES,
}
_MACROS = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_PICTURES = ("{http://schemas.openxmlformats.org/drawingml/2006/main}blip", "{urn:schemas-microsoft-com:vml}imagedata")
_OBJECTS = (
    "{urn:schemas-microsoft-com:office:office}OLEObject",
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds",
)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MARGIN_CHARACTERS = 500
# In half points: nobody reads smaller letters.
_UNREADABLE_SIZE = 2
_STYLED_BY = {f"{W}r": "rStyle", f"{W}p": "pStyle", f"{W}tbl": "tblStyle"}
_PLAIN_TABLES = ("", "TableGrid", "TableNormal", "Tabelraster", "Standaardtabel")


@dataclass(slots=True)
class _Reading:
    """What a paragraph turns out to hold besides its own text."""

    within_note: bool = False
    notes: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)


def load_word(name: str, content: bytes) -> Loaded:
    """Read the bytes of the Word file called `name`. Raises NotLoaded."""
    archive = check_archive(name, content)
    try:
        package = Package.open(io.BytesIO(content))
        reader = _Reader(name, package.main_document_part)
        reader.read()
        title, metadata = _properties(package)
        warnings = reader.warnings()
        metadata.update(reader.margins())
        for key, value in custom_properties(archive):
            tell(metadata, key, value)
    except _BROKEN as error:
        raise NotLoaded(
            f"{name} is damaged or not quite a Word document; open it in Word, save it as .docx and add that."
        ) from error
    if not reader.composer.blocks and warnings:
        raise NotLoaded(f"{name} holds no text of its own; save it as .pdf, with what it embeds, and add that.")
    title = reader.title or title or reader.first_heading or metadata.get("subject", "")
    return reader.composer.loaded(title=title, metadata=metadata, warnings=warnings)


def _properties(package: Package) -> tuple[str, dict[str, str]]:
    # Without this python-docx makes properties up: a title, and today as the date.
    if all(relationship.reltype != RELATIONSHIP_TYPE.CORE_PROPERTIES for relationship in package.rels.values()):
        return "", {}
    properties = package.core_properties
    fields = {"author": properties.author, "subject": properties.subject, "keywords": properties.keywords}
    for key, moment in (("created", properties.created), ("modified", properties.modified)):
        fields[key] = moment.date().isoformat() if moment else ""
    return properties.title or "", fields


def _root(part: Part) -> etree._Element:
    # Parts that python-docx knows are parsed; of the others (macro documents, notes) there are only the bytes. Its
    # parser resolves no entities and opens no files.
    return part.element if isinstance(part, XmlPart) else parse_xml(part.blob)


class _Reader:
    def __init__(self, name: str, document: Part) -> None:
        self.composer = Composer(name)
        self.title = ""
        self.first_heading = ""
        self._name = name
        self._document = document
        self._hidden = 0
        self._removed = 0
        self._styles = read_styles(self._related(RELATIONSHIP_TYPE.STYLES))
        self._numbering = Numbering(self._related(RELATIONSHIP_TYPE.NUMBERING))
        self._notes = {tag: _notes(self._related(kind)) for tag, kind in _NOTES.items()}
        self._notes_called = 0
        self._unread_chunks = 0
        self._said: list[str] = []
        self._root = _root(document)

    def read(self) -> None:
        body = self._root.find(f"{W}body")
        if body is not None:
            self._blocks(body)

    def _related(self, kind: str) -> etree._Element | None:
        return next((_root(part) for part in self._parts(kind)), None)

    def _parts(self, kind: str) -> Iterator[Part]:
        for relationship in self._document.rels.values():
            if relationship.reltype == kind and not relationship.is_external:
                yield relationship.target_part

    def _blocks(self, container: etree._Element) -> None:
        for element in _within(container, f"{W}p", f"{W}tbl", f"{W}altChunk"):
            if element.tag == f"{W}p":
                self._paragraph(element)
            elif element.tag == f"{W}tbl":
                self._table(element)
            else:
                self._page_within(element)

    def _page_within(self, chunk: etree._Element) -> None:
        """A web page that another program put in as a piece of the text (ECMA-376 part 1, 17.17.2.1)."""
        relationship = self._document.rels.get(str(chunk.get(_RELATIONSHIP)))
        if relationship is None or relationship.is_external or "html" not in relationship.target_part.content_type:
            self._unread_chunks += 1
            return
        decoded = decode(self._name, relationship.target_part.blob)
        self._said += [*decoded.warnings, *read_page(self._name, decoded.text, self.composer).warnings]

    def _paragraph(self, paragraph: etree._Element) -> None:
        reading = _Reading()
        text = self._text(paragraph, reading).strip()
        identity = descend(paragraph, "pPr", "pStyle")
        style = self._styles.get(identity, Style())
        if text and style.hidden:
            self._hidden += 1
        elif text:
            text = f"{self._label(paragraph, identity, style)} {text}"
            if level := outline_level(paragraph) or style.level:
                text = one_line(text)
                self.first_heading = self.first_heading or text
                self.title = self.title or (text if style.is_title else "")
                self.composer.add(text, Kind.HEADING, level=min(level, 6))
            else:
                self.composer.add(text)
        self._aside(reading)

    def _aside(self, reading: _Reading) -> None:
        """Write down the text boxes and notes that hang on what was just read."""
        for box in reading.boxes:
            self._blocks(box)
        for note in reading.notes:
            self.composer.add(note)

    def _label(self, paragraph: etree._Element, identity: str, style: Style) -> str:
        number = descend(paragraph, "pPr", "numPr", "numId") or style.number
        level = descend(paragraph, "pPr", "numPr", "ilvl") or style.number_level
        return self._numbering.label(number, int(level) if level.isdecimal() else None, identity)

    def _text(self, element: etree._Element, reading: _Reading) -> str:
        """The characters of a paragraph. Recursion is safe: libxml2 refuses more than 256 levels."""
        written = []
        for child in element:
            tag = child.tag
            if tag in (f"{W}t", f"{_MATH}t"):
                written.append(child.text or "")
            elif tag in _CHARACTERS:
                written.append(_CHARACTERS[str(tag)])
            elif tag in _REMOVED:
                self._removed += tag in (f"{W}del", f"{W}moveFrom")
            elif tag == f"{W}r" and self._is_hidden(child):
                self._hidden += any(text.text for text in child.iter(f"{W}t"))
            elif tag == f"{W}txbxContent":
                reading.boxes.append(child)
            elif tag == f"{_COMPATIBILITY}AlternateContent":
                # The same thing told twice, for newer and older programs.
                written.append(self._text(child[0], reading) if len(child) else "")
            elif tag in _NOTES:
                written.append(self._note(child, reading))
            elif isinstance(tag, str):
                written.append(self._text(child, reading))
        return "".join(written)

    def _is_hidden(self, run: etree._Element) -> bool:
        vanish = run.find(f"{W}rPr/{W}vanish")
        if vanish is not None:
            return is_on(vanish)
        size = descend(run, "rPr", "sz")
        if size.isdecimal() and int(size) <= _UNREADABLE_SIZE:
            return True
        if descend(run, "rPr", "color").upper() == "FFFFFF" and not self._stands_on_colour(run):
            return True
        return self._styles.get(descend(run, "rPr", "rStyle"), Style()).hidden

    def _stands_on_colour(self, run: etree._Element) -> bool:
        """Whether anything that the run stands in may give it a background: shading, a table with a style, a shape."""
        if self._root.find(f"{W}background") is not None or run.find(f"{W}rPr/{W}highlight") is not None:
            return True
        for element in (run, *run.iterancestors()):
            properties = element.find(f"{element.tag}Pr")
            named = _STYLED_BY.get(str(element.tag))
            style = descend(properties, named) if properties is not None and named else ""
            shading = None if properties is None else properties.find(f"{W}shd")
            if shading is not None and str(shading.get(f"{W}fill")).upper() not in ("AUTO", "FFFFFF", "NONE"):
                return True
            if element.tag == f"{W}txbxContent" or self._styles.get(style, Style()).shaded:
                return True
            if element.tag == f"{W}tbl" and style not in _PLAIN_TABLES:
                return True
        return False

    def _note(self, reference: etree._Element, reading: _Reading) -> str:
        note = self._notes[str(reference.tag)].get(str(reference.get(f"{W}id")))
        # A note is not read for a note, or two of them could call each other for ever.
        if note is None or reading.within_note:
            return ""
        text = one_line(self._text(note, _Reading(within_note=True)))
        self._notes_called += 1
        reading.notes.append(f"[{self._notes_called}] {text}")
        return f"[{self._notes_called}]"

    def _table(self, table: etree._Element) -> None:
        """A row becomes a line. A table of one column is a frame around text and is read as that text."""
        reading = _Reading()
        rows = [list(_within(row, f"{W}tc")) for row in _within(table, f"{W}tr") if row.find(f"{W}trPr/{W}del") is None]
        if max((len(cells) for cells in rows), default=0) < 2:
            for cells in rows:
                for cell in cells:
                    self._blocks(cell)
            return
        lines = [" | ".join(self._cell(cell, reading) for cell in cells) for cells in rows]
        self.composer.add("\n".join(line for line in lines if line.strip(" |")), Kind.TABLE)
        self._aside(reading)

    def _cell(self, cell: etree._Element, reading: _Reading) -> str:
        written = []
        for element in _within(cell, f"{W}p", f"{W}tbl"):
            if element.tag == f"{W}p":
                identity = descend(element, "pPr", "pStyle")
                text = one_line(self._text(element, reading))
                label = self._label(element, identity, self._styles.get(identity, Style())) if text else ""
                written.append(f"{label} {text}".strip())
            else:
                cells = (inner for row in _within(element, f"{W}tr") for inner in _within(row, f"{W}tc"))
                written.extend(self._cell(inner, reading) for inner in cells)
        return " ".join(filter(None, written))

    def margins(self) -> dict[str, str]:
        """The headers and footers: often the marking stands there."""
        found = {}
        for key, kind in (("header", RELATIONSHIP_TYPE.HEADER), ("footer", RELATIONSHIP_TYPE.FOOTER)):
            texts = [
                one_line(" ".join(_plain(paragraph) for paragraph in _root(part).iter(f"{W}p")))
                for part in self._parts(kind)
            ]
            if joined := " / ".join(dict.fromkeys(filter(None, texts))):
                found[key] = joined[:_MARGIN_CHARACTERS]
        return found

    def warnings(self) -> list[str]:
        """Sentences about what was not read."""
        pictures = sum(1 for _ in self._root.iter(*_PICTURES))
        objects = self._unread_chunks + sum(1 for _ in self._root.iter(*_OBJECTS))
        comments = sum(len(_root(part)) for part in self._parts(RELATIONSHIP_TYPE.COMMENTS))
        macros = any(self._parts(_MACROS))
        said = (
            (self._hidden, f"{self._name} holds hidden text ({self._hidden} places); it was left out."),
            (self._removed, f"{self._name} holds tracked deletions ({self._removed}); it was read as if accepted."),
            (comments, f"{self._name} holds reviewers' comments ({comments}); they were not read."),
            (pictures, f"{self._name} holds pictures ({pictures}); text in them was not read."),
            (objects, f"{self._name} holds embedded objects or diagrams ({objects}); text in them was not read."),
            (macros, f"{self._name} holds macros; they were neither run nor read."),
        )
        return [*(sentence for count, sentence in said if count), *self._said]


def _within(container: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The children with one of these tags, through wrappers that mean nothing to a reader."""
    for child in container:
        if child.tag in tags:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _within(child, *tags)


def _notes(part: etree._Element | None) -> dict[str, etree._Element]:
    if part is None:
        return {}
    # Separators are notes too, with a type.
    return {str(note.get(f"{W}id")): note for note in part if note.get(f"{W}type") in (None, "normal")}


def _plain(paragraph: etree._Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
