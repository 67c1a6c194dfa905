"""What other tools read of a run is what the run holds, and says how it is marked."""

# ir_measures annotates nothing.
# mypy: untyped-calls-exclude=ir_measures

import csv
import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import ir_measures
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, P, R, nDCG

from evals.cases import Asker, Case, Nugget, Relevant
from evals.commands.exporting import export as command
from evals.exporting import FORMS, Exported, ExportFailed, _cell, _word, export
from evals.records import Ranked, Record, Shown
from evals.runs import Run, RunDamaged
from evals.scoring import scores_of
from retrieval.access import Marking
from tests.evals.judging.answered import a_run, a_statement

OPEN, SECRET = "Ongerubriceerd", "Stg. Geheim REL NLD"


def ranked(*found: tuple[str, str, tuple[int, ...]]) -> tuple[Ranked, ...]:
    # All of one score: a tool that sorts by it must still keep our order.
    return tuple(Ranked(passage, "plans", document, None, 0, 9, 0.5, places) for passage, document, places in found)


def shown(text: str, marking: str = OPEN) -> Shown:
    return Shown(1, "p1", "plans", "order.md", "Order", "", 2, 0, len(text), text, marking)


CASES = (
    Case(
        id="two places",
        question="Which bridge?",
        language="en",
        expected=("the Amber bridge", "Amber"),
        relevant=(Relevant("order.md", 2, "the Amber bridge"), Relevant("card 1.md", None, "Amber, MLC 40", 3)),
        tags=frozenset({"fact"}),
    ),
    Case(id="100%", question="Welk net?", language="nl", relevant=(Relevant("signal plan.md"), Relevant("other.md"))),
    Case(
        id="nothing\tfound", question="Which unit?", language="en", relevant=(Relevant("order.md", None, "1 (NL) Bde"),)
    ),
    Case(id="failed", question="Which failed?", language="en", relevant=(Relevant("order.md"),)),
    Case(
        id="refused",
        question="Which secret?",
        language="en",
        answerable=False,
        relevant=(Relevant("secret.md"),),
        principal=Asker("visitor"),
    ),
    Case(id="asked later", question="Which later?", language="en", relevant=(Relevant("order.md"),)),
    Case(
        id="formula",
        question="=HYPERLINK(1)",
        language="en",
        answerable=None,
        nuggets=(Nugget(("one",)), Nugget(("two",), False)),
    ),
)
RECORDS = (
    Record(
        "two places",
        text="The Amber bridge [1]\nIt bears MLC 40 [1]",
        statements=(a_statement("The Amber bridge", "the\n Amber bridge"), a_statement("It bears MLC 40")),
        evidence=(shown("over the Amber bridge", SECRET),),
        ranking=ranked(
            ("p1", "x.md", ()), ("p2", "order.md", (0,)), ("p3", "order.md", (0,)), ("p4", "card 1.md", (1,))
        ),
        markings=(Marking("NLD", "Ongerubriceerd"), Marking("NLD", "Stg. Geheim", frozenset({"NLD"}))),
        seconds=1.23456,
    ),
    Record(
        "100%",
        text="Net 2 [1]",
        statements=(a_statement("Net 2"),),
        ranking=ranked(("p1", "x.md", ()), ("p2", "x.md", ()), ("p5", "signal plan.md", ()), ("p6", "y.md", ())),
        markings=(Marking("NLD", OPEN),),
    ),
    Record("nothing\tfound", text="Not in the documents.", abstained=True),
    Record("failed", error="The model failed."),
    Record(
        "refused",
        text="Not in the documents.",
        abstained=True,
        ranking=ranked(("p1", "x.md", ())),
        markings=(Marking("NLD", OPEN),),
    ),
    Record("formula", text="@SUM(A1)", statements=(a_statement("@SUM(A1)"),), markings=(Marking("NLD", OPEN),)),
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return a_run(tmp_path / "evals", *RECORDS, cases=CASES, system="our system")


def test_trec_tools_score_an_export_as_we_score_the_run(run: Run, tmp_path: Path) -> None:
    written = {form: export(run, form, tmp_path / form) for form in ("trec-run", "trec-qrels")}
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "trec-qrels")))
    found = list(ir_measures.read_trec_run(str(tmp_path / "trec-run")))
    theirs = {R @ 1: "recall@1", R @ 5: "recall@5", P @ 5: "precision@5", RR @ 10: "mrr@10", nDCG @ 10: "ndcg@10"}
    ours = scores_of(run)
    scored = {
        (_word(case), name): value
        for name in theirs.values()
        for case, value in zip(ours.ids, ours.columns[name], strict=True)
        if value == value
    }
    given = {(one.query_id, theirs[one.measure]): one.value for one in ir_measures.iter_calc(theirs, qrels, found)}
    assert given == pytest.approx(scored, abs=1e-6)
    assert len({case for case, _ in given}) == 3
    assert 0 < given["two%20places", "ndcg@10"] < 1
    assert written["trec-qrels"] == Exported(tmp_path / "trec-qrels", 3, 1, 2, 1, SECRET)
    assert written["trec-run"] == Exported(tmp_path / "trec-run", 3, 1, 2, 1, SECRET)


def test_ids_stay_one_word_and_scores_fall_with_the_rank(run: Run, tmp_path: Path) -> None:
    export(run, "trec-run", tmp_path / "run")
    lines = [line.split(" ") for line in (tmp_path / "run").read_text().splitlines()]
    assert [line[:5] for line in lines if line[0] == "two%20places"] == [
        ["two%20places", "Q0", "p1", "1", "4"],
        ["two%20places", "Q0", "place:0", "2", "3"],
        ["two%20places", "Q0", "p3", "3", "2"],
        ["two%20places", "Q0", "place:1", "4", "1"],
    ]
    assert [line[2] for line in lines if line[0] == "100%25"] == ["x.md", "signal%20plan.md", "y.md"]
    assert all(len(line) == 6 for line in lines)


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_word_has_no_space_and_two_ids_stay_two(one: str, other: str) -> None:
    assert len(_word(one).split()) <= 1
    assert (_word(one) == _word(other)) == (one == other)


def test_ragas_and_deepeval_get_their_fields_and_no_case_that_failed(run: Run, tmp_path: Path) -> None:
    ragas, deepeval = (export(run, form, tmp_path / form) for form in ("ragas", "deepeval"))
    samples = read(ragas.path)
    assert samples[0] == {
        "user_input": "Which bridge?",
        "retrieved_contexts": ["over the Amber bridge"],
        "response": "The Amber bridge\nIt bears MLC 40",
        "reference": "the Amber bridge",
        "reference_contexts": ["the Amber bridge", "Amber, MLC 40"],
        "id": "two places",
        "marking": SECRET,
    }
    assert [sample["id"] for sample in samples] == ["two places", "100%", "nothing\tfound", "refused", "formula"]
    assert {tuple(sample) for sample in samples} == {tuple(samples[0])}
    assert samples[2]["response"] == "Not in the documents."
    assert samples[4]["reference"] == "one"
    assert read(deepeval.path)[0] == {
        "input": "Which bridge?",
        "actual_output": "The Amber bridge\nIt bears MLC 40",
        "expected_output": "the Amber bridge",
        "retrieval_context": ["over the Amber bridge"],
        "context": ["the Amber bridge", "Amber, MLC 40"],
        "additional_metadata": {"id": "two places", "tags": ["en", "fact"], "marking": SECRET},
    }
    assert (ragas.cases, ragas.unscored, ragas.unfit, ragas.unasked, ragas.marking) == (5, 1, 0, 1, SECRET)


def test_a_spreadsheet_has_a_row_a_case_with_its_error_and_no_formula(run: Run, tmp_path: Path) -> None:
    done = export(run, "csv", tmp_path / "run.csv")
    with done.path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert done.path.read_bytes().startswith(b"\xef\xbb\xbfid,")
    assert len(rows) == done.cases == 6
    assert rows["failed"]["error"] == "The model failed."
    assert (rows["failed"]["abstained"], rows["refused"]["abstained"]) == ("", "true")
    assert rows["formula"]["question"] == "'=HYPERLINK(1)"
    assert rows["formula"]["answer"] == "'@SUM(A1)"
    assert rows["refused"]["asker"] == "visitor"
    assert rows["two places"]["citations"] == "[1] order.md, p. 2: the Amber bridge"
    assert rows["two places"]["expected"] == "the Amber bridge\nAmber"
    assert rows["two places"]["marking"] == SECRET
    assert rows["two places"]["seconds"] == "1.235"


@given(st.text())
def test_no_cell_begins_as_a_formula(text: str) -> None:
    cell = _cell(text)
    assert cell in (text, f"'{text}")
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not cell.startswith(("\t", "\r", "\n"))


def test_a_marking_of_what_was_found_and_not_shown_marks_the_file(tmp_path: Path) -> None:
    run = a_run(tmp_path / "evals", replace(RECORDS[0], evidence=()), cases=CASES)
    assert export(run, "ragas", tmp_path / "out").marking == SECRET


def test_what_is_there_is_replaced_only_by_force_and_only_by_a_whole_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("precious")
    with pytest.raises(ExportFailed, match=r"out\.json is there already"):
        export(run, "ragas", path)
    empty = a_run(tmp_path / "evals", RECORDS[3], cases=CASES[3:4], started="2026-02-06")
    for form in FORMS:
        if form != "csv":
            with pytest.raises(ExportFailed, match=f"has what {form} needs: 1 failed"):
                export(empty, form, path, force=True)
    assert path.read_text() == "precious"
    export(run, "ragas", path, force=True)
    assert len(read(path)) == 5
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {one.name for one in tmp_path.iterdir()} == {"evals", "out.json"}


def test_a_damaged_run_leaves_no_file(run: Run, tmp_path: Path) -> None:
    with (run.path / "records.jsonl").open("a") as file:
        file.write('{"case": "asked later", "text": 5}\n')
    with pytest.raises(RunDamaged, match="no record"):
        export(run, "csv", tmp_path / "out.csv")
    assert {one.name for one in tmp_path.iterdir()} == {"evals"}


def test_a_place_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    with pytest.raises(ExportFailed, match=r"nowhere/out\.csv cannot be written"):
        export(run, "csv", tmp_path / "nowhere" / "out.csv")


def test_the_command_tells_what_was_left_out_and_the_marking(run: Run, tmp_path: Path) -> None:
    told = invoke(tmp_path, run.name, "--format", "trec-qrels", "--to", str(tmp_path / "q"))
    assert told.output.splitlines() == [
        f"3 cases written to {tmp_path / 'q'}; 1 failed; 2 nothing to tell in this form; 1 not asked yet.",
        f"Marking: {SECRET}",
    ]
    as_json = invoke(tmp_path, run.name, "--format", "csv", "--to", str(tmp_path / "c"), "--json")
    assert json.loads(as_json.output)["marking"] == SECRET


def invoke(home: Path, *arguments: str) -> Result:
    @click.group()
    @click.pass_context
    def root(context: click.Context) -> None:
        context.obj = home / "stafwijzer.toml"

    root.add_command(command)
    (home / "stafwijzer.toml").write_text('[access]\nclearance = { NLD = "Stg. Geheim" }\n')
    return CliRunner(env={"STAFWIJZER_HOME": str(home)}).invoke(root, ["export", *arguments], catch_exceptions=False)


def read(path: Path) -> list[dict[str, Any]]:
    samples: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return samples
