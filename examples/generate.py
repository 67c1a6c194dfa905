"""Turn the example sources into the example corpus: PDF, DOCX, XLSX, Markdown, HTML and EML, the same bytes every run.

    python examples/generate.py [--output FOLDER] [--injected FOLDER --injections FILE]

Needs reportlab, python-docx and openpyxl. Knows one writer for each format, and how to make its bytes depend on
the source alone. Refuses to know what the documents say, how Stafwijzer loads them and which questions are asked."""

import argparse
import html
import io
import os
import re
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from generate_injections import write_injections
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle
from sources import Grid, Heading, NewPage, Raw, Source, Text, blocks, read_source

HERE = Path(__file__).resolve().parent
AUTHOR = "Exercise NOORDERLICHT 26 (fictional)"
PAGE_WORD = {"nl": "Pagina", "en": "Page"}


def main(arguments: list[str]) -> int:
    """Write the whole corpus into the output folder; return the exit code."""
    parser = argparse.ArgumentParser(description="Generate the example corpus from its sources.")
    parser.add_argument(
        "--output", type=Path, default=HERE / "corpus", help="default: the corpus folder beside this file"
    )
    parser.add_argument("--injected", type=Path, default=HERE / "injected", help="folder of the attacked documents")
    parser.add_argument("--injections", type=Path, default=HERE / "injections.jsonl", help="the questions about them")
    told = parser.parse_args(arguments)
    output: Path = told.output
    output.mkdir(parents=True, exist_ok=True)
    sources = [read_source(path) for path in sorted((HERE / "source").glob("*.md"))]
    for source in sources:
        (output / source.file).write_bytes(WRITERS[source.format](source))
    injected = write_injections(told.injected, told.injections)
    print(f"{len(sources)} documents in {output}, {injected} in {told.injected}")
    return 0


def write_pdf(source: Source) -> bytes:
    # reportlab takes the dates of a file from this variable and from nowhere else.
    os.environ["SOURCE_DATE_EPOCH"] = str(int(_moment(source).timestamp()))
    body = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=13.5, spaceAfter=5)
    item = ParagraphStyle("item", body, leftIndent=14, bulletIndent=2, spaceAfter=3)
    cell = ParagraphStyle("cell", body, fontSize=8.5, leading=10.5, spaceAfter=0)
    strong_cell = ParagraphStyle("strong cell", cell, fontName="Helvetica-Bold")
    headings = [
        ParagraphStyle(
            f"heading {size}", body, fontName="Helvetica-Bold", fontSize=size, leading=size + 4, keepWithNext=1
        )
        for size in (15, 12, 10.5)
    ]
    flow: list[Any] = []
    for block in blocks(source.body):
        match block:
            case Heading(level, text):
                flow.append(Paragraph(html.escape(text), headings[min(level, 3) - 1]))
            case Text(text, ""):
                flow.append(Paragraph(html.escape(text, quote=False), body))
            case Text(text, bullet):
                sign = "\N{BULLET}" if bullet == "-" else bullet
                flow.append(Paragraph(html.escape(text, quote=False), item, bulletText=sign))
            case Grid(rows):
                flow.extend((_pdf_table(rows, cell, strong_cell), Spacer(1, 6)))
            case NewPage(number) if number > 1:
                flow.append(PageBreak())
            case NewPage() | Raw():
                pass

    def frame(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 12 * mm, source.marking)
        page = f"{PAGE_WORD[source.language]} {document.page}"
        canvas.drawCentredString(A4[0] / 2, 10 * mm, f"{source.marking} | {source.title} | {page}")

    out = io.BytesIO()
    SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        topMargin=20 * mm,
        bottomMargin=18 * mm,
        title=source.title,
        author=AUTHOR,
        subject=source.marking,
        lang=source.language,
        invariant=1,
        # Not compressed: another build of zlib may give other bytes for the same text.
        pageCompression=0,
    ).build(flow, onFirstPage=frame, onLaterPages=frame)
    return out.getvalue()


def _pdf_table(rows: tuple[tuple[str, ...], ...], cell: Any, header: Any) -> Any:
    columns = list(zip(*rows, strict=True))
    # A short cell ("WK 419640") stays on one line; what room is left goes to the columns with long text.
    least = [
        max(_width(text if len(text) <= 12 else max(text.split(), key=len)) for text in column) for column in columns
    ]
    wanted = [max(map(_width, column)) - at_least for column, at_least in zip(columns, least, strict=True)]
    room = A4[0] - 44 * mm - 12 - sum(least)  # 12: the frame keeps 6 points on both sides
    widths = [at_least + room * more / sum(wanted) for at_least, more in zip(least, wanted, strict=True)]
    grid = [
        [Paragraph(html.escape(text, quote=False), cell if at else header) for text in row]
        for at, row in enumerate(rows)
    ]
    style = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
            ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    return Table(grid, colWidths=widths, repeatRows=1, style=style)


def _width(text: str) -> float:
    """In points, as a bold cell with its padding."""
    return float(stringWidth(text, "Helvetica-Bold", 8.5)) + 13


def write_docx(source: Source) -> bytes:
    document = docx.Document()
    _prune(document)
    document.styles["Normal"].font.size = Pt(10.5)
    properties = document.core_properties
    properties.title, properties.subject = source.title, source.marking
    properties.author = properties.last_modified_by = AUTHOR
    properties.language, properties.revision, properties.comments = source.language, 1, ""
    properties.created = properties.modified = _moment(source)
    for part in (document.sections[0].header, document.sections[0].footer):
        part.paragraphs[0].text = source.marking
        part.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    for block in blocks(source.body):
        match block:
            case Heading(level, text):
                document.add_heading(text, level)
            case Text(text, "-"):
                document.add_paragraph(text, style="List Bullet")
            case Text(text, bullet):
                document.add_paragraph(f"{bullet} {text}".strip())
            case Grid(rows):
                table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
                for row, cells in zip(table.rows, rows, strict=True):
                    for cell, text in zip(row.cells, cells, strict=True):
                        cell.text = text
                for cell in table.rows[0].cells:
                    cell.paragraphs[0].runs[0].bold = True
                document.add_paragraph()
            case NewPage() | Raw():
                raise ValueError(f"{source.file}: page markers and raw HTML have no meaning in a DOCX")
    out = io.BytesIO()
    document.save(out)
    return _repacked(out.getvalue(), source)


def _prune(document: Document) -> None:
    """Drop what the library's template brings along and no example uses: 90 per cent of the file."""
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.delete()
    for part, unused in ((document.part, "stylesWithEffects"), (document.part.package, "thumbnail")):
        for name, relation in list(part.rels.items()):
            if relation.reltype.endswith(unused):
                del part.rels[name]


def write_xlsx(source: Source) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = workbook.properties.lastModifiedBy = AUTHOR
    workbook.properties.title, workbook.properties.subject = source.title, source.marking
    workbook.properties.language, workbook.properties.created = source.language, _moment(source).replace(tzinfo=None)
    sheet: Worksheet | None = None
    for block in blocks(source.body):
        if isinstance(block, Heading):
            sheet = workbook.create_sheet(block.text)
        elif isinstance(block, Text) and sheet is not None:
            sheet.append([block.text])
            sheet.append([])
        elif isinstance(block, Grid) and sheet is not None:
            _fill(sheet, block)
        else:
            raise ValueError(f"{source.file}: a workbook is made of sheets (headings), lines and tables")
    out = io.BytesIO()
    workbook.save(out)
    return _repacked(out.getvalue(), source)


def _fill(sheet: Worksheet, grid: Grid) -> None:
    header, *rows = grid.rows
    sheet.append(list(header))
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = f"A{sheet.max_row + 1}"
    for row in rows:
        sheet.append([_value(text) for text in row])
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, date):
                cell.number_format = "dd-mm-yyyy"
    for at in range(len(header)):
        longest = max(len(row[at]) for row in grid.rows)
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(longest + 2, 45)


def _value(text: str) -> str | int | float | date:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    if re.fullmatch(r"\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"\d+\.\d+", text) else text


def write_html(source: Source) -> bytes:
    parts = [
        f'<!DOCTYPE html>\n<html lang="{source.language}">\n<head>\n<meta charset="utf-8">',
        f"<title>{html.escape(source.title)}</title>",
        f'<meta name="date" content="{source.date.isoformat()}">',
        f'</head>\n<body>\n<p class="marking">{source.marking}</p>',
    ]
    items: list[str] = []
    for block in [*blocks(source.body), Raw("</body>\n</html>")]:
        if isinstance(block, Text) and block.bullet == "-":
            items.append(f"<li>{html.escape(block.text, quote=False)}</li>")
            continue
        if items:
            parts.append("\n".join(["<ul>", *items, "</ul>"]))
            items = []
        match block:
            case Heading(level, text):
                parts.append(f"<h{level}>{html.escape(text, quote=False)}</h{level}>")
            case Text(text, bullet):
                parts.append(f"<p>{html.escape(f'{bullet} {text}'.strip(), quote=False)}</p>")
            case Grid(rows):
                parts.append("\n".join(["<table>", *(_html_row(row, at) for at, row in enumerate(rows)), "</table>"]))
            case Raw(markup):
                parts.append(markup)
            case NewPage():
                raise ValueError(f"{source.file}: page markers have no meaning in HTML")
    return ("\n".join(parts) + "\n").encode()


def _html_row(row: tuple[str, ...], at: int) -> str:
    tag = "td" if at else "th"
    return "<tr>" + "".join(f"<{tag}>{html.escape(text, quote=False)}</{tag}>" for text in row) + "</tr>"


def write_eml(source: Source) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = source.extra["from"]
    message["To"] = source.extra["to"]
    message["Cc"] = source.extra["cc"]
    message["Subject"] = source.title
    # The exercise runs in time zone ALPHA, one hour ahead of UTC.
    message["Date"] = f"{source.date:%a, %d %b %Y} {source.extra['time']}:00 +0100"
    message["Message-ID"] = f"<{Path(source.file).stem}.{source.date:%Y%m%d}@kruisvoorde.example>"
    message["X-Marking"] = source.marking
    message.set_content(source.body, cte="quoted-printable")
    message["Content-Language"] = source.language
    return message.as_bytes()


def write_markdown(source: Source) -> bytes:
    return source.body.encode()


WRITERS: dict[str, Callable[[Source], bytes]] = {
    "pdf": write_pdf,
    "docx": write_docx,
    "xlsx": write_xlsx,
    "html": write_html,
    "eml": write_eml,
    "md": write_markdown,
}


def _moment(source: Source) -> datetime:
    return datetime(source.date.year, source.date.month, source.date.day, 12, tzinfo=UTC)


def _repacked(archive: bytes, source: Source) -> bytes:
    """Write the ZIP again with the document's date, not compressed, and without the moment of saving."""
    moment = _moment(source)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, date_time=moment.timetuple()[:6])
            entry.create_system = 3  # Unix on every platform; it is a byte of the file
            new.writestr(entry, content)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
