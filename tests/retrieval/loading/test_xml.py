"""Dutch laws and official publications are read with their structure, other XML as its text."""

import random
from collections.abc import Callable
from functools import partial

import pytest

from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.xml import load_xml
from tests.retrieval.loading.test_damage import damaged

Check = Callable[[Loaded], Loaded]
Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]

LAW = """<?xml version="1.0" encoding="UTF-8"?>
<toestand bwb-id="BWBR0000001" inwerkingtreding="2024-01-01"><wetgeving soort="wet">
<intitule>Wet van 1 mei, houdende regels</intitule><citeertitel>Oefenwet</citeertitel>
<wet-besluit><wettekst><hoofdstuk><kop><label>Hoofdstuk</label><nr>1</nr><titel>Begrippen</titel></kop>
<artikel status="goed"><kop><label>Artikel</label><nr>1</nr><titel>Definities</titel></kop>
<lid><lidnr>1</lidnr><al>In deze <nadruk type="cur">wet</nadruk> wordt verstaan onder:</al>
<lijst><li><li.nr>a.</li.nr><al>brug: een <extref doc="x">oeververbinding</extref>;</al>
<lijst><li><li.nr>1\u00b0.</li.nr><al>vast;</al></li></lijst></li>
<li><li.nr>b.</li.nr><al>sluis: een kering.</al></li></lijst></lid>
<lid><lidnr>2</lidnr><al>Het tarief is \u22125 euro.</al></lid>
<meta-data><brondata><publicatiejaar>2025</publicatiejaar></brondata></meta-data></artikel>
<artikel><kop><label>Artikel</label><nr>2</nr></kop><al>Vervallen.</al></artikel>
</hoofdstuk></wettekst></wet-besluit></wetgeving></toestand>"""

LETTER = """<?xml version="1.0"?><!DOCTYPE officiele-publicatie SYSTEM "op.dtd">
<officiele-publicatie><metadata><meta name="DC.title" content="Brief over bruggen"/>
<meta name="DCTERMS.available" content="2024-05-01"/></metadata><kamerstuk>
<kamerstukkop><tekstregel inhoud="vergaderjaar">Vergaderjaar 2023-2024</tekstregel></kamerstukkop>
<dossier><dossiernummer><dossiernr>36 180</dossiernr></dossiernummer><titel>Bruggen</titel></dossier>
<stuk><stuknr>Nr. <ondernummer kamer="2">133</ondernummer></stuknr><titel>BRIEF VAN DE MINISTER</titel>
<algemeen><vrije-tekst><tekst><al>Hierbij bericht ik u.<noot id="a" type="voet"><noot.nr>1</noot.nr>
<noot.al>Kamerstuk 1.</noot.al></noot> Het gaat goed.</al></tekst>
<divisie><kop><nr>1.</nr><titel>Stand</titel></kop><tekst><table><tgroup cols="2"><thead><row><entry>brug</entry>
<entry>saldo</entry></row></thead><tbody><row><entry><al>Noord</al></entry><entry><al>-5</al></entry></row></tbody>
</tgroup></table></tekst></divisie></vrije-tekst></algemeen></stuk></kamerstuk></officiele-publicatie>"""


def seen(text: str) -> list[tuple[str, str]]:
    loaded = load_xml("a.xml", text.encode())
    return [(span.kind.value, loaded.text[span.start : span.end]) for span in loaded.spans]


def test_a_law_is_its_articles_and_members(check: Check) -> None:
    assert seen(LAW) == [
        ("paragraph", "Wet van 1 mei, houdende regels"),
        ("paragraph", "Oefenwet"),
        ("heading", "Hoofdstuk 1 Begrippen"),
        ("heading", "Artikel 1 Definities"),
        ("paragraph", "1 In deze wet wordt verstaan onder:"),
        ("paragraph", "a. brug: een oeververbinding;\n  1° . vast;".replace("° .", "°.")
         + "\nb. sluis: een kering."),
        ("paragraph", "2 Het tarief is \u22125 euro."),
        ("heading", "Artikel 2"),
        ("paragraph", "Vervallen."),
    ]  # fmt: skip
    loaded = check(load_xml("a.xml", LAW.encode()))
    assert (loaded.title, loaded.metadata) == (
        "Oefenwet", {"identifier": "BWBR0000001", "valid from": "2024-01-01"},
    )  # fmt: skip


def test_a_letter_to_parliament_keeps_its_notes_and_tables(check: Check) -> None:
    assert seen(LETTER) == [
        ("paragraph", "Vergaderjaar 2023-2024"),
        ("paragraph", "36 180"),
        ("paragraph", "Bruggen"),
        ("paragraph", "Nr. 133"),
        ("paragraph", "BRIEF VAN DE MINISTER"),
        ("paragraph", "Hierbij bericht ik u.[1] Het gaat goed."),
        ("paragraph", "[1] Kamerstuk 1."),
        ("heading", "1. Stand"),
        ("table", "brug | saldo\nNoord | -5"),
    ]
    loaded = check(load_xml("a.xml", LETTER.encode()))
    assert (loaded.title, loaded.metadata) == ("Brief over bruggen", {"date": "2024-05-01"})


@pytest.mark.parametrize("body", ["<x><y>Eén.</y><y>Twee <b>vet</b>.</y><!-- nee --></x>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_other_xml_is_its_text_in_any_encoding(body: str, encoding: str) -> None:
    loaded = load_xml("a.xml", f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode(encoding))
    assert loaded.text == "Eén.\n\nTwee vet."


def test_a_wrong_declaration_does_not_cost_the_text() -> None:
    loaded = load_xml("a.xml", '<?xml version="1.0" encoding="utf-8"?><x>Eén brug.</x>'.encode("cp1252"))
    assert loaded.text == "Eén brug."


def test_entities_are_neither_resolved_nor_fetched() -> None:
    declared = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
    loaded = load_xml("a.xml", f"{declared}<x>voor &a;&b; na</x>".encode())
    assert loaded.text == "voor na"
    assert loaded.warnings == ("a.xml uses entities of its own; they were left out.",)


def test_what_is_no_xml_is_refused() -> None:
    with pytest.raises(NotLoaded, match=r"^a\.xml "):
        load_xml("a.xml", b"<?xml version='1.0'?>")


@pytest.mark.parametrize("whole", [LAW, LETTER])
def test_damage_is_survived(settle: Settle, whole: str) -> None:
    chance = random.Random(20)
    for _ in range(150):
        settle(partial(load_xml, "a.xml", damaged(whole.encode(), chance)))
