"""The commands that read sets and runs, used as an evaluator would."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evals.commands import evaluate
from evals.commands.sets import SchemaUnwritable
from evals.gating import GateUnmeasured
from evals.records import Record
from evals.runs import Run, RunClosed, RunUnknown
from tests.evals.making import SECRET, a_case, a_record, a_run, a_statement, an_abstention

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
    good, bad = a_run(folder, CASES, RIGHT).finish(), worse(folder).finish()
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
    run = a_run(folder, CASES, RIGHT).finish()
    Path("gate.toml").write_text("[thresholds]\nleaks = { max = 0 }\n")
    assert isinstance(invoke("gate", run.name, "gate.toml").exception, GateUnmeasured)


def test_an_interrupted_run_passes_no_gate(folder: Path) -> None:
    run = a_run(folder, CASES, RIGHT[:1])
    Path("gate.toml").write_text("[thresholds]\nanswer = { min = 0 }\n")
    problem = invoke("gate", run.name, "gate.toml").exception
    assert isinstance(problem, GateUnmeasured)
    assert "1 of 3 cases were asked" in str(problem)


def test_cases_that_could_not_be_asked_keep_no_gate_shut(folder: Path) -> None:
    Path("gate.toml").write_text("[thresholds]\nanswer = { min = 0 }\n")
    unasked = Record("three", error="a draft", asked=False)
    run = a_run(folder, CASES, [*RIGHT[:2], unasked]).finish()
    assert invoke("gate", run.name, "gate.toml").exit_code == 0
    failed = a_run(folder, CASES, [*RIGHT[:2], Record("three", error="The model is gone.")]).finish()
    assert invoke("gate", failed.name, "gate.toml").exit_code == 1


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


@pytest.mark.parametrize(
    "command",
    [
        ["show", "{run}"],
        ["show", "{run}", "--failures", "--json"],
        ["report", "{run}"],
        ["report", "{run}", "--json"],
        ["report", "{fine}", "--against", "{run}", "--markdown"],
        ["export", "{run}", "--format", "csv", "--to", "out"],
        ["judge", "{run}"],
        ["judge", "{fine}", "{run}"],
        ["agreement", "{run}"],
        ["compare", "{run}", "{fine}"],
        ["compare", "{fine}", "{run}"],
        ["gate", "{run}", "gate.toml"],
        ["gate", "{fine}", "gate.toml", "--baseline", "{run}"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("by_path", [False, True])
def test_no_command_opens_a_run_to_who_may_not_read_all_of_it(folder: Path, command: list[str], by_path: bool) -> None:
    fine = a_run(folder, CASES, RIGHT)
    run = a_run(folder, CASES, [*RIGHT[:2], a_record("three", markings=(SECRET,))])
    Path("gate.toml").write_text("[thresholds]\nanswer = { min = 0.1 }\n")
    before = {path.name for path in run.path.iterdir()}
    names = {"run": str(run.path) if by_path else run.name, "fine": fine.name}
    told = invoke(*(one.format(**names) for one in command))
    assert isinstance(told.exception, RunClosed)
    assert told.output == ""
    assert "Ask officer" in str(told.exception)
    assert {path.name for path in run.path.iterdir()} == before
    assert not Path("out").exists()


def test_a_run_is_open_to_who_may_read_all_of_it(folder: Path) -> None:
    run = a_run(folder, [*CASES, a_case("four", marking=SECRET)], RIGHT)
    assert isinstance(invoke("show", run.name).exception, RunClosed)
    folder.parent.joinpath("stafwijzer.toml").write_text('[access]\nclearance = { NLD = "Stg. Geheim" }\n')
    assert invoke("show", run.name).output.startswith("Marking: Stg. Geheim\n")


def test_list_leaves_out_what_may_not_be_read_and_what_cannot_be_and_says_how_many(folder: Path) -> None:
    fine = a_run(folder, CASES, RIGHT).finish()
    closed = a_run(folder, CASES, [a_record("one", markings=(SECRET,))])
    damaged = a_run(folder, CASES, started="2026-02-05T10:00:00Z")
    (damaged.path / "records.jsonl").unlink()
    (folder / "older").mkdir()
    (folder / "older" / "run.json").write_text("{}")
    told = invoke("list")
    assert told.stdout.splitlines() == [f"{fine.name}  3 cases", f"{damaged.name}  3 cases  damaged"]
    assert told.stderr.splitlines() == [
        "Runs left out because they hold what you may not read: 1.",
        "Runs left out because they cannot be read: 1.",
    ]
    assert closed.name not in told.output
    assert [run["run"] for run in json.loads(invoke("list", "--json").stdout)] == [fine.name, damaged.name]


def test_show_tells_the_marking_first_and_what_was_not_asked_apart(folder: Path) -> None:
    cases = [*CASES, a_case("four"), a_case("five")]
    failed = [Record("two", error="The model is gone."), Record("three", error="a draft: finish it", asked=False)]
    run = a_run(folder, cases, [RIGHT[0], *failed])
    for flags in ([], ["--failures"]):
        told = invoke("show", run.name, *flags).output
        assert told.startswith("Marking: Ongerubriceerd\n")
        assert "2 of 5 cases asked, 1 without an answer; 3 not asked" in told
        assert "1x a draft: finish it" in told
    shown = as_json("show", run.name)
    assert next(iter(shown)) == "marking"
    assert (shown["marking"], shown["asked"], shown["without an answer"], shown["not asked"]) == (
        "Ongerubriceerd",
        2,
        1,
        3,
    )


def test_a_run_without_settings_of_search_can_be_shown(folder: Path) -> None:
    run = a_run(folder, CASES, RIGHT, settings={"model": {}})
    assert invoke("show", run.name).exit_code == 0
    assert invoke("report", run.name).exit_code == 0


def test_compare_says_what_else_is_not_the_same(folder: Path) -> None:
    a = a_run(folder, CASES, RIGHT, corpora_sha256="a", version="1")
    b = a_run(folder, CASES, RIGHT, corpora_sha256="b", version="2", model_sha256="c", index_snapshot="d")
    told = invoke("compare", a.name, b.name).output
    assert "What else is not the same in A and B: corpora, model, index, version." in told
    assert as_json("compare", a.name, b.name)["differ"] == ["corpora", "model", "index", "version"]
    assert "not the same" not in invoke("compare", a.name, a.name).output


def test_what_was_not_asked_is_no_failure_in_the_report(folder: Path) -> None:
    run = a_run(folder, CASES, [RIGHT[0], Record("two", error="needs what is not there", asked=False), RIGHT[2]])
    told = json.loads(invoke("report", run.name, "--json").output)
    (two,) = [case for case in told["cases"] if case["id"] == "two"]
    assert (two["outcome"], two["why"], "record" in two) == ("unscored", "needs what is not there", False)
    invoke("report", run.name)
    assert "Not asked: 1 case" in (run.path / "report.html").read_text()


def test_damaged_judgements_of_another_run_stop_no_command(folder: Path) -> None:
    run, other = a_run(folder, CASES, RIGHT), a_run(folder, CASES, RIGHT)
    (other.path / "judgements.jsonl").write_text("{}\n")
    for command in (["report", run.name], ["judge", run.name]):
        told = invoke(*command)
        assert told.exception is None, told.output
        assert [line.startswith("Left out: ") for line in told.stderr.splitlines()] == [True]
        assert other.name in told.stderr
    assert "is no judgement" in str(invoke("report", other.name).exception)


def test_a_schema_that_cannot_be_written_is_said_in_a_sentence(folder: Path) -> None:
    problem = invoke("schema", "--to", "nowhere/at all/schema.json").exception
    assert isinstance(problem, SchemaUnwritable)
    assert "No such file or directory" in str(problem)
