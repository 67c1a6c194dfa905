"""Read an example source: its front matter, and its body as blocks.

Knows the small Markdown that the sources use: headings, paragraphs of one line, '- ' and '1. ' items, tables, page
markers and raw HTML. Refuses to know the formats that are made of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

_PAGE_MARKER = re.compile(r"<!-- p\.(\d+) -->")
_HEADING = re.compile(r"(#{1,6}) (.+)")
_ITEM = re.compile(r"(-|\d+\.) (.+)")


@dataclass(frozen=True, slots=True)
class Source:
    """One document as written: what its front matter says, and its body."""

    file: str
    format: str
    title: str
    language: str
    date: date
    marking: str
    body: str
    extra: dict[str, str] = field(default_factory=dict)
    """The other lines of the front matter: 'supersedes' and the addresses of a message."""


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, or an item of a list when it has a bullet ('-' or '1.')."""

    text: str
    bullet: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first row is its header."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    number: int


@dataclass(frozen=True, slots=True)
class Raw:
    """Markup that goes into an HTML file as it is."""

    markup: str


Block = Heading | Text | Grid | NewPage | Raw


def read_source(path: Path) -> Source:
    """Read a source file: front matter between two '---' lines, then the body. Raises ValueError without it."""
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ValueError(f"{path.name} does not open with front matter between two lines of ---")
    values = dict(line.split(": ", 1) for line in parts[1].splitlines())
    try:
        named = {name: values.pop(name) for name in ("file", "format", "title", "language", "marking")}
        on = date.fromisoformat(values.pop("date"))
    except KeyError as error:
        raise ValueError(f"{path.name} lacks {error} in its front matter") from error
    return Source(**named, date=on, body=parts[2], extra=values)


def blocks(body: str) -> Iterator[Block]:
    """Read the body as blocks, in order."""
    lines = body.splitlines()
    while lines:
        line = lines.pop(0)
        if not line.strip():
            continue
        if marker := _PAGE_MARKER.fullmatch(line):
            yield NewPage(int(marker[1]))
        elif heading := _HEADING.fullmatch(line):
            yield Heading(len(heading[1]), heading[2])
        elif item := _ITEM.fullmatch(line):
            yield Text(item[2], bullet=item[1])
        elif line == "```html":
            end = lines.index("```")
            yield Raw("\n".join(lines[:end]))
            del lines[: end + 1]
        elif line.startswith("|"):
            rows = [line]
            while lines and lines[0].startswith("|"):
                rows.append(lines.pop(0))
            cells = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]
            yield Grid((cells[0], *cells[2:]))
        else:
            yield Text(line)
