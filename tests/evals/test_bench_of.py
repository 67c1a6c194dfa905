"""The bench behind the pages: what it tells, to whom."""

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.evaluations import Said
from assistant.settings import AnswerSettings, Settings
from evals.bench_of import InstalledBench, JudgementIncomplete, JudgementStale, bench_of
from evals.runs import RunUnknown
from evals.sets import SetInvalid
from retrieval.access import Principal
from retrieval.catalog import Corpus
from tests.browser.server import DOCUMENTS, WeightlessInstallation

TODAY = date.today()
ASKED = (
    b'{"id": "bridge", "question": "Until when is the bridge closed to tracked vehicles?", "language": "en", '
    b'"expected": ["071800A"], "corpora": ["exercise"]}\n'
    b'{"id": "coffee", "question": "What does coffee cost in Utrecht?", "language": "en", "answerable": false, '
    b'"corpora": ["exercise"]}\n'
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> InstalledBench:
    home = tmp_path_factory.mktemp("home")
    installation = WeightlessInstallation(Settings(home=home, answer=AnswerSettings(answerability=0.0)))
    folder = home / "documents"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    installation.ingestion.add(folder, Corpus("exercise", "Exercise", "G3", installation.settings.default_marking))
    return bench_of(installation)


@pytest.fixture(scope="module")
def evaluator(bench: InstalledBench) -> Principal:
    return replace(bench.installation.settings.principal, name="k.jansen")


@pytest.fixture(scope="module")
def run(bench: InstalledBench, evaluator: Principal) -> str:
    bench.keep_set("bridges", ASKED, principal=evaluator)
    told = list(bench.ask("bridges", sample=None, principal=evaluator, cancelled=threading.Event()))
    assert [one.done for one in told] == [0, 1, 2, 2]
    assert [one.finished for one in told] == [False, False, False, True]
    return told[-1].name


def test_a_set_that_was_sent_is_kept_once(bench: InstalledBench, evaluator: Principal, run: str) -> None:
    told = {one.name: one for one in bench.sets(principal=evaluator)}
    assert (told["bridges"].cases, told["bridges"].to_abstain_on) == (2, 1)
    with pytest.raises(SetInvalid, match="already"):
        bench.keep_set("bridges", ASKED, principal=evaluator)


@pytest.mark.parametrize("name", ["../evil", "examples", "", "a/b", ".hidden"])
def test_a_set_needs_a_name_that_is_one(bench: InstalledBench, evaluator: Principal, name: str) -> None:
    with pytest.raises(SetInvalid, match="name"):
        bench.keep_set(name, ASKED, principal=evaluator)


def test_a_set_that_does_not_read_as_one_is_not_kept(bench: InstalledBench, evaluator: Principal) -> None:
    with pytest.raises(SetInvalid, match="line 1"):
        bench.keep_set("broken", b"not a case\n", principal=evaluator)
    assert "broken" not in [one.name for one in bench.sets(principal=evaluator)]


def test_a_run_is_asked_by_who_began_it_and_measured(bench: InstalledBench, evaluator: Principal, run: str) -> None:
    results = bench.results(run, principal=evaluator, on_date=TODAY)
    measured = {one.name: one for one in results.measured}
    assert measured["answer"].n >= 1
    assert results.marking
    assert "".join(bench.report(run, principal=evaluator, on_date=TODAY)).startswith("<!doctype html>")


def test_to_who_may_not_read_it_there_is_no_run(bench: InstalledBench, run: str) -> None:
    stranger = Principal("stranger", (), "NLD")
    assert bench.runs(principal=stranger, on_date=TODAY) == []
    told = []
    for name in (run, "no-such-run"):
        with pytest.raises(RunUnknown) as refused:
            bench.results(name, principal=stranger, on_date=TODAY)
        told.append(str(refused.value).replace(name, "X"))
    assert told[0] == told[1]


def test_a_path_is_no_name_of_a_run(bench: InstalledBench, evaluator: Principal, run: str, tmp_path: Path) -> None:
    for name in (f"../evals/{run}", str(tmp_path), "..", ""):
        with pytest.raises(RunUnknown):
            bench.results(name, principal=evaluator, on_date=TODAY)


def test_answers_are_judged_one_after_the_other(bench: InstalledBench, evaluator: Principal, run: str) -> None:
    left = []
    while task := bench.task([run], principal=evaluator, on_date=TODAY):
        left.append(task.left)
        (answer,) = task.answers
        with pytest.raises(JudgementIncomplete):
            bench.judge([run], task.key, Said((("right",),) * 9, ("right",)), principal=evaluator, on_date=TODAY)
        said = Said((tuple("right" for _ in answer.claims),), ("right",))
        bench.judge([run], task.key, said, principal=evaluator, on_date=TODAY)
        with pytest.raises(JudgementStale):
            bench.judge([run], task.key, said, principal=evaluator, on_date=TODAY)
    assert left == [2, 1]
    other = replace(evaluator, name="p.devries")
    unseen = bench.task([run], principal=other, on_date=TODAY)
    assert unseen is not None
    assert unseen.left == 2


def test_a_run_compared_with_itself_shows_no_difference(bench: InstalledBench, evaluator: Principal, run: str) -> None:
    compared = bench.compare(run, run, principal=evaluator, on_date=TODAY)
    assert compared.cases == 2
    assert {one.verdict for one in compared.differences} == {"no difference shown"}
