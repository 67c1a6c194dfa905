"""The JSON of a run holds every case and every figure, unrounded."""

import json
from pathlib import Path

from evals.report.machine import machine_readable
from evals.report.reading import read
from tests.evals.report.staging import HOSTILE, a_case, a_record, a_run, an_earlier_run, every_end


def test_every_case_is_told_once_with_its_stage_and_record(tmp_path: Path) -> None:
    run = a_run(tmp_path, every_end())
    told = json.loads("".join(machine_readable(read(run, against=an_earlier_run(tmp_path)))))
    cases = {case["id"]: case for case in told["cases"]}
    assert len(told["cases"]) == len(cases) == len(every_end())
    assert cases["not-selected"]["stage"] == "not selected"
    assert cases["not-selected"]["record"]["evidence"]
    assert cases["hostile"]["case"]["question"] == f"Wat is {HOSTILE}?"
    assert "record" not in cases["draft"]
    assert told["summary"]["answer"]["n"] == sum("answer" in case["scores"] for case in told["cases"])
    assert told["comparison"]["measures"]["answer"]["n"]
    assert told["marking"] == "Stg. Geheim"
    assert {loss["stage"]: loss["cases"] for loss in told["lost"]}["misled"] == ["misled"]


def test_of_a_large_set_every_case_is_told_and_failures_with_their_record(tmp_path: Path) -> None:
    names = [f"case-{number}" for number in range(301)]
    pairs = [(a_case(name), a_record(name, "MLC 60" if name.endswith("00") else "MLC 40")) for name in names]
    told = json.loads("".join(machine_readable(read(a_run(tmp_path, pairs)))))
    assert len(told["cases"]) == 301
    assert sum("record" in case for case in told["cases"]) == 3
