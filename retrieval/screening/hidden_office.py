"""Find text in an Office file that a reader does not see: hidden, white on nothing, too small, off the slide.

Knows how Word, Excel, PowerPoint and OpenDocument hide a text. Refuses to guess at colours that a theme or a picture
decides: on a slide nearly every background does, so white text is not looked for there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from retrieval.screening.addressing import unseen
from retrieval.screening.flags import Flag, Place, Severity
from retrieval.screening.markup import local, parse
from retrieval.screening.packages import Parts

_SMALLEST_HALF_POINTS = 2
_SMALLEST_HUNDREDTHS = 100
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT_PARTS = re.compile(r"word/(?:(?:document|header|footer)\d*|footnotes|endnotes)\.xml", re.IGNORECASE)
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml", re.IGNORECASE)
_WHITE = re.compile(r"(?:#|ff)?f[c-f]f[c-f]f[c-f]", re.IGNORECASE)
_LONGEST_CHAIN = 20
# A drawing may stand a little off the page; a page of A0 is 42.8 million EMU high.
_FAR_EMU = 43_000_000


def hidden_text(archive: Parts) -> Iterator[Flag]:
    """Flag hidden text of an Office Open XML or OpenDocument archive. Raises what `Parts` raises."""
    names = {name.lower(): name for name in archive.names}
    if "word/document.xml" in names or any(_TEXT_PARTS.fullmatch(name) for name in names):
        yield from _in_word(archive, names)
    elif "xl/workbook.xml" in names:
        yield from _in_workbook(archive, names)
    elif "ppt/presentation.xml" in names:
        yield from _in_slides(archive, names)
    elif "content.xml" in names:
        yield from _in_open_document(archive.read(names["content.xml"]))


@dataclass(frozen=True, slots=True)
class _Look:
    """What decides whether a run of Word text is seen; None where it does not say."""

    vanish: bool | None = None
    white: bool | None = None
    shaded: bool | None = None
    tiny: bool | None = None

    @property
    def is_unseen(self) -> bool:
        return bool(self.vanish or self.tiny or (self.white and not self.shaded))


def _in_word(archive: Parts, names: dict[str, str]) -> Iterator[Flag]:
    styles = _styles(parse(archive.read(names["word/styles.xml"]))) if "word/styles.xml" in names else {}
    for lower, name in names.items():
        if _TEXT_PARTS.fullmatch(lower):
            for number, paragraph in enumerate(parse(archive.read(name)).iter(f"{_W}p"), start=1):
                text = "".join(_unseen_runs(paragraph, styles))
                yield from unseen(text, Place(part=f"{name}, paragraph {number}"))


def _unseen_runs(paragraph: etree._Element, styles: dict[str, _Look]) -> Iterator[str]:
    base = styles.get(_value(paragraph, "pPr", "pStyle"), _Look())
    for run in paragraph.iter(f"{_W}r"):
        if next(run.iterancestors(f"{_W}p"), None) is not paragraph:
            continue  # Of a text box: that is a paragraph of its own.
        text = "".join(part.text or "" for part in run.iter(f"{_W}t", f"{_W}delText"))
        if not text.strip():
            continue
        look = _over(_over(base, styles.get(_value(run, "rPr", "rStyle"), _Look())), _look(run.find(f"{_W}rPr")))
        if any(map(_is_shaded, run.iterancestors(f"{_W}p", f"{_W}tc", f"{_W}tbl", f"{_W}txbxContent"))):
            look = replace(look, shaded=True)
        if look.is_unseen or _is_far(run):
            yield text


def _styles(root: etree._Element) -> dict[str, _Look]:
    elements = {str(style.get(f"{_W}styleId")): style for style in root.iter(f"{_W}style")}
    return {identity: _style(identity, elements) for identity in elements}


def _style(identity: str, elements: dict[str, etree._Element]) -> _Look:
    look, chain = _Look(), 0
    while (element := elements.get(identity)) is not None and chain < _LONGEST_CHAIN:
        look, chain = _over(_look(element.find(f"{_W}rPr")), look), chain + 1
        identity = _value(element, "basedOn")
    return look


def _look(properties: etree._Element | None) -> _Look:
    if properties is None:
        return _Look()
    look = _Look()
    for element in properties:
        tag, value = local(str(element.tag)), str(element.get(f"{_W}val") or "")
        if tag == "vanish":
            look = replace(look, vanish=value.lower() not in ("false", "0", "off"))
        elif tag == "color":
            look = replace(look, white=bool(_WHITE.fullmatch(value)))
        elif tag == "sz":
            look = replace(look, tiny=value.isdecimal() and int(value) <= _SMALLEST_HALF_POINTS)
        elif tag in ("shd", "highlight"):
            look = replace(look, shaded=_is_filled(element))
    return look


def _over(base: _Look, above: _Look) -> _Look:
    return _Look(
        vanish=base.vanish if above.vanish is None else above.vanish,
        white=base.white if above.white is None else above.white,
        shaded=base.shaded if above.shaded is None else above.shaded,
        tiny=base.tiny if above.tiny is None else above.tiny,
    )


def _is_filled(element: etree._Element) -> bool:
    fill = str(element.get(f"{_W}fill") or element.get(f"{_W}val") or "").lower()
    return fill not in ("", "auto", "none", "clear", "white", "ffffff")


def _is_shaded(element: etree._Element) -> bool:
    # A table or a text box may be filled in ways of its own; white text in them is mostly a heading on a colour.
    if local(str(element.tag)) in ("tbl", "txbxContent"):
        return True
    return any(_is_filled(one) for one in element.iterfind(f"{_W}{local(str(element.tag))}Pr/{_W}shd"))


def _is_far(run: etree._Element) -> bool:
    for anchor in run.iterancestors("{*}anchor"):
        offsets = [str(offset.text or "0") for offset in anchor.iter("{*}posOffset")]
        if any(offset.lstrip("-").isdecimal() and abs(int(offset)) > _FAR_EMU for offset in offsets):
            return True
    return False


def _value(element: etree._Element, *names: str) -> str:
    found = element.find("/".join(_W + name for name in names))
    return "" if found is None else str(found.get(f"{_W}val") or "")


def _in_workbook(archive: Parts, names: dict[str, str]) -> Iterator[Flag]:
    targets = _targets(archive, names)
    strings = _shared_strings(archive, names)
    blank = _unseen_formats(parse(archive.read(names["xl/styles.xml"]))) if "xl/styles.xml" in names else frozenset()
    for sheet in parse(archive.read(names["xl/workbook.xml"])).iter("{*}sheet"):
        title, state = str(sheet.get("name")), str(sheet.get("state") or "visible")
        target = targets.get(next((str(value) for key, value in sheet.items() if local(str(key)) == "id"), ""), "")
        name = names.get(target.lower())
        if name is None:
            continue
        root, place = parse(archive.read(name)), Place(part=f"sheet {title}")
        if state != "visible":
            text = " ".join(_cell_text(cell, strings) for cell in root.iter("{*}c"))
            yield from unseen(text, Place(part=f"sheet {title} ({state})"))
        else:
            yield from _in_sheet(root, place, strings, blank)


def _in_sheet(root: etree._Element, place: Place, strings: list[str], blank: frozenset[int]) -> Iterator[Flag]:
    columns = _hidden_columns(root)
    folded: list[str] = []
    for row in root.iter("{*}row"):
        is_hidden = str(row.get("hidden")) in ("1", "true")
        for cell in row.iterfind("{*}c"):
            text, reference = _cell_text(cell, strings), str(cell.get("r") or "")
            if is_hidden or re.sub(r"\d", "", reference) in columns:
                folded.append(text)
            elif str(cell.get("s") or "").isdecimal() and int(str(cell.get("s"))) in blank and text:
                yield from unseen(text, replace(place, part=f"{place.part}, {reference}"))
    # Folding rows and columns away is how people work with a sheet.
    yield from unseen(" ".join(folded), place, severity=Severity.NOTE)


def _hidden_columns(root: etree._Element) -> frozenset[str]:
    hidden = set()
    for column in root.iter("{*}col"):
        if str(column.get("hidden")) in ("1", "true"):
            first, last = (str(column.get(key) or "0") for key in ("min", "max"))
            if first.isdecimal() and last.isdecimal():
                hidden |= {_letters(number) for number in range(int(first), min(int(last), 16_384) + 1)}
    return frozenset(hidden)


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _targets(archive: Parts, names: dict[str, str]) -> dict[str, str]:
    if "xl/_rels/workbook.xml.rels" not in names:
        return {}
    relations = parse(archive.read(names["xl/_rels/workbook.xml.rels"])).iter("{*}Relationship")
    return {
        str(one.get("Id")): target.lstrip("/") if (target := str(one.get("Target"))).startswith("/") else f"xl/{target}"
        for one in relations
    }


def _shared_strings(archive: Parts, names: dict[str, str]) -> list[str]:
    if "xl/sharedstrings.xml" not in names:
        return []
    entries = parse(archive.read(names["xl/sharedstrings.xml"])).iter("{*}si")
    return ["".join(part.text or "" for part in entry.iter("{*}t")) for entry in entries]


def _cell_text(cell: etree._Element, strings: list[str]) -> str:
    value = cell.findtext("{*}v") or ""
    if str(cell.get("t")) == "s":
        return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
    if str(cell.get("t")) == "inlineStr":
        return "".join(part.text or "" for part in cell.iter("{*}t"))
    return value if str(cell.get("t")) == "str" else ""


def _unseen_formats(root: etree._Element) -> frozenset[int]:
    """Which cell formats show nothing: white on no fill, one point, or the number format ';;;'."""
    fonts = [_is_unseen_font(font) for font in root.iterfind("{*}fonts/{*}font")]
    blank = {str(one.get("numFmtId")) for one in root.iter("{*}numFmt") if str(one.get("formatCode")) == ";;;"}
    formats = list(root.iterfind("{*}cellXfs/{*}xf"))
    return frozenset(
        index
        for index, one in enumerate(formats)
        if str(one.get("numFmtId")) in blank
        or (
            (font := str(one.get("fontId") or "0")).isdecimal()
            and int(font) < len(fonts)
            and fonts[int(font)]
            and str(one.get("fillId") or "0") == "0"
        )
    )


def _is_unseen_font(font: etree._Element) -> bool:
    color, size = font.find("{*}color"), font.find("{*}sz")
    white = color is not None and bool(_WHITE.fullmatch(str(color.get("rgb") or "")) or str(color.get("theme")) == "0")
    return white or (size is not None and str(size.get("val")) in ("0", "1", "0.5"))


def _in_slides(archive: Parts, names: dict[str, str]) -> Iterator[Flag]:
    size = parse(archive.read(names["ppt/presentation.xml"])).find("{*}sldSz")
    width, height = (_integer(None if size is None else size.get(key)) for key in ("cx", "cy"))
    for lower, name in names.items():
        if not (found := _SLIDE.fullmatch(lower)):
            continue
        root, place = parse(archive.read(name)), Place(page=int(found[1]))
        if str(root.get("show")) in ("0", "false"):
            yield from unseen(_drawn(root), place)
            continue
        for shape in root.iter("{*}sp", "{*}graphicFrame"):
            is_hidden = any(str(one.get("hidden")) in ("1", "true") for one in shape.iter("{*}cNvPr"))
            if is_hidden or _is_off(shape, width, height):
                yield from unseen(_drawn(shape), place)
            else:
                yield from unseen("".join(_drawn(run) for run in shape.iter("{*}r") if _is_tiny(run)), place)


def _drawn(element: etree._Element) -> str:
    return " ".join(part.text or "" for part in element.iter("{*}t"))


def _is_tiny(run: etree._Element) -> bool:
    size = next((str(one.get("sz")) for one in run.iterfind("{*}rPr")), "")
    return (size.isdecimal() and int(size) <= _SMALLEST_HUNDREDTHS) or any(
        str(alpha.get("val")) in ("0", "0%") for alpha in run.iterfind("{*}rPr/{*}solidFill//{*}alpha")
    )


def _is_off(shape: etree._Element, width: int, height: int) -> bool:
    if any(local(str(above.tag)) == "grpSp" for above in shape.iterancestors()):
        return False  # Its place counts in the group's own measure.
    form = next(shape.iter("{*}xfrm"), None)
    offset, extent = (None, None) if form is None else (form.find("{*}off"), form.find("{*}ext"))
    if offset is None or extent is None or not width:
        return False
    left, top = _integer(offset.get("x")), _integer(offset.get("y"))
    right, bottom = left + _integer(extent.get("cx")), top + _integer(extent.get("cy"))
    return left >= width or top >= height or right <= 0 or bottom <= 0


def _integer(text: object) -> int:
    digits = str(text or "0")
    return int(digits) if re.fullmatch(r"-?\d{1,15}", digits) else 0


def _in_open_document(content: bytes) -> Iterator[Flag]:
    root = parse(content)
    styles = {str(_attribute(style, "name")) for style in root.iter("{*}style") if _is_unseen_style(style)}
    for element in root.iter(etree.Element):
        tag = local(str(element.tag))
        if tag in ("hidden-text", "hidden-paragraph") or _attribute(element, "style-name") in styles:
            text = "".join(str(part) for part in element.itertext()) or _attribute(element, "string-value")
            yield from unseen(text, Place(part=tag))
        elif tag in ("table-row", "table-column") and _attribute(element, "visibility") == "collapse":
            yield from unseen(" ".join(map(str, element.itertext())), Place(part=tag), severity=Severity.NOTE)


def _is_unseen_style(style: etree._Element) -> bool:
    family = _attribute(style, "family")
    for properties in style:
        if family == "table" and _attribute(properties, "display") == "false":
            return True
        if family == "drawing-page" and _attribute(properties, "visibility") == "hidden":
            return True
        if family in ("text", "paragraph") and local(str(properties.tag)) == "text-properties":
            white = bool(_WHITE.fullmatch(_attribute(properties, "color")))
            on_nothing = _attribute(properties, "background-color") in ("", "transparent")
            tiny = _attribute(properties, "font-size") in ("0pt", "0.5pt", "1pt")
            if _attribute(properties, "display") == "none" or tiny or (white and on_nothing and family == "text"):
                return True
    return False


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(value) for key, value in element.items() if local(str(key)) == name), "")
