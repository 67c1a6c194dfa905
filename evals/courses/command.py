"""`stafwijzer eval run coa`: the problems worked through, and the table of what came of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click
import numpy as np

from assistant.bootstrap import Installation
from assistant.citing import as_json
from assistant.entrypoints.installed import print_json
from assistant.entrypoints.terminal import printable
from evals.courses.cases import Problem, problems_sha256, read_problems
from evals.courses.running import Worked, evaluated, work_through
from evals.courses.scoring import Scored
from evals.metrics import Aggregate, bootstrap

_SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Summary:
    """A set of problems in figures. Shares are over facts, gaps and sums; the rest is over problems."""

    set_sha256: str
    settings_fingerprint: str
    measures: dict[str, Aggregate]
    worked: tuple[Worked, ...]


def run_courses(
    installation: Installation,
    *,
    path: Path | None = None,
    sample: int | None = None,
    seed: int = 0,
    on_date: date | None = None,
    as_json_: bool = False,
) -> None:
    """Work the problems through and print the figures, kept in a file beside the other runs."""
    problems = (read_problems(path) if path else read_problems())[:sample]
    service = evaluated(installation)
    worked = []
    for one in work_through(service, installation, problems, on_date=on_date):
        worked.append(one)
        if not as_json_:
            click.echo(f"{one.problem}: {one.error or _in_short(one)}", err=True)
    summary = summarise(problems, worked, fingerprint=installation.settings.fingerprint, seed=seed)
    folder = installation.settings.home / "evals"
    kept = folder / f"coa-{summary.set_sha256[:8]}-{summary.settings_fingerprint[:8]}.json"
    kept.write_text(json.dumps(as_json(summary), ensure_ascii=False, indent=1), encoding="utf-8")
    if as_json_:
        print_json(replace(summary, worked=tuple(replace(one, workspace=None) for one in worked)))
        return
    _show(summary)
    click.echo(f"Kept in {kept}", err=True)


def summarise(problems: list[Problem], worked: Sequence[Worked], *, fingerprint: str, seed: int) -> Summary:
    """Return the figures of a run: each with its N, what is unscored, and a 95 % bootstrap interval."""
    scored = [one.scored for one in worked]
    failed = [problem for problem, one in zip(problems, scored, strict=True) if one is None]
    columns = {
        "facts considered": _items(scored, "facts") + [np.nan] * sum(len(one.facts) for one in failed),
        "gaps flagged": _items(scored, "gaps") + [np.nan] * sum(len(one.gaps) for one in failed),
        "arithmetic correct": _items(scored, "arithmetic") + [np.nan] * sum(len(one.arithmetic) for one in failed),
        "facts supported": [
            float(number >= len(one.unsupported)) for one in scored if one for number in range(one.stated_as_facts)
        ],
        "unsupported facts": [float(len(one.unsupported)) if one else np.nan for one in scored],
        "schema valid": [float(one.schema_valid) if one else np.nan for one in scored],
        "courses": [float(one.courses) if one else np.nan for one in scored],
        "distinguishability": [_or_nan(one.distinguishability if one else None) for one in scored],
        "framing seconds": [one.framing_seconds if one.scored else np.nan for one in worked],
        "first course seconds": [_or_nan(one.first_course_seconds) for one in worked],
        "whole set seconds": [_or_nan(one.whole_seconds) for one in worked],
    }
    counts = {"unsupported facts", "courses", "framing seconds", "first course seconds", "whole set seconds"}
    measures = {
        name: bootstrap(
            {name: np.array(column)},
            {},
            seed=seed,
            samples=_SAMPLES,
            proportions=set() if name in counts else None,
        )[name]
        for name, column in columns.items()
        if column
    }
    return Summary(problems_sha256(problems), fingerprint, measures, tuple(worked))


def _items(scored: Sequence[Scored | None], name: str) -> list[float]:
    return [float(found) for one in scored if one for found in getattr(one, name).values()]


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _in_short(one: Worked) -> str:
    told = one.scored
    if told is None:
        return ""
    missed = [id for found in (told.facts, told.gaps, told.arithmetic) for id, done in found.items() if not done]
    short = f"{told.courses} courses, {told.stated_as_facts} facts, {len(told.unsupported)} unsupported"
    return printable(f"{short}; missed: {', '.join(missed) or 'nothing'}")


def _show(summary: Summary) -> None:
    click.echo(f"{'':<22} {'mean':>8}  {'95 % interval':<16} {'N':>4}  unscored")
    for name, one in summary.measures.items():
        mean = "–" if one.mean is None else f"{one.mean:.3f}"
        interval = "–" if one.low is None or one.high is None else f"[{one.low:.2f}, {one.high:.2f}]"
        click.echo(f"{name:<22} {mean:>8}  {interval:<16} {one.n:>4}  {one.unscored}")
