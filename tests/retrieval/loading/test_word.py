"""A Word document is its body in order, as a reader sees it."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor
from docx.text.run import Run

from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.word import load_word
from retrieval.loading.word_styles import Numbering

Check = Callable[[Loaded], Loaded]


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def seen(document: Document) -> list[tuple[str, int, str]]:
    loaded = load_word("a.docx", saved(document))
    return [(span.kind.value, span.level, loaded.text[span.start : span.end]) for span in loaded.spans]


def test_body_is_read_in_order(check: Check) -> None:
    document = docx.Document()
    document.core_properties.title = ""
    document.core_properties.author = "S. Staf"
    document.add_heading("Orders", 0)
    document.add_heading("Task", 2)
    document.add_paragraph("Go to the\nbridge.")
    document.add_paragraph("first", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["unit", "men", "A", "-12"], strict=True):
        cell.text = text
    document.add_paragraph("After.")
    assert seen(document) == [
        ("heading", 1, "Orders"),
        ("heading", 2, "Task"),
        ("paragraph", 0, "Go to the\nbridge."),
        ("paragraph", 0, "- first"),
        ("table", 0, "unit | men\nA | -12"),
        ("paragraph", 0, "After."),
    ]
    loaded = check(load_word("a.docx", saved(document)))
    assert loaded.title == "Orders"
    assert loaded.metadata["author"] == "S. Staf"


def white(run: Run) -> Run:
    run.font.color.rgb = RGBColor(255, 255, 255)
    return run


def test_white_and_tiny_text_is_left_out_unless_it_stands_on_a_colour() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("zichtbaar")
    white(paragraph.add_run("wit"))
    paragraph.add_run("klein").font.size = Pt(1)
    white(paragraph.add_run(" op geel")).font.highlight_color = WD_COLOR_INDEX.YELLOW
    shaded = document.add_paragraph()
    white(shaded.add_run("op blauw"))
    shaded._p.get_or_add_pPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="1F3864"/>'))
    for style in ("Table Grid", "Light Shading Accent 1"):
        cells = document.add_table(1, 2, style=style).rows[0].cells
        white(cells[0].paragraphs[0].add_run(f"wit in {style}"))
        cells[1].text = "zwart"
    loaded = load_word("a.docx", saved(document))
    assert loaded.text.split("\n\n") == [
        "zichtbaar op geel", "op blauw", "| zwart", "wit in Light Shading Accent 1 | zwart",
    ]  # fmt: skip
    assert loaded.warnings == ("a.docx holds hidden text (3 places); it was left out.",)


def test_a_web_page_put_in_by_another_program_is_read(data_folder: Path) -> None:
    file = data_folder / "robustness" / "office_active" / "tika__testAltChunkHTML.docx"
    loaded = load_word(file.name, file.read_bytes())
    assert [span.kind.value for span in loaded.spans] == ["paragraph", "paragraph", "table"]


def test_a_heading_is_one_by_its_level_whatever_the_style_is_called() -> None:
    document = docx.Document()
    style = document.styles.add_style("Paragraafkop", WD_STYLE_TYPE.PARAGRAPH)
    style.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="2"/>'))
    based = document.styles.add_style("Kop van dienst", WD_STYLE_TYPE.PARAGRAPH)
    based.base_style = style
    document.styles.add_style("Kop 1", WD_STYLE_TYPE.PARAGRAPH)
    for name in ("Paragraafkop", "Kop van dienst", "Kop 1"):
        document.add_paragraph(name, style=name)
    assert [level for _, level, _ in seen(document)] == [3, 3, 1]


def test_hidden_and_deleted_text_is_left_out_and_said() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("seen ")
    paragraph.add_run("secret").font.hidden = True
    paragraph.add_run("too").font.hidden = False
    deleted = f'<w:del {nsdecls("w")} w:id="1"><w:r><w:delText>gone</w:delText></w:r></w:del>'
    inserted = f'<w:ins {nsdecls("w")} w:id="2"><w:r><w:t xml:space="preserve"> new</w:t></w:r></w:ins>'
    paragraph._p.append(parse_xml(deleted))
    paragraph._p.append(parse_xml(inserted))
    loaded = load_word("a.docx", saved(document))
    assert loaded.text == "seen too new"
    assert any("hidden text (1 places)" in warning for warning in loaded.warnings)
    assert any("tracked deletions (1)" in warning for warning in loaded.warnings)


def test_text_in_boxes_fields_and_controls_is_read() -> None:
    document = docx.Document()
    spaces = nsdecls("w", "wp") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    document.add_paragraph("text ")._p.append(
        parse_xml(
            f"<w:r {spaces}><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    control = "<w:sdtContent><w:p><w:hyperlink><w:r><w:t>linked</w:t></w:r></w:hyperlink></w:p></w:sdtContent>"
    document.element.body.insert(1, parse_xml(f"<w:sdt {nsdecls('w')}>{control}</w:sdt>"))
    assert [text for *_, text in seen(document)] == ["text", "boxed", "linked"]


def test_a_table_of_one_column_is_a_frame_around_text() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "framed"
    cell.add_paragraph("Title", style="Heading 1")
    assert [(kind, text) for kind, _, text in seen(document)] == [("paragraph", "framed"), ("heading", "Title")]


def test_headers_are_kept_as_metadata_and_comments_are_said() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Departementaal Vertrouwelijk"
    run = document.add_paragraph("text").runs[0]
    document.add_comment(run, text="really?", author="A")
    loaded = load_word("a.docx", saved(document))
    assert loaded.metadata["header"] == "Departementaal Vertrouwelijk"
    assert "Vertrouwelijk" not in loaded.text
    assert any("comments (1)" in warning for warning in loaded.warnings)


def test_automatic_numbers_are_counted_as_word_does() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (form, text) in enumerate(
            [("decimal", "Artikel %1"), ("lowerLetter", "%2)"), ("upperRoman", "%1.%3")]
        )
    )
    part = parse_xml(
        f'<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="6"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num></w:numbering>'
    )
    numbering = Numbering(part)
    asked = [("5", 0), ("5", 1), ("5", 1), ("5", 0), ("5", 1), ("5", 2), ("5", 2), ("6", 0), ("6", 0), ("0", 0)]
    assert [numbering.label(number, level, "") for number, level in asked] == [
        "Artikel 1", "a)", "b)", "Artikel 2", "a)", "2.I", "2.II", "Artikel 9", "Artikel 10", "",
    ]  # fmt: skip


def test_a_footnote_follows_the_paragraph_that_calls_it() -> None:
    document = docx.Document()
    document.add_paragraph("claim")._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'))
    document.add_paragraph("after")
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteReference w:id="2"/><w:t>source</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    assert [text for *_, text in seen(with_notes(document, notes))] == ["claim[1]", "[1] source", "after"]


def with_notes(document: Document, notes: str) -> Document:
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    return document


def test_a_document_with_macros_is_read_and_said() -> None:
    content = saved_as_macro_document("text")
    loaded = load_word("a.docm", content)
    assert loaded.text == "text"


def saved_as_macro_document(text: str) -> bytes:
    import zipfile

    document = docx.Document()
    document.add_paragraph(text)
    source, target = io.BytesIO(saved(document)), io.BytesIO()
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w") as written:
        for member in read.namelist():
            part = read.read(member)
            if member == "[Content_Types].xml":
                part = part.replace(
                    b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                    b"vnd.ms-word.document.macroEnabled.main",
                )
            written.writestr(member, part)
    return target.getvalue()


def test_properties_that_are_not_there_are_not_made_up() -> None:
    document = docx.Document()
    document.add_paragraph("text")
    package = document.part.package
    for key, relationship in list(package.rels.items()):
        if relationship.reltype.endswith("core-properties"):
            del package.rels[key]
    loaded = load_word("a.docx", saved(document))
    assert (loaded.title, loaded.metadata) == ("", {})


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut off", b"PK\x05\x06" + bytes(18)])
def test_a_damaged_document_is_refused(content: bytes) -> None:
    with pytest.raises(NotLoaded, match=r"is damaged .*\.$"):
        load_word("a.docx", content)


def test_an_empty_document_holds_no_text() -> None:
    with pytest.raises(NotLoaded, match="holds no text"):
        load_word("a.docx", saved(docx.Document()))
