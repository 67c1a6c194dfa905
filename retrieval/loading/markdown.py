"""Read Markdown as it stands: the text is the file, the spans point into it.

Follows CommonMark 0.31 where that decides what a reader sees (comments, fences, headings) and GFM for pipe tables.
Refuses to render: emphasis, links and raw HTML stay in the text as they were typed, so offsets can be checked with a
text editor. Text in comments is not the document's and is in no span."""

import re

from retrieval.loading.composing import MAX_TITLE_CHARACTERS, one_line, tell
from retrieval.loading.decoding import decode
from retrieval.loading.loaded import Kind, Loaded, NotLoaded, Span

_PAGE = re.compile(r"<!--\s*(?:p|page|pagina|blz)\b\.?\s*(\d{1,6})\s*-->", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?=\s|$)")
_UNDERLINE = re.compile(r" {0,3}(={2,}|-{2,})\s*$")
_DELIMITERS = re.compile(r"[\s|:-]*$")
# `[//]: # (text)` and `[comment]: <> (text)`: link definitions to nowhere, used as comments.
_DEFINITION_AS_COMMENT = re.compile(r""" {0,3}\[[^\]]*\]:\s*(?:#|<>)\s+["'(].*["')]\s*$""")
_FIELD = re.compile(r"([A-Za-z_][\w.-]*):\s*(.*)$")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")

# CommonMark makes a heading of any paragraph above a line of dashes; past this it was meant as a rule below it.
_UNDERLINED_CHARACTERS = 200
_FRONT_MATTER_LINES = 500
# '<!-- tags -->': shorter than this a comment steers a site generator and is not worth a warning.
_EDITING_MARK_CHARACTERS = 60


def load_markdown(name: str, content: bytes) -> Loaded:
    """Read the bytes of the Markdown file called `name`. Raises NotLoaded."""
    decoded = decode(name, content)
    metadata, start = _front_matter(decoded.text)
    reader = _Reader(decoded.text, start)
    reader.read()
    if not reader.spans:
        raise NotLoaded(f"{name} holds no text; check that it is the right file.")
    warnings = list(decoded.warnings)
    if reader.hidden:
        warnings.append(f"{name} holds text in comments ({reader.hidden}), which a reader does not see; left out.")
    if reader.unclosed_line:
        warnings.append(
            f"{name} opens a comment on line {reader.unclosed_line} and never closes it; what follows was left out."
        )
    title = _title(decoded.text, reader.spans, metadata.get("title", ""))
    return Loaded(decoded.text, tuple(reader.spans), title, metadata, tuple(warnings))


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """The 'key: value' lines of YAML front matter, and where the document begins after it."""
    lines = text.split("\n", _FRONT_MATTER_LINES)
    if lines[0].rstrip() != "---":
        return {}, 0
    metadata: dict[str, str] = {}
    position = len(lines[0]) + 1
    for line in lines[1:_FRONT_MATTER_LINES]:
        position += len(line) + 1
        if line.rstrip() in ("---", "..."):
            return metadata, min(position, len(text))
        if field := _FIELD.match(line):
            tell(metadata, field[1], field[2].strip().strip("\"'"))
        elif line.strip() and not line.startswith((" ", "\t", "-", "#")):
            break  # A sentence between two rules is no front matter.
    return {}, 0


def _title(text: str, spans: list[Span], declared: str) -> str:
    headings = [span for span in spans if span.kind is Kind.HEADING]
    first = next((span for span in headings if span.level == 1), None)
    if first is None and not declared and headings:
        first = headings[0]
    return one_line(text[first.start : first.end] if first else declared)[:MAX_TITLE_CHARACTERS]


class _Reader:
    """One pass over the text, line by line, with the block that is being collected."""

    def __init__(self, text: str, start: int) -> None:
        self.spans: list[Span] = []
        self.hidden = 0
        self.unclosed_line = 0
        self._text = text
        self._position = start
        self._page: int | None = None
        self._lines: list[tuple[int, int]] = []  # Of the open block, trimmed.
        self._kind = Kind.PARAGRAPH
        self._line_end = -1
        self._searched = (0, -1)  # From where '-->' was last looked for, and where it was.
        self._unclosed_fences: set[str] = set()

    def read(self) -> None:
        while self._position < len(self._text):
            if self._position > self._line_end:
                end = self._text.find("\n", self._position)
                self._line_end = end if end != -1 else len(self._text)
            self._line(self._line_end)
        self._close()

    def _line(self, end: int) -> None:
        start = self._position
        begins = start == 0 or self._text[start - 1] == "\n"
        if begins and (fence := _FENCE.match(self._text[start:end])) and self._fenced(fence[1], end):
            return
        opening = self._comment(start, end)
        if opening is None:
            self._visible(start, end, begins)
            self._position = end + 1
            return
        closing = self._closing(opening, starts_block=not self._text[start:opening].strip())
        if closing is None:
            self._visible(start, end, begins)
            self._position = end + 1
            return
        self._visible(start, opening, begins)
        self._close()
        if marker := _PAGE.fullmatch(self._text[opening:closing]):
            self._page = int(marker[1]) or None
        elif closing - opening > _EDITING_MARK_CHARACTERS:
            self.hidden += 1
        # A comment that ends its line takes the newline with it, or the empty rest would look like a blank line.
        self._position = closing + 1 if self._text[closing : closing + 1] == "\n" else closing

    def _comment(self, start: int, end: int) -> int | None:
        """Where the first comment on this line opens, unless it is shown as code. A page marker always counts."""
        ticks, counted = 0, start
        opening = self._text.find("<!--", start, end)
        while opening != -1:
            ticks += self._text.count("`", counted, opening)
            counted = opening
            escaped = opening > start and self._text[opening - 1] == "\\"
            if not (ticks % 2 or escaped) or _PAGE.match(self._text, opening):
                return opening
            opening = self._text.find("<!--", opening + 4, end)
        return None

    def _closing(self, opening: int, *, starts_block: bool) -> int | None:
        """Where the comment ends, or None if it is none. At the start of a block it ends at the first '-->' or with
        the text; within a paragraph it has to end there (CommonMark 4.6 and 6.6)."""
        for short in ("<!-->", "<!--->"):
            if self._text.startswith(short, opening):
                return opening + len(short)
        closing = self._next_closing(opening + 4)
        if starts_block:
            if closing == len(self._text):
                self.unclosed_line = self._text.count("\n", 0, opening) + 1
                return closing
            return closing + 3
        if closing == len(self._text) or _BLANK_LINE.search(self._text, opening, closing):
            return None
        return closing + 3

    def _next_closing(self, position: int) -> int:
        """The first '-->' from here on, or the end. Remembered, or many openings before a far closing cost the square
        of their number."""
        searched, found = self._searched
        if not searched <= position <= found:
            found = self._text.find("-->", position)
            found = len(self._text) if found == -1 else found
            self._searched = (position, found)
        return found

    def _fenced(self, mark: str, end: int) -> bool:
        """Take a fenced block whole. A fence that is never closed is a line like any other: the alternative is to
        lose every heading and page after it."""
        if mark in self._unclosed_fences:
            return False
        closes = re.compile(rf"^ {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$", re.MULTILINE)
        closing = closes.search(self._text, end + 1)
        if closing is None:
            self._unclosed_fences.add(mark)
            return False
        self._close()
        start = self._position
        for marker in _PAGE.finditer(self._text, start, closing.end()):
            self._take(start, marker.start())
            self._close()
            self._page, start = int(marker[1]) or None, marker.end()
        self._take(start, closing.end())
        self._close()
        self._position = closing.end() + 1
        return True

    def _visible(self, start: int, end: int, begins: bool) -> None:
        """Take a line, or what comments leave of it, into the open block or start another."""
        line = self._text[start:end]
        stripped = line.strip()
        if not stripped:
            if begins:
                self._close()
            return
        if begins and (heading := _HEADING.match(line)):
            self._close()
            self._heading(start + heading.end(), end, len(heading[1]))
        elif begins and _DEFINITION_AS_COMMENT.match(line):
            self._close()
            self.hidden += 1
        elif begins and self._lines and (underline := _UNDERLINE.match(line)) and self._may_be_heading():
            first, last = self._lines[0][0], self._lines[-1][1]
            self._lines = []
            self._heading(first, last, 1 if underline[1][0] == "=" else 2)
        elif begins and _is_rule(stripped):
            self._close()
        else:
            self._table_or_paragraph(start, end, stripped)

    def _table_or_paragraph(self, start: int, end: int, stripped: str) -> None:
        if self._kind is Kind.TABLE and "|" not in stripped:
            self._close()
        elif self._kind is Kind.PARAGRAPH and self._lines and "|" in stripped and "-" in stripped:
            first, last = self._lines[-1]
            if _DELIMITERS.match(stripped) and "|" in self._text[first:last]:
                self._lines.pop()
                self._close()
                self._lines, self._kind = [(first, last)], Kind.TABLE
        self._take(start, end)

    def _take(self, start: int, end: int) -> None:
        line = self._text[start:end]
        if stripped := line.strip():
            first = start + line.index(stripped)
            self._lines.append((first, first + len(stripped)))

    def _may_be_heading(self) -> bool:
        first, last = self._lines[0][0], self._lines[-1][1]
        is_text = self._text[first] not in ">|" and not re.match(r"(?:[-+*]|\d{1,9}[.)])\s", self._text[first:last])
        return self._kind is Kind.PARAGRAPH and is_text and last - first <= _UNDERLINED_CHARACTERS

    def _heading(self, start: int, end: int, level: int) -> None:
        body = self._text[start:end].strip()
        bare = body.rstrip("#")
        if bare != body and (not bare or bare[-1].isspace()):
            body = bare.rstrip()
        if body:
            first = self._text.index(body, start)
            self.spans.append(Span(first, first + len(body), Kind.HEADING, self._page, level))

    def _close(self) -> None:
        if self._lines:
            rows = all(self._text[first] == "|" for first, _ in self._lines)
            kind = Kind.TABLE if rows and len(self._lines) > 1 else self._kind
            self.spans.append(Span(self._lines[0][0], self._lines[-1][1], kind, self._page))
        self._lines, self._kind = [], Kind.PARAGRAPH


def _is_rule(stripped: str) -> bool:
    compact = stripped.replace(" ", "").replace("\t", "")
    return len(compact) >= 3 and compact[0] in "-*_" and compact == compact[0] * len(compact)
