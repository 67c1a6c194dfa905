"""Read a PowerPoint presentation (.pptx): a slide is a page, its title a heading, its notes come after it.

Shapes are read in the order in which they stand on the slide, since the order in which they were drawn means nothing.
Refuses to run macros, to follow a link, and to read what an audience does not see: hidden slides and shapes."""

import io
from collections.abc import Iterator, Sequence
from itertools import chain

from lxml import etree
from pptx import Presentation
from pptx.exc import PythonPptxError
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.presentation import Presentation as PresentationFile
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide

from retrieval.loading.composing import Composer, one_line, tell
from retrieval.loading.loaded import Kind, Loaded, NotLoaded
from retrieval.loading.office_properties import custom_properties
from retrieval.loading.reading_order import Rectangle, in_reading_order
from retrieval.loading.unpacking import DAMAGED, check_archive

# What python-pptx and lxml raise on parts that are missing, malformed or not what their type says.
_BROKEN = (
    *DAMAGED, LookupError, ValueError, AttributeError, TypeError, AssertionError, ArithmeticError, RecursionError,
    etree.LxmlError, PythonPptxError,
)  # fmt: skip

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_DIAGRAM_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_MARGINS = frozenset({"dt", "ftr", "sldNum", "hdr"})
_TITLES = frozenset({"title", "ctrTitle"})
# In hundredths of a point: nobody reads smaller letters.
_UNREADABLE_SIZE = 100


def load_slides(name: str, content: bytes) -> Loaded:
    """Read the bytes of the PowerPoint file called `name`. Raises NotLoaded."""
    archive = check_archive(name, content)
    try:
        return _Reader(name, Presentation(io.BytesIO(content)), list(custom_properties(archive))).read()
    except _BROKEN as error:
        raise NotLoaded(
            f"{name} is damaged or not quite a PowerPoint presentation; "
            "open it in PowerPoint, save it as .pptx and add that."
        ) from error


class _Reader:
    def __init__(self, name: str, presentation: PresentationFile, custom: list[tuple[str, str]]) -> None:
        self._custom = custom
        self._name = name
        self._presentation = presentation
        self._composer = Composer(name)
        self._title = ""
        self._footers: list[str] = []
        self._hidden: list[str] = []
        self._unseen: list[str] = []
        self._pictures = 0
        self._objects = 0

    def read(self) -> Loaded:
        for number, slide in enumerate(self._presentation.slides, start=1):
            if slide.element.get("show") in ("0", "false"):
                self._hidden.append(str(number))
            else:
                self._slide(number, slide)
        if not self._composer.blocks and self._hidden:
            raise NotLoaded(f"{self._name} has text on hidden slides only; show them and add it again.")
        title, metadata = _properties(self._presentation)
        metadata["footer"] = " / ".join(dict.fromkeys(self._footers))
        for key, value in self._custom:
            tell(metadata, key, value)
        return self._composer.loaded(title=title or self._title, metadata=metadata, warnings=self._warnings())

    def _slide(self, number: int, slide: Slide) -> None:
        _choose_alternatives(slide.element)
        shapes = [shape for shape in slide.shapes if self._is_shown(number, shape)]
        title = next((shape for shape in shapes if _placeholder(shape) in _TITLES and _paragraphs(shape)), None)
        heading = " ".join(_paragraphs(title)) if title is not None else ""
        self._title = self._title or heading
        # Without a heading of its own a slide would be read as more of the one before.
        self._composer.add(heading or f"Slide {number}", Kind.HEADING, page=number, level=1)
        written = self._composer.blocks
        for shape in _ordered([shape for shape in shapes if shape is not title]):
            self._shape(number, shape)
        if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
            self._composer.add(_notes(frame._txBody), page=number)
        if not heading and self._composer.blocks == written:
            self._composer.drop_last()

    def _is_shown(self, number: int, shape: BaseShape) -> bool:
        kind = _placeholder(shape)
        if kind in _MARGINS:
            self._footers.extend(_paragraphs(shape) if kind in ("ftr", "hdr") else ())
            return False
        hidden = shape._element._nvXxPr.cNvPr.get("hidden") in ("1", "true")
        if hidden or self._is_beside(shape):
            self._unseen.extend([str(number)] if _has_text(shape) else [])
            return False
        return True

    def _is_beside(self, shape: BaseShape) -> bool:
        """Whether a shape lies wholly outside its slide."""
        area = _rectangle(shape)
        width, height = self._presentation.slide_width or 0, self._presentation.slide_height or 0
        if area is None or not width or not height:
            return False
        return area.left >= width or area.top >= height or area.right <= 0 or area.bottom <= 0

    def _shape(self, number: int, shape: BaseShape) -> None:
        if isinstance(shape, GroupShape):
            for inner in _ordered([inner for inner in shape.shapes if self._is_shown(number, inner)]):
                self._shape(number, inner)
        elif isinstance(shape, GraphicFrame):
            self._frame(number, shape)
        else:
            self._pictures += shape._element.tag.endswith("}pic")
            tiny = [paragraph for paragraph in shape._element.iter(f"{_A}p") if _is_tiny(paragraph)]
            self._unseen.extend([str(number)] if tiny else [])
            self._composer.add("\n".join(_paragraphs(shape)), page=number)

    def _frame(self, number: int, frame: GraphicFrame) -> None:
        if frame.has_table:
            rows = (
                " | ".join("" if cell.is_spanned else one_line(" ".join(_written(cell._tc))) for cell in row.cells)
                for row in frame.table.rows
            )
            self._composer.add("\n".join(row for row in rows if row.strip(" |")), Kind.TABLE, page=number)
        elif frame.has_chart:
            self._composer.add("\n".join(_chart(frame)), Kind.TABLE, page=number)
        elif data := next((one.get(_DIAGRAM_DATA) for one in frame._element.iter(f"{{{_DIAGRAM}}}relIds")), None):
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            points = etree.fromstring(frame.part.related_part(str(data)).blob, parser)
            self._composer.add("\n".join(_written(points)), page=number)
        else:
            self._objects += 1

    def _warnings(self) -> list[str]:
        parts = [str(part.partname) for part in self._presentation.part.package.iter_parts()]
        hidden, unseen = ", ".join(self._hidden), ", ".join(dict.fromkeys(self._unseen))
        comments = sum("/comments/" in part for part in parts)
        said = (
            (hidden, f"{self._name} has hidden slides ({hidden}); they were left out."),
            (unseen, f"{self._name} holds hidden text on slides ({unseen}); it was left out."),
            (comments, f"{self._name} holds reviewers' comments on slides ({comments}); they were not read."),
            (self._pictures, f"{self._name} holds pictures ({self._pictures}); text in them was not read."),
            (self._objects, f"{self._name} holds embedded objects ({self._objects}); text in them was not read."),
            (
                any(part.endswith("vbaProject.bin") for part in parts),
                f"{self._name} holds macros; they were neither run nor read.",
            ),
        )
        return [sentence for count, sentence in said if count]


def _properties(presentation: PresentationFile) -> tuple[str, dict[str, str]]:
    # Without this python-pptx makes properties up: a title, and today as the date.
    relationships = presentation.part.package._rels.values()
    if all(relationship.reltype != RELATIONSHIP_TYPE.CORE_PROPERTIES for relationship in relationships):
        return "", {}
    properties = presentation.core_properties
    fields = {"author": properties.author, "subject": properties.subject, "keywords": properties.keywords}
    for key, moment in (("created", properties.created), ("modified", properties.modified)):
        fields[key] = moment.date().isoformat() if moment else ""
    title = properties.title or ""
    # What PowerPoint and its templates write when nobody wrote a title.
    return "" if title.lower() in ("powerpoint presentation", "powerpoint-presentatie") else title, fields


def _choose_alternatives(slide: etree._Element) -> None:
    """Of the same thing told twice, for newer and older programs, keep the first."""
    for alternatives in list(slide.iter(_ALTERNATIVES)):
        parent = alternatives.getparent()
        if parent is not None:
            for child in list(alternatives[0]) if len(alternatives) else ():
                alternatives.addprevious(child)
            parent.remove(alternatives)


def _placeholder(shape: BaseShape) -> str:
    placeholder = shape._element.ph
    return "" if placeholder is None else str(placeholder.get("type", "obj"))


def _ordered(shapes: list[BaseShape]) -> Iterator[BaseShape]:
    """As they are read. A layout's own placeholders stand in the order that its designer gave them."""
    if all(shape.is_placeholder for shape in shapes):
        return iter(shapes)
    placed = [(shape, area) for shape in shapes if (area := _rectangle(shape)) is not None]
    known = {id(shape) for shape, _ in placed}
    return chain(in_reading_order(placed), (shape for shape in shapes if id(shape) not in known))


def _rectangle(shape: BaseShape) -> Rectangle | None:
    left, top, width, height = shape.left, shape.top, shape.width, shape.height
    if left is None or top is None or width is None or height is None:
        return None
    return Rectangle(left, top, left + width, top + height)


def _has_text(shape: BaseShape) -> bool:
    return any((text.text or "").strip() for text in shape._element.iter(f"{_A}t"))


def _paragraphs(shape: BaseShape) -> list[str]:
    return _written(shape._element)


def _written(element: etree._Element) -> list[str]:
    """The paragraphs within an element, one line or more each; what hangs below another is indented."""
    found = []
    for paragraph in element.iter(f"{_A}p"):
        if _is_tiny(paragraph):
            continue
        text = _text(paragraph).strip()
        properties = paragraph.find(f"{_A}pPr")
        level = str(properties.get("lvl", "0")) if properties is not None else "0"
        depth = int(level) if level.isascii() and level.isdigit() and len(level) == 1 else 0
        if text:
            found.append("  " * (depth - 1) + "- " + text if depth else text)
    return found


def _text(paragraph: etree._Element) -> str:
    written = []
    for element in paragraph.iter(f"{_A}t", f"{_A}br", _MATH_TEXT):
        written.append("\n" if element.tag == f"{_A}br" else element.text or "")
    return "".join(written)


def _is_tiny(paragraph: etree._Element) -> bool:
    sizes = [str(run.get("sz", "")) for run in paragraph.iter(f"{_A}rPr")]
    return bool(sizes) and all(size.isdigit() and int(size) <= _UNREADABLE_SIZE for size in sizes)


def _notes(body: etree._Element) -> str:
    lines = _written(body)
    return "\n".join(["Notes:", *lines]) if lines else ""


def _chart(frame: GraphicFrame) -> Iterator[str]:
    """The figures behind a chart, as the table that they were drawn from."""
    chart = frame.chart
    if chart.has_title and chart.chart_title.has_text_frame:
        yield one_line(chart.chart_title.text_frame.text)
    for plot in chart.plots:
        series = list(plot.series)
        yield " | ".join(["", *(one_line(str(one.name)) for one in series)])
        columns: list[Sequence[object]] = [list(one.values) for one in series]
        for index, category in enumerate(plot.categories):
            values = (column[index] if index < len(column) else None for column in columns)
            yield " | ".join([one_line(str(category)), *("" if value is None else f"{value:.15g}" for value in values)])
