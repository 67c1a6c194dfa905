"""What a reader sees of a page, in blocks."""

from collections.abc import Callable

import pytest

from retrieval.loading.html import load_html
from retrieval.loading.loaded import Loaded, NotLoaded

Check = Callable[[Loaded], Loaded]


def seen(body: str) -> list[tuple[str, str]]:
    loaded = load_html("a.html", body.encode())
    return [(span.kind.value, loaded.text[span.start : span.end]) for span in loaded.spans]


def test_headings_paragraphs_lists_and_tables_become_spans(check: Check) -> None:
    page = """<!doctype html><html><head><title>Orders &amp; more</title>
      <meta name=author content="S. Staf"></head>
      <body><nav>Home</nav><h2>Task <em>one</em></h2><p>Go&nbsp;to
      the <b>bridge</b>.<br>Wait.</p>loose
      <ul><li>first<li><p>second</p><ol><li>inner</ol></ul>
      <table><caption>Men</caption><tr><th>unit<th>men<tr><td>A<br>co<td>-12</table>
      <pre>  a\n\n  b</pre></body></html>"""
    assert seen(page) == [
        ("heading", "Task one"),
        ("paragraph", "Go to the bridge.\nWait."),
        ("paragraph", "loose"),
        ("paragraph", "- first\n- second\n  1. inner"),
        ("table", "Men\nunit | men\nA co | -12"),
        ("paragraph", "a\n\n  b"),
    ]
    loaded = check(load_html("a.html", page.encode()))
    assert (loaded.title, loaded.metadata) == ("Orders & more", {"author": "S. Staf"})
    assert loaded.spans[0].level == 2


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>secret</p>",
        "<div style='DISPLAY : none'><p>secret</p></div>",
        "<span style='visibility:hidden'>secret</span>",
        "<span style='font-size:0px'>secret</span>",
        "<span style='opacity:0'>secret</span>",
        "<div style='position:absolute;left:-9999px'>secret</div>",
        f"<!-- secret {'instruction ' * 9}-->",
    ],
)
def test_hidden_text_is_left_out_and_said(hidden: str) -> None:
    loaded = load_html("a.html", f"<p>seen</p>{hidden}<p>after</p>".encode())
    assert loaded.text == "seen\n\nafter"
    assert "does not see (1 places)" in loaded.warnings[0]


@pytest.mark.parametrize("style", ["opacity:0.5", "font-size:0.9em", "left:-5px", "display:block"])
def test_ordinary_styles_hide_nothing(style: str) -> None:
    assert seen(f"<p style='{style}'>seen</p>") == [("paragraph", "seen")]


def test_scripts_and_styles_are_silent() -> None:
    assert seen("<script>x()</script>a<style>p{}</style>b<template>c</template>") == [("paragraph", "ab")]


def test_a_table_that_lays_out_a_page_is_read_as_blocks() -> None:
    page = "<table><tr><td><h1>Title</h1></td><td><table><tr><td>a<td>b</table></td></tr></table>"
    assert seen(page) == [("heading", "Title"), ("table", "a | b")]


def test_a_misleading_charset_does_not_spoil_utf8() -> None:
    assert seen("<meta charset=iso-8859-1><p>één €</p>") == [("paragraph", "één €")]
    latin = "<meta charset='iso-8859-1'><p>één €</p>".encode("cp1252")
    assert load_html("a.html", latin).text == "één €"


@pytest.mark.parametrize("page", ["<div>" * 5000 + "x", "<p>" + "a " * 6_000_000])
def test_a_page_made_to_break_parsers_is_refused(page: str) -> None:
    with pytest.raises(NotLoaded, match="too deeply or runs on too long"):
        load_html("a.html", page.encode())


def test_pictures_written_into_the_page_do_not_count_as_text() -> None:
    assert seen(f"<img src='data:image/png;base64,{'A' * 11_000_000}'><p>seen</p>") == [("paragraph", "seen")]


def test_entities_declared_in_the_page_are_not_expanded() -> None:
    page = '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]><p>x &a; &f;</p>'
    assert "root:" not in load_html("a.html", page.encode()).text


def test_control_characters_are_replaced(check: Check) -> None:
    page = "<table><tr><td>a&#1;b<br>\x02c<td>d</table><p>e\x07f"
    assert check(load_html("a.html", page.encode())).text == "a\ufffdb \ufffdc | d\n\ne\ufffdf"


def test_a_page_without_words_holds_no_text() -> None:
    with pytest.raises(NotLoaded, match="holds no text"):
        load_html("a.html", b"<html><body><img src='x.png'></body></html>")
