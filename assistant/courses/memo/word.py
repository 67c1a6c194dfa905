"""Write a memo as DOCX: styles, header and footer with the marking, page numbers, real footnotes.

The same memo makes the same bytes."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from assistant.courses.memo.sections import DecisionMemo, Paragraph, Table
from assistant.courses.memo.wording import words

_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FONT = "Arial"
_INK = RGBColor(0x15, 0x42, 0x73)
# The earliest that a ZIP archive can tell.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
# ECMA-376, 17.11.23: the first two footnotes are the line above the notes and its continuation.
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)


def as_docx(memo: DecisionMemo) -> bytes:
    """Return the memo as the bytes of a DOCX file (ECMA-376)."""
    document = Document()
    _style(document, memo)
    _frame(document, memo)
    document.add_paragraph(memo.title, style="Title")
    document.add_paragraph(memo.subtitle, style="Subtitle")
    told = f"{words('author', memo.language)}: {memo.author} · {words('date', memo.language)} {memo.dated}"
    document.add_paragraph(told)
    notes: list[str] = []
    for section in memo.sections:
        document.add_heading(section.title, level=section.level)
        for block in section.blocks:
            if isinstance(block, Table):
                _table(document, block)
            else:
                _paragraph(document, block, memo.footnotes, notes)
    _footnotes(document, notes)
    buffer = io.BytesIO()
    document.save(buffer)
    return _dateless(buffer.getvalue())


def _style(document: Any, memo: DecisionMemo) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.5)
    styles = document.styles
    for name, size, before, after in (
        ("Normal", 10, 0, 4),
        ("Title", 22, 0, 2),
        ("Subtitle", 13, 0, 8),
        ("Heading 1", 14, 16, 4),
        ("Heading 2", 11.5, 10, 3),
        ("Heading 3", 10.5, 8, 2),
        ("List Bullet", 10, 0, 2),
    ):
        style = styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.attrib):
            if key.endswith("Theme"):
                del fonts.attrib[key]
        for one in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(one), _FONT)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        if name != "Normal" and name != "List Bullet":
            style.font.color.rgb, style.font.italic = _INK, False
    for name, kind in (("Footnote Text", WD_STYLE_TYPE.PARAGRAPH), ("Footnote Reference", WD_STYLE_TYPE.CHARACTER)):
        style = styles.add_style(name, kind)
        style.font.name = _FONT
        style.font.size = Pt(8) if kind == WD_STYLE_TYPE.PARAGRAPH else None
        style.font.superscript = kind == WD_STYLE_TYPE.CHARACTER
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "nl-NL" if memo.language == "nl" else "en-GB")
    run = styles["Normal"].element.get_or_add_rPr()
    for old in run.findall(qn("w:lang")):
        run.remove(old)
    run.append(spoken)


def _frame(document: Any, memo: DecisionMemo) -> None:
    """Put the marking at the head and foot of each page, and say in the file whose it is."""
    section = document.sections[0]
    for part in (section.header, section.footer):
        paragraph = part.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(memo.marking).bold = True
    number = section.footer.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.add_run(f"{words('page', memo.language)} ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number._p.append(field)
    about = document.core_properties
    about.title, about.author, about.subject = memo.title, memo.author, memo.subtitle
    about.keywords, about.comments, about.last_modified_by = memo.marking, "", memo.author
    about.created = about.modified = datetime.fromisoformat(memo.dated)
    about.language = "nl-NL" if memo.language == "nl" else "en-GB"


def _paragraph(document: Any, block: Paragraph, footnotes: Sequence[str], notes: list[str]) -> None:
    """Add a paragraph, and to `notes` those that it refers to: each reference needs a note of its own, in its order,
    because programs number them as they come."""
    paragraph = document.add_paragraph(style="List Bullet" if block.bullet else "Normal")
    run = paragraph.add_run(block.text)
    if not block.bullet and block.text.endswith(":"):
        # A label of the lines below it.
        run.bold, paragraph.paragraph_format.keep_with_next = True, True
        paragraph.paragraph_format.space_before = Pt(6)
    for number in block.notes:
        mark = paragraph.add_run()
        mark.style = "Footnote Reference"
        reference = OxmlElement("w:footnoteReference")
        notes.append(footnotes[number - 1])
        reference.set(qn("w:id"), str(len(notes)))
        mark._r.append(reference)


def _table(document: Any, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.header), style="Table Grid")
    for row, cells in [(table.rows[0], block.header), *((table.add_row(), cells) for cells in block.rows)]:
        for cell, text in zip(row.cells, cells, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            run = paragraph.add_run(text)
            run.font.size = Pt(8.5)
            run.bold = row is table.rows[0] or cells is block.header
    # What is read aloud with each cell, and repeated on each page.
    head = table.rows[0]._tr.get_or_add_trPr()
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head.append(repeated)
    for cell in table.rows[0].cells:
        shade = OxmlElement("w:shd")
        for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", "DCE6F0")):
            shade.set(qn(name), value)
        cell._tc.get_or_add_tcPr().append(shade)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _footnotes(document: Any, notes: Sequence[str]) -> None:
    """Add the notes as a part of their own: python-docx has no words for them."""
    told = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
        '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {escape(note)}</w:t></w:r></w:p></w:footnote>'
        for number, note in enumerate(notes, start=1)
    )
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    xml = f'{declared}<w:footnotes xmlns:w="{_WORD}">{_SEPARATORS}{told}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES_TYPE, xml.encode(), document.part.package)
    document.part.relate_to(part, _FOOTNOTES)


def _dateless(archive: bytes) -> bytes:
    """Return a ZIP archive with all its times the same."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _ZIP_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
