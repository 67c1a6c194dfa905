"""The pages of documents: what they show, and that they show it to nobody else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.answers import Citation
from assistant.entrypoints.documents.addresses import document_address
from retrieval.access import METADATA_ONLY, Principal
from retrieval.documents import document_id
from tests.assistant.entrypoints.documents.shelf import CLEARED, CLOSED, OFFICER, REOPENED, SECRET, Shelf, a_pdf

ORDER, MAP = document_id("plans", "order.md"), document_id("plans", "map.pdf")
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    one = Shelf(tmp_path)
    yield one
    one.renderers.close()


def test_a_text_is_shown_with_its_headings_tables_and_the_quote_marked(shelf: Shelf) -> None:
    version = shelf.versions("order.md")[0]
    start, end = shelf.quote(version, "open to tracked")
    page = shelf.get(f"/documents/{ORDER}?version={version}&start={start}&end={end}").text
    assert '<mark id="quote">open to tracked</mark>' in page
    assert re.search(r"<h\d>Bridges</h\d>", page)
    assert "<td>MLC &lt;20&gt;</td>" in page
    assert "<dd>owner of plans</dd>" in page
    assert "In force" in page


def test_the_quote_on_a_drawn_page_is_marked_where_it_stands(shelf: Shelf) -> None:
    version = shelf.versions("map.pdf")[0]
    start, end = shelf.quote(version, "closed to tracked")
    page = shelf.get(f"/documents/{MAP}?version={version}&start={start}&end={end}").text
    (box,) = re.findall(r'<rect id="quote" class="quoted" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', page)
    left, top, width, _ = map(int, box)
    # Behind 'The bridge at Kruisvoorde is', 700 points from below on A4 of 842.
    assert 2100 < left < 2300
    assert 8419 - 7000 - 130 < top < 8419 - 7000
    assert 900 < width < 1100
    assert CLOSED in re.findall(r"<text [^>]+>([^<]+)</text>", page)
    assert len(page.encode()) < 200_000


def test_another_page_than_that_of_the_quote_leads_to_it(shelf: Shelf) -> None:
    version = shelf.versions("map.pdf")[0]
    start, end = shelf.quote(version, "closed to tracked")
    page = shelf.get(f"/documents/{MAP}?version={version}&start={start}&end={end}&page=2").text
    assert 'class="quoted"' not in page
    assert "The quote is on page 1." in page
    assert 'rel="prev"' in page
    assert 'rel="next"' not in page


def test_a_page_is_sent_as_a_picture_of_a_bounded_size(shelf: Shelf) -> None:
    told = [shelf.get(f"/documents/{MAP}/pages/1.webp?zoom={zoom}") for zoom in ("", "200", "999999")]
    assert {one.headers["content-type"] for one in told} == {"image/webp"}
    assert told[0].content == told[2].content != told[1].content
    assert shelf.get(f"/documents/{MAP}/pages/3.webp").status_code == 404


def test_a_page_that_cannot_be_drawn_is_shown_as_text(shelf: Shelf) -> None:
    version = shelf.versions("map.pdf")[0]
    (blob,) = [
        path for path in (shelf.home / "blobs").rglob("*") if path.is_file() and b"%PDF" in path.read_bytes()[:9]
    ]
    blob.write_bytes(b"%PDF-1.7 and then nothing")
    page = shelf.get(f"/documents/{MAP}?version={version}")
    assert page.status_code == 200
    assert CLOSED in page.text
    assert "cannot be drawn" in page.text


def test_a_pdf_may_be_read_as_text(shelf: Shelf) -> None:
    page = shelf.get(f"/documents/{MAP}?view=text").text
    assert CLOSED in page
    assert "<img" not in page
    assert "View as pages" in page


def test_a_superseded_version_says_so_and_leads_to_the_new_one(shelf: Shelf) -> None:
    new, old = shelf.versions("order.md")
    page = shelf.get(f"/documents/{ORDER}?version={old}").text
    assert CLOSED in page
    assert "This version was superseded." in page
    assert f'href="/documents/{ORDER}">To the version now in force' in page
    assert "superseded" not in shelf.get(f"/documents/{ORDER}?version={new}").text


def test_a_retired_document_says_so(shelf: Shelf) -> None:
    shelf.curation.retire("plans", "map.pdf")
    assert "was retired" in shelf.get(f"/documents/{MAP}").text


def test_a_deleted_document_is_not_there(shelf: Shelf) -> None:
    shelf.curation.delete("plans", "map.pdf", by="owner")
    assert shelf.get(f"/documents/{MAP}").content == shelf.get(f"/documents/{NOBODY}").content
    assert shelf.get(f"/documents/{MAP}/pages/1.webp").status_code == 404


def test_what_has_expired_says_since_when(shelf: Shelf) -> None:
    day = date.today() - timedelta(days=3)
    shelf.curation.set_validity("plans", "map.pdf", valid_from=None, valid_until=day)
    assert f"has not been in force since {day}" in shelf.get(f"/documents/{MAP}").text
    assert "has not been in force" not in shelf.get(f"/documents/{MAP}?on={day - timedelta(days=1)}").text


def test_versions_are_compared_in_words_and_signs(shelf: Shelf) -> None:
    page = shelf.get(f"/documents/{ORDER}/compare").text
    assert "0 removed, 0 added and 1 changed paragraphs." in page
    assert re.search(r"<del><span class=\"sign\">−</span><span class=\"unseen\">removed: </span>closed</del>", page)
    assert "± Changed" in page


def test_only_the_readers_own_answers_are_told(shelf: Shelf) -> None:
    mine = shelf.ask("Is the bridge at Kruisvoorde open to tracked vehicles?", OFFICER)
    shelf.ask("May tanks cross the bridge at Kruisvoorde?", replace(OFFICER, name="another"))
    assert mine.citations
    page = shelf.get(f"/documents/{ORDER}/answers").text
    assert mine.question in page
    assert "May tanks" not in page
    assert f"/documents/{ORDER}?version=" in page


def test_an_answer_above_the_readers_clearance_is_not_told(shelf: Shelf) -> None:
    shelf.add("secrets", {"plan.md": "# Plan\n\nThe bridge at Kruisvoorde is closed at H-hour.\n"}, SECRET)
    shelf.ask("Is the bridge at Kruisvoorde open to tracked vehicles?", replace(CLEARED, name="officer"))
    assert "None of your answers" in shelf.get(f"/documents/{ORDER}/answers").text
    told = shelf.get(f"/documents/{ORDER}/answers", replace(CLEARED, name="officer")).text
    assert "Is the bridge at Kruisvoorde open" in told
    assert 'aria-label="Marking of this page">Stg. Geheim' in told


def test_the_original_is_kept_and_not_opened(shelf: Shelf) -> None:
    told = shelf.get(f"/documents/{ORDER}/original")
    assert REOPENED in told.text
    assert told.headers["content-disposition"].startswith("attachment")
    assert told.headers["content-type"] == "application/octet-stream"
    assert told.headers["x-content-type-options"] == "nosniff"
    assert told.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_the_name_of_an_original_cannot_add_a_header(shelf: Shelf) -> None:
    name = 'a"; x=y.md'
    shelf.add("plans", {name: "# Odd\n\nA file with an odd name.\n"})
    told = shelf.get(f"/documents/{document_id('plans', name)}/original")
    assert told.headers["content-disposition"] == "attachment; filename*=utf-8''a%22%3B%20x%3Dy.md"


def test_of_a_record_there_is_no_original(shelf: Shelf) -> None:
    rows = '{"id": "1", "text": "The first of two records."}\n{"id": "2", "text": "The second of two records."}\n'
    shelf.add("plans", {"rows.jsonl": rows})
    assert shelf.get(f"/documents/{document_id('plans', 'rows.jsonl#1')}").status_code == 200
    assert shelf.get(f"/documents/{document_id('plans', 'rows.jsonl#1')}/original").status_code == 404


def test_a_message_is_not_handed_out_with_what_hangs_on_it_and_may_not_be_read(shelf: Shelf) -> None:
    mail = (
        "From: a@b.example\nSubject: Bridges\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        "--x\nContent-Type: text/plain\n\nSee the plan that hangs on this.\n"
        '--x\nContent-Type: text/plain\nContent-Disposition: attachment; filename="plan.txt"\n\n'
        "The plan in short.\n--x--\n"
    )
    shelf.add("plans", {"note.eml": mail})
    note = document_id("plans", "note.eml")
    assert shelf.get(f"/documents/{note}/original").status_code == 200
    shelf.curation.mark("plans", "note.eml#attachments/plan.txt", SECRET)
    assert shelf.get(f"/documents/{note}").status_code == 200
    assert shelf.get(f"/documents/{note}/original").status_code == 404
    assert shelf.get(f"/documents/{note}/original", CLEARED).status_code == 200


def test_a_citation_leads_to_its_quote(shelf: Shelf) -> None:
    version = shelf.versions("order.md")[0]
    start, end = shelf.quote(version, REOPENED)
    citation = Citation(1, "p", version, "plans", "order.md", "Order", None, start, end, REOPENED)
    address, _, fragment = document_address(citation).partition("#")
    told = shelf.get(address)
    assert (told.status_code, fragment) == (303, "quote")
    assert told.headers["location"] == f"/documents/{ORDER}?version={version}&start={start}&end={end}#quote"


def _paths(id: str, version: str, other: str) -> list[str]:
    """Every route, with what one may ask of it."""
    return [
        f"/documents/{id}",
        f"/documents/{id}?version={version}&start=0&end=9",
        f"/documents/{id}?view=text",
        f"/documents/{id}/pages/1.webp",
        f"/documents/{id}/pages/1.webp?version={version}",
        f"/documents/{id}/original",
        f"/documents/{id}/original?version={version}",
        f"/documents/{id}/compare",
        f"/documents/{id}/compare?old={version}&new={other}",
        f"/documents/{id}/answers",
        f"/documents/of/{version}?start=0&end=9",
    ]


@pytest.mark.parametrize("reader", [OFFICER, replace(CLEARED, nationality="USA", name="guest")])
def test_what_may_not_be_read_is_told_as_what_does_not_exist(shelf: Shelf, reader: Principal) -> None:
    marking = replace(SECRET, releasable_to=frozenset({"NLD"}))
    shelf.add("plans", {"secret.pdf": a_pdf("The first plan is to go left.", "Two.")})
    shelf.add("plans", {"secret.pdf": a_pdf("The second plan is to go right.", "Two.")})
    shelf.curation.mark("plans", "secret.pdf", marking)
    secret, (new, old) = document_id("plans", "secret.pdf"), shelf.versions("secret.pdf")
    for path, nowhere in zip(_paths(secret, new, old), _paths(NOBODY, NOBODY, NOBODY), strict=True):
        assert shelf.get(path, CLEARED).status_code in (200, 303), path
        told, nothing = shelf.get(path, reader), shelf.get(nowhere, reader)
        assert told.status_code == nothing.status_code == 404, path
        assert told.content == nothing.content, path
        assert dict(told.headers) == dict(nothing.headers), path


def test_a_version_above_the_clearance_is_not_there_beside_one_that_is(shelf: Shelf) -> None:
    """A newer version with a higher marking: neither it, its title nor its being there is told."""
    new, old = shelf.versions("order.md")
    _mark_version(shelf, new)
    page = shelf.get(f"/documents/{ORDER}")
    assert CLOSED in page.text
    assert REOPENED not in page.text
    assert new not in page.text
    assert "superseded" not in page.text.lower()
    nothing = shelf.get(f"/documents/{NOBODY}").content
    for path in (
        f"/documents/{ORDER}?version={new}",
        f"/documents/of/{new}",
        f"/documents/{ORDER}/compare?old={old}&new={new}",
        f"/documents/{ORDER}/compare?old={new}&new={old}",
        f"/documents/{ORDER}/original?version={new}",
    ):
        assert (shelf.get(path).status_code, shelf.get(path).content) == (404, nothing), path


def _mark_version(shelf: Shelf, version: str) -> None:
    """Give one version a marking of its own, as a file that states another one does."""
    from sqlalchemy import update

    from retrieval.catalog import tables
    from retrieval.catalog.database import writing
    from retrieval.catalog.inserting import ensure_marking

    with writing(shelf.catalog.engine) as connection:
        ensure_marking(connection, SECRET)
        connection.execute(update(tables.versions).where(tables.versions.c.id == version).values(marking=SECRET.id))


def test_who_may_list_only_and_who_is_not_signed_in_see_nothing(shelf: Shelf) -> None:
    lister = replace(OFFICER, roles=frozenset({METADATA_ONLY}))
    for path in _paths(ORDER, *shelf.versions("order.md")):
        assert shelf.get(path, lister).status_code == 403, path
        assert (shelf.get(path, None).status_code, shelf.get(path, None).headers["location"]) == (303, "/login"), path


def test_odd_addresses_are_no_error(shelf: Shelf) -> None:
    told = "start=x&end=-1&page=\u0661&part=1e9&zoom=abc&on=2026-99-99"
    assert shelf.get(f"/documents/{ORDER}?{told}").status_code == 200
    for path in ("%00", "..%2f..", "x" * 300, "of", "of/compare"):
        assert shelf.get(f"/documents/{path}").status_code == 404, path
    assert shelf.get(f"/documents/{MAP}?page=99999999999999").status_code == 200
    assert shelf.get(f"/documents/{MAP}?page=9").status_code == 404


def test_the_pages_speak_dutch(shelf: Shelf) -> None:
    assert "Geldend" in shelf.get(f"/documents/{ORDER}", language="nl-NL").text
    assert "Dit document is er niet" in shelf.get(f"/documents/{NOBODY}", language="nl-NL").text


def test_a_long_text_comes_in_parts_below_200_kB(shelf: Shelf) -> None:
    row = " | ".join("7" for _ in range(40))
    text = "# Long\n\n" + "\n\n".join([f"Paragraph {number} & <more>. " * 12 for number in range(400)])
    shelf.add("plans", {"long.md": text, "cells.md": "# Cells\n\n" + f"| {row} |\n" * 1500})
    for key in ("long.md", "cells.md"):
        page = shelf.get(f"/documents/{document_id('plans', key)}")
        assert "Part 1 of" in page.text
        assert len(page.content) < 200_000
        assert shelf.get(f"/documents/{document_id('plans', key)}?part=2").status_code == 200
    version = shelf.versions("long.md")[0]
    start, end = shelf.quote(version, "Paragraph 390")
    assert (
        '<mark id="quote">Paragraph 390'
        in shelf.get(f"/documents/{document_id('plans', 'long.md')}?version={version}&start={start}&end={end}").text
    )
