"""Every case comes to an end that the report tells, and what went wrong is never left out for a thousand cases."""

from pathlib import Path

import pytest

from evals.report.contents import Outcome
from evals.report.outlining import STAGES, losses
from evals.report.reading import read
from tests.evals.report.staging import a_case, a_record, a_run, every_end


def test_each_case_that_a_stage_lost_is_told_under_it(tmp_path: Path) -> None:
    report = read(a_run(tmp_path, every_end())).report
    lost = {loss.stage.replace(" ", "-"): [one.id for one in loss.cases] for loss in report.losses}
    assert set(lost) == {stage.replace(" ", "-") for stage in STAGES}
    for stage, cases in lost.items():
        assert stage in cases
        assert all(case.startswith(stage) for case in cases)


def test_what_is_left_after_the_last_stage_is_what_is_right(tmp_path: Path) -> None:
    report = read(a_run(tmp_path, every_end())).report
    assert report.losses[-1].left == report.count(Outcome.RIGHT)
    assert sum(loss.share for loss in report.losses) == pytest.approx(1)
    scored = len(report.outlines) - report.count(Outcome.UNSCORED)
    assert report.losses[0].left == scored - len(report.losses[0].cases)


def test_a_case_that_failed_or_was_not_asked_is_unscored_and_says_why(tmp_path: Path) -> None:
    pairs = [*every_end(), (a_case("late"), None)]
    outlines = {one.id: one for one in read(a_run(tmp_path, pairs)).report.outlines}
    assert outlines["failed"].why == "The model file cannot be read."
    assert outlines["draft"].why == "A draft: not asked."
    assert outlines["late"].why == "Not asked: the run was interrupted."
    assert {outlines[name].outcome for name in ("failed", "draft", "late")} == {Outcome.UNSCORED}


def test_of_a_large_set_only_failures_are_shown_unless_asked(tmp_path: Path) -> None:
    names = [f"case-{number}" for number in range(301)]
    pairs = [(a_case(name), a_record(name, "MLC 60" if name.endswith("00") else "MLC 40")) for name in names]
    run = a_run(tmp_path, pairs)
    few, everything = read(run), read(run, all_cases=True)
    assert [view.case.id for view in few.views()] == ["case-100", "case-200", "case-300"]
    assert few.report.left_out == 298
    assert len(list(everything.views())) == 301


def test_a_run_in_which_nothing_went_wrong_lost_nothing() -> None:
    assert [(loss.cases, loss.share) for loss in losses([])] == [((), 0.0)] * len(STAGES)
