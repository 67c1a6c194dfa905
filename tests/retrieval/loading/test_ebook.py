"""An e-book is its chapters in the order of its spine."""

import io
import random
import zipfile
from collections.abc import Callable
from functools import partial

import pytest

from retrieval.loading.ebook import load_ebook
from retrieval.loading.loaded import Loaded, NotLoaded
from tests.retrieval.loading.test_damage import damaged_part

Check = Callable[[Loaded], Loaded]
Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]

PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Handboek</dc:title><dc:creator>J. Jansen</dc:creator></metadata><manifest>
<item id="b" href="tekst/b%20twee.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="tekst/a.xhtml" media-type="application/xhtml+xml"/>
<item id="c" href="tekst/weg.xhtml" media-type="application/xhtml+xml"/>
<item id="d" href="omslag.png" media-type="image/png"/></manifest>
<spine><itemref idref="d"/><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/></spine></package>"""


def book(**more: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml", '<container><rootfiles><rootfile full-path="boek/p.opf"/></rootfiles></container>'
        )
        archive.writestr("boek/p.opf", PACKAGE)
        archive.writestr(
            "boek/tekst/b twee.xhtml", "<html><body><h1>Twee</h1><p hidden='hidden'>weg</p><p>B.</p></body></html>"
        )
        archive.writestr("boek/tekst/a.xhtml", "<!DOCTYPE html><html><body><h1>Een</h1><p>A.</p></body></html>")
        for name, content in more.items():
            archive.writestr(f"META-INF/{name}.xml", content)
    return buffer.getvalue()  # fmt: skip


def test_chapters_are_read_in_the_order_of_the_spine(check: Check) -> None:
    loaded = check(load_ebook("a.epub", book()))
    assert loaded.text == "Een\n\nA.\n\nTwee\n\nB."
    assert [span.kind.value for span in loaded.spans] == ["heading", "paragraph"] * 2
    assert (loaded.title, loaded.metadata) == ("Handboek", {"author": "J. Jansen"})
    assert loaded.warnings == (
        "a.epub holds text that a reader does not see (1 places); it was left out.",
        "a.epub lacks chapters that it names (1); ask for a whole copy.",
    )


def test_a_locked_book_is_refused() -> None:
    with pytest.raises(NotLoaded, match=r"^a\.epub is locked by its publisher"):
        load_ebook("a.epub", book(rights="<rights/>"))


def test_damage_is_survived(settle: Settle) -> None:
    whole, chance = book(), random.Random(20)
    for _ in range(100):
        settle(partial(load_ebook, "a.epub", damaged_part(whole, chance)))
