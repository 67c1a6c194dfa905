"""A run keeps what was measured, whatever ends it, and goes on where it stopped."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evals.records import Control, PlaceState, Record, read_record, write_record
from evals.runs import (
    Command,
    RunBusy,
    RunClosed,
    RunDamaged,
    RunUnknown,
    all_runs,
    new_run,
    open_run,
    readable_run,
    readable_runs,
    to_go_on_with,
)
from retrieval.access import Marking, Principal
from tests.evals.making import OPEN, SECRET, a_case, a_manifest, a_record, a_run, a_statement

CASES = [a_case("één"), a_case("two"), a_case("three")]
OFFICER = Principal("officer", (("NLD", "Ongerubriceerd"),), "NLD")
CLEARED = Principal("cleared", (("NLD", "Stg. Geheim"),), "NLD")
TODAY = date(2026, 2, 4)


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
    run = a_run(tmp_path, CASES, [a_record("één")], command=Command("a", ("assistant",)))
    wanted = replace(run.manifest, started="2026-02-05T10:00:00Z", command=Command("", ("assistant",)))
    assert to_go_on_with([run], wanted) == run
    others: list[dict[str, Any]] = [
        {"settings_fingerprint": "f" * 12},
        {"system": "retrieval"},
        {"seed": 1},
        {"set_sha256": "0"},
        {"corpora_sha256": "0"},
        {"model_sha256": "0"},
        {"on_date": "2026-02-05"},
    ]
    for other in others:
        assert to_go_on_with([run], replace(wanted, **other)) is None
    assert to_go_on_with([run], replace(wanted, on_date="2026-02-05"), on_any_date=True) == run
    assert to_go_on_with([run.finish()], wanted) is None


def test_finished_parts_of_a_command_are_found_again_until_all_are_finished(tmp_path: Path) -> None:
    parts = ("assistant", "without dense")
    whole = a_run(tmp_path, CASES, command=Command("a", parts)).finish()
    lesser = a_run(tmp_path, CASES, system="lesser", command=Command("a", parts, 1))
    wanted = [replace(one.manifest, command=Command("", parts, number)) for number, one in enumerate((whole, lesser))]
    assert [to_go_on_with([whole, lesser], one) for one in wanted] == [whole, lesser]
    assert to_go_on_with([whole], wanted[0]) == whole
    assert to_go_on_with([whole], replace(wanted[0], command=Command("", ("assistant",)))) is None
    assert to_go_on_with([whole, lesser.finish()], wanted[0]) is None
    assert to_go_on_with([whole, lesser.finish()], whole.manifest) == whole
    assert to_go_on_with([whole], replace(wanted[0], command=Command("b", parts))) is None


def test_a_run_is_for_those_who_may_read_every_marking_in_it(tmp_path: Path) -> None:
    fine = a_run(tmp_path, CASES, [a_record("één")])
    runs = [
        a_run(tmp_path, CASES, [a_record("één"), a_record("two", markings=(OPEN, SECRET))]),
        a_run(tmp_path, [a_case("marked", marking=SECRET)]),
        a_run(tmp_path, CASES, [a_record("één", markings=(Marking("STRANGE", "High"),))]),
    ]
    for run in runs:
        for name in (run.name, str(run.path)):
            with pytest.raises(RunClosed, match=rf"{run.name}' holds what you, officer, may not read.* Ask officer"):
                readable_run(tmp_path, name, principal=OFFICER, on_date=TODAY)
    for_officer = readable_runs(tmp_path, principal=OFFICER, on_date=TODAY)
    assert ([run.name for run in for_officer.open], for_officer.closed) == ([fine.name], 3)
    for_cleared = readable_runs(tmp_path, principal=CLEARED, on_date=TODAY)
    assert ({run.name for run in for_cleared.open}, for_cleared.closed) == (
        {fine.name, runs[0].name, runs[1].name},
        1,
    )
    with pytest.raises(RunUnknown) as refused:
        readable_run(tmp_path, "none", principal=OFFICER, on_date=TODAY)
    assert fine.name in str(refused.value)
    assert runs[0].name not in str(refused.value)


def test_a_record_that_came_into_a_run_past_its_writer_is_not_read_to_who_may_not(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES, [a_record("één")])
    with (run.path / "records.jsonl").open("a", encoding="utf-8") as file:
        file.write(write_record(a_record("two", markings=(SECRET,))) + "\n")
    opened = readable_run(tmp_path, run.name, principal=OFFICER, on_date=TODAY)
    with pytest.raises(RunClosed):
        list(opened.records())


def test_the_markings_are_on_disk_before_the_record_and_a_run_without_them_is_damaged(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES, [a_record("één")])
    with run.writing() as writer:
        writer.file.close()
        with pytest.raises(ValueError, match="closed file"):
            writer.append(a_record("two", markings=(SECRET,)))
    assert run.markings() == {OPEN, SECRET}
    assert run.done() == {"één"}
    (run.path / "markings.json").unlink()
    with pytest.raises(RunDamaged, match=r"markings\.json"):
        readable_run(tmp_path, run.name, principal=CLEARED, on_date=TODAY)
    assert readable_runs(tmp_path, principal=CLEARED, on_date=TODAY).damaged == 1


@pytest.mark.parametrize("missing", ["markings", "format"])
def test_a_run_of_another_version_is_refused(tmp_path: Path, missing: str) -> None:
    run = a_run(tmp_path, CASES, [a_record("één")])
    if missing == "markings":
        (run.path / "records.jsonl").write_text(write_record(a_record("één", markings=())) + "\n")
        with pytest.raises(RunDamaged, match="made by another version"):
            list(run.records())
        return
    told = json.loads((run.path / "run.json").read_text())
    others: list[object] = [{key: value for key, value in told.items() if key != "format"}, {**told, "format": 1}, []]
    for other in others:
        (run.path / "run.json").write_text(json.dumps(other))
        with pytest.raises(RunDamaged, match="made by another version"):
            open_run(tmp_path, run.name)


def test_what_is_kept_of_a_run_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    run = a_run(tmp_path / "evals", CASES, [a_record("één", markings=(SECRET,))]).finish()
    for folder in (run.path.parent, run.path):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in run.path.iterdir()} == dict.fromkeys(
        ["run.json", "cases.jsonl", "records.jsonl", "markings.json", "lock"], 0o600
    )


@pytest.mark.parametrize("name", ["", "x" * 240, "-rf", "../up/and away", "één", "."])
def test_a_set_of_any_name_gives_a_run_that_can_be_named(tmp_path: Path, name: str) -> None:
    run = a_run(tmp_path, CASES, set_name=name, system="a/b")
    assert run.path.parent == tmp_path
    assert len(run.name) < 150
    assert run.name[0].isalnum()
    assert open_run(tmp_path, run.name) == run


def test_a_run_that_is_still_being_made_is_no_run_yet(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES)
    run.path.rename(tmp_path / f".{run.name}.7")
    assert all_runs(tmp_path) == []


def test_a_run_without_its_records_is_damaged(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES)
    (run.path / "records.jsonl").unlink()
    for read in (run.done, lambda: list(run.records())):
        with pytest.raises(RunDamaged, match=r"records\.jsonl cannot be read"):
            read()


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
        readable_run(tmp_path, "none", principal=OFFICER, on_date=TODAY)
    with pytest.raises(RunDamaged, match=r"broken/run\.json"):
        open_run(tmp_path, "broken")


def test_a_line_that_is_no_record_is_named(tmp_path: Path) -> None:
    run = a_run(tmp_path, CASES)
    (run.path / "records.jsonl").write_text('{"case": "two", "seconds": "long"}\n')
    with pytest.raises(RunDamaged, match=r'holds a line that is no record: \{"case": "two"'):
        list(run.records())
