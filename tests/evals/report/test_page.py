"""The page tells all of a run in one file, gives no text in it any effect, and is made a case at a time."""

import tracemalloc
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals.judging import Judgement, Mark, append_judgement, exhibits
from evals.report.page import UNMARKED, html
from evals.report.reading import read
from evals.runs import Run
from retrieval.access import Marking
from tests.evals.report.staging import (
    HOSTILE,
    OPEN,
    PLACE,
    SECRET,
    a_case,
    a_record,
    a_run,
    an_earlier_run,
    every_end,
    shown,
)

_VOID = {"meta", "br", "img", "input", "link", "hr"}


class Outline(HTMLParser):
    """Reads a page strictly: every element is closed where it should be."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.marked: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if "mark" in self.open:
            self.marked.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return a_run(tmp_path, every_end())


def written(run: Run, against: Run | None = None) -> str:
    return "".join(html(read(run, against=against)))


def test_every_element_is_closed_and_every_name_is_given_once(run: Run, tmp_path: Path) -> None:
    page = Outline(written(run, an_earlier_run(tmp_path)))
    assert page.open == []
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [str(link["href"]) for link in page.named("a")]
    assert targets
    assert {target.removeprefix("#") for target in targets} <= set(ids)


def test_the_page_asks_nothing_of_any_host_and_runs_no_script(run: Run, tmp_path: Path) -> None:
    page = Outline(written(run, an_earlier_run(tmp_path)))
    used = {tag for tag, _ in page.elements}
    assert not used & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use"}
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    (policy,) = (str(meta["content"]) for meta in page.named("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")


def test_hostile_text_is_shown_and_has_no_effect(run: Run, tmp_path: Path) -> None:
    source = written(run, an_earlier_run(tmp_path))
    page = Outline(source)
    seen = HOSTILE.replace("\u202e", "\ufffd").replace("\x1b", "\ufffd")
    # Question, expected, note, note of the system, conflict; claim, reason, quote, its document; title, document,
    # heading and passage of the evidence.
    assert page.words.count(seen) == 13
    assert source.count("</style>") == 1
    assert not set("\u202e\x1b\x00") & set(source)
    assert "49" not in page.words.split(seen)[0][-5:]


def test_the_page_is_marked_as_the_highest_of_its_evidence_and_of_the_run_beside_it(run: Run, tmp_path: Path) -> None:
    page = written(run)
    assert page.count('<p class="marking">Stg. Geheim</p>') == 2
    crypto = Marking("NLD", "Stg. Zeer Geheim", categories=frozenset({"CRYPTO"}))
    secret = a_record("right-1", "x", evidence=(shown(1, "x", marking=str(crypto)),), markings=(crypto,))
    beside = a_run(tmp_path, [(a_case("right-1", tags=frozenset({"when", "table"})), secret)])
    page = written(run, beside)
    assert page.count('<p class="marking">Stg. Zeer Geheim CRYPTO</p>') == 2
    assert page.count(r'content: "Stg\2e  Zeer Geheim CRYPTO"') == 2


def test_a_passage_that_was_found_and_not_shown_marks_the_page_too(tmp_path: Path) -> None:
    record = a_record("one", "MLC 40", markings=(OPEN, SECRET))
    page = written(a_run(tmp_path, [(a_case("one"), record)]))
    assert page.count('<p class="marking">Stg. Geheim</p>') == 2


def test_the_style_sheet_cannot_be_left_by_way_of_a_marking(tmp_path: Path) -> None:
    record = a_record("one", "MLC 40", markings=(Marking("x", '"; } </style><script>'),))
    page = written(a_run(tmp_path, [(a_case("one"), record)]))
    assert page.count("</style>") == 1
    assert "<script" not in page


def test_the_relevant_place_is_marked_across_its_line_break(run: Run) -> None:
    marked = Outline(written(run)).marked
    assert "The " in marked
    assert any(" ".join(piece.split()) == PLACE.quote.removeprefix("The ") for piece in marked)


def test_failures_come_first_each_with_its_stage(run: Run) -> None:
    page = written(run)
    assert page.index('id="wrong"') < page.index('id="unscored"') < page.index('id="right"')
    assert "<b>Ranked too low.</b> It was found at rank 12; the first 8 are considered." in page
    assert "not asked" in Outline(page).words.lower()


def test_a_comparison_shows_both_answers_to_what_flipped(run: Run, tmp_path: Path) -> None:
    words = Outline(written(run, an_earlier_run(tmp_path))).words
    assert "3 cases became better, 2 worse." in words
    assert "answer 1.000 → 0.000" in words
    assert "Before De brug bij Kruisvoorde draagt MLC 40. Now De brug bij Elzerdam is verwoest." in words


def test_what_people_said_stands_with_the_case_and_in_the_summary(run: Run) -> None:
    one = next(exhibit for exhibit in exhibits(run) if exhibit.case.id == "badly-composed")
    said = Judgement(
        one.case.id, one.answer_sha256, "kap. Jansen", "2026-02-05T10:00:00Z", (Mark.WRONG,), Mark.PARTLY, note="MLC?"
    )
    append_judgement(run, said)
    words = Outline(written(run)).words
    assert "kap. Jansen: partly; claims: wrong – MLC? (2026-02-05T10:00:00Z)" in words
    assert "Judged by people" in words
    assert "judged right" in words


def test_an_interrupted_run_says_so(tmp_path: Path) -> None:
    pairs = [*every_end()[:4], (a_case("late"), None)]
    words = Outline(written(a_run(tmp_path, pairs, finished=None))).words
    assert "The run was interrupted" in words
    assert "late: Not asked: the run was interrupted." in words


def test_a_run_without_a_record_is_a_report_without_figures(tmp_path: Path) -> None:
    page = Outline(written(a_run(tmp_path, [(a_case("one"), None)], finished=None)))
    assert UNMARKED in page.words
    assert "No case could be scored." in page.words
    assert page.open == []


def test_a_page_is_made_a_case_at_a_time(tmp_path: Path) -> None:
    def weight(cases: int) -> tuple[int, int]:
        names = [f"case-{number}" for number in range(cases)]
        passages = tuple(shown(label, "Niets dan woorden. " * 500) for label in range(1, 4))
        run = a_run(tmp_path, [(a_case(one), a_record(one, "MLC 60", evidence=passages)) for one in names])
        reading = read(run)
        tracemalloc.start()
        length = sum(map(len, html(reading)))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return length, peak

    (_, few), (length, many) = weight(20), weight(200)
    assert length > 5_000_000
    assert many - few < 1_000_000
