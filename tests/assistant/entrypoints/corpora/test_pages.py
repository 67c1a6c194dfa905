"""What owners see and do on their pages, and what nobody else gets."""

import errno
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.entrypoints.corpora import spooling
from retrieval.access import UNMARKED
from retrieval.catalog import Corpus
from tests.assistant.entrypoints.corpora.served import (
    CLEARED,
    KEEPER,
    LISTER,
    OPEN,
    OWNER,
    READER,
    Served,
    ids_in,
    served,
)


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as made:
        yield made


def _send(one: Served, *files: tuple[str, bytes], who: Any = OWNER, **fields: str) -> Any:
    sent = [("files", (name, io.BytesIO(content))) for name, content in files]
    return one.client(who).post("/corpora/plans/add", files=sent, data=fields, headers={"accept": "application/json"})


def _outcomes(one: Served, answer: Any) -> dict[str, str]:
    one.uploads.wait(30)
    (upload,) = one.uploads.of("plans", OWNER.name)[:1]
    assert answer.json()["address"].endswith(upload.id)
    assert upload.stage == "done", upload.failure
    return {told.key: told.became for told in upload.outcomes}


# Who sees what


def test_an_owner_sees_what_waits_and_nothing_above_their_clearance(one: Served) -> None:
    page = one.client(OWNER).get("/corpora/plans").text
    assert "order.md" in page
    assert "loose.md" in page
    assert "plan-b" not in page
    assert "plan-b" in one.client(CLEARED).get("/corpora/plans").text


def test_what_is_not_there_and_what_may_not_be_known_are_told_alike(one: Served) -> None:
    hidden = one.client(READER).get("/corpora/hidden")
    unknown = one.client(READER).get("/corpora/nothing")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.text == unknown.text
    assert "/corpora/hidden" not in one.client(READER).get("/corpora").text


def test_a_keeper_of_one_corpus_keeps_no_other(one: Served) -> None:
    one.installation.catalog.ensure_corpus(Corpus("open", "Open", "J4", OPEN))
    assert one.client(KEEPER).get("/corpora/plans/waiting").status_code == 200
    assert one.client(KEEPER).get("/corpora/open").status_code == 200
    assert one.client(KEEPER).get("/corpora/open/waiting").status_code == 403
    assert one.client(KEEPER).get("/corpora/hidden/waiting").status_code == 404
    assert one.client(KEEPER).post("/corpora", data={"name": "mine"}).status_code == 403


def test_who_lists_only_sees_titles_and_changes_nothing(one: Served) -> None:
    one.installation.catalog.ensure_corpus(Corpus("open", "Open", "J4", OPEN))
    client = one.client(LISTER)
    assert client.get("/corpora/open").status_code == 200
    for path in ("try", "waiting", "flags", "questions", "add"):
        assert client.get(f"/corpora/open/{path}").status_code == 403
    assert client.post("/corpora/open/change", data={"action": "retire"}).status_code == 403


def test_every_route_refuses_another_principal(one: Served) -> None:
    """An IDOR walk: no route of a corpus gives a stranger anything but the page that tells of nothing."""
    (order, receipt) = one.document("order.md"), _deleted(one)
    answer = _send(one, ("x.md", b"# X\n\nText."))
    one.uploads.wait(20)
    upload = answer.json()["address"].rpartition("/")[2]
    walked = 0
    for door in one.doors:
        for route in door.router.routes:
            method = next(iter(route.methods))  # type: ignore[attr-defined]
            path = route.path.format(name="plans", id=upload, number=receipt) if "{" in route.path else None  # type: ignore[attr-defined]
            if path is None:
                continue
            walked += 1
            told = {"document": order, "action": "delete", "sure": "yes", "question": "bridge", "successor": order}
            for who in (READER, None):
                client = one.client(who)
                got = client.get(path, params=told) if method == "GET" else client.post(path, data=told)
                assert got.status_code == (404 if who else 303), path
                assert who or got.headers["location"] == "/login"
                assert "order.md" not in got.text
    assert walked >= 15
    assert one.document("order.md") == order
    # Another owner is no stranger to the corpus, but to what is somebody's own.
    for path in (f"uploads/{upload}", f"uploads/{upload}/progress", f"receipts/{receipt}"):
        assert one.client(CLEARED).get(f"/corpora/plans/{path}").status_code == 404
        assert one.client(OWNER).get(f"/corpora/plans/{path}").status_code == 200


def _deleted(one: Served) -> int:
    told = {"document": one.document("loose.md"), "action": "delete", "sure": "yes"}
    where = one.client(OWNER).post("/corpora/plans/change", data=told).headers["location"]
    return int(where.rpartition("/")[2])


def test_documents_above_a_clearance_cannot_be_named_in_a_form(one: Served) -> None:
    told = {"document": one.document("plan-b.md"), "action": "retire", "sure": "yes"}
    assert one.client(OWNER).post("/corpora/plans/change", data=told).status_code == 404
    got = one.client(OWNER).get("/corpora/plans/supersede", params={"document": told["document"].partition(".")[0]})
    assert got.status_code == 404


def test_a_change_from_elsewhere_is_refused(one: Served) -> None:
    told = {"document": one.document("order.md"), "action": "retire", "sure": "yes"}
    for origin in ("http://evil.example", "null"):
        client = one.client(OWNER)
        assert client.post("/corpora/plans/change", data=told, headers={"origin": origin}).status_code == 403


# Changing


def _change(one: Served, keys: list[str], action: str, who: Any = OWNER, **told: str) -> Any:
    form = {"document": [one.document(key) for key in keys], "action": action, "sure": "yes", **told}
    return one.client(who).post("/corpora/plans/change", data=form)


def _journal(one: Served) -> dict[str, Any]:
    return dict(next(one.installation.journal.newest(kind="curated")).body)


def test_nothing_is_done_before_it_is_confirmed(one: Served) -> None:
    form = {"document": one.document("order.md"), "action": "delete"}
    page = one.client(OWNER).post("/corpora/plans/change", data=form)
    assert page.status_code == 200
    assert "order.md" in page.text
    assert ids_in(page.text) == [one.document("order.md")]


def test_what_waits_is_served_once_it_is_marked(one: Served) -> None:
    assert _change(one, ["loose.md"], "mark", level="NLD|Ongerubriceerd").status_code == 303
    assert "loose.md" in {row.document.key for row in one.installation.catalog.holdings("plans") if row.live}
    assert _journal(one)["by"] == "owner"


def test_nobody_marks_above_what_they_read_and_lowers_only_with_a_reason(one: Served) -> None:
    assert "lose sight" in _change(one, ["order.md"], "mark", level="NLD|Stg. Geheim").text
    assert _change(one, ["order.md"], "mark", level="NLD|Stg. Confidentieel").status_code == 303
    assert _change(one, ["order.md"], "mark", level="NLD|Ongerubriceerd").status_code == 422
    assert _change(one, ["order.md"], "mark", level="NLD|Ongerubriceerd", reason="Released.").status_code == 303
    assert (_journal(one)["lowered"], _journal(one)["reason"]) == (True, "Released.")
    assert _change(one, ["order.md"], "mark", level="NLD|Nothing").status_code == 422


def test_documents_that_changed_in_between_are_left_alone(one: Served) -> None:
    form = {"document": [one.document("order.md"), one.document("loose.md")], "action": "delete", "sure": "yes"}
    _change(one, ["order.md"], "retire")
    got = one.client(OWNER).post("/corpora/plans/change", data=form)
    assert got.status_code == 422
    assert "1 of the 2 documents changed" in got.text
    assert "loose.md" in {row.document.key for row in one.installation.catalog.holdings("plans")}


def test_a_deletion_gives_its_receipt_to_who_deleted(one: Served) -> None:
    number = _deleted(one)
    page = one.client(OWNER).get(f"/corpora/plans/receipts/{number}")
    assert "loose.md" in page.text
    got = one.client(OWNER).get(f"/corpora/plans/receipts/{number}", params={"download": "true"})
    assert json.loads(got.text)["by"] == "owner"
    assert "attachment" in got.headers["content-disposition"]


def test_validity_retiring_and_restoring(one: Served) -> None:
    days = {"from_how": "day", "from": "2026-01-01", "until_how": "keep"}
    assert _change(one, ["order.md"], "validity", **days).status_code == 303
    assert _change(one, ["order.md"], "validity", until_how="day", until="2025-01-01").status_code == 422
    assert _change(one, ["order.md"], "retire").status_code == 303
    assert _change(one, ["order.md"], "restore").status_code == 303
    assert "2026-01-01" in one.client(OWNER).get("/corpora/plans").text


def test_one_document_takes_the_place_of_another(one: Served) -> None:
    _change(one, ["loose.md"], "mark", level="NLD|Ongerubriceerd")
    old, new = one.document("order.md").partition(".")[0], one.document("loose.md").partition(".")[0]
    where = _change(one, ["order.md"], "supersede").headers["location"]
    assert "loose.md" in one.client(OWNER).get(where).text
    form = {"document": old, "successor": new, "on": "2026-02-01"}
    assert one.client(OWNER).post("/corpora/plans/supersede", data=form).status_code == 303
    assert "superseded" in one.client(OWNER).get("/corpora/plans").text


def test_a_corpus_is_made_once(one: Served) -> None:
    form = {"name": "new", "title": "<b>New</b>", "level": "none"}
    assert one.client(OWNER).post("/corpora", data=form).status_code == 303
    assert one.installation.catalog.corpus("new").marking == UNMARKED
    assert "There is a corpus" in one.client(OWNER).post("/corpora", data=form).text
    assert "&lt;b&gt;New" in one.client(OWNER).get("/corpora").text
    for name in ("../x", "A b", ""):
        assert one.client(OWNER).post("/corpora", data={"name": name, "level": "none"}).status_code == 422


# Uploads


def test_a_folder_keeps_its_structure_and_every_file_has_an_outcome(one: Served) -> None:
    answer = _send(
        one,
        ("annexes/a.md", b"---\nmarking: Ongerubriceerd\n---\n# Annex A\n\nFuel is at the depot.\n"),
        ("loose2.md", b"# Loose\n\nNobody marked this.\n"),
        ("lie.pdf", b"PK\x03\x04 not a pdf at all"),
        ("empty.txt", b""),
        ("../../etc/passwd", b"out"),
        ("/abs.md", b"out"),
        ("C:\\x.md", b"out"),
        (".hidden", b"out"),
    )
    told = _outcomes(one, answer)
    assert (told["annexes/a.md"], told["loose2.md"]) == ("added", "held back")
    assert told["lie.pdf"] == told["empty.txt"] == "not read"
    for name in ("../../etc/passwd", "/abs.md", ".hidden"):
        assert told[name] == "refused"
    assert sum(became == "refused" for became in told.values()) == 4
    page = one.client(OWNER).get(answer.json()["address"]).text
    assert "annexes/a.md" in page
    assert not list((one.installation.settings.home / "uploads").iterdir())
    assert not [source for source in one.installation.catalog.sources("plans") if "uploads" in source.path]


def test_a_newer_file_of_the_same_name_is_a_new_version_and_the_same_one_is_there_already(one: Served) -> None:
    text = b"---\nmarking: Ongerubriceerd\n---\n# A\n\nOne.\n"
    assert _outcomes(one, _send(one, ("a.md", text)))["a.md"] == "added"
    assert _outcomes(one, _send(one, ("a.md", text)))["a.md"] == "unchanged"
    assert _outcomes(one, _send(one, ("a.md", text + b"Two.\n")))["a.md"] == "changed"


def test_markup_in_names_and_titles_is_text(one: Served) -> None:
    title = b"---\nmarking: Ongerubriceerd\n---\n# <script>alert(1)</script>\n\nText of it.\n"
    answer = _send(one, ("<img src=x onerror=alert(1)>.md", title))
    _outcomes(one, answer)
    for path in (answer.json()["address"], "/corpora/plans", "/corpora/plans/health"):
        page = one.client(OWNER).get(path).text
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_a_full_disk_is_told_and_nothing_stays(one: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any, block: bytes) -> None:
        raise spooling._no_room(OSError(errno.ENOSPC, "No space left on device"))

    monkeypatch.setattr(spooling.Incoming, "write", full)
    got = _send(one, ("a.md", b"text"))
    assert got.status_code == 413
    assert "disk of this machine is full" in got.json()["problem"]
    assert not list((one.installation.settings.home / "uploads").iterdir())


def test_what_is_too_large_is_refused_early(one: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"content-length": str(2 << 30), "content-type": "multipart/form-data; boundary=b"}
    got = one.client(OWNER).post("/corpora/plans/add", content=b"", headers=headers)
    assert got.status_code == 413
    assert "2,048 MiB together" in got.text
    monkeypatch.setattr(spooling, "MOST_BYTES", 1000)
    assert _send(one, ("a.md", b"x" * 2000)).status_code == 413
    assert not list((one.installation.settings.home / "uploads").iterdir())


def test_an_upload_that_breaks_off_leaves_nothing(one: Served) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\nhalf of it'
    headers = {"content-type": "multipart/form-data; boundary=b"}
    got = one.client(OWNER).post("/corpora/plans/add", content=body, headers=headers)
    assert got.status_code == 413
    assert "broke off" in got.text
    assert not list((one.installation.settings.home / "uploads").iterdir())


def test_an_upload_goes_on_after_the_program_was_ended(one: Served) -> None:
    folder = one.installation.settings.home / "uploads"
    (folder / "aaa" / "uploads").mkdir(parents=True)
    (folder / "aaa" / "uploads" / "late.md").write_text("# Late\n\nText.\n")
    told = {"id": "aaa", "corpus": "plans", "by": "owner", "at": "2026-01-01", "stage": "reading", "outcomes": []}
    (folder / "aaa" / "upload.json").write_text(json.dumps({**told, "files": 1}))
    (folder / "half").mkdir()
    assert one.client(OWNER).get("/corpora/plans/uploads/aaa").status_code == 200
    one.uploads.wait(20)
    assert "late.md" in one.client(OWNER).get("/corpora/plans/uploads/aaa").text
    assert not list(folder.iterdir())


# Looking


def test_a_question_is_tried_in_this_corpus_and_in_what_may_be_read(one: Served) -> None:
    page = one.client(OWNER).post("/corpora/plans/try", data={"question": "bridge closed tracks"}).text
    assert "bridge of order.md" in page
    assert "plan-b" not in page
    assert "spy" not in page


def test_unanswered_questions_are_those_of_who_reads_no_more(one: Served) -> None:
    for name, level in (("low", "Ongerubriceerd"), ("high", "Stg. Geheim")):
        asker = {"name": name, "clearance": [["NLD", level]], "nationality": "NLD"}
        asked = {"principal": {**asker, "groups": [], "roles": [], "access": []}}
        abstention = {"corpora": ["plans"], "missing": ["tide"]}
        body = {"question": f"What of {name}?", "abstained": True, "abstention": abstention, "asked": asked}
        one.installation.journal.append("answer", body)
    page = one.client(OWNER).get("/corpora/plans/questions").text
    assert "What of low?" in page
    assert "What of high?" not in page


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_speaks_both_languages(one: Served, language: str) -> None:
    for part in ("", "/add", "/waiting", "/health", "/flags", "/questions", "/readers", "/try"):
        assert one.client(OWNER, language=language).get(f"/corpora/plans{part}").status_code == 200, part
    assert one.client(OWNER, language=language).get("/corpora").status_code == 200
    form = {"document": one.document("order.md")}
    for action in ("mark", "validity", "retire", "restore", "release", "delete"):
        page = one.client(OWNER, language=language).post("/corpora/plans/change", data={**form, "action": action})
        assert page.status_code == 200, action


def test_a_table_is_filtered_and_sorted_by_the_server(one: Served) -> None:
    client = one.client(OWNER)
    assert "loose.md" not in client.get("/corpora/plans", params={"text": "order"}).text
    assert "order.md" not in client.get("/corpora/plans", params={"state": "held back"}).text
    page = client.get("/corpora/plans", params={"sort": "-key"}).text
    assert page.index("order.md") < page.index("loose.md")
    assert client.get("/corpora/plans", params={"sort": "x", "page": "99"}).status_code == 200


def test_five_thousand_documents_make_a_small_page(one: Served) -> None:
    from retrieval.catalog import tables

    one.installation.catalog.ensure_corpus(Corpus("many", "Many", "J4", OPEN))
    engine = one.installation.catalog.engine
    with engine.begin() as connection:
        version = dict(connection.execute(tables.versions.select().filter_by(state="live")).mappings().first() or {})
        document = dict(connection.execute(tables.documents.select()).mappings().first() or {})
        fresh = [(f"d{number}", f"v{number}") for number in range(5_000)]
        rows = [{**document, "id": d, "corpus": "many", "key": f"{d}.md", "current": v} for d, v in fresh]
        versions = [{**version, "id": v, "document": d, "marking": OPEN.id} for d, v in fresh]
        connection.execute(tables.documents.insert(), rows)
        connection.execute(tables.versions.insert(), versions)
    client = one.client(OWNER)
    client.get("/corpora/many")
    begun = time.perf_counter()
    page = client.get("/corpora/many", params={"page": 7, "sort": "-added"})
    took = time.perf_counter() - begun
    assert "5000 documents" in page.text
    assert len(page.content) < 200_000
    # 0.30 s (median of 7) where it was measured, against a bound that a busy machine keeps too.
    assert took < 3, took
    print(f"{took:.3f} s, {len(page.content)} bytes")
