"""Measure what evaluating costs: the runner beside the asking itself, and scoring stored runs of many cases.

Part of `python -m evals.bench`. Knows nothing of right and wrong answers."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.bootstrap import Installation
from evals.cases import Case
from evals.records import write_record
from evals.running import Runner
from evals.runs import Manifest, Run, new_run, now
from evals.sets import set_sha256
from evals.systems import AssistantSystem, System

_STORED = 10_000
_SCORE = """
import json, re, sys, time
from pathlib import Path
from evals.runs import open_run
from evals.scoring import scores_of
from evals.summaries import summarise
# Not ru_maxrss: a process inherits its parent's.
def peak(): return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
run, before = open_run(Path(sys.argv[1]), sys.argv[2]), peak()
started = time.perf_counter()
summary = summarise(scores_of(run))
print(json.dumps({"seconds": time.perf_counter() - started, "grown": peak() - before, "measures": len(summary)}))
"""


def measure_runs(installation: Installation, questions: Sequence[str], folder: Path) -> dict[str, Any]:
    """Return what a run costs over asking, with the model and with quotes alone, and what scoring costs."""
    cases = [
        Case(id=str(number), question=text, language="en", answerable=None) for number, text in enumerate(questions)
    ]
    assistant = installation.assistant
    quotes_only = replace(assistant, answer=assistant.answer.model_copy(update={"compose": False}))
    run, overhead = _overhead(installation, AssistantSystem(assistant), cases, folder)
    _, overhead_of_quotes = _overhead(installation, AssistantSystem(quotes_only, "quotes"), cases, folder)
    return {
        "questions": len(cases),
        "runner over asking (target 0.03 at most)": round(overhead, 4),
        "the same when no model writes": round(overhead_of_quotes, 4),
        **_scoring(run, folder),
    }


def _overhead(installation: Installation, system: System, cases: Sequence[Case], folder: Path) -> tuple[Run, float]:
    """Return the finished run, and its seconds beyond those of the answers as a share of these."""
    runner = Runner(system, installation.catalog, installation.settings.principal, date.today())
    run = new_run(folder, _manifest(installation, system, cases), list(cases))
    started = time.perf_counter()
    run = runner.run(run)
    whole = time.perf_counter() - started
    asking = sum(record.seconds for record in run.records())
    return run, (whole - asking) / asking


def _scoring(run: Run, folder: Path) -> dict[str, Any]:
    """Score a run of many cases, each a copy of a real one, in a process of its own."""
    records = list(run.records())
    cases = {case.id: case for case in run.cases()}

    def store(count: int) -> Run:
        sources = [records[number % len(records)] for number in range(count)]
        copies = [
            replace(cases[one.case], id=str(number), answerable=True, expected=("brigade",))
            for number, one in enumerate(sources)
        ]
        stored = new_run(folder, replace(run.manifest, cases=count, system=f"stored-{count}"), copies)
        with (stored.path / "records.jsonl").open("w", encoding="utf-8") as file:
            for number, one in enumerate(sources):
                file.write(write_record(replace(one, case=str(number))) + "\n")
        return stored

    tenth, stored = store(_STORED // 10), store(_STORED)
    few, many = _score(folder, tenth.name), _score(folder, stored.name)
    return {
        "stored cases scored": _STORED,
        "records MiB": round((stored.path / "records.jsonl").stat().st_size / 2**20),
        "scoring and summarising, seconds (target 60 at most)": round(many["seconds"], 1),
        "memory grown for a tenth of the cases, MiB": round(few["grown"]),
        "memory grown for all of them, MiB": round(many["grown"]),
    }


def _score(folder: Path, name: str) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 (our own interpreter and program)
        [sys.executable, "-c", _SCORE, str(folder), name], capture_output=True, text=True, check=True
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _manifest(installation: Installation, system: System, cases: Sequence[Case]) -> Manifest:
    settings = installation.settings
    return Manifest(
        set_name="bench",
        set_sha256=set_sha256(cases),
        cases=len(cases),
        system=system.name,
        settings_fingerprint=system.fingerprint,
        settings=settings.model_dump(mode="json", exclude={"home"}),
        index_snapshot=system.index_snapshot,
        seed=0,
        started=now(),
        finished=None,
        version="bench",
        machine="bench",
        on_date=date.today().isoformat(),
        asker=settings.principal.name,
    )
