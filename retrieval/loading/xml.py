"""Read XML: Dutch laws and official publications with their structure, any other XML as its text.

Laws as wetten.overheid.nl publishes them (BWB, root `toestand`), and what officielebekendmakingen.nl publishes (root
`officiele-publicatie`, `kamerstuk`, `staatscourant` ...) share names for headings, paragraphs, items and notes. Refuses
to resolve entities and to open a schema, a style sheet or anything else that a file points to."""

import io
import re
from collections.abc import Iterator
from contextlib import suppress

from lxml import etree

from retrieval.loading.composing import Composer, one_line
from retrieval.loading.decoding import decode
from retrieval.loading.html import read_page
from retrieval.loading.loaded import Kind, Loaded, NotLoaded

# lxml keeps about ten bytes in memory for each byte of XML.
MAX_XML_BYTES = 64 * 1024 * 1024

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ROOTS = frozenset({
    "toestand", "wetgeving", "officiele-publicatie", "kamerstuk", "kamerwrk", "staatsblad", "staatscourant",
    "staatsblad-kb", "handelingen", "tractatenblad", "vragen", "kamervragen", "gemeenteblad", "provincieblad",
})  # fmt: skip
# What is about the text and not of it: sources of amendments, references for machines.
_APPARATUS = frozenset(
    {"meta-data", "metadata", "brondata", "jcis", "bwb-inputbestand", "plaatje", "owms", "oorspronkelijk"}
)
_PARAGRAPHS = frozenset({
    "al", "considerans.al", "afkondiging", "noot.al", "tekstregel", "slotformulering", "dagtekening", "functie", "naam",
    "plaats", "datumtekst", "stuknr", "dossiernummer", "wie", "intitule", "citeertitel", "titel",
    "subtitel", "tussenkop", "tussenkop_in", "considerans.lijst", "bijschrift", "term", "definitie", "lidnr",
    "organisatie", "publicatiedatum", "kopwerk", "item-titel", "spreker", "opschrift", "vraag", "antwoord",
})  # fmt: skip
_HEADED = {
    "boek": 1, "deel": 1, "hoofdstuk": 2, "titeldeel": 3, "afdeling": 3, "paragraaf": 4, "sub-paragraaf": 5,
    "subparagraaf": 5, "subsubparagraaf": 6, "artikel": 6, "bijlage": 2, "divisie": 3, "circulaire.divisie": 3,
    "verdragtekst": 2, "wijzig-artikel": 6, "nota-toelichting": 2, "structuurtekst": 4, "aanhef": 2,
}  # fmt: skip
_HEADS = frozenset({"tussenkop", "tussenkop_in"})
_KEPT_METADATA = {
    "DC.title": "title", "DC.creator": "author", "DCTERMS.available": "date", "DC.identifier": "identifier",
    "DC.type": "kind",
}  # fmt: skip
# Longer texts are paragraphs, not fields of a record.
_FIELD_CHARACTERS = 200


def load_xml(name: str, content: bytes) -> Loaded:
    """Read the bytes of the XML file called `name`. Raises NotLoaded."""
    if len(content) > MAX_XML_BYTES:
        raise NotLoaded(f"{name} is XML of more than {MAX_XML_BYTES // 2**20} MiB; split it and add the parts.")
    root, warnings = _parsed(name, content)
    composer = Composer(name)
    kind = _local(root)
    if kind == "html":
        page = read_page(name, etree.tostring(root, encoding="unicode"), composer)
        return composer.loaded(title=page.title, metadata=page.metadata, warnings=(*warnings, *page.warnings))
    if kind in _ROOTS:
        reader = _Publication(composer)
        reader.read(root)
        return composer.loaded(title=reader.title(root), metadata=_metadata(root), warnings=warnings)
    for text in _texts(root):
        composer.add(text)
    return composer.loaded(title=_first(root, "title"), warnings=warnings)


def _parsed(name: str, content: bytes) -> tuple[etree._Element, tuple[str, ...]]:
    warnings: tuple[str, ...] = ()
    root: etree._Element | None = None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.parse(io.BytesIO(content), parser).getroot()
    except etree.XMLSyntaxError:
        # Perhaps only its encoding is not what it says; else read what is well-formed up to the mistake.
        decoded = decode(name, content)
        repaired = _DECLARATION.sub("", decoded.text).encode("utf-8", "replace")
        lenient = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, encoding="utf-8"
        )
        with suppress(etree.XMLSyntaxError):
            root = etree.fromstring(repaired, lenient)
        if root is None:
            raise NotLoaded(f"{name} is not well-formed XML; ask for a whole copy and add that.") from None
        warnings = decoded.warnings
        if lenient.error_log:
            warnings = (*warnings, f"{name} is not well-formed XML from line {lenient.error_log[0].line} on.")
    if any(True for _ in root.iter(etree.Entity)):
        warnings = (*warnings, f"{name} uses entities of its own; they were left out.")
    etree.strip_elements(root, etree.Entity, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    return root, warnings


class _Publication:
    """Walks a law or a publication, heading by heading. Recursion is safe: libxml2 refuses more than 256 levels."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._notes: list[str] = []
        self._first_heading = ""

    def title(self, root: etree._Element) -> str:
        """What it is called: how it is cited, or its own title."""
        named = (found["title"] for found in [_metadata_of(root)] if "title" in found)
        return _first(root, "citeertitel") or next(named, "") or _first(root, "intitule") or self._first_heading

    def read(self, element: etree._Element, depth: int = 0) -> None:
        for child in element:
            kind = _local(child)
            if not kind or kind in _APPARATUS:
                continue
            if kind == "kop":
                self._head(child, _HEADED.get(_local(element), 4), depth)
            elif kind in ("table", "tgroup"):
                self._table(child)
            elif kind in ("lijst", "li"):
                self._list(child) if kind == "lijst" else self._item(child, 0)
            elif kind == "lid":
                self._member(child)
            elif kind in _HEADS:
                self._composer.add(self._line(child), Kind.HEADING, level=6)
            elif kind in _PARAGRAPHS and not _holds_blocks(child):
                self._add(self._line(child))
            else:
                self._loose(child)
                self.read(child, depth + (kind in _HEADED and kind != "artikel"))

    def _head(self, head: etree._Element, level: int, depth: int) -> None:
        text = one_line(" ".join(self._line(part) for part in head if _local(part) not in ("", *_APPARATUS)))
        self._first_heading = self._first_heading or text
        # Divisions within each other have one name; how deep they lie tells them apart.
        deeper = min(depth, 3) if level in (3, 4) else 0
        self._composer.add(text or self._line(head), Kind.HEADING, level=min(level + max(deeper - 1, 0), 6))
        self._flush_notes()

    def _member(self, member: etree._Element) -> None:
        """A numbered member of an article: its number goes before its first paragraph."""
        number = next((self._line(child) for child in member if _local(child) == "lidnr"), "")
        for child in member:
            kind = _local(child)
            if kind in ("", "lidnr") or kind in _APPARATUS:
                continue
            if kind == "al":
                self._add(f"{number} {self._line(child)}")
                number = ""
            elif kind == "lijst":
                self._list(child)
            elif kind in ("table", "tgroup"):
                self._table(child)
            else:
                self.read(child)

    def _list(self, element: etree._Element) -> None:
        """A list is one block, unless what is in it is not lines."""
        lines: list[str] = []
        for item in element:
            if _local(item) == "li":
                self._item_lines(item, 0, lines)
        self._composer.add("\n".join(lines))
        self._flush_notes()

    def _item(self, item: etree._Element, depth: int) -> None:
        lines: list[str] = []
        self._item_lines(item, depth, lines)
        self._composer.add("\n".join(lines))
        self._flush_notes()

    def _item_lines(self, item: etree._Element, depth: int, lines: list[str]) -> None:
        mark = "-"
        for child in item:
            kind = _local(child)
            if kind == "li.nr":
                mark = self._line(child) or mark
            elif kind == "lijst":
                for inner in child:
                    if _local(inner) == "li":
                        self._item_lines(inner, depth + 1, lines)
            elif kind and kind not in _APPARATUS and (line := self._line(child)):
                lines.append("  " * depth + f"{mark} {line}".strip())
                mark = ""

    def _table(self, table: etree._Element) -> None:
        """A table as CALS or HTML divides it: a row becomes a line."""
        rows = [
            [self._line(cell) for cell in row if _local(cell) in ("entry", "td", "th")]
            for row in table.iter("{*}row", "{*}tr")
        ]
        lines = [" | ".join(row) for row in rows if any(row)]
        titles = [self._line(child) for child in table if _local(child) in ("title", "titel", "caption")]
        self._composer.add("\n".join((*filter(None, titles), *lines)), Kind.TABLE)
        self._flush_notes()

    def _loose(self, element: etree._Element) -> None:
        """Text that stands directly in something that is known to hold blocks, or is not known at all."""
        self._add(element.text or "")

    def _add(self, text: str) -> None:
        self._composer.add(one_line(text))
        self._flush_notes()

    def _flush_notes(self) -> None:
        notes, self._notes = self._notes, []
        for note in notes:
            self._composer.add(note)

    def _line(self, element: etree._Element) -> str:
        return one_line("".join(self._pieces(element)))

    def _pieces(self, element: etree._Element) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            kind = _local(child)
            if kind == "noot":
                number = one_line("".join(self._line(part) for part in child if _local(part) == "noot.nr"))
                text = " ".join(self._line(part) for part in child if _local(part) not in ("", "noot.nr"))
                self._notes.append(f"[{number}] {text}")
                yield f"[{number}]"
            elif kind == "noot.nr" or kind in _APPARATUS:
                pass
            elif kind:
                if kind in _PARAGRAPHS or kind in ("li", "lijst"):
                    yield " "
                yield from self._pieces(child)
                if kind in ("li.nr", "nr", "label"):
                    yield " "
            yield child.tail or ""


def _local(element: etree._Element) -> str:
    """The name without its namespace; '' for a comment, an instruction or an entity."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _holds_blocks(element: etree._Element) -> bool:
    return any(_local(child) in _PARAGRAPHS or _local(child) in ("lijst", "table", "tekst") for child in element)


def _first(root: etree._Element, name: str) -> str:
    found = next((element for element in root.iter() if _local(element) == name), None)
    return "" if found is None else one_line("".join(map(str, found.itertext())))


def _metadata_of(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("{*}meta"):
        if key := _KEPT_METADATA.get(str(meta.get("name"))):
            found.setdefault(key, str(meta.get("content") or ""))
    return found


def _metadata(root: etree._Element) -> dict[str, str]:
    """Who published it and when; for a law its number and the day from which this text is in force."""
    found = _metadata_of(root)
    found.pop("title", None)
    for key, attribute in (("identifier", "bwb-id"), ("valid from", "inwerkingtreding")):
        if given := root.get(attribute):
            found[key] = str(given)
    return found


def _texts(root: etree._Element) -> Iterator[str]:
    """The text of XML of any kind: an element with words directly in it is a paragraph, with all that is inside it;
    one with nothing but short fields is a record of those."""
    children = [child for child in root if isinstance(child.tag, str)]
    if _has_words(root):
        yield " ".join("".join(map(str, root.itertext())).split())
    elif _is_record(children):
        fields = ((_name(child), " ".join((child.text or "").split())) for child in children)
        yield "\n".join(f"{name}: {text}" for name, text in fields if text)
    else:
        for child in children:
            yield from _texts(child)


def _has_words(element: etree._Element) -> bool:
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def _is_record(children: list[etree._Element]) -> bool:
    names = {child.tag for child in children}
    short = all(len(child) == 0 and len(child.text or "") <= _FIELD_CHARACTERS for child in children)
    return len(children) > 1 and len(names) == len(children) and short


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
