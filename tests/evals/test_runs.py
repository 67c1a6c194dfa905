"""A run keeps what was measured, whatever ends it, and goes on where it stopped."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from evals.records import Control, PlaceState, Record, read_record, write_record
from evals.runs import RunBusy, RunDamaged, RunUnknown, all_runs, new_run, open_run, unfinished
from tests.evals.making import a_case, a_manifest, a_record, a_run, a_statement

CASES = [a_case("één"), a_case("two"), a_case("three")]


def test_a_record_reads_back_as_it_was_written() -> None:
    record = a_record(
        withheld=(a_statement("It is 60 t."),),
        control=Control("same", 3, 9, 0.2),
        places=(PlaceState.NOT_WHOLE,),
        notes=("a\u2028note",),
        timings={"searched": 0.1},
    )
    assert read_record(write_record(record)) == record
    assert "\n" not in write_record(record)


def test_a_run_holds_its_cases_and_records(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES, [a_record("één"), a_record("two", error="failed")])
    again = open_run(tmp_path, run.name)
    assert again == run
    assert again.cases() == CASES
    assert [record.case for record in again.records()] == ["één", "two"]
    assert again.done() == {"één", "two"}
    assert [case.id for case, _ in again.pairs()] == ["één", "two"]


def test_of_a_case_that_was_asked_again_the_last_record_counts(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES, [a_record("één", error="x"), a_record("two"), a_record("één", text="again")])
    assert [(record.case, record.text) for record in run.records()] == [("two", a_record().text), ("één", "again")]


@pytest.mark.parametrize("keep", [1, 20, 200, -1])
def test_a_line_that_was_cut_short_is_dropped_and_the_rest_kept(tmp_path: Path, keep: int) -> None:
    run = a_run(tmp_path, CASES, [a_record("één"), a_record("two")])
    path = run.path / "records.jsonl"
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    path.write_bytes(whole[: first + keep] if keep > 0 else whole[:keep])
    assert run.done() == {"één"}
    with run.writing() as writer:
        writer.append(a_record("three"))
    assert [record.case for record in run.records()] == ["één", "three"]


def test_what_was_written_survives_the_death_of_its_writer(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES)
    code = (
        "import os, sys; from pathlib import Path; from evals.runs import open_run; from evals.records import Record\n"
        "with open_run(Path(sys.argv[1]), sys.argv[2]).writing() as writer:\n"
        "    writer.append(Record('two')); writer.file.write('{\"case\": \"th'); writer.file.flush(); os._exit(9)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path), run.name], cwd=os.getcwd(), check=False)
    assert ended.returncode == 9
    assert run.done() == {"two"}
    with run.writing() as writer:
        writer.append(Record("three"))
    assert run.done() == {"two", "three"}


def test_two_writers_at_once_are_refused(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES)
    with run.writing(), pytest.raises(RunBusy, match=f"Process {os.getpid()}"), run.writing():
        pass


def test_an_interrupted_run_is_found_again_by_what_it_asks(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES, [a_record("één")])
    wanted = replace(run.manifest, started="2026-02-05T10:00:00Z")
    assert unfinished(tmp_path, wanted) == run
    for other in ({"settings_fingerprint": "f" * 12}, {"system": "retrieval"}, {"seed": 1}, {"set_sha256": "0"}):
        assert unfinished(tmp_path, replace(wanted, **other)) is None
    run.finish()
    assert unfinished(tmp_path, wanted) is None


def test_runs_of_the_same_minute_get_names_of_their_own(tmp_path: Path) -> None:
    names = [new_run(tmp_path, a_manifest(CASES), CASES).name for _ in range(3)]
    assert len(set(names)) == 3
    assert sorted(run.name for run in all_runs(tmp_path)) == sorted(names)


def test_what_is_no_run_is_refused_and_passed_over(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES)
    (tmp_path / "other").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    assert all_runs(tmp_path) == [run]
    with pytest.raises(RunUnknown, match=rf"no run 'none'\. Runs: {run.name}"):
        open_run(tmp_path, "none")
    with pytest.raises(RunDamaged, match=r"broken/run\.json"):
        open_run(tmp_path, "broken")


def test_a_line_that_is_no_record_is_named(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES)
    (run.path / "records.jsonl").write_text('{"case": "two", "seconds": "long"}\n')
    with pytest.raises(RunDamaged, match=r'holds a line that is no record: \{"case": "two"'):
        list(run.records())
