"""Answers that are taken along: by whom, under what marking, and with their sources as footnotes."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from assistant.answers import Question
from assistant.exporting import AnswerUnknown, FormatUnavailable, KeptAnswer, kept_answers, paper_of, write_paper
from assistant.service import Assistant
from retrieval.access import Principal
from retrieval.ingesting import Ingestion
from tests.installations import CLEARED, OFFICER, OPEN, SECRET, a_corpus, an_assistant, an_ingestion, asking

TODAY = date(2026, 3, 1)
ORDER = """# Operation order

The convoy crosses the bridge at Kruisvoorde at 05:15. The grid is 31U:FT 4523 1198 | `ref:alpha` <b>x</b>.
"""
ASKED = "When does the convoy cross the bridge?"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def ingestion(tmp_path: Path) -> Ingestion:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "order.md").write_text(ORDER)
    ingestion = an_ingestion(tmp_path)
    ingestion.add(folder, a_corpus())
    return ingestion


@pytest.fixture
def assistant(ingestion: Ingestion) -> Assistant:
    return an_assistant(ingestion, "The convoy crosses at 05:15. [1]")


def test_its_asker_gets_what_was_answered(assistant: Assistant) -> None:
    answer = assistant.ask(asking(ASKED))
    (kept,) = having(assistant, [answer.id])
    assert (kept.claims, kept.marking, kept.question) == (answer.claims, answer.marking, ASKED)


def test_nobody_else_learns_that_it_is_there(assistant: Assistant) -> None:
    answer = assistant.ask(asking(ASKED))
    other = replace(OFFICER, name="another")
    told = {refused(assistant, ids, other) for ids in ([answer.id], ["no-such-answer"], [])}
    assert len(told) == 1


def test_a_source_that_was_marked_higher_since_takes_the_answer_along(
    assistant: Assistant, ingestion: Ingestion
) -> None:
    answer = assistant.ask(asking(ASKED))
    document = answer.evidence[0].document.id
    ingestion.catalog.set_marking([document], SECRET)
    cleared = replace(CLEARED, name=OFFICER.name)
    (kept,) = having(assistant, [answer.id], cleared)
    assert (answer.marking, kept.marking) == (OPEN, SECRET)
    refused(assistant, [answer.id], OFFICER)


def test_one_answer_that_is_not_for_the_reader_withholds_the_conversation(assistant: Assistant) -> None:
    answer = assistant.ask(asking(ASKED))
    refused(assistant, [answer.id, "no-such-answer"], OFFICER)


def test_markdown_names_each_source_in_a_footnote_under_the_marking(assistant: Assistant) -> None:
    text = markdown(assistant, [asking(ASKED)])
    lines = text.splitlines()
    assert lines[0] == lines[-1] == f"**Marking: {OPEN}**"
    quoted = next(line for line in lines if "Kruisvoorde at 05:15" in line)
    assert quoted.startswith("- “The convoy crosses the bridge at Kruisvoorde at 05:15.” ")
    assert "✓ verified" in quoted
    assert quoted.endswith("[^1]")
    note = next(line for line in lines if line.startswith("[^1]:"))
    assert "/order.md, version " in note
    assert "characters 19-73" in note


def test_markup_of_documents_and_questions_stays_text(assistant: Assistant) -> None:
    text = markdown(assistant, [asking("What is the grid? ![x](https://evil.example) <script>")])
    assert "31U:FT 4523 1198" in text
    for active in ("![", "](https", "<script", "<b>", "`ref"):
        assert active not in text.replace("\\" + active[0], "")


def test_a_conversation_shares_its_footnotes_and_carries_the_highest_marking(assistant: Assistant) -> None:
    text = markdown(assistant, [asking(ASKED), asking(f"Again: {ASKED}")])
    assert text.count("## When does") == 1
    assert text.count("## Again") == 1
    assert text.count("[^1]:") == 1


@pytest.mark.parametrize(("language", "heading"), [("nl", "Citaten"), ("en", "Quotes")])
def test_word_has_real_footnotes_and_the_marking_at_the_head_and_foot(
    assistant: Assistant, language: str, heading: str
) -> None:
    answer = assistant.ask(asking(ASKED))
    paper = paper_of(having(assistant, [answer.id]), language="nl" if language == "nl" else "en", today=TODAY)
    parts = zipfile.ZipFile(io.BytesIO(write_paper(paper, "docx")))
    body, notes = (etree.fromstring(parts.read(f"word/{name}.xml")) for name in ("document", "footnotes"))
    referred = [one.get(f"{_WORD}id") for one in body.iter(f"{_WORD}footnoteReference")]
    told = {one.get(f"{_WORD}id"): "".join(map(str, one.itertext())) for one in notes.iter(f"{_WORD}footnote")}
    assert referred
    assert all("order.md" in told[id] for id in referred)
    assert heading in "".join(map(str, body.itertext()))
    frames = [name for name in parts.namelist() if name.startswith(("word/header", "word/footer"))]
    assert {name[5:11] for name in frames} == {"header", "footer"}
    for name in frames:
        assert str(OPEN) in "".join(map(str, etree.fromstring(parts.read(name)).itertext()))


def test_an_answer_that_is_none_says_what_the_documents_do_say(ingestion: Ingestion) -> None:
    settings = an_assistant(ingestion).answer.model_copy(update={"answerability": 1.0})
    text = markdown(replace(an_assistant(ingestion), answer=settings), [asking("Who feeds the horses at the bridge?")])
    assert "What the documents do say about it" in text
    assert "### Quotes" not in text


def test_control_characters_break_no_file(assistant: Assistant) -> None:
    answer = assistant.ask(asking(ASKED))
    (kept,) = having(assistant, [answer.id])
    odd = replace(kept, question="a\x00b\ud800\u202ec\ufffe", asker="x\x1by")
    for format in ("docx", "md"):
        assert write_paper(paper_of([odd], language="en", today=TODAY), format)


def test_without_libreoffice_that_is_said_plainly(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.libreoffice.shutil.which", lambda _: None)
    answer = assistant.ask(asking(ASKED))
    paper = paper_of(having(assistant, [answer.id]), language="en", today=TODAY)
    with pytest.raises(FormatUnavailable, match="needs LibreOffice"):
        write_paper(paper, "pdf")


def having(assistant: Assistant, ids: Sequence[str], principal: Principal = OFFICER) -> list[KeptAnswer]:
    catalog = assistant.retriever.catalog
    return kept_answers(ids, journal=assistant.journal, catalog=catalog, principal=principal, today=TODAY)


def refused(assistant: Assistant, ids: Sequence[str], principal: Principal) -> str:
    with pytest.raises(AnswerUnknown) as told:
        having(assistant, ids, principal)
    return str(told.value)


def markdown(assistant: Assistant, questions: Sequence[Question]) -> str:
    ids = [assistant.ask(question).id for question in questions]
    return write_paper(paper_of(having(assistant, ids), language="en", today=TODAY), "md").decode()
