"""`stafwijzer eval list` and `show`: which runs there are, and what came of one."""

from collections import Counter
from typing import Any

import click
import numpy as np

from assistant.entrypoints.installed import json_option, print_json, settings_of
from assistant.verifying import LexicalVerifier
from evals.attribution import Finding, Lost, attribute
from evals.cases import Case
from evals.leaks import TimingLeak, timing_leak
from evals.metrics import Aggregate
from evals.records import Record
from evals.runs import Run, all_runs, open_run
from evals.scoring import BY_NAME, score, scores_of
from evals.summaries import summarise


@click.command("list")
@json_option
@click.pass_context
def list_(context: click.Context, as_json_: bool) -> None:
    """List the runs, oldest first."""
    runs = all_runs(settings_of(context).home / "evals")
    if as_json_:
        print_json([{"run": run.name, **told_manifest(run)} for run in runs])
        return
    for run in runs:
        manifest = run.manifest
        state = "" if manifest.finished else f"  interrupted at {len(run.done())}"
        click.echo(f"{run.name}  {manifest.cases} cases{state}")
    if not runs:
        click.echo("There are no runs yet. Make one with `stafwijzer eval run examples`.")


@click.command()
@click.argument("name", metavar="RUN")
@click.option("--failures", is_flag=True, help="List the cases that went wrong, each with the stage that lost it.")
@json_option
@click.pass_context
def show(context: click.Context, name: str, failures: bool, as_json_: bool) -> None:
    """Show the scores of a run, and at which stage wrong answers were lost."""
    run = open_run(settings_of(context).home / "evals", name)
    if as_json_:
        print_json(told_run(run, failures=failures))
    else:
        show_run(run, failures=failures)


def findings(run: Run) -> list[tuple[Case, Record, Finding]]:
    """Return each case with what became of it, without passages: a run of any size fits in memory."""
    verifier, limit = LexicalVerifier(), considered(run)
    found = []
    for case, record in run.pairs():
        finding = attribute(case, record, score(case, record, verifier=verifier), limit=limit)
        found.append((case, Record(record.case, error=record.error, text=record.text), finding))
    return found


def timing_of(run: Run) -> TimingLeak | None:
    """Return whether forbidden documents can be noticed by the clock; None when no case has a control."""
    differences = scores_of(run).columns["time difference"]
    if np.isnan(differences).all():
        return None
    return timing_leak(differences, np.zeros_like(differences), seed=run.manifest.seed)


def considered(run: Run) -> int:
    """Return how many of the passages found the system under test considered."""
    return int(run.manifest.settings["search"]["limit"])


def told_manifest(run: Run) -> dict[str, Any]:
    """Return what a run is of, without its settings."""
    manifest = run.manifest
    return {
        "set": manifest.set_name,
        "system": manifest.system,
        "settings": manifest.settings_fingerprint,
        "index": manifest.index_snapshot,
        "cases": manifest.cases,
        "started": manifest.started,
        "finished": manifest.finished,
        "seed": manifest.seed,
    }


def told_run(run: Run, *, failures: bool = False) -> dict[str, Any]:
    """Return a run's scores, and where its wrong answers were lost, for JSON."""
    found = findings(run)
    told = {
        "run": run.name,
        **told_manifest(run),
        "asked": len(found),
        "without an answer": sum(bool(record.error) for _, record, _ in found),
        "metrics": summarise(scores_of(run), seed=run.manifest.seed),
        "timing": timing_of(run),
        "lost": {stage: count for stage, count in _lost(found).items() if count},
    }
    if failures:
        told["failures"] = [
            {
                "case": case.id,
                "question": case.question,
                "answer": record.text,
                "stage": finding.stage,
                "why": finding.why,
            }
            for case, record, finding in found
            if finding.stage
        ]
    return told


def show_run(run: Run, *, failures: bool = False) -> None:
    """Print a run's scores and where its wrong answers were lost."""
    manifest, found = run.manifest, findings(run)
    unanswered = [record.error for _, record, _ in found if record.error]
    click.secho(f"{run.name}", bold=True)
    click.echo(
        f"{manifest.set_name}: {len(found)} of {manifest.cases} cases asked, {len(unanswered)} without an answer; "
        f"system {manifest.system}, settings {manifest.settings_fingerprint}"
    )
    for error, count in Counter(unanswered).most_common(3):
        click.echo(f"  {count}x {error}")
    summary, group = summarise(scores_of(run), seed=manifest.seed), ""
    for name, measured in summary.items():
        if BY_NAME[name].group != group:
            group = BY_NAME[name].group
            click.secho(f"\n{group}", bold=True)
        click.echo(f"  {name:<20} {written(measured)}")
    if timing := timing_of(run):
        click.echo(
            f"\nTiming: {timing.pairs} questions about what the asker may not read took "
            f"{timing.median_seconds * 1000:+.1f} ms (median) against the same without it, p={timing.p:.4f}"
        )
    lost = {stage: count for stage, count in _lost(found).items() if count}
    if lost:
        click.secho("\nWhere wrong answers were lost", bold=True)
    for stage, count in lost.items():
        click.echo(f"  {stage:<20} {count}")
    for case, record, finding in found if failures else []:
        if finding.stage:
            _show_failure(case, record, finding)
    click.echo(f"\nThe run: {run.path}")


def written(measured: Aggregate) -> str:
    """Return a value with its interval, N and unscored cases."""
    if measured.mean is None:
        return f"no case scored ({measured.unscored} unscored)"
    interval = f" [{measured.low:.3f}, {measured.high:.3f}]" if measured.low is not None else ""
    return f"{measured.mean:.3f}{interval}  N={measured.n}, unscored={measured.unscored}"


def _lost(found: list[tuple[Case, Record, Finding]]) -> dict[Lost, int]:
    counted = Counter(finding.stage for _, _, finding in found)
    return {stage: counted[stage] for stage in Lost}


def _show_failure(case: Case, record: Record, finding: Finding) -> None:
    click.secho(f"\n{case.id} ({finding.stage}): {case.question}", bold=True)
    click.echo(f"  {finding.why}")
    click.echo(f"  expected: {' | '.join(case.expected) or ('to abstain' if case.should_abstain else 'its place')}")
    click.echo(f"  answered: {' '.join(record.text.split())[:300]}")
