"""What a Word document says about its paragraphs elsewhere than in them: which style is a heading or hidden, and the
automatic numbers ('2.3', 'Artikel 4', 'b)'), which stand in no text.

Knows styles and numbering of WordprocessingML (ECMA-376 part 1, 17.7 and 17.9). Reads no body text."""

import re
from dataclasses import dataclass, field, replace

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_BODY_LEVEL = 9
# Word stores built-in names in English whatever its language; other programs write the localized one.
_HEADING_NAME = re.compile(r"(?:heading|kop|überschrift|titre) ?([1-9])", re.IGNORECASE)
_TITLE_NAMES = ("title", "titel", "titre")
_LONGEST_CHAIN = 20
# A counter in letters or Roman numerals beyond this is a document made to be slow to read.
_LARGEST_SPELLED = 1000


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says that matters to a reader of the text."""

    level: int = 0
    """1-9 for a heading, otherwise 0."""
    is_title: bool = False
    hidden: bool = False
    shaded: bool = False
    """Whether its text stands on a colour, where white letters can be read."""
    number: str = ""
    """The w:numId of its paragraphs, '' for none."""
    number_level: str = ""


def read_styles(part: etree._Element | None) -> dict[str, Style]:
    """Every style by its id, with what it inherits."""
    if part is None:
        return {}
    elements = {str(style.get(f"{W}styleId")): style for style in part.iterchildren(f"{W}style")}
    return {identity: _inherited(identity, elements) for identity in elements}


def _inherited(identity: str, elements: dict[str, etree._Element]) -> Style:
    chain: list[etree._Element] = []
    while (element := elements.get(identity)) is not None and len(chain) < _LONGEST_CHAIN:
        chain.append(element)
        identity = descend(element, "basedOn")
    style = Style()
    for element in reversed(chain):
        style = _with(style, element)
    return style


def _with(style: Style, element: etree._Element) -> Style:
    name = descend(element, "name")
    heading = _HEADING_NAME.fullmatch(name)
    outline = element.find(f"{W}pPr/{W}outlineLvl")
    vanish = element.find(f"{W}rPr/{W}vanish")
    if heading:
        style = replace(style, level=int(heading[1]))
    elif outline is not None:
        style = replace(style, level=outline_level(element))
    if name.lower() in _TITLE_NAMES:
        style = replace(style, level=1, is_title=True)
    if vanish is not None:
        style = replace(style, hidden=is_on(vanish))
    if any(element.find(f"{W}{properties}/{W}shd") is not None for properties in ("rPr", "pPr", "tcPr")):
        style = replace(style, shaded=True)
    return replace(
        style,
        number=descend(element, "pPr", "numPr", "numId") or style.number,
        number_level=descend(element, "pPr", "numPr", "ilvl") or style.number_level,
    )


def outline_level(element: etree._Element) -> int:
    """The heading level that a paragraph or style sets directly: 1-9, or 0 for body text."""
    outline = descend(element, "pPr", "outlineLvl")
    return _integer(outline) + 1 if outline and _integer(outline) < _BODY_LEVEL else 0


def descend(element: etree._Element, *names: str) -> str:
    """The w:val of a child of a child ..., '' where there is none."""
    found = element.find("/".join(W + name for name in names))
    return "" if found is None else str(found.get(f"{W}val") or "")


def is_on(switch: etree._Element) -> bool:
    """Whether a property that is present is meant: <w:vanish w:val="false"/> is not."""
    return str(switch.get(f"{W}val") or "true").lower() not in ("false", "0", "off", "none")


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    pattern: str = ""


@dataclass(slots=True)
class _Scheme:
    levels: dict[int, _Level] = field(default_factory=dict)
    level_of_style: dict[str, int] = field(default_factory=dict)
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbering:
    """The counters of one document. Ask for the paragraphs in order: every answer counts."""

    def __init__(self, part: etree._Element | None) -> None:
        self._schemes: dict[str, _Scheme] = {}
        self._scheme_of: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        if part is None:
            return
        for abstract in part.iterchildren(f"{W}abstractNum"):
            self._schemes[str(abstract.get(f"{W}abstractNumId"))] = _scheme(abstract)
        for number in part.iterchildren(f"{W}num"):
            identity = str(number.get(f"{W}numId"))
            self._scheme_of[identity] = descend(number, "abstractNumId")
            self._restarts[identity] = {
                _integer(str(override.get(f"{W}ilvl"))): _integer(descend(override, "startOverride"))
                for override in number.iterchildren(f"{W}lvlOverride")
                if override.find(f"{W}startOverride") is not None
            }

    def label(self, number: str, level: int | None, style: str) -> str:
        """Count a paragraph and say its number: '' if it has none, '-' for a bullet. `number` is its w:numId, `level`
        its w:ilvl; where it does not say, `style` decides."""
        scheme = self._schemes.get(self._scheme_of.get(number, ""))
        if scheme is None:
            return ""
        at = min(max(scheme.level_of_style.get(style, 0) if level is None else level, 0), _LEVELS - 1)
        if at in (restarts := self._restarts.get(number, {})):
            scheme.counts[at] = restarts.pop(at) - 1
        for below in range(at):
            if scheme.counts[below] is None:
                scheme.counts[below] = scheme.levels.get(below, _Level()).start
        count = scheme.counts[at]
        definition = scheme.levels.get(at, _Level())
        scheme.counts[at] = definition.start if count is None else count + 1
        scheme.counts[at + 1 :] = [None] * (_LEVELS - at - 1)
        if definition.form in ("bullet", "none"):
            return "-" if definition.form == "bullet" else ""
        label = definition.pattern
        for position in range(_LEVELS):
            if f"%{position + 1}" in label:
                form = scheme.levels.get(position, _Level()).form
                label = label.replace(f"%{position + 1}", _spell(scheme.counts[position] or 0, form))
        return label.strip()


def _scheme(abstract: etree._Element) -> _Scheme:
    scheme = _Scheme()
    for element in abstract.iterchildren(f"{W}lvl"):
        at = _integer(str(element.get(f"{W}ilvl")))
        scheme.levels[at] = _Level(
            start=_integer(descend(element, "start") or "1"),
            form=descend(element, "numFmt") or "decimal",
            pattern=descend(element, "lvlText"),
        )
        if style := descend(element, "pStyle"):
            scheme.level_of_style[style] = at
    return scheme


def _integer(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _spell(count: int, form: str) -> str:
    if not 0 < count <= _LARGEST_SPELLED:
        return str(count)
    if form in ("lowerLetter", "upperLetter"):
        # a ... z, aa, bb ... (17.18.59)
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(count)
        return roman if form == "upperRoman" else roman.lower()
    return f"{count:02}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    numerals = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    written = ""
    for value, letters in (*numerals, (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        written += letters * (count // value)
        count %= value
    return written
