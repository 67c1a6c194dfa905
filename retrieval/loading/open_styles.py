"""What an OpenDocument file says about its text elsewhere than in it: which styles hide what they are put on, and the
automatic numbers of headings and lists, which stand in no text.

Knows styles and numbering of ODF 1.3 part 3 (16, 19 and 20). Reads no body text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
FORMAT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"

_LEVELS = 10
_LONGEST_CHAIN = 20
# In points: nobody reads smaller letters.
_UNREADABLE_SIZE = re.compile(r"(?:0(?:\.\d+)?|1(?:\.0*)?)(?:pt|px)")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    form: str = ""
    prefix: str = ""
    suffix: str = ""
    shown_levels: int = 1
    start: int = 1
    bullet: bool = False


@dataclass(slots=True)
class Styles:
    """The styles of one document."""

    hidden: frozenset[str]
    """Names of styles whose text or table, sheet or slide is not shown."""
    titles: frozenset[str]
    """Names of paragraph styles for the title of the whole document."""
    lists: dict[str, dict[int, _Level]]
    outline: dict[int, _Level]
    _counts: list[int] = field(default_factory=lambda: [0] * _LEVELS)

    def heading_label(self, level: int) -> str:
        """The number of the next heading of this level (from 1), '' where they are not numbered."""
        return _counted(self._counts, level, self.outline)

    def item_label(self, style: str, level: int, counts: list[int]) -> str:
        """The mark of the next item of a list; `counts` is where that list counts."""
        definition = self.lists.get(style, {}).get(level, _Level(bullet=True))
        return "-" if definition.bullet else _counted(counts, level, self.lists[style])


def new_counts() -> list[int]:
    """For a list that begins."""
    return [0] * _LEVELS


def read_styles(parts: Iterable[etree._Element]) -> Styles:
    """Collect the styles of the parts of a document (content and styles, or both in one)."""
    elements: dict[str, etree._Element] = {}
    lists: dict[str, dict[int, _Level]] = {}
    outline: dict[int, _Level] = {}
    for part in parts:
        elements |= {str(style.get(f"{STYLE}name")): style for style in part.iter(f"{STYLE}style")}
        lists |= {str(style.get(f"{STYLE}name")): _levels(style) for style in part.iter(f"{TEXT}list-style")}
        for style in part.iter(f"{TEXT}outline-style"):
            outline = _levels(style)
    hidden = frozenset(name for name in elements if _hides(name, elements))
    titles = frozenset(name for name in elements if _is_title(name, elements))
    return Styles(hidden, titles, lists, outline)


def _chain(name: str, elements: dict[str, etree._Element]) -> list[etree._Element]:
    chain: list[etree._Element] = []
    while (element := elements.get(name)) is not None and len(chain) < _LONGEST_CHAIN:
        chain.append(element)
        name = str(element.get(f"{STYLE}parent-style-name"))
    return chain


def _hides(name: str, elements: dict[str, etree._Element]) -> bool:
    """Whether a style hides: the first in its chain that says anything about it decides."""
    for element in _chain(name, elements):
        for properties in element:
            if properties.get(f"{TEXT}display") is not None:
                return properties.get(f"{TEXT}display") == "none"
            if properties.get(f"{TABLE}display") == "false":
                return True
            if properties.get(f"{PRESENTATION}visibility") == "hidden":
                return True
            if _UNREADABLE_SIZE.fullmatch(str(properties.get(f"{FORMAT}font-size") or "")):
                return True
    return False


def _is_title(name: str, elements: dict[str, etree._Element]) -> bool:
    return any(str(element.get(f"{STYLE}name")) == "Title" for element in _chain(name, elements))


def _levels(style: etree._Element) -> dict[int, _Level]:
    found = {}
    for element in style:
        level = element.get(f"{TEXT}level")
        if isinstance(element.tag, str) and level and level.isdecimal():
            found[int(level)] = _Level(
                form=str(element.get(f"{STYLE}num-format") or ""),
                prefix=str(element.get(f"{STYLE}num-prefix") or ""),
                suffix=str(element.get(f"{STYLE}num-suffix") or ""),
                shown_levels=_integer(element.get(f"{TEXT}display-levels"), 1),
                start=_integer(element.get(f"{TEXT}start-value"), 1),
                bullet=not element.tag.endswith(("-number", "outline-level-style")),
            )
    return found


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _counted(counts: list[int], level: int, levels: dict[int, _Level]) -> str:
    level = min(max(level, 1), _LEVELS)
    definition = levels.get(level, _Level())
    counts[level - 1] = counts[level - 1] + 1 if counts[level - 1] else definition.start
    counts[level:] = [0] * (_LEVELS - level)
    if not definition.form:
        return ""
    first = max(1, level - definition.shown_levels + 1)
    numbers = (
        _spell(counts[at - 1] or 1, levels.get(at, _Level()).form or "1")
        for at in range(first, level + 1)
        if at == level or levels.get(at, _Level()).form
    )
    return f"{definition.prefix}{'.'.join(numbers)}{definition.suffix}".strip()


def _spell(count: int, form: str) -> str:
    if form in ("a", "A"):
        letters = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 5)
        return letters if form == "a" else letters.upper()
    if form in ("i", "I") and count < 40:
        written, rest = "", count
        for value, letters in _ROMAN:
            written += letters * (rest // value)
            rest %= value
        return written if form == "i" else written.upper()
    return str(count)
