"""Measure how long comparing takes: the matrix of 5 courses by 10 criteria, and its sensitivity with 10,000 samples.

Part of `python -m evals.bench`; also alone: `python -m evals.bench_matrix`. Knows nothing of what is compared."""

import json
import statistics
import time
from datetime import date
from typing import Any

import numpy as np

from assistant.courses.comparing import matrix
from assistant.courses.sensitivity import sensitivity
from assistant.courses.workspace import Basis, CourseOfAction, Criterion, RawValue, Workspace

_RUNS = 20


def measure_matrix(*, courses: int = 5, criteria: int = 10, samples: int = 10_000, seed: int = 0) -> dict[str, Any]:
    """Return the milliseconds of matrix and sensitivity together, with all values known and with a tenth unknown."""
    return {
        "courses": courses,
        "criteria": criteria,
        "samples": samples,
        "all known (target 200 at most)": _timed(_workspace(courses, criteria, 0.0, seed), samples),
        "a tenth unknown (target 200 at most)": _timed(_workspace(courses, criteria, 0.1, seed), samples),
    }


def _timed(workspace: Workspace, samples: int) -> dict[str, float]:
    sensitivity(matrix(workspace), samples=samples)
    elapsed = []
    for run in range(_RUNS):
        started = time.perf_counter()
        sensitivity(matrix(workspace), samples=samples, seed=run)
        elapsed.append((time.perf_counter() - started) * 1000)
    return {"clock ms p50": round(statistics.median(elapsed), 1), "clock ms most": round(max(elapsed), 1)}


def _workspace(courses: int, criteria: int, unknown: float, seed: int) -> Workspace:
    random = np.random.default_rng(seed)
    columns = [
        Criterion(f"c{at}", f"Criterion {at}", "", "hour", "6 hour", "less is better", float(random.uniform(1, 5)))
        for at in range(criteria)
    ]
    missing = set(random.choice(courses * criteria, round(unknown * courses * criteria), replace=False).tolist())
    values = tuple(
        RawValue(f"coa-{row}", column.id, f"{random.uniform(1, 24):.2f} hour", Basis.STATED, by="S3")
        for row in range(courses)
        for at, column in enumerate(columns)
        if row * criteria + at not in missing
    )
    return Workspace(
        id="bench",
        revision=1,
        title="",
        problem="",
        language="en",
        owner="",
        corpora=(),
        on_date=date(2026, 1, 1),
        courses=tuple(CourseOfAction(f"coa-{row}", f"Course {row}", ()) for row in range(courses)),
        criteria=tuple(columns),
        criteria_locked_by="S3",
        values=values,
    )


if __name__ == "__main__":
    print(json.dumps(measure_matrix(), indent=2))
