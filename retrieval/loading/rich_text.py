"""Read a rich text document (.rtf): its paragraphs, headings, tables, and footnotes where they are called.

Follows the Rich Text Format Specification 1.9.1. Refuses to open embedded objects and links, and to read what a reader
does not see: hidden text and what tracked changes removed."""

import re
from dataclasses import dataclass, field, replace

from retrieval.loading.composing import Composer, one_line
from retrieval.loading.loaded import Kind, Loaded, NotLoaded
from retrieval.loading.rich_text_characters import (
    CHARACTERS,
    CHARSETS,
    CODE_PAGES,
    SYMBOLS,
    character,
    known_encoding,
    paired,
    tokens,
)

_MAX_DEPTH = 500
# Destinations that hold no text of the body. Unknown ones say of themselves that they may be skipped (\*).
_SKIPPED = frozenset({
    "fonttbl", "colortbl", "stylesheet", "pict", "object", "listtable", "listoverridetable", "revtbl", "rsidtbl",
    "generator", "xmlnstbl", "themedata", "colorschememapping", "datastore", "latentstyles", "filetbl", "fldinst",
    "nonshppict", "annotation", "atnid", "atnauthor", "atrfstart", "atrfend", "bkmkstart", "bkmkend", "xe", "tc",
    "private", "template", "pnseclvl", "shprslt", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "comment", "sp", "falt",
    "panose", "blipuid", "objdata", "wgrffmtfilter", "mmathPr", "docvar", "ud",
})  # fmt: skip
_READ_ALL_THE_SAME = frozenset({"shpinst", "shptxt", "footnote", "fldrslt", "listtext"})
_MARGINS = {f"{margin}{side}": margin for margin in ("header", "footer") for side in ("", "l", "r", "f")}
_INFO = {
    "title": "title",
    "author": "author",
    "subject": "subject",
    "keywords": "keywords",
    "header": "header",
    "footer": "footer",
}
# In half points: nobody reads smaller letters.
_UNREADABLE_SIZE = 2


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group, and is restored after it."""

    destination: str = "body"
    hidden: bool = False
    removed: bool = False
    tiny: bool = False
    skipped_after_unicode: int = 1
    encoding: str = ""
    in_table: bool = False
    level: int = 0
    may_be_skipped: bool = False


@dataclass(slots=True)
class _Line:
    """A paragraph, row or note that is being read."""

    text: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)


def load_rich_text(name: str, content: bytes) -> Loaded:
    """Read the bytes of the RTF file called `name`. Raises NotLoaded."""
    reader = _Reader(name)
    reader.read(content)
    return reader.loaded()


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._composer = Composer(name)
        self._state = _State()
        self._stack: list[_State] = []
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._style = 0
        self._style_levels: dict[int, int] = {}
        self._style_name: list[str] = []
        self._bytes = bytearray()
        self._to_skip = 0
        self._line = _Line()
        self._rows: list[str] = []
        self._outer: list[_Line] = []
        self._notes: list[str] = []
        self._notes_called = 0
        self._info: dict[str, list[str]] = {}
        self._first_heading = ""
        self._hidden = self._removed = self._pictures = self._objects = self._comments = 0

    def read(self, content: bytes) -> None:
        """Read everything. Raises NotLoaded for nesting without end."""
        for token in tokens(content):
            word, number, hexadecimal, symbol, brace, plain = token.groups()
            if hexadecimal:
                self._byte(int(hexadecimal, 16))
            elif plain:
                self._plain(plain)
            elif word or symbol or brace:
                self._flush_bytes()
                if word:
                    self._word(word.decode("ascii"), int(number) if number else None)
                elif symbol:
                    self._symbol(symbol.decode("latin-1"))
                elif brace == b"{":
                    self._open()
                elif brace == b"}":
                    self._close()
        self._flush_bytes()
        while self._stack:
            self._close()
        self._paragraph()
        self._table()

    def loaded(self) -> Loaded:
        info = {key: "".join(parts).strip() for key, parts in self._info.items()}
        said = (
            (self._hidden, f"{self._name} holds hidden text ({self._hidden} places); it was left out."),
            (self._removed, f"{self._name} holds tracked deletions ({self._removed}); it was read as if accepted."),
            (self._comments, f"{self._name} holds reviewers' comments ({self._comments}); they were not read."),
            (self._pictures, f"{self._name} holds pictures ({self._pictures}); text in them was not read."),
            (self._objects, f"{self._name} holds embedded objects ({self._objects}); text in them was not read."),
        )
        return self._composer.loaded(
            title=info.pop("title", "") or self._first_heading,
            metadata=info,
            warnings=[sentence for count, sentence in said if count],
        )

    def _open(self) -> None:
        if len(self._stack) >= _MAX_DEPTH:
            raise NotLoaded(f"{self._name} is nested too deeply to be read; save it as .docx and add that.")
        self._stack.append(self._state)

    def _close(self) -> None:
        if not self._stack:
            return
        ended, self._state = self._state, self._stack.pop()
        if ended.destination == "footnote" and self._state.destination != "footnote":
            self._end_note()
        if ended.destination == "style" and self._state.destination != "style":
            self._end_style()

    def _word(self, word: str, number: int | None) -> None:
        state = self._state
        if state.may_be_skipped:
            self._state = replace(state, may_be_skipped=False)
            if word not in _READ_ALL_THE_SAME:
                self._skip(word)
                return
        if word == "u" and number is not None:
            self._write(character(number))
            self._to_skip = state.skipped_after_unicode
        elif word == "uc":
            self._state = replace(state, skipped_after_unicode=max(number or 0, 0))
        elif word in CODE_PAGES:
            self._encoding = CODE_PAGES[word]
        elif word == "ansicpg" and number:
            self._encoding = known_encoding(f"cp{number}") or ("utf-8" if number == 65001 else self._encoding)
        elif word in CHARACTERS:
            self._write(CHARACTERS[word])
        elif word in ("par", "sect", "page", "column"):
            self._paragraph()
        elif word in ("cell", "nestcell"):
            self._cell()
        elif word in ("row", "nestrow"):
            self._row()
        else:
            self._property(word, number)

    def _property(self, word: str, number: int | None) -> None:
        state = self._state
        if state.destination == "skip":
            return
        if word in ("fonttbl", "stylesheet", "info"):
            self._state = replace(state, destination=word)
        elif state.destination == "fonttbl":
            self._font_property(word, number or 0)
        elif state.destination in ("stylesheet", "style"):
            self._style_property(word, number)
        elif word in _SKIPPED:
            self._skip(word)
        elif state.destination == "info":
            self._state = replace(state, destination=f"info:{word}")
        elif word in _MARGINS and state.destination == "body":
            self._state = replace(state, destination=f"info:{_MARGINS[word]}")
        elif word == "footnote" and state.destination == "body":
            self._outer.append(self._line)
            self._line = _Line()
            self._state = replace(state, destination="footnote", hidden=False)
        elif word == "f":
            self._state = replace(state, encoding=self._fonts.get(number or 0, ""))
        else:
            self._format(word, number, on=number != 0)

    def _skip(self, word: str) -> None:
        """Leave out the rest of a group, and count it where a reader would see something there."""
        if self._state.destination != "skip":
            self._pictures += word in ("pict", "shppict")
            self._objects += word == "object"
            self._comments += word == "annotation"
        self._state = replace(self._state, destination="skip")

    def _font_property(self, word: str, number: int) -> None:
        if word == "f":
            self._font = number
        elif word == "fcharset":
            self._fonts[self._font] = CHARSETS.get(number, "")

    def _format(self, word: str, number: int | None, *, on: bool) -> None:
        state = self._state
        match word:
            case "v" | "webhidden":
                self._state = replace(state, hidden=on)
            case "deleted":
                self._state = replace(state, removed=on)
            case "fs":
                self._state = replace(state, tiny=number is not None and number <= _UNREADABLE_SIZE)
            case "plain":
                self._state = replace(state, hidden=False, removed=False, tiny=False, encoding="")
            case "pard":
                self._state = replace(state, in_table=False, level=0)
            case "intbl":
                self._state = replace(state, in_table=True)
            case "outlinelevel":
                self._state = replace(state, level=number + 1 if number is not None and 0 <= number < 9 else 0)
            case "s" if number in self._style_levels:
                self._state = replace(state, level=self._style_levels[number])

    def _style_property(self, word: str, number: int | None) -> None:
        if self._state.destination == "stylesheet" and word in ("s", "cs", "ds", "ts", "fs"):
            self._style = number or 0 if word == "s" else -1
            self._style_name = []
            self._state = replace(self._state, destination="style")
        elif word == "outlinelevel" and number is not None and 0 <= number < 9:
            self._style_levels[self._style] = number + 1

    def _end_style(self) -> None:
        found = re.match(r"(?:heading|kop|überschrift|titre) ?([1-9])\b", "".join(self._style_name).strip().lower())
        if found and self._style >= 0:
            self._style_levels.setdefault(self._style, int(found[1]))

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._state = replace(self._state, may_be_skipped=True)
        else:
            self._write(SYMBOLS.get(symbol, ""))

    def _byte(self, value: int) -> None:
        if self._to_skip:
            self._to_skip -= 1
        else:
            self._bytes.append(value)

    def _plain(self, plain: bytes) -> None:
        skipped = min(self._to_skip, len(plain))
        self._to_skip -= skipped
        self._bytes += plain[skipped:]

    def _flush_bytes(self) -> None:
        if self._bytes:
            text = self._bytes.decode(self._state.encoding or self._encoding, "replace")
            self._bytes.clear()
            self._write(text)

    def _write(self, text: str) -> None:
        state = self._state
        if state.destination in ("body", "footnote"):
            if state.removed:
                self._removed += bool(text.strip())
            elif state.hidden or state.tiny:
                self._hidden += bool(text.strip())
            else:
                self._line.text.append(text)
        elif state.destination == "style":
            self._style_name.append(text)
        elif state.destination.startswith("info:") and (key := _INFO.get(state.destination[5:])):
            self._info.setdefault(key, []).append(text)

    def _paragraph(self) -> None:
        if self._state.destination == "footnote":
            self._line.text.append(" ")
        elif self._state.destination == "body":
            if self._state.in_table or self._line.cells:
                self._line.text.append(" ")
                return
            text = paired("".join(self._line.text)).strip()
            self._line.text.clear()
            if text:
                self._table()
            if text and self._state.level:
                self._first_heading = self._first_heading or one_line(text)
                self._composer.add(one_line(text), Kind.HEADING, level=min(self._state.level, 6))
            else:
                self._composer.add(text)
            self._flush_notes()

    def _cell(self) -> None:
        if self._state.destination == "body":
            self._line.cells.append(one_line(paired("".join(self._line.text))))
            self._line.text.clear()

    def _row(self) -> None:
        if self._state.destination == "body":
            row = " | ".join(self._line.cells)
            self._line.cells.clear()
            if row.strip(" |"):
                self._rows.append(row)

    def _table(self) -> None:
        rows, self._rows = self._rows, []
        framed = all(" | " not in row for row in rows)
        for row in rows if framed else ():
            self._composer.add(row)
        if not framed:
            self._composer.add("\n".join(rows), Kind.TABLE)
        if rows:
            self._flush_notes()

    def _end_note(self) -> None:
        text = one_line(paired("".join(self._line.text)))
        self._line = self._outer.pop()
        self._notes_called += 1
        self._line.text.append(f"[{self._notes_called}]")
        self._notes.append(f"[{self._notes_called}] {text}")

    def _flush_notes(self) -> None:
        if not self._rows:
            notes, self._notes = self._notes, []
            for note in notes:
                self._composer.add(note)
