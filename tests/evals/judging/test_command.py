"""`eval judge` and `eval agreement`, used as an evaluator would."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from evals.judging.command import agreement, judge
from evals.judging.judgements import Better, JudgementsDamaged, Mark, NothingToJudge, judged, standing
from evals.records import Record
from evals.runs import Run, RunUnknown
from retrieval.errors import StafwijzerError
from tests.evals.judging.answered import a_run, an_abstention, an_answer, judge_answer

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STAFWIJZER_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "evals"


@pytest.fixture
def run(folder: Path) -> Run:
    return a_run(
        folder, an_answer("bridge", "It is Ochre."), an_answer("plan", "de commandant"), an_abstention("tanks")
    )


@pytest.fixture
def other(folder: Path) -> Run:
    records = (
        an_answer("bridge", "the Amber bridge"),
        an_answer("plan", "de commandant"),
        an_answer("tanks", "Twelve."),
    )
    return a_run(folder, *records, system="other")


def called(command: click.Command, *arguments: str, keys: str = "") -> Result:
    lines = "".join(f"{key}\n" for key in keys)
    return CliRunner().invoke(command, arguments, input=lines, catch_exceptions=False)


def judging(*arguments: str, keys: str = "", evaluator: str = "ann") -> str:
    result = called(judge, *arguments, "--evaluator", evaluator, keys=keys)
    assert result.exit_code == 0, result.output
    return result.output


def marks(run: Run) -> list[tuple[str, str, str]]:
    return [(one.case, one.evaluator, one.answer.value) for one in standing(run)]


def test_all_cases_are_judged_and_kept(run: Run, folder: Path) -> None:
    output = judging(run.name, keys="ww" + "rp" + "r")
    assert "3 cases to judge, of 3" in output
    assert "3 judged, 0 skipped. None left." in output
    assert marks(run) == [("bridge", "ann", "wrong"), ("plan", "ann", "partly"), ("tanks", "ann", "right")]
    assert judged(run)["plan"][0].claims == (Mark.RIGHT,)


def test_a_session_that_stops_goes_on_where_it_stopped(run: Run) -> None:
    assert "1 judged, 0 skipped. 2 left" in judging(run.name, keys="wwq")
    assert "2 cases to judge, of 3" in judging(run.name, keys="r")
    assert "1 judged, 1 skipped. 1 left" in judging(run.name, keys="rrs")
    assert "1 judged, 0 skipped. None left" in judging(run.name, keys="r")
    assert len(standing(run)) == 3
    assert "0 judged, 0 skipped. None left" in judging(run.name)


def test_undo_goes_a_question_back_and_then_takes_back_the_case_before(run: Run) -> None:
    judging(run.name, keys="w" + "u" + "pp" + "u" + "rr" + "q")
    assert marks(run) == [("bridge", "ann", "right")]
    assert standing(run)[0].claims == (Mark.RIGHT,)
    judging(run.name, keys="s" + "u" + "u" + "rr" + "u" + "q")
    assert marks(run) == [("bridge", "ann", "right")]


def test_the_first_case_has_none_before_it(run: Run) -> None:
    assert "This is the first case." in judging(run.name, keys="uq")
    assert standing(run) == []


def test_a_note_is_kept_with_the_case(run: Run) -> None:
    CliRunner().invoke(judge, [run.name, "--evaluator", "ann"], input="r\nn\nbron 2 is één jaar ouder\nr\nr\nr\nq\n")
    assert [one.note for one in standing(run)] == ["bron 2 is één jaar ouder", ""]


def test_of_two_runs_the_answers_are_compared_blind(run: Run, other: Run, folder: Path) -> None:
    output = judging(run.name, other.name, keys="rrwwa" + "rr" + "rrrb")
    for hidden in (run.name, other.name, "sut"):
        assert hidden not in output
    assert "In 1 case both runs give the same answer" in output
    first, second = judged(run, [other]), judged(other, [run])
    # A is judged right and preferred; which run's it is, only the files tell.
    (one,), (two,) = first["bridge"], second["bridge"]
    preferred = one if one.answer is Mark.RIGHT else two
    assert {one.answer, two.answer} == {Mark.RIGHT, Mark.WRONG}
    assert preferred.better is Better.THIS
    assert {one.better, two.better} == {Better.THIS, Better.OTHER}
    assert first["plan"] == second["plan"]
    assert first["plan"][0].better is None
    assert "None left" in judging(other.name, run.name)


def test_an_answer_that_comes_back_is_not_asked_about_again(run: Run, folder: Path) -> None:
    judging(run.name, keys="wwrrr")
    again = a_run(folder, an_answer("bridge", "It is Ochre."), an_answer("plan", "Jan"), an_abstention("tanks"))
    output = judging(again.name, keys="ww")
    assert "1 case to judge, of 3" in output
    assert "2 answers judged before, 2 of them in other runs: not asked again." in output
    assert marks(again) == [("plan", "ann", "wrong")]
    assert sorted(judged(again, [run])) == ["bridge", "plan", "tanks"]


def test_another_evaluators_judgement_is_neither_shown_nor_reused(run: Run) -> None:
    judging(run.name, keys="wwrrr", evaluator="somebody else")
    output = judging(run.name, keys="rrq", evaluator="bob")
    assert "3 cases to judge, of 3" in output
    assert "judged before" not in output
    assert "somebody else" not in output


def test_who_judges_is_who_the_settings_say_when_not_told(run: Run, folder: Path) -> None:
    (folder.parent / "stafwijzer.toml").write_text('[access]\nname = "Zoë"\n', encoding="utf-8")
    assert "Zoë judges." in called(judge, run.name, keys="rr").output
    assert standing(run)[0].evaluator == "Zoë"


def test_only_failures_leaves_out_what_the_measures_find_right(run: Run) -> None:
    output = judging(run.name, "--only", "failures", keys="ww")
    assert "1 case to judge, of 1" in output
    assert marks(run) == [("bridge", "ann", "wrong")]


def test_of_two_runs_a_failure_of_either_is_judged(run: Run, other: Run) -> None:
    output = judging(run.name, other.name, "--only", "failures")
    assert "2 cases to judge, of 2" in output


def test_a_limit_stops_after_that_many(run: Run) -> None:
    output = judging(run.name, "--limit", "1", keys="wwrrr")
    assert "1 judged, 0 skipped. 2 left" in output
    assert len(standing(run)) == 1


def test_a_case_that_is_named_is_judged_again(run: Run, folder: Path) -> None:
    judging(run.name, keys="wwrrr")
    judging(run.name, "--case", "bridge", keys="rp")
    assert judged(run)["bridge"][0].answer is Mark.PARTLY
    with pytest.raises(NothingToJudge, match="no answer to the case 'fridge'"):
        judging(run.name, "--case", "fridge")


def test_expected_answers_can_be_hidden(run: Run) -> None:
    assert "the Amber bridge" in judging(run.name)
    assert "the Amber bridge" not in judging(run.name, "--hide-expected")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "Missing argument"),
        (("a", "b", "c"), "Give one run, or two"),
        (("{run}", "{run}"), "one and the same"),
        (("{run}", "--evaluator", "  "), "it is empty"),
        (("{run}", "--limit", "0"), "0 is not in the range"),
    ],
)
def test_wrong_usage_is_told(run: Run, arguments: tuple[str, ...], problem: str) -> None:
    result = called(judge, *(one.format(run=run.name) for one in arguments))
    assert result.exit_code == 2
    assert problem in result.output


def test_what_cannot_be_judged_is_refused_with_a_reason(run: Run, folder: Path) -> None:
    refused: list[tuple[tuple[str, ...], type[StafwijzerError], str]] = [
        (("nowhere",), RunUnknown, "no run 'nowhere'"),
        ((a_run(folder).name,), NothingToJudge, "holds no answers"),
        ((a_run(folder, Record("bridge", error="no model")).name,), NothingToJudge, "holds no answers"),
    ]
    for arguments, error, problem in refused:
        with pytest.raises(error, match=problem):
            judging(*arguments)
    (run.path / "judgements.jsonl").write_text("{}\n")
    for command in (judge, agreement):
        with pytest.raises(JudgementsDamaged, match="line 1 is no judgement"):
            called(command, run.name)


def test_agreement_is_told_for_answers_claims_and_preferences(run: Run, other: Run) -> None:
    judging(run.name, keys="wwrrr")
    judging(run.name, keys="rwrrw", evaluator="bob")
    output = called(agreement, run.name).output
    assert f"{run.name}: 3 cases judged by ann, bob" in output
    assert "answers      N=3  agree 0.667" in output
    assert "tanks, answer: right | wrong" in output
    assert "bridge, claim 1: wrong | right" in output
    assert "preferences  none judged by both" in output
    # The measure finds the bridge wrong and the plan right; it does not score an abstention.
    assert "ann and the measure 'answer'\n  answers      N=2  agree 1.000  kappa 1.000" in output


def test_agreement_is_json_on_request(run: Run) -> None:
    judging(run.name, keys="wwrrr")
    judging(run.name, keys="rwrrw", evaluator="bob")
    told = json.loads(called(agreement, run.name, "--json").output)
    assert told["evaluators"] == ["ann", "bob"]
    assert told["pairs"][0]["answers"]["n"] == 3
    assert told["pairs"][0]["answers"]["differences"] == [
        {"case": "tanks", "about": "answer", "first": "right", "second": "wrong"}
    ]
    assert told["pairs"][0]["preferences"]["kappa"] is None
    assert [one["evaluator"] for one in told["with_measure"]] == ["ann", "bob"]


def test_agreement_counts_judgements_of_the_same_answers_in_other_runs(run: Run, folder: Path) -> None:
    judge_answer(run, "tanks", "ann", Mark.RIGHT)
    again = a_run(folder, an_abstention("tanks"))
    judge_answer(again, "tanks", "bob", Mark.WRONG)
    for one in (run, again):
        assert "tanks, answer: right | wrong" in called(agreement, one.name).output


def test_agreement_needs_judgements_and_for_a_pair_a_second_evaluator(run: Run) -> None:
    with pytest.raises(NothingToJudge, match="Nobody judged"):
        called(agreement, run.name)
    judging(run.name, keys="wwrrr")
    assert "needs a second one" in called(agreement, run.name).output


def test_hostile_names_do_nothing_to_the_terminal(run: Run, folder: Path) -> None:
    for name, mark in (("ann\x1b[31m", Mark.RIGHT), ("bob\x9b2J", Mark.WRONG)):
        judge_answer(run, "tanks", name, mark)
    output = called(agreement, run.name).output
    assert "\x1b" not in output
    assert "\x9b" not in output


def test_a_run_that_is_scored_while_it_goes_on_can_be_judged_so_far(folder: Path) -> None:
    run = a_run(folder, an_answer("bridge", "It is Ochre."))
    assert "1 case to judge, of 1" in judging(run.name, "--only", "failures")


def test_in_a_real_terminal_one_key_is_an_answer_and_a_kill_loses_nothing(run: Run, tmp_path: Path) -> None:
    code = "from evals.judging.command import judge; judge.main()"
    arguments = [sys.executable, "-c", code, run.name, "--evaluator", "ann"]
    inner, outer = pty.openpty()
    process = subprocess.Popen(
        arguments, stdin=outer, stdout=outer, stderr=outer, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=tmp_path
    )
    os.close(outer)
    try:
        _answer(inner, ["claim 1 “It", "Answer as a whole", "claim 1 “de"], ["r", "p", "r"])
        _until(inner, "Answer as a whole")
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait(10)
        os.close(inner)
    assert marks(run) == [("bridge", "ann", "partly")]


def _answer(terminal: int, prompts: list[str], keys: list[str]) -> None:
    for asked, key in zip(prompts, keys, strict=True):
        _until(terminal, asked)
        os.write(terminal, key.encode())


def _until(terminal: int, text: str) -> None:
    """Read until the prompt that begins so waits for its key."""
    shown, end = "", time.monotonic() + 60
    while not (text in shown and shown.endswith("› ") and _takes_keys(terminal)):
        assert time.monotonic() < end, shown
        if select.select([terminal], [], [], 0.01)[0]:
            shown += os.read(terminal, 65536).decode(errors="replace")


def _takes_keys(terminal: int) -> bool:
    # What is typed before that is thrown away: nobody answers a question that is not yet on the screen.
    return not termios.tcgetattr(terminal)[3] & termios.ICANON
