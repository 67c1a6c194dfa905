"""Read an HTML page, or the HTML body of a mail: what a reader sees of it, in blocks.

Refuses to run, fetch or style anything. What the page itself hides (comments, 'hidden', inline styles) is left out
and said; what a style sheet hides cannot be known here."""

import re
from dataclasses import dataclass

from lxml import etree

from retrieval.loading.composing import Composer, one_line
from retrieval.loading.decoding import decode
from retrieval.loading.loaded import Kind, Loaded, NotLoaded

# lxml keeps about ten bytes in memory for each byte of a page.
MAX_PAGE_BYTES = 64 * 1024 * 1024

# fmt: off
_SILENT = frozenset({
    "head", "iframe", "math", "nav", "noscript", "object", "script", "select", "style", "svg", "template",
})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "main", "menu",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})
# fmt: on
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu"})
_HIDING_STYLE = re.compile(
    r"display:none|visibility:hidden|opacity:0(?![.\d])|font-size:0(?![.\d])|(?:left|top|text-indent):-\d{3,}"
)
_UNSEEN = "unseen"
# Pictures written into the page itself: not read, and beyond libxml2's bound on an attribute.
_EMBEDDED = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=\s]*")
_BLANK_LINES = re.compile(r"\n{2,}")
_TRAILING = re.compile(r" *\n")
_SPACES = re.compile(r"[ \t\n\r\f\xa0]+")
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE)
_DECLARED_WITHIN_BYTES = 4096
# Shorter comments are marks of editors and build tools, not worth a warning.
_EDITING_MARK_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says besides its blocks."""

    title: str
    metadata: dict[str, str]
    warnings: tuple[str, ...]


def load_html(name: str, content: bytes) -> Loaded:
    """Read the bytes of the HTML file called `name`. Raises NotLoaded."""
    found = _DECLARED.search(content[:_DECLARED_WITHIN_BYTES])
    declared = found[1].decode("ascii", "ignore") if found else None
    # Browsers read Latin-1 as Windows-1252 (WHATWG Encoding Standard 4.2).
    if declared and declared.lower() in ("iso-8859-1", "latin1", "us-ascii", "ascii"):
        declared = "cp1252"
    decoded = decode(name, content, declared=declared)
    composer = Composer(name)
    page = read_page(name, decoded.text, composer)
    return composer.loaded(title=page.title, metadata=page.metadata, warnings=(*decoded.warnings, *page.warnings))


def read_page(name: str, text: str, composer: Composer) -> Page:
    """Add the blocks of a page to `composer`. Raises NotLoaded for what is no page at all."""
    encoded = _EMBEDDED.sub("", text).encode("utf-8", "replace")
    if len(encoded) > MAX_PAGE_BYTES:
        raise NotLoaded(f"{name} is larger than {MAX_PAGE_BYTES // 2**20} MiB as a page; split it and add the parts.")
    # huge_tree off: libxml2 keeps its own bounds, on nesting (256) and on the length of one text (10 MB).
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(encoded, parser)
    except etree.XMLSyntaxError as error:
        raise NotLoaded(f"{name} holds no page that can be read; open it in a browser and save it again.") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise NotLoaded(f"{name} is nested too deeply or runs on too long to be read; save it as .pdf and add that.")
    if root is None:
        raise NotLoaded(f"{name} holds no text; check that it is the right file.")
    title = one_line(root.findtext(".//head/title") or "")
    metadata = _metadata(root)
    hidden = _remove_unseen(root)
    reader = _Reader(composer)
    reader.read(root)
    warnings = (f"{name} holds text that a reader does not see ({hidden} places); it was left out.",) if hidden else ()
    return Page(title or reader.first_heading, metadata, warnings)


def _remove_unseen(root: etree._Element) -> int:
    """Take out what is not shown, and count the places where that was text."""
    hidden = 0
    for element in root.iter():
        if not isinstance(element.tag, str):
            hidden += len(element.text or "") > _EDITING_MARK_CHARACTERS
        elif element is not root and _is_hidden(element):
            hidden += any(text.strip() for text in element.itertext())
            element.tag = _UNSEEN
    etree.strip_elements(root, _UNSEEN, etree.Comment, *_SILENT, with_tail=False)
    return hidden


def _is_hidden(element: etree._Element) -> bool:
    style = _SPACES.sub("", str(element.get("style") or "").lower())
    return element.get("hidden") is not None or bool(_HIDING_STYLE.search(style))


def _metadata(root: etree._Element) -> dict[str, str]:
    fields = {}
    for meta in root.iter("meta"):
        key, value = (meta.get("name") or "").lower(), meta.get("content") or ""
        if key in ("author", "date", "description", "keywords") and value:
            fields[key] = str(value)
    return fields


class _Reader:
    """Walks a page once, without recursion: nesting is in the hands of whoever wrote it."""

    def __init__(self, composer: Composer) -> None:
        self.first_heading = ""
        self._composer = composer
        self._pending: list[str] = []
        self._heading = 0
        self._lists: list[int | None] = []  # The next number of each open list, None for bullets.
        self._preformatted = 0

    def read(self, root: etree._Element) -> None:
        stack: list[tuple[etree._Element, bool]] = [(root, False)]
        while stack:
            element, leaving = stack.pop()
            if leaving:
                self._leave(str(element.tag))
            elif self._enter(element):
                self._text(element.text)
                stack.append((element, True))
                stack.extend((child, False) for child in reversed(element))
                continue
            if element is not root:
                self._text(element.tail)
        self._flush()

    def _enter(self, element: etree._Element) -> bool:
        """Open an element; whether what is inside it is still to be read."""
        tag = str(element.tag)
        if tag == "br":
            self._pending.append("\n")
        elif tag in _HEADINGS:
            self._flush()
            self._heading = _HEADINGS[tag]
        elif tag in _LISTS:
            self._break()
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag == "table" and (rows := _rows(element)):
            self._flush()
            self._composer.add("\n".join(rows), Kind.TABLE)
            return False
        elif tag in _BLOCKS:
            self._break()
            self._preformatted += tag == "pre"
        return True

    def _leave(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._flush()
            self._heading = 0
        elif tag in _LISTS:
            self._lists.pop()
            self._break()
        elif tag in _BLOCKS or tag == "li":
            self._break()
            self._preformatted -= tag == "pre"

    def _text(self, text: str | None) -> None:
        if text and not self._preformatted:
            text = _SPACES.sub(" ", text)
            if not self._pending or self._pending[-1].endswith(("\n", " ")):
                text = text.lstrip(" ")
        if text:
            self._pending.append(text)

    def _item(self) -> None:
        self._break()
        mark = "-"
        if self._lists and (number := self._lists[-1]) is not None:
            mark = f"{number}."
            self._lists[-1] = number + 1
        self._pending.append("  " * (len(self._lists) - 1) + mark + " ")

    def _break(self) -> None:
        """End a paragraph, or within a list, which is one block, a line."""
        if not self._lists:
            self._flush()
        elif self._pending and not self._pending[-1].endswith(("\n", "- ", ". ")):
            self._pending.append("\n")

    def _flush(self) -> None:
        text, self._pending = "".join(self._pending), []
        if self._heading:
            text = one_line(text)
            self.first_heading = self.first_heading or text
            self._composer.add(text, Kind.HEADING, level=self._heading)
        elif self._preformatted:
            self._composer.add(text)
        else:
            for paragraph in _BLANK_LINES.split(_TRAILING.sub("\n", text)):
                self._composer.add(paragraph)


def _rows(table: etree._Element) -> list[str]:
    """The rows of a table of data as lines. Nothing for a table that lays out a page: that is read as blocks."""
    if sum(1 for _ in table.iter("table")) > 1 or any(True for _ in table.iter(*_HEADINGS, *_LISTS, "pre")):
        return []
    rows = [[_line(cell) for cell in row.iter("td", "th")] for row in table.iter("tr")]
    if max((len(row) for row in rows), default=0) < 2:
        return []
    captions = [_line(caption) for caption in table.iter("caption")]
    lines = [" | ".join(row) for row in rows]
    return [line for line in (*captions, *lines) if line.strip(" |")]


def _line(element: etree._Element) -> str:
    """Everything in an element on one line; what stands apart on the page stays apart."""
    written: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if inner.tag == "br" or inner.tag in _BLOCKS:
            written.append(" ")
        if event == "start":
            written.append(inner.text or "")
        elif inner is not element:
            written.append(inner.tail or "")
    return one_line("".join(written))
