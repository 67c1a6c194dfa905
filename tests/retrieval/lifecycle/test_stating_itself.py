"""What a document states of itself, in whatever place its format has for that, is its marking and not the default."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from reportlab.pdfgen.canvas import Canvas

from retrieval.ingesting import Ingestion
from retrieval.loading import load
from retrieval.marking import Label, write_label
from tests.installations import SECRET, a_corpus

_LABEL = "MSIP_Label_0a1b_Name"


def _added(ingestion: Ingestion, folder: Path) -> dict[str, str]:
    """Add a folder of which nothing is open; return each document's marking, or why it is held back, by key."""
    ingestion.read = load  # In this process: what is read is not at issue.
    ingestion.add(folder, a_corpus())
    return {one.document.key: one.quarantine or str(one.marking) for one in ingestion.catalog.holdings("plans")}


def _mail(header: str) -> bytes:
    return f"From: a@example.org\nSubject: Orders\n{header}\n\nThe convoy leaves at six.\n".encode()


def _with_custom(office: bytes, name: str, value: str, *, part: str = "docProps/custom.xml") -> bytes:
    """Give an Office file a custom property."""
    made = io.BytesIO()
    types = "http://schemas.openxmlformats.org/officeDocument/2006"
    with zipfile.ZipFile(io.BytesIO(office)) as before, zipfile.ZipFile(made, "w") as after:
        for item in before.namelist():
            content = before.read(item)
            if item == "_rels/.rels":
                relation = f'<Relationship Id="c1" Type="{types}/relationships/custom-properties" Target="{part}"/>'
                content = content.replace(b"</Relationships>", relation.encode() + b"</Relationships>")
            after.writestr(item, content)
        after.writestr(
            part,
            f'<Properties xmlns="{types}/custom-properties" xmlns:vt="{types}/docPropsVTypes"><property'
            f' fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{name}"><vt:lpwstr>{value}</vt:lpwstr>'
            "</property></Properties>",
        )
    return made.getvalue()


def _word() -> bytes:
    made, document = io.BytesIO(), docx.Document()
    document.add_paragraph("The convoy leaves at six.")
    document.save(made)
    return made.getvalue()


def _sheet() -> bytes:
    made, book = io.BytesIO(), openpyxl.Workbook()
    book.worksheets[0].append(["convoy", 6])
    book.save(made)
    return made.getvalue()


def _slides() -> bytes:
    made, slides = io.BytesIO(), pptx.Presentation()
    slides.slides.add_slide(slides.slide_layouts[5]).shapes.title.text = "The convoy leaves at six."
    slides.save(made)
    return made.getvalue()


def _pdf() -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pageCompression=0)
    canvas.drawString(72, 720, "The convoy leaves at six o'clock.")
    canvas.save()
    return made.getvalue()


def _pdf_with_key() -> bytes:
    return _pdf().replace(b"/Author (", b"/Ru#62ricering (Stg. Geheim) /Author (")


def _pdf_with_xmp(words: str) -> bytes:
    packet = (
        '<?xpacket begin="" id="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        f' xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" xmlns:dc="http://purl.org/dc/elements/1.1/">{words}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
    stream = b"99 0 obj\n<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    whole = _pdf()
    at = whole.rindex(b"xref\n", 0, whole.rindex(b"startxref"))
    return whole[:at] + stream % (len(packet), packet) + whole[at:]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("sio.eml", lambda: _mail('SIO-Label: fgcolor=red; marking="Stg. Geheim"')),
        ("protective.eml", lambda: _mail("X-Protective-Marking: VER=2018.4,\n NS=example.org, SEC=Stg. Geheim")),
        ("plain.eml", lambda: _mail("X-Marking: =?utf-8?q?Stg=2E_Geheim?=")),
        ("label.eml", lambda: _mail(f"msip_labels: MSIP_Label_0a1b_Enabled=True;\n {_LABEL}=Stg. Geheim;")),
        ("lower.eml", lambda: _mail("X-Protective-Marking: SEC=Ongerubriceerd\nX-Protective-Marking: SEC=Stg. Geheim")),
        ("order.docx", lambda: _with_custom(_word(), _LABEL, "Stg. Geheim")),
        ("moved.docx", lambda: _with_custom(_word(), "Rubricering", "Stg. Geheim", part="docProps/mine.xml")),
        ("order.xlsx", lambda: _with_custom(_sheet(), _LABEL, "Stg. Geheim")),
        ("order.pptx", lambda: _with_custom(_slides(), "Classification", "Stg. Geheim")),
        ("key.pdf", _pdf_with_key),
        ("xmp.pdf", lambda: _pdf_with_xmp("<pdfx:Rubricering>Stg. Geheim</pdfx:Rubricering>")),
        ("bag.pdf", lambda: _pdf_with_xmp(
            "<dc:subject><rdf:Bag><rdf:li>convoy</rdf:li>"
            "<rdf:li>Rubricering: Stg. Geheim</rdf:li></rdf:Bag></dc:subject>"
        )),
    ],
)  # fmt: skip
def test_a_document_has_the_marking_that_it_states(
    ingestion: Ingestion, tmp_path: Path, name: str, make: Callable[[], bytes]
) -> None:
    folder = tmp_path / "stated"
    folder.mkdir()
    (folder / name).write_bytes(make())
    assert _added(ingestion, folder) == {name: "Stg. Geheim"}


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("order.md", lambda: b"---\nmarking: Stg. Geheim\nmarking: Ongerubriceerd\n---\n\nThe convoy leaves at six.\n"),
        ("order.docx", lambda: _with_custom(_word(), _LABEL, "Ruimtelijk Geheim")),
        ("order.eml", lambda: _mail("X-Protective-Marking: SEC=OFFICIAL")),
    ],
)
def test_what_cannot_be_read_as_one_marking_is_held_back(
    ingestion: Ingestion, tmp_path: Path, name: str, make: Callable[[], bytes]
) -> None:
    folder = tmp_path / "stated"
    folder.mkdir()
    (folder / name).write_bytes(make())
    assert "cannot be read" in _added(ingestion, folder)[name]


def test_lists_and_objects_in_a_record_restrict_it(ingestion: Ingestion, tmp_path: Path) -> None:
    folder = tmp_path / "stated"
    folder.mkdir()
    rest = {f"column {number}": number for number in range(60)}
    rows = [
        {"id": "list", "text": "The convoy leaves at six.", "metadata": {"need_to_know": ["G2"]}},
        {"id": "last", "text": "The convoy leaves at six.", **rest, "need_to_know": ["G2", "G3"]},
        {"id": "twice", "text": "The convoy leaves at six.", "need_to_know": "G2", "metadata": {"need_to_know": "G3"}},
        {"id": "object", "text": "The convoy leaves at six.", "marking": {"level": "Stg. Geheim"}},
    ]
    (folder / "cases.jsonl").write_text("\n".join(map(json.dumps, rows)))
    added = _added(ingestion, folder)
    assert "cannot be read" in added.pop("cases.jsonl#object")
    assert added == {
        "cases.jsonl#list": "Ongerubriceerd G2",
        "cases.jsonl#last": "Ongerubriceerd G2 G3",
        "cases.jsonl#twice": "Ongerubriceerd G2 G3",
    }


def test_restrictions_that_front_matter_states_twice_all_count(ingestion: Ingestion, tmp_path: Path) -> None:
    folder = tmp_path / "stated"
    folder.mkdir()
    (folder / "a.md").write_text(
        "---\nspecial_category: CRYPTO\nspecial_category: ATOMAL\n---\n\nThe convoy leaves at six.\n"
    )
    assert _added(ingestion, folder) == {"a.md": "Ongerubriceerd ATOMAL CRYPTO"}


@pytest.mark.parametrize("name", ["order.LABEL.XML", "ORDER.TXT.Label.Xml", "ORDER.XML"])
def test_a_label_is_applied_whatever_its_case(ingestion: Ingestion, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "stated"
    folder.mkdir()
    (folder / "order.txt").write_text("The convoy leaves at six.\n")
    label = Label(SECRET, created=datetime(2026, 1, 1, tzinfo=UTC), review=datetime(2030, 1, 1, tzinfo=UTC))
    (folder / name).write_bytes(write_label(label))
    assert _added(ingestion, folder) == {"order.txt": "Stg. Geheim"}


def test_a_manifest_is_applied_whatever_its_case(ingestion: Ingestion, tmp_path: Path) -> None:
    folder = tmp_path / "stated"
    folder.mkdir()
    (folder / "order.txt").write_text("The convoy leaves at six.\n")
    (folder / "CORPUS.TOML").write_text('marking = "Stg. Geheim"\n')
    assert _added(ingestion, folder) == {"order.txt": "Stg. Geheim"}
