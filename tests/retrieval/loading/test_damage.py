"""A file that was damaged at random is read or refused. Nothing else happens."""

import io
import random
import zipfile
from collections.abc import Callable
from functools import partial

import docx
import openpyxl
import pytest
from reportlab.pdfgen.canvas import Canvas

from retrieval.loading.html import load_html
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.mail import load_mail
from retrieval.loading.markdown import load_markdown
from retrieval.loading.pdf import load_pdf
from retrieval.loading.sheet import load_sheet
from retrieval.loading.word import load_word

Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]
TIMES = 150


def word_document() -> bytes:
    document, buffer = docx.Document(), io.BytesIO()
    document.add_heading("Orders")
    document.add_paragraph("first", style="List Number")
    document.add_table(2, 2).cell(0, 0).text = "unit"
    document.save(buffer)
    return buffer.getvalue()


def workbook() -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in (["unit", "men"], ["A", 12], ["B", "=1+1"]):
        book.worksheets[0].append(row)
    book.save(buffer)
    return buffer.getvalue()


def pdf_document() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=0)
    for page in range(3):
        canvas.drawString(72, 700, f"Page {page} of the orders.")
        canvas.bookmarkPage(str(page))
        canvas.addOutlineEntry(f"Page {page}", str(page), 0)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def damaged(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.randrange(1, 100)]
            case 2:
                changed[at:at] = changed[chance.randrange(len(changed)) :][: chance.randrange(1, 200)]
            case _:
                changed[at : at + 1] = b"99999999999999999999"
        if not changed:
            return b"x"
    return bytes(changed)


def damaged_part(content: bytes, chance: random.Random) -> bytes:
    """Damage what is in the archive; the archive itself stays whole, or nothing in it would be looked at."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(target, "w") as written:
        chosen = chance.choice(read.namelist())
        for name in read.namelist():
            part = read.read(name)
            written.writestr(name, damaged(part, chance) if name == chosen and part else part)
    return target.getvalue()


@pytest.mark.parametrize(
    ("read", "whole", "damage"),
    [
        (load_word, word_document(), damaged_part),
        (load_word, word_document(), damaged),
        (load_sheet, workbook(), damaged_part),
        (load_sheet, workbook(), damaged),
        (load_pdf, pdf_document(), damaged),
        (load_html, b"<title>x</title><h1>a</h1><ul><li>b<table><tr><td>c<td>d</table><p hidden>e", damaged),
        (load_mail, b"Subject: =?utf-8?q?a?=\nDate: Tue, 1 Oct 2024 12:00:00 +0200\n"
                    b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b--\n", damaged),
        (load_markdown, b"---\nkey: value\n---\n# a\n<!-- p.1 -->\ntext\n\n|a|b|\n|-|-|\n```\ncode\n```\n", damaged),
    ],
)  # fmt: skip
def test_damage_is_survived(
    settle: Settle,
    read: Callable[[str, bytes], Loaded],
    whole: bytes,
    damage: Callable[[bytes, random.Random], bytes],
) -> None:
    assert isinstance(settle(partial(read, "a.file", whole)), Loaded)
    chance = random.Random(20)
    for _ in range(TIMES):
        settle(partial(read, "a.file", damage(whole, chance)))
