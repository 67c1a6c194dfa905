"""Two runs of the same cases: what differs, for which cases, and whether it is more than chance."""

from pathlib import Path

import pytest

from evals.comparing import RunsDiffer, compare_runs
from evals.records import Record
from evals.runs import Run
from tests.evals.making import a_case, a_record, a_run, a_statement, an_abstention

CASES = [a_case(f"c{number}", tags=frozenset({"hard" if number % 2 else "easy"})) for number in range(40)]
WRONG = (a_statement("Ochre."),)


def a_run_with(folder: Path, wrong: set[int], **fields: object) -> Run:
    records = [a_record(case.id, **({"statements": WRONG} if at in wrong else {})) for at, case in enumerate(CASES)]
    return a_run(folder, CASES, records, **fields)


def test_equal_runs_differ_in_nothing(tmp_path: Path) -> None:
    a, b = a_run_with(tmp_path, {1, 2}), a_run_with(tmp_path, {1, 2})
    compared = compare_runs(a, b)
    assert compared.flipped == ()
    assert all(paired.difference == 0 and paired.p == 1 for name, paired in compared.measures.items() if paired.p)
    assert {compared.verdict(name) for name in compared.measures} == {"no difference shown"}


def test_a_real_difference_is_shown_with_the_cases_that_flipped(tmp_path: Path) -> None:
    compared = compare_runs(a_run_with(tmp_path, set()), a_run_with(tmp_path, set(range(0, 40, 2))))
    assert compared.measures["answer"].difference == -0.5
    assert compared.verdict("answer") == "worse"
    assert {flip.case for flip in compared.flipped} == {f"c{number}" for number in range(0, 40, 2)}
    assert not any(flip.better for flip in compared.flipped)
    assert compared.by_label["easy"]["answer"].difference == -1
    assert compared.by_label["hard"]["answer"].difference == 0


def test_one_flip_among_forty_is_no_difference_shown(tmp_path: Path) -> None:
    compared = compare_runs(a_run_with(tmp_path, {1}), a_run_with(tmp_path, set()))
    assert [(flip.case, flip.better) for flip in compared.flipped] == [("c1", True)]
    assert compared.verdict("answer") == "no difference shown"


def test_a_lower_value_is_better_where_lower_is_better(tmp_path: Path) -> None:
    slow = a_run(tmp_path, CASES, [a_record(case.id, seconds=3.0 + at / 100) for at, case in enumerate(CASES)])
    quick = a_run(tmp_path, CASES, [a_record(case.id, seconds=1.0 + at / 50) for at, case in enumerate(CASES)])
    assert compare_runs(slow, quick).verdict("seconds") == "better"
    assert compare_runs(slow, quick).measures["answers a minute"].difference > 0  # type: ignore[operator]


def test_cases_without_an_answer_in_either_run_are_left_out(tmp_path: Path) -> None:
    a = a_run(tmp_path, CASES[:3], [a_record("c0"), a_record("c1"), Record("c2", error="failed")])
    b = a_run(tmp_path, CASES[:3], [a_record("c0"), an_abstention("c1"), a_record("c2")])
    compared = compare_runs(a, b)
    assert compared.measures["answer"].n == 2
    assert {flip.measure for flip in compared.flipped} == {"answer", "abstention"}


def test_a_case_that_expects_something_else_is_not_compared(tmp_path: Path) -> None:
    a = a_run(tmp_path, [a_case("one"), a_case("two")], [a_record("one"), a_record("two")])
    b = a_run(tmp_path, [a_case("two", expected=("Ochre",)), a_case("one")], [a_record("two"), a_record("one")])
    compared = compare_runs(a, b)
    assert (compared.cases, compared.changed) == (1, ("two",))


def test_runs_without_a_case_in_common_are_refused(tmp_path: Path) -> None:
    a, b = a_run(tmp_path, [a_case("one")]), a_run(tmp_path, [a_case("two")])
    with pytest.raises(RunsDiffer, match="share no case"):
        compare_runs(a, b)
