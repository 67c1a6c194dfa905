"""A file is what its bytes say, whatever it is called."""

import io
import zipfile
from pathlib import Path

import pytest

from retrieval.identifying import NATURES, Format, identify, identify_file, misnamed

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    return buffer.getvalue()


def open_document(kind: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", "<x/>")
    return buffer.getvalue()


def compound(stream: str) -> bytes:
    """An OLE file with one directory entry of this name."""
    return OLE + bytes(504) + stream.encode("utf-16-le").ljust(128, b"\0")


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("notes.md", b"# Orders\n", Format.MARKDOWN),
        ("notes.txt", b"# Orders\n", Format.TEXT),
        ("notes", b"Orders\n", Format.TEXT),
        ("list.csv", b"a;b\n1;2\n", Format.CSV),
        ("page.html", b"<p>Orders</p>", Format.HTML),
        ("page.txt", b"<!DOCTYPE html><p>Orders</p>", Format.HTML),
        ("page", b"<?xml version='1.0'?>\n<!-- x -->\n<html lang='nl'>", Format.HTML),
        ("letter.eml", b"Subject: Orders\n\nGo.", Format.EML),
        ("letter", b"From: a@b.nl\nTo: c@d.nl\nSubject: Orders\n\nGo.", Format.EML),
        ("box", b"From a@b.nl Mon Jan  1 00:00:00 2024\nSubject: x\n", Format.MAILBOX),
        ("corpus.jsonl", b'{"_id": "1", "title": "", "text": "Orders"}\n', Format.JSON),
        ("other.jsonl", b'{"id": "1", "body": "Orders"}\n', Format.JSON),
        ("a.pdf", b"%PDF-1.7\n", Format.PDF),
        ("a.pdf", b"\xef\xbb\xbf\n junk %PDF-1.7\n", Format.PDF),
        ("about.md", b"A PDF begins with %PDF-1.7.\n", Format.MARKDOWN),
        ("a.rtf", b"{\\rtf1 Orders}", Format.RTF),
        ("a.png", b"\x89PNG\r\n\x1a\n", Format.IMAGE),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\4", Format.ARCHIVE),
        ("a.bin", bytes(range(256)) * 4, Format.BINARY),
        ("a.txt", b"", Format.EMPTY),
        ("a.docx", zipped("[Content_Types].xml", "word/document.xml"), Format.DOCX),
        ("a.docx", zipped("[Content_Types].xml", "WORD/document2.XML"), Format.DOCX),
        ("a.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), Format.XLSX),
        ("a.xlsb", zipped("[Content_Types].xml", "xl/workbook.bin"), Format.BINARY_WORKBOOK),
        ("a.pptx", zipped("[Content_Types].xml", "ppt/presentation.xml"), Format.PPTX),
        ("a.odt", zipped("mimetype", "content.xml"), Format.ODT),
        ("a.zip", open_document("spreadsheet"), Format.ODS),
        ("a.odt", open_document("presentation"), Format.ODP),
        ("a.ods", zipped("content.xml", "META-INF/manifest.xml"), Format.ODS),
        (
            "a.fods",
            b'<?xml version="1.0"?>\n<office:document xmlns:office="x" office:mimetype='
            b'"application/vnd.oasis.opendocument.spreadsheet">',
            Format.ODS,
        ),
        ("a.xml", b"<toestand>", Format.XML),
        ("a", b"<?xml version='1.0'?><toestand>", Format.XML),
        ("a.txt", b"<?xml version='1.0'?>", Format.TEXT),
        ("a.parquet", b"PAR1" + bytes(20), Format.PARQUET),
        ("a.epub", zipped("mimetype", "META-INF/container.xml", "content.xml"), Format.EPUB),
        ("a.zip", zipped("word/document.xml"), Format.ZIP),
        ("a.docx", compound("EncryptedPackage"), Format.ENCRYPTED_OFFICE),
        ("a.doc", compound("WordDocument"), Format.OLD_OFFICE),
        ("a.msg", compound("__properties_version1.0"), Format.MSG),
        ("thumbs.db", compound("Catalog"), Format.BINARY),
    ],
)
def test_content_decides(name: str, content: bytes, found: Format) -> None:
    assert identify(name, content) is found


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_is_text_in_any_encoding(encoding: str) -> None:
    assert identify("a.txt", "Eén coördinaat voor de compagnie.\n".encode(encoding)) is Format.TEXT


def test_a_word_document_cut_off_is_still_called_one() -> None:
    whole = zipped("[Content_Types].xml", "word/document.xml")
    assert identify("a.docx", whole[: len(whole) // 2]) is Format.DOCX
    assert identify("a.zip", whole[: len(whole) // 2]) is Format.ZIP


def test_many_comments_are_looked_through_once() -> None:
    assert identify("a.md", b"<!-- x -->\n" * 5000 + b"text") is Format.MARKDOWN


def test_a_name_lies_only_when_it_promises_another_format() -> None:
    assert misnamed("report.pdf", Format.DOCX)
    assert misnamed("report.md", Format.HTML)
    assert not misnamed("report.PDF", Format.PDF)
    assert not misnamed("report.v2", Format.PDF)
    assert not misnamed("protected.docx", Format.ENCRYPTED_OFFICE)


def test_every_format_is_read_or_has_a_remedy() -> None:
    assert set(NATURES) == set(Format)
    read = {found for found in Format if not NATURES[found].remedy}
    assert read == set(list(Format)[: list(Format).index(Format.EMPTY)])


def test_a_container_is_recognised_by_a_directory_at_its_end(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "x" * 100_000)
        archive.writestr("word/document.xml", "x")
    file = tmp_path / "stored-original"
    file.write_bytes(buffer.getvalue())
    assert identify_file(file, name="orders.docx") is Format.DOCX
