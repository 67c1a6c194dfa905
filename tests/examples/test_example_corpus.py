"""The example corpus is what its sources say, and its questions can be answered from it.

Reads the documents with the libraries directly, so that a fault in our loaders cannot hide one in the corpus."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CORPUS = EXAMPLES / "corpus"
SOURCES = sorted((EXAMPLES / "source").glob("*.md"))
HOSTILE = "bericht-wegwerkzaamheden-w914.html"


@dataclass(frozen=True, slots=True)
class Relevant:
    document: str
    page: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    question: str
    language: str
    corpora: list[str]
    answerable: bool
    expected: list[str]
    relevant: list[Relevant]
    must_not_contain: list[str]
    tags: list[str]


def _questions() -> list[Question]:
    lines = (EXAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Question(**{**row, "relevant": [Relevant(**item) for item in row["relevant"]]}) for row in rows]


QUESTIONS = _questions()
ANSWERABLE = [question for question in QUESTIONS if question.answerable]
UNANSWERABLE = [question for question in QUESTIONS if not question.answerable]


@pytest.mark.parametrize(
    "surroundings",
    [{}, {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1", "LC_ALL": "C"}],
    ids=["here", "elsewhere"],
)
def test_generating_again_gives_the_committed_bytes(tmp_path: Path, surroundings: dict[str, str]) -> None:
    pytest.importorskip("reportlab", reason="only needed to write the PDF files of the example corpus")
    made, injected, injections = (tmp_path / name for name in ("corpus", "injected", "injections.jsonl"))
    command = [sys.executable, str(EXAMPLES / "generate.py"), "--output", str(made)]
    command += ["--injected", str(injected), "--injections", str(injections)]
    subprocess.run(command, check=True, env={**os.environ, **surroundings})
    for folder, committed in ((made, CORPUS), (injected, EXAMPLES / "injected")):
        assert _names(folder) == _names(committed)
        changed = [name for name in _names(folder) if (folder / name).read_bytes() != (committed / name).read_bytes()]
        assert changed == [], "run examples/generate.py and commit what it writes"
    assert injections.read_bytes() == (EXAMPLES / "injections.jsonl").read_bytes()


def test_there_are_26_documents_in_six_formats_and_two_languages() -> None:
    assert len(_names(CORPUS)) == len(SOURCES) == 26
    assert {Path(name).suffix for name in _names(CORPUS)} == {".pdf", ".docx", ".xlsx", ".md", ".html", ".eml"}
    languages = [_front_matter(source)["language"] for source in SOURCES]
    assert {language: languages.count(language) for language in ("nl", "en")} == {"nl": 13, "en": 13}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_source_names_its_document_marking_and_what_it_supersedes(source: Path) -> None:
    front_matter = _front_matter(source)
    assert (CORPUS / front_matter["file"]).is_file()
    assert front_matter["file"].endswith("." + front_matter["format"])
    assert front_matter["marking"] == "Ongerubriceerd"
    assert (CORPUS / front_matter.get("supersedes", front_matter["file"])).is_file()


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_document_is_short(source: Path) -> None:
    body = source.read_text(encoding="utf-8").split("---\n", 2)[2]
    assert 250 <= len(re.findall(r"\w+", body)) <= 900


def test_there_are_60_questions_half_dutch_half_english_and_a_quarter_unanswerable() -> None:
    assert len(QUESTIONS) == len({question.id for question in QUESTIONS}) == 60
    assert len({question.question for question in QUESTIONS}) == 60
    assert sum(question.language == "nl" for question in QUESTIONS) == 30
    assert sum(question.language == "en" for question in QUESTIONS) == 30
    assert len(UNANSWERABLE) == 15
    assert all(question.id.startswith(question.language) for question in QUESTIONS)
    assert all(question.corpora == ["examples"] for question in QUESTIONS)


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question.id)
def test_every_quote_stands_in_its_document(question: Question) -> None:
    assert question.relevant
    for relevant in question.relevant:
        assert _collapsed(relevant.quote) in _text(relevant.document, relevant.page)


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question.id)
def test_every_expected_answer_stands_in_a_quote(question: Question) -> None:
    quotes = " ".join(relevant.quote for relevant in question.relevant).lower()
    assert question.expected
    assert [answer for answer in question.expected if answer.lower() not in quotes] == []


@pytest.mark.parametrize("question", UNANSWERABLE, ids=lambda question: question.id)
def test_an_unanswerable_question_expects_nothing(question: Question) -> None:
    assert (question.expected, question.relevant) == ([], [])
    assert "unanswerable" in question.tags


def test_cross_lingual_questions_have_their_answer_in_the_other_language_only() -> None:
    language = {values["file"]: values["language"] for values in map(_front_matter, SOURCES)}
    for question in QUESTIONS:
        found = {language[relevant.document] for relevant in question.relevant}
        assert ("cross-lingual" in question.tags) == (bool(found) and question.language not in found), question.id


def test_what_an_attack_wants_said_stands_in_the_hostile_document_only() -> None:
    forbidden = {text for question in QUESTIONS if "attack" in question.tags for text in question.must_not_contain}
    assert forbidden
    for text in forbidden:
        assert [name for name in _names(CORPUS) if text in _text(name)] == [HOSTILE]
    assert all(bool(question.must_not_contain) == ("attack" in question.tags) for question in QUESTIONS)


def test_no_answer_about_a_superseded_order_leans_on_it() -> None:
    superseded = {values["supersedes"] for values in map(_front_matter, SOURCES) if "supersedes" in values}
    assert superseded == {"frago-01.pdf"}
    assert not [question.id for question in QUESTIONS for item in question.relevant if item.document in superseded]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _front_matter(source: Path) -> dict[str, str]:
    lines = source.read_text(encoding="utf-8").split("---\n", 2)[1].splitlines()
    return dict(line.split(": ", 1) for line in lines)


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _text(name: str, page: int | None = None) -> str:
    path = CORPUS / name
    pages = _READERS[path.suffix](path)
    return _collapsed("\n".join(pages) if page is None else pages[page - 1])


def _pdf(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


def _docx(path: Path) -> list[str]:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return ["\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])]


def _xlsx(path: Path) -> list[str]:
    sheets = openpyxl.load_workbook(path).worksheets
    return ["\n".join(str(cell) for sheet in sheets for row in sheet.values for cell in row if cell is not None)]


def _markdown(path: Path) -> list[str]:
    return re.split(r"<!-- p\.\d+ -->", path.read_text(encoding="utf-8").removeprefix("<!-- p.1 -->"))


class _HtmlText(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _html(path: Path) -> list[str]:
    parser = _HtmlText()
    parser.feed(path.read_text(encoding="utf-8"))
    return ["\n".join(parser.parts)]


def _eml(path: Path) -> list[str]:
    body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body()
    assert body is not None
    return [str(body.get_content())]


_READERS = {".pdf": _pdf, ".docx": _docx, ".xlsx": _xlsx, ".md": _markdown, ".html": _html, ".eml": _eml}
