"""The commands that read sets and runs, used as an evaluator would."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evals.commands import evaluate
from evals.gating import GateUnmeasured
from evals.records import Record
from evals.runs import Run, RunUnknown
from tests.evals.making import a_case, a_record, a_run, a_statement, an_abstention

CASES = [a_case("one"), a_case("two", tags=frozenset({"hard"})), a_case("three")]
RIGHT = [a_record(case.id) for case in CASES]
WRONG = (a_statement("Ochre."),)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STAFWIJZER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("STAFWIJZER_SETTINGS", raising=False)
    return tmp_path / "home" / "evals"


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(evaluate, list(arguments))


def as_json(*arguments: str) -> Any:
    ran = invoke(*arguments, "--json")
    assert ran.exception is None, ran.output
    return json.loads(ran.output)


def worse(folder: Path) -> Run:
    return a_run(folder, CASES, [RIGHT[0], a_record("two", statements=WRONG), an_abstention("three")])


def test_every_command_of_the_group_can_be_loaded_and_says_what_it_does() -> None:
    told = invoke("--help").output
    for name in evaluate.list_commands(None):  # type: ignore[arg-type]
        assert f"\n  {name} " in told
        assert len(invoke(name, "--help").output) > 80


def test_list_names_runs_and_says_which_were_interrupted(folder: Path) -> None:
    assert "There are no runs yet" in invoke("list").output
    done, stopped = (
        a_run(folder, CASES, RIGHT).finish(),
        a_run(folder, CASES, RIGHT[:1], started="2026-02-05T10:00:00Z"),
    )
    assert [line.strip() for line in invoke("list").output.splitlines()] == [
        f"{done.name}  3 cases",
        f"{stopped.name}  3 cases  interrupted at 1",
    ]
    assert [run["run"] for run in as_json("list")] == [done.name, stopped.name]


def test_show_prints_scores_with_n_and_interval_and_where_answers_were_lost(folder: Path) -> None:
    run = worse(folder)
    told = invoke("show", run.name, "--failures")
    assert told.exit_code == 0
    for line in (
        "3 of 3 cases asked, 0 without an answer",
        "badly composed",
        "wrongly abstained",
        "two (badly composed): Which bridge?",
        "expected: Amber",
    ):
        assert line in told.output
    shown = as_json("show", run.name, "--failures")
    assert shown["metrics"]["answer"]["mean"] == pytest.approx(1 / 3)
    assert shown["metrics"]["answer"]["n"] == 3
    assert shown["lost"] == {"wrongly abstained": 1, "badly composed": 1}
    assert [failure["case"] for failure in shown["failures"]] == ["two", "three"]


def test_show_says_what_stayed_without_an_answer(folder: Path) -> None:
    run = a_run(folder, CASES, [RIGHT[0], Record("two", error="The model is gone."), Record("three", error="a draft")])
    told = invoke("show", run.name).output
    assert "2 without an answer" in told
    assert "1x The model is gone." in told
    assert "N=1, unscored=2" in told


def test_compare_prints_differences_and_flips(folder: Path) -> None:
    a, b = a_run(folder, CASES, RIGHT), worse(folder)
    told = invoke("compare", a.name, b.name).output
    assert "Cases that flipped (3)" in told
    assert "two: answer 1 → 0  worse" in told
    assert as_json("compare", a.name, b.name)["measures"]["answer"]["difference"] == pytest.approx(-2 / 3)


def test_the_gate_leaves_with_1_when_a_rule_is_broken_and_0_when_none_is(folder: Path) -> None:
    good, bad = a_run(folder, CASES, RIGHT), worse(folder)
    Path("gate.toml").write_text("[thresholds]\nanswer = { min = 0.9 }\n[regressions]\nanswer = 0.05\n")
    passed = invoke("gate", good.name, "gate.toml", "--baseline", good.name)
    assert (passed.exit_code, "The gate is open." in passed.output) == (0, True)
    failed = invoke("gate", bad.name, "gate.toml", "--baseline", good.name)
    assert failed.exit_code == 1
    assert failed.output.count("FAIL") == 2
    assert "The gate stays shut." in failed.output
    told = invoke("gate", bad.name, "gate.toml", "--baseline", good.name, "--json")
    assert (told.exit_code, json.loads(told.output)["passed"]) == (1, False)


def test_a_gate_on_a_measure_without_cases_is_an_error(folder: Path) -> None:
    run = a_run(folder, CASES, RIGHT)
    Path("gate.toml").write_text("[thresholds]\nleaks = { max = 0 }\n")
    assert isinstance(invoke("gate", run.name, "gate.toml").exception, GateUnmeasured)


def test_a_run_that_is_not_there_is_named_with_those_that_are(folder: Path) -> None:
    run = a_run(folder, CASES, RIGHT)
    for command in (["show", "none"], ["compare", run.name, "none"]):
        problem = invoke(*command).exception
        assert isinstance(problem, RunUnknown)
        assert run.name in str(problem)


def test_check_counts_what_is_in_a_set(folder: Path) -> None:
    told = as_json("check", "examples")
    assert (told["cases"], told["answerable"], told["to abstain on"]) == (60, 45, 15)
    assert "corpora        examples" in invoke("check", "examples").output


def test_the_schema_is_published_in_the_docs_as_it_is(folder: Path) -> None:
    printed = invoke("schema").output
    published = Path(__file__).parents[3] / "docs" / "test-case.schema.json"
    assert published.read_text(encoding="utf-8") == printed, (
        "run `stafwijzer eval schema --to docs/test-case.schema.json`"
    )
    assert json.loads(printed)["$schema"].endswith("2020-12/schema")
