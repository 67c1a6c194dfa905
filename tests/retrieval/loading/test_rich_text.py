"""A rich text document is its paragraphs, headings, tables and notes, in any code page."""

import random
from collections.abc import Callable
from functools import partial

import pytest

from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.rich_text import load_rich_text
from tests.retrieval.loading.test_damage import damaged

Check = Callable[[Loaded], Loaded]
Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]

HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}"
    rb"{\stylesheet{Normal;}{\s1\outlinelevel0 heading 1;}{\s2 kop 2;}{\*\cs10 Default;}}"
    rb"{\info{\title De nota}{\author J. Jansen}}{\footer\pard Ongerubriceerd\par}"
)


def read(body: bytes) -> Loaded:
    return load_rich_text("a.rtf", HEAD + body + b"}")


def seen(body: bytes) -> list[tuple[str, str]]:
    loaded = read(body)
    return [(span.kind.value, loaded.text[span.start : span.end]) for span in loaded.spans]


def test_headings_paragraphs_and_lists_are_read(check: Check) -> None:
    body = (
        rb"\pard\s1 Inleiding\par\pard\plain E\'e9n \u8722?5 \emdash\ldblquote x\rdblquote\line twee\~drie\par"
        rb"\pard\s2{\listtext\pard 1.\tab}Doel\par\pard{\pntext\'b7\tab}punt\par"
    )
    assert seen(body) == [
        ("heading", "Inleiding"),
        ("paragraph", "Eén \u22125 \u2014\u201cx\u201d\ntwee drie"),
        ("heading", "1. Doel"),
        ("paragraph", "·\tpunt"),
    ]
    loaded = check(read(body))
    assert (loaded.title, loaded.metadata) == ("De nota", {"author": "J. Jansen", "footer": "Ongerubriceerd"})


def test_a_table_is_rows_and_a_note_follows_what_calls_it() -> None:
    body = (
        rb"Voor{\footnote\pard{\super 1} Bron\par}.\par\trowd\cellx1\cellx2\pard\intbl eenheid\cell saldo\cell\row"
        rb"\trowd\pard\intbl A\par regel\cell (5,0)\cell\row\pard Na.\par"
    )
    assert seen(body) == [
        ("paragraph", "Voor[1]."),
        ("paragraph", "[1] 1 Bron"),
        ("table", "eenheid | saldo\nA regel | (5,0)"),
        ("paragraph", "Na."),
    ]


def test_what_a_reader_does_not_see_is_left_out_and_said(check: Check) -> None:
    body = (
        rb"Zicht{\v geheim}baar{\deleted weg}{\fs2 klein}{\*\unknown iets}{\*\bkmkstart _x}"
        rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt hier}}"
        rb"{\*\annotation nee}{\*\shppict{\pict 0102}}{\nonshppict{\pict 01}}\par"
    )
    loaded = check(read(body))
    assert loaded.text == "Zichtbaarhier"
    assert loaded.warnings == (
        "a.rtf holds hidden text (2 places); it was left out.",
        "a.rtf holds tracked deletions (1); it was read as if accepted.",
        "a.rtf holds reviewers' comments (1); they were not read.",
        "a.rtf holds pictures (1); text in them was not read.",
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"{\f1 \'cf\'f0\'e8}", "При"),
        (rb"\u-10179 ?\u-8704 ?", "\U0001f600"),
        (rb"\u-3913 ?\tab x", "\u2022\tx"),
        (rb"{\uc2\u233 ab}c", "éc"),
        (rb"a\bin4 {{{{b", "ab"),
        (rb"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt kader\par}}{\shprslt kader\par}}", "kader"),
    ],
)
def test_characters_are_what_they_mean(body: bytes, text: str) -> None:
    assert read(body).text == text


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(NotLoaded, match=r"^a\.rtf is nested too deeply"):
        load_rich_text("a.rtf", b"{\\rtf1" + b"{" * 100_000)


def test_damage_is_survived(settle: Settle) -> None:
    whole = HEAD + rb"\pard\s1 Kop\par Voor{\footnote Bron}.\par\trowd\intbl a\cell b\cell\row\pard Na.}"
    chance = random.Random(20)
    for _ in range(300):
        settle(partial(load_rich_text, "a.rtf", damaged(whole, chance)))
