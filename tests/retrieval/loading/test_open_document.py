"""An OpenDocument file is what its reader sees, numbers and notes included."""

import io
import random
import zipfile
from collections.abc import Callable
from functools import partial

import pytest

from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.open_document import load_open_document
from tests.retrieval.loading.test_damage import damaged_part

Check = Callable[[Loaded], Loaded]
Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]

SPACES = "".join(
    f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "style": "style", "text": "text", "table": "table", "draw": "drawing", "meta": "meta",
        "presentation": "presentation", "svg": "svg-compatible", "fo": "xsl-fo-compatible",
    }.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
STYLES = """
<style:style style:name="Verborgen" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="Klein" style:family="text"><style:text-properties fo:font-size="1pt"/></style:style>
<style:style style:name="Kind" style:family="text" style:parent-style-name="Verborgen"/>
<style:style style:name="Titelblad" style:parent-style-name="Title" style:family="paragraph"/>
<style:style style:name="Title" style:family="paragraph"/>
<style:style style:name="dicht" style:family="table"><style:table-properties table:display="false"/></style:style>
<style:style style:name="weg" style:family="drawing-page">
<style:drawing-page-properties presentation:visibility="hidden"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="a"
 style:num-suffix=")"/><text:list-level-style-bullet text:level="2" text:bullet-char="-"/></text:list-style>
"""
OUTLINE = """<text:outline-style style:name="Outline">
<text:outline-level-style text:level="1" style:num-format="1"/>
<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>"""


def packed(kind: str, body: str, **members: str) -> bytes:
    content = (
        f"<office:document-content{SPACES}><office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content)
        for name, part in members.items():
            archive.writestr(f"{name}.xml", f"<office:document-{name}{SPACES}>{part}</office:document-{name}>")
    return buffer.getvalue()


def seen(content: bytes) -> list[tuple[str, str]]:
    loaded = load_open_document("a.odt", content)
    return [(span.kind.value, loaded.text[span.start : span.end]) for span in loaded.spans]


TEXT_BODY = """
<text:p text:style-name="Titelblad">Nota</text:p>
<text:h text:outline-level="1">Inleiding</text:h>
<text:p>Eén<text:s text:c="2"/>twee<text:note><text:note-citation>*</text:note-citation><text:note-body>
<text:p>Bron.</text:p></text:note-body></text:note><text:tab/>drie.</text:p>
<text:h text:outline-level="2">Doel</text:h>
<text:list text:style-name="L1"><text:list-item><text:p>eerste</text:p><text:list><text:list-item><text:p>onder</text:p>
</text:list-item></text:list></text:list-item><text:list-item><text:p>tweede</text:p></text:list-item></text:list>
<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>eenheid</text:p></table:table-cell>
<table:table-cell><text:p>saldo</text:p></table:table-cell></table:table-row></table:table-header-rows>
<table:table-row><table:table-cell><text:p>A</text:p></table:table-cell><table:table-cell><text:p>\u22125</text:p>
</table:table-cell></table:table-row></table:table>
"""


def test_headings_lists_notes_and_tables_are_read(check: Check) -> None:
    content = packed("text", TEXT_BODY, styles=OUTLINE)
    assert seen(content) == [
        ("heading", "Nota"),
        ("heading", "1 Inleiding"),
        ("paragraph", "Eén  twee[1]\tdrie."),
        ("paragraph", "[1] Bron."),
        ("heading", "1.1 Doel"),
        ("paragraph", "a) eerste\n  - onder\nb) tweede"),
        ("table", "eenheid | saldo\nA | \u22125"),
    ]
    assert check(load_open_document("a.odt", content)).title == "Nota"


def test_headers_of_lists_and_headings_in_them_are_read_in_order() -> None:
    body = (
        '<text:list text:style-name="L1"><text:list-header><text:p>Vooraf</text:p></text:list-header>'
        "<text:list-item><text:list><text:list-header><text:p>onder</text:p></text:list-header></text:list>"
        "</text:list-item><text:list-item><text:p>eerste</text:p><text:p>vervolg</text:p></text:list-item>"
        "<text:list-item><text:h>Kop</text:h></text:list-item></text:list>"
    )
    assert seen(packed("text", body)) == [
        ("paragraph", "Vooraf\n  onder\na) eerste\nvervolg"),
        ("heading", "Kop"),
    ]


def test_what_a_reader_does_not_see_is_left_out_and_said(check: Check) -> None:
    body = (
        '<text:p>Zicht<text:span text:style-name="Kind">geheim</text:span>baar'
        '<text:span text:style-name="Klein">x</text:span></text:p>'
        '<text:p text:style-name="Verborgen">weg</text:p><text:section text:display="none"><text:p>weg</text:p>'
        "</text:section><text:p>Ook<office:annotation><text:p>let op</text:p></office:annotation></text:p>"
    )
    loaded = check(load_open_document("a.odt", packed("text", body)))
    assert loaded.text == "Zichtbaar\n\nOok"
    assert loaded.warnings == (
        "a.odt holds hidden text (4 places); it was left out.",
        "a.odt holds reviewers' comments (1); they were not read.",
    )


def test_properties_and_footers_are_told(check: Check) -> None:
    meta = "<office:meta><dc:title>Nota</dc:title><dc:date>2024-05-01T10:00:00</dc:date></office:meta>"
    footer = "<style:master-page><style:footer><text:p>Ongerubriceerd</text:p></style:footer></style:master-page>"
    loaded = check(load_open_document("a.odt", packed("text", "<text:p>x</text:p>", meta=meta, styles=footer)))
    assert (loaded.title, loaded.metadata) == ("Nota", {"modified": "2024-05-01", "footer": "Ongerubriceerd"})


def cell(text: str, kind: str = "string", more: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" {more}><text:p>{text}</text:p></table:table-cell>'


def test_a_sheet_is_rows_with_their_header(check: Check) -> None:
    rows = (
        cell("eenheid") + cell("bedrag") + cell("dag"),
        cell("A") + cell("(1.234,50)", "currency") + cell("1-5-24", "date", 'office:date-value="2024-05-01"'),
        '<table:table-cell table:number-columns-repeated="1000"/>',
        cell("B", more='table:number-columns-repeated="2"'),
    )
    repeated = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    hidden = '<table:table-row table:visibility="collapse">' + cell("weg") + "</table:table-row>"
    closed = f'<table:table table:name="Dicht" table:style-name="dicht"><table:table-row>{cell("x")}</table:table-row>'
    content = packed(
        "spreadsheet", f'<table:table table:name="Blad">{body}{hidden}{repeated}</table:table>{closed}</table:table>'
    )
    assert seen(content) == [
        ("heading", "Blad"),
        ("table", "eenheid | bedrag | dag\neenheid: A | bedrag: (1.234,50) | dag: 2024-05-01"),
        ("table", "eenheid: B | bedrag: B"),
    ]
    assert check(load_open_document("a.ods", content)).warnings == (
        "a.ods has hidden sheets (1); they were left out.",
        "a.ods has hidden rows or columns on 1 sheets; they were left out.",
    )


def test_repeated_cells_do_not_make_a_small_file_endless() -> None:
    row = f'<table:table-row table:number-rows-repeated="99999999">{cell("x")}{cell("y")}</table:table-row>'
    with pytest.raises(NotLoaded, match=r"^a\.ods holds more than 1,000,000 cells"):
        load_open_document("a.ods", packed("spreadsheet", f'<table:table table:name="a">{row}</table:table>'))


def box(text: str, left: int, top: int, kind: str = "") -> str:
    place = f'svg:x="{left}cm" svg:y="{top}cm" svg:width="5cm" svg:height="1cm"'
    named = f'presentation:class="{kind}"' if kind else ""
    return f"<draw:frame {place} {named}><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"


def test_slides_are_pages_read_where_things_stand(check: Check) -> None:
    notes = f"<presentation:notes>{box('Zeg dit.', 0, 0, 'notes')}</presentation:notes>"
    body = (
        f"<draw:page>{box('rechts', 9, 2)}{box('links', 1, 2)}{box('Kop', 1, 0, 'title')}{notes}</draw:page>"
        f'<draw:page draw:style-name="weg">{box("weg", 1, 2)}</draw:page>'
        f"<draw:page>{box('3', 1, 9, 'page-number')}{box('los', 1, 2)}</draw:page>"
    )
    loaded = check(load_open_document("a.odp", packed("presentation", body)))
    assert [(span.page, loaded.text[span.start : span.end]) for span in loaded.spans] == [
        (1, "Kop"), (1, "links"), (1, "rechts"), (1, "Notes:\nZeg dit."), (3, "Slide 3"), (3, "los"),
    ]  # fmt: skip
    assert loaded.title == "Kop"
    assert loaded.warnings == ("a.odp has hidden slides (1); they were left out.",)


def test_a_flat_file_is_read_too() -> None:
    body = "<office:body><office:text><text:p>Plat.</text:p></office:text></office:body>"
    assert load_open_document("a.fodt", f"<office:document{SPACES}>{body}</office:document>".encode()).text == "Plat."


def test_entities_are_not_resolved(settle: Settle) -> None:
    body = "<office:body><office:text><text:p>x&b;y</text:p></office:text></office:body>"
    declared = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    loaded = settle(
        partial(load_open_document, "a.fodt", f"{declared}<office:document{SPACES}>{body}</office:document>".encode())
    )
    assert isinstance(loaded, NotLoaded) or "ha" not in loaded.text


def test_an_encrypted_file_is_refused() -> None:
    buffer = io.BytesIO(packed("text", ""))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<m><manifest:encryption-data a='b'/></m>")
    with pytest.raises(NotLoaded, match=r"^a\.odt is encrypted; remove the password"):
        load_open_document("a.odt", buffer.getvalue())


def test_damage_is_survived(settle: Settle) -> None:
    whole, chance = packed("text", TEXT_BODY, styles=OUTLINE), random.Random(20)
    for _ in range(150):
        settle(partial(load_open_document, "a.odt", damaged_part(whole, chance)))
