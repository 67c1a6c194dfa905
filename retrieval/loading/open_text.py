"""Read the text of an OpenDocument file: headings with their numbers, lists, tables, and notes where they are called.

Knows the body of ODF 1.3 part 3 (4 to 9). Refuses to know packages, sheets and slides."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from retrieval.loading.composing import Composer, one_line
from retrieval.loading.loaded import Kind
from retrieval.loading.open_styles import DRAW, OFFICE, TABLE, TEXT, Styles, new_counts

# Wrappers around blocks and rows that mean nothing to a reader.
_SECTIONS = frozenset(
    f"{TEXT}{tag}" for tag in ("section", "index-body", "index-title", "numbered-paragraph", "list-header")
) | {f"{DRAW}{tag}" for tag in ("a", "g", "frame", "text-box", "custom-shape", "rect", "ellipse", "polygon", "page")}
_INDEXES = frozenset(
    f"{TEXT}{tag}"
    for tag in ("table-of-content", "alphabetical-index", "illustration-index", "table-index", "user-index")
)
_ROW_GROUPS = frozenset(f"{TABLE}{tag}" for tag in ("table-header-rows", "table-rows", "table-row-group"))
# A header has the place of an item and no mark.
_ITEMS = (f"{TEXT}list-item", f"{TEXT}list-header")
_CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
_SHAPES = frozenset(f"{DRAW}{tag}" for tag in ("frame", "g", "custom-shape", "rect", "ellipse", "a", "control", "line"))
_UNREAD = frozenset(f"{TEXT}{tag}" for tag in ("ruby-text", "note-citation", "page-number", "page-count")) | {
    f"{OFFICE}event-listeners"
}
_HIDDEN = frozenset({f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph"})
# Repeated cells and spaces are how a small file becomes endlessly large.
_MAX_SPACES = 100

_WARNINGS = {
    "hidden": "{name} holds hidden text ({count} places); it was left out.",
    "sheets": "{name} has hidden sheets ({count}); they were left out.",
    "rows": "{name} has hidden rows or columns on {count} sheets; they were left out.",
    "slides": "{name} has hidden slides ({count}); they were left out.",
    "changes": "{name} holds tracked changes ({count}); it was read as if accepted.",
    "comments": "{name} holds reviewers' comments ({count}); they were not read.",
    "pictures": "{name} holds pictures ({count}); text in them was not read.",
    "objects": "{name} holds embedded objects or charts ({count}); text in them was not read.",
    "macros": "{name} holds macros; they were neither run nor read.",
}


class TextReader:
    """Writes blocks down, and counts what it left out."""

    def __init__(self, composer: Composer, styles: Styles) -> None:
        self.title = ""
        self.first_heading = ""
        self._composer = composer
        self._styles = styles
        self._left_out: Counter[str] = Counter()
        self._page: int | None = None
        self._notes: list[str] = []
        self._notes_called = 0
        self._boxes: list[etree._Element] = []
        self._continued: dict[str, list[int]] = {}

    def notice(self, what: str) -> None:
        """Count something that is left out; the words are in _WARNINGS."""
        self._left_out[what] += 1

    @property
    def has_hidden(self) -> bool:
        """Whether there was text that is not shown."""
        return any(self._left_out[what] for what in ("hidden", "sheets", "rows", "slides"))

    def warnings(self, name: str) -> list[str]:
        """Sentences about what was left out."""
        return [
            sentence.format(name=name, count=self._left_out[what])
            for what, sentence in _WARNINGS.items()
            if self._left_out[what]
        ]

    def blocks(self, container: etree._Element, *, page: int | None = None) -> None:
        """Write down everything in a container. Recursion is safe: libxml2 refuses more than 256 levels."""
        self._page = page
        for element in container:
            self._block(element)

    def shape(self, shape: etree._Element, *, page: int) -> None:
        """Write down what is in a shape on a slide."""
        self._page = page
        self._block(shape)

    def line(self, paragraph: etree._Element) -> str:
        """The characters of a paragraph, with what hangs on it set aside for after it."""
        return self._text(paragraph).strip()

    def rows(self, table: etree._Element) -> Iterator[etree._Element]:
        """The rows of a table, header rows first."""
        for child in table:
            if child.tag == f"{TABLE}table-row":
                yield child
            elif child.tag in _ROW_GROUPS:
                yield from self.rows(child)

    def cell(self, cell: etree._Element) -> str:
        """Everything in a cell, on one line."""
        written = []
        for paragraph in cell.iter(f"{TEXT}p", f"{TEXT}h"):
            if not any(above.tag in (f"{OFFICE}annotation", f"{TEXT}note") for above in paragraph.iterancestors()):
                written.append(one_line(self._text(paragraph)))
        self._left_out["comments"] += sum(1 for _ in cell.iterchildren(f"{OFFICE}annotation"))
        return " ".join(filter(None, written))

    def table(self, table: etree._Element) -> None:
        """Write down a table, a row a line. A table of one column is a frame around text and is read as that text."""
        rows = [[cell for cell in row if cell.tag in _CELLS] for row in self.rows(table) if not self._is_collapsed(row)]
        if max((len(row) for row in rows), default=0) < 2:
            for row in rows:
                for cell in row:
                    self.blocks(cell, page=self._page)
            return
        lines = [" | ".join(self.cell(cell) for cell in row) for row in rows]
        self._composer.add("\n".join(line for line in lines if line.strip(" |")), Kind.TABLE, page=self._page)
        self._aside()

    def _block(self, element: etree._Element) -> None:
        tag = element.tag
        if not isinstance(tag, str):
            return
        if tag in (f"{TEXT}p", f"{TEXT}h"):
            self._paragraph(element)
        elif tag == f"{TEXT}list":
            self._list(element)
        elif tag == f"{TABLE}table":
            self.table(element)
        elif tag == f"{TEXT}section" and element.get(f"{TEXT}display") in ("none", "condition"):
            self.notice("hidden")
        elif tag == f"{TEXT}tracked-changes":
            self._left_out["changes"] += len(element)
        elif tag in _INDEXES:
            return  # What it lists stands where it is listed from.
        elif tag == f"{DRAW}frame":
            self._frame(element)
        elif tag in _SECTIONS:
            for inner in element:
                self._block(inner)

    def _paragraph(self, paragraph: etree._Element, label: str = "") -> None:
        style = str(paragraph.get(f"{TEXT}style-name"))
        text = self._text(paragraph).strip()
        if text and style in self._styles.hidden:
            self.notice("hidden")
        elif text and (paragraph.tag == f"{TEXT}h" or style in self._styles.titles):
            level = str(paragraph.get(f"{TEXT}outline-level") or "1")
            depth = int(level) if level.isdecimal() and len(level) < 3 else 1
            is_title = paragraph.tag != f"{TEXT}h"
            number = label or ("" if is_title else self._styles.heading_label(depth))
            text = one_line(f"{number} {text}")
            self.title = self.title or (text if is_title else "")
            self.first_heading = self.first_heading or text
            self._composer.add(text, Kind.HEADING, page=self._page, level=min(max(depth, 1), 6))
        else:
            self._composer.add(f"{label} {text}" if text else "", page=self._page)
        self._aside()

    def _aside(self) -> None:
        """Write down the notes and text boxes that hang on what was just read."""
        notes, self._notes = self._notes, []
        boxes, self._boxes = self._boxes, []
        for note in notes:
            self._composer.add(note, page=self._page)
        for box in boxes:
            self._block(box)

    def _list(self, element: etree._Element, style: str = "", level: int = 1, counts: list[int] | None = None) -> None:
        style = str(element.get(f"{TEXT}style-name") or style)
        if counts is None:
            goes_on = element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list")
            counts = self._continued.get(style, new_counts()) if goes_on else new_counts()
            self._continued[style] = counts
        lines: list[str] = []
        for item in element:
            if item.tag in _ITEMS:
                self._item(item, style, level, counts, lines)
        if lines:
            self._composer.add("\n".join(lines), page=self._page)
        self._aside()

    def _item(self, item: etree._Element, style: str, level: int, counts: list[int], lines: list[str]) -> None:
        """Collect the lines of one item of a list, which is one block; what is no line is written down after them."""
        label = self._styles.item_label(style, level, counts) if _is_marked(item) else ""
        for element in item:
            if element.tag == f"{TEXT}list":
                self._nested(element, style, level + 1, counts, lines)
            elif element.tag == f"{TEXT}h":
                self._composer.add("\n".join(lines), page=self._page)
                lines.clear()
                self._paragraph(element)
            elif element.tag == f"{TEXT}p":
                hidden = str(element.get(f"{TEXT}style-name")) in self._styles.hidden
                text = self._text(element).strip()
                if text and hidden:
                    self.notice("hidden")
                elif text:
                    lines.append("  " * (level - 1) + f"{label} {text}".strip())
                    label = ""
            else:
                self._block(element)

    def _nested(self, element: etree._Element, style: str, level: int, counts: list[int], lines: list[str]) -> None:
        style = str(element.get(f"{TEXT}style-name") or style)
        for item in element:
            if item.tag in _ITEMS:
                self._item(item, style, level, counts, lines)

    def _text(self, element: etree._Element) -> str:
        written = [element.text or ""]
        for child in element:
            written.append(self._inline(child))
            written.append(child.tail or "")
        return "".join(written)

    def _inline(self, child: etree._Element) -> str:
        tag = child.tag
        if not isinstance(tag, str) or tag in _UNREAD:
            return ""
        if tag == f"{TEXT}s":
            count = str(child.get(f"{TEXT}c") or "1")
            return " " * min(int(count) if count.isdecimal() else 1, _MAX_SPACES)
        if tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            return "\t" if tag == f"{TEXT}tab" else "\n"
        if tag in _HIDDEN or (tag == f"{TEXT}span" and str(child.get(f"{TEXT}style-name")) in self._styles.hidden):
            self._left_out["hidden"] += bool(
                "".join(map(str, child.itertext())).strip() or child.get(f"{TEXT}string-value")
            )
            return ""
        if tag == f"{TEXT}note":
            return self._note(child)
        if tag == f"{OFFICE}annotation":
            self.notice("comments")
            return ""
        if tag in _SHAPES:
            self._boxes.append(child)
            return ""
        return self._text(child)

    def _note(self, note: etree._Element) -> str:
        body = note.find(f"{TEXT}note-body")
        if body is None:
            return ""
        self._notes_called += 1
        number = self._notes_called
        text = one_line(" ".join(self._text(paragraph) for paragraph in body.iter(f"{TEXT}p", f"{TEXT}h")))
        self._notes.append(f"[{number}] {text}")
        return f"[{number}]"

    def _frame(self, frame: etree._Element) -> None:
        """A frame holds one thing, in several forms: the first that can be read."""
        for child in frame:
            if child.tag == f"{DRAW}text-box":
                for inner in child:
                    self._block(inner)
                return
            if child.tag == f"{TABLE}table":
                self.table(child)
                return
            if child.tag in (f"{DRAW}object", f"{DRAW}object-ole"):
                self.notice("objects")
                return
            if child.tag == f"{DRAW}image":
                self.notice("pictures")
                return

    def _is_collapsed(self, row: etree._Element) -> bool:
        collapsed = row.get(f"{TABLE}visibility") in ("collapse", "filter")
        self._left_out["hidden"] += collapsed
        return collapsed


def _is_marked(item: etree._Element) -> bool:
    """Whether an item has a mark of its own: not if it is a header, or only wraps a list of the next level."""
    first = next(iter(item), None)
    return item.tag == f"{TEXT}list-item" and first is not None and first.tag == f"{TEXT}p"
