"""The memo shows what everything rests on, keeps to itself what is not public, and is the same file each time."""

import io
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from assistant.courses.comparing import matrix
from assistant.courses.memo import FormatUnavailable, parts, write_memo
from assistant.courses.memo.closing import closed
from assistant.courses.memo.markdown import escaped
from assistant.courses.recommending import recommend
from assistant.courses.sensitivity import sensitivity
from assistant.courses.workspace import Basis, Filled, Statement, Withheld, Workspace
from retrieval.access import Marking
from tests.assistant.courses.doubles import QUOTE, a_full_workspace, a_workspace
from tests.making import OPEN

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _memo(
    workspace: Workspace, folder: Path, *formats: str, stale: Mapping[str, tuple[str, ...]] | None = None
) -> list[Path]:
    compared = matrix(workspace)
    shares = sensitivity(compared, samples=200)
    return write_memo(
        workspace,
        matrix=compared,
        sensitivity=shares,
        recommendation=recommend(workspace, compared, shares),
        stale=stale or {},
        folder=folder,
        formats=formats,
    )


def _open(**changes: Any) -> Workspace:
    """A workspace that was made of documents for everybody."""
    return _marked(a_full_workspace(**changes), OPEN)


def _marked(workspace: Workspace, marking: Marking) -> Workspace:
    courses = (
        replace(course, fields=tuple(replace(one, marking=marking) for one in course.fields))
        for course in workspace.courses
    )
    framing = tuple(replace(one, marking=marking) for one in workspace.framing)
    return replace(workspace, marking=marking, courses=tuple(courses), framing=framing)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_fact_has_a_footnote_with_its_quote(tmp_path: Path, language: str) -> None:
    workspace = _open(language=language)
    (file,) = _memo(workspace, tmp_path, "md")
    text = file.read_text()
    assert ("Nota ter beslissing" in text) == (language == "nl")
    assert "[^1]: Order (plans: order.md)".replace("(", r"\(").replace(")", r"\)") in text
    assert QUOTE.removesuffix(".") in text.partition("[^1]:")[2]
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert len(headings) == (7 if language == "nl" else 12)


def test_an_empty_part_says_who_must_fill_it(tmp_path: Path) -> None:
    (file,) = _memo(_open(language="nl"), tmp_path, "md")
    assert "In te vullen door de juridisch adviseur." in file.read_text()


def test_what_is_derived_from_closed_documents_is_in_a_file_of_its_own(tmp_path: Path) -> None:
    secret = Marking("NLD", "Stg. Geheim")
    closed = _marked(a_full_workspace(), secret)
    public, hidden = _memo(closed, tmp_path, "md")
    assert QUOTE.removesuffix(".") not in public.read_text()
    assert all(course.name not in public.read_text() for course in closed.courses if not course.baseline)
    assert "Ongerubriceerd" in public.read_text().splitlines()[0]
    assert "Stg. Geheim" in hidden.read_text().splitlines()[0].replace("\\", "")
    assert QUOTE.removesuffix(".") in hidden.read_text()


def test_what_has_no_marking_of_its_own_is_as_secret_as_the_workspace(tmp_path: Path) -> None:
    secret = Marking("NLD", "Stg. Geheim")
    workspace = _marked(a_full_workspace(), secret)
    framing = tuple(replace(one, marking=None) for one in workspace.framing)
    assert workspace.decision
    decision = replace(workspace.decision, reason="The ford is mined")
    public, hidden = _memo(replace(workspace, framing=framing, decision=decision), tmp_path, "md")
    for text in [escaped(one.text) for filled in framing for one in filled.statements] + [decision.reason]:
        assert text not in public.read_text()
        assert text in hidden.read_text()


def test_a_line_whose_source_no_longer_stands_says_so(tmp_path: Path) -> None:
    workspace = _open()
    statement = next(one for filled in workspace.framing for one in filled.statements)
    (file,) = _memo(workspace, tmp_path, "md", stale={statement.id: ("order.md was superseded.",)})
    assert "Note: order.md was superseded." in file.read_text()


def test_a_docx_has_footnotes_marking_and_heading_styles(tmp_path: Path) -> None:
    workspace = _open()
    (file,) = _memo(workspace, tmp_path, "docx")
    document = Document(io.BytesIO(file.read_bytes()))
    styles = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert {"Title", "Subtitle", "Heading 1", "List Bullet"} <= styles
    section = document.sections[0]
    marking = str(workspace.marking)
    assert section.header.paragraphs[0].text == section.footer.paragraphs[0].text == marking
    with zipfile.ZipFile(file) as archive:
        notes = ElementTree.fromstring(archive.read("word/footnotes.xml"))
        body = ElementTree.fromstring(archive.read("word/document.xml"))
    named = {one.get(f"{_W}id") for one in notes} - {"-1", "0"}
    used = {one.get(f"{_W}id") for one in body.iter(f"{_W}footnoteReference")}
    assert used
    assert used == named
    in_order = [int(one.get(f"{_W}id") or 0) for one in body.iter(f"{_W}footnoteReference")]
    assert in_order == sorted(set(in_order))
    assert all(table.rows[0]._tr.trPr is not None for table in document.tables)


def test_the_same_workspace_makes_the_same_bytes(tmp_path: Path) -> None:
    one, two = (_memo(_open(), tmp_path / name, "docx", "md") for name in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_text_from_a_document_is_text_in_markdown() -> None:
    text = "[click](http://x.invalid) ![a](b) <b>bold</b> | cell | # head `code` *strong*"
    assert escaped(text).replace("\\", "") == text
    assert not any(f"{one}" in escaped(text).replace(f"\\{one}", "") for one in "[]()<>|#`*!")
    assert escaped("1. one") == r"\1. one".replace(r"\1", r"\1")
    assert escaped("- one").startswith(r"\-")


@pytest.mark.parametrize("format", ["odt", "pdf"])
def test_what_needs_libreoffice_is_refused_in_a_sentence_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FormatUnavailable, match="LibreOffice"):
        _memo(_open(), tmp_path, format)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(("format", "magic"), [("pdf", b"%PDF"), ("odt", b"PK")])
def test_libreoffice_writes_what_it_is_asked_for(tmp_path: Path, format: str, magic: bytes) -> None:
    (file,) = _memo(_open(), tmp_path, format)
    assert file.read_bytes().startswith(magic)


def test_what_an_officer_lists_is_only_in_the_second_file_and_the_motivation_in_both(tmp_path: Path) -> None:
    workspace = _open(withheld=(Withheld("how-2", "Security of the State", "officer"),))
    public, whole = (path.read_text() for path in _memo(workspace, tmp_path, "md"))
    assert "The ice holds" not in public
    assert QUOTE.removesuffix(".") in public
    told = public.partition("not made public")[2]
    assert "Security of the State" in told
    assert "how-2" not in public
    assert "The ice holds" in whole
    assert "how-2: Security of the State (stated by officer)" in whole.replace("\\", "")


@pytest.mark.parametrize("part", ["mission", "coa-1", "coa-1/how", "idea-1", "wargame", "mission-1"])
def test_words_of_a_closed_part_are_nowhere_in_the_public_memo(tmp_path: Path, part: str) -> None:
    """Each part of the double but the wargame says the quote; the name of the course is copied from its idea."""
    workspace = _open(withheld=(Withheld(part, "Commercial confidence.", "officer"),))
    public, whole = (path.read_text() for path in _memo(workspace, tmp_path, "md"))
    assert (QUOTE.removesuffix(".") in public) == (part == "wargame")
    assert QUOTE.removesuffix(".") in whole
    assert (f"({workspace.courses[0].name})" in public.replace("\\", "")) == (part not in ("coa-1", "idea-1"))
    assert set(parts(workspace)) >= {part}


def test_a_docx_for_the_public_holds_no_withheld_words_in_any_of_its_parts(tmp_path: Path) -> None:
    workspace = _open(withheld=(Withheld("mission", "Commercial confidence.", "officer"),))
    public, _ = _memo(workspace, tmp_path, "docx")
    with zipfile.ZipFile(public) as archive:
        assert all(QUOTE.encode() not in archive.read(name) for name in archive.namelist())


@given(st.text(min_size=1, max_size=40).filter(str.strip), st.text(max_size=10), st.text(max_size=10))
def test_closed_words_are_found_however_they_are_spaced_or_written(said: str, before: str, after: str) -> None:
    statement = Statement("s", said, Basis.STATED)
    workspace = a_workspace(framing=(Filled("mission", (statement,)),), withheld=(Withheld("s", "Why.", "officer"),))
    found = closed(workspace)
    if " ".join(said.casefold().split()).rstrip("."):
        assert found.tells(f"{before} {said.upper() if said.upper().casefold() == said.casefold() else said} {after}")
    assert not found.tells("")


def test_annexes_name_each_document_that_a_footnote_is_of(tmp_path: Path) -> None:
    (file,) = _memo(_open(), tmp_path, "md")
    annexes = file.read_text().replace("\\", "").partition("## Annexes")[2].partition("[^1]:")[0]
    assert annexes.split("\n") == ["", "", "- Order (plans: order.md)", "", ""]
