"""A gate lets a run pass or not, and says when it cannot decide."""

from pathlib import Path

import pytest

from evals.comparing import Comparison, compare_runs
from evals.gating import Check, GateInvalid, GateUnmeasured, check, read_rules
from evals.scoring import scores_of
from evals.summaries import summarise
from tests.evals.making import a_case, a_record, a_run, a_statement

CASES = [a_case(f"c{number}") for number in range(20)]


def checks(tmp_path: Path, rules: str, *, wrong: int = 0, before: int | None = None) -> list[Check]:
    """Check rules against a run with so many wrong answers, and against one before it."""

    def run(wrong: int) -> object:
        records = [
            a_record(case.id, statements=(a_statement("Ochre."),) if at < wrong else (a_statement(),))
            for at, case in enumerate(CASES)
        ]
        return a_run(tmp_path / "runs", CASES, records)

    after = run(wrong)
    comparison: Comparison | None = compare_runs(run(before), after) if before is not None else None  # type: ignore[arg-type]
    path = tmp_path / "gate.toml"
    path.write_text(rules)
    return check(read_rules(path), summarise(scores_of(after)), failed=0.0, comparison=comparison)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "wrong", "passed"),
    [
        ("[thresholds]\nanswer = { min = 0.9 }", 2, True),
        ("[thresholds]\nanswer = { min = 0.9 }", 3, False),
        ('[thresholds]\nanswer = { min = 0.9, of = "low" }', 1, False),
        ("[thresholds]\nseconds = { max = 2 }", 0, True),
        ("[thresholds]\nseconds = { max = 1 }", 0, False),
        ('[thresholds]\n"quote exactness" = { min = 1.0 }\nanswer = { min = 1 }', 1, False),
    ],
)
def test_a_threshold_decides(tmp_path: Path, rules: str, wrong: int, passed: bool) -> None:
    assert all(one.passed for one in checks(tmp_path, rules, wrong=wrong)) is passed


@pytest.mark.parametrize(
    ("rules", "before", "wrong", "passed"),
    [
        ("[regressions]\nanswer = 0.05", 0, 1, True),
        ("[regressions]\nanswer = 0.05", 0, 2, False),
        ("[regressions]\nanswer = 0.0", 5, 1, True),
        ('[regressions]\nanswer = { tolerate = 0.0, when = "significant" }', 0, 1, True),
        ('[regressions]\nanswer = { tolerate = 0.0, when = "significant" }', 0, 15, False),
    ],
)
def test_a_regression_decides(tmp_path: Path, rules: str, before: int, wrong: int, passed: bool) -> None:
    assert all(one.passed for one in checks(tmp_path, rules, wrong=wrong, before=before)) is passed


def test_too_many_cases_without_an_answer_keep_the_gate_shut(tmp_path: Path) -> None:
    rules = read_rules(_file(tmp_path, "[thresholds]\nanswer = { min = 0 }\n[unscored]\nat_most = 0.1"))
    summary = summarise(scores_of(a_run(tmp_path / "runs", CASES, [a_record("c0")])))
    assert [one.passed for one in check(rules, summary, failed=0.2, comparison=None)] == [True, False]


def test_without_a_word_on_it_no_case_may_be_without_an_answer(tmp_path: Path) -> None:
    rules = read_rules(_file(tmp_path, "[thresholds]\nanswer = { min = 0 }"))
    summary = summarise(scores_of(a_run(tmp_path / "runs", CASES, [a_record("c0")])))
    assert [one.passed for one in check(rules, summary, failed=0.01, comparison=None)] == [True, False]


def test_a_measure_without_a_case_decides_nothing(tmp_path: Path) -> None:
    with pytest.raises(GateUnmeasured, match="'leaks' has no scored case"):
        checks(tmp_path, "[thresholds]\nleaks = { max = 0 }")
    with pytest.raises(GateUnmeasured, match="no run to compare with"):
        checks(tmp_path, "[regressions]\nanswer = 0.1")
    with pytest.raises(GateUnmeasured, match="'leaks' has no scored case"):
        checks(tmp_path, "[regressions]\nleaks = 0", before=0)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("", "holds no rule"),
        ("[thresholds", "is not valid TOML"),
        ("[thresholds]\nanwser = { min = 1 }", "there is no measure 'anwser'"),
        ("[thresholds]\nanswer = { minimum = 1 }", r"'thresholds\.answer\.minimum'"),
        ("[thresholds]\nanswer = { of = 'low' }", "sets neither min nor max"),
        ("[regressions]\nanswer = true", r"'regressions\.answer'"),
        ("[thresholds]\nanswer = { min = true }", r"'thresholds\.answer\.min'"),
        ("[regressions]\nanswer = -1", r"'regressions\.answer\.tolerate'"),
        ("[limits]\nanswer = 1", "'limits'"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_name(tmp_path: Path, rules: str, message: str) -> None:
    with pytest.raises(GateInvalid, match=message):
        read_rules(_file(tmp_path, rules))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GateInvalid, match="cannot be read"):
        read_rules(tmp_path / "none.toml")


def _file(folder: Path, text: str) -> Path:
    path = folder / "gate.toml"
    path.write_text(text)
    return path
