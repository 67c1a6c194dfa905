"""`stafwijzer eval list` and `show`: which runs there are, and what came of one."""

from typing import Any

import click

from assistant.citing import as_json
from assistant.entrypoints.installed import json_option, print_json
from assistant.entrypoints.terminal import printable
from evals.commands.opening import listed, opened
from evals.metrics import Aggregate
from evals.results import Outcome, Results, results_of
from evals.runs import Run, RunDamaged
from evals.scoring import BY_NAME


@click.command("list")
@json_option
@click.pass_context
def list_(context: click.Context, as_json_: bool) -> None:
    """List the runs that you may read, oldest first."""
    found = listed(context)
    for count, why in ((found.closed, "hold what you may not read"), (found.damaged, "cannot be read")):
        if count:
            click.echo(f"Runs left out because they {why}: {count}.", err=True)
    if as_json_:
        print_json([{"run": run.name, **told_manifest(run)} for run in found.open])
        return
    for run in found.open:
        click.echo(f"{printable(run.name)}  {run.manifest.cases} cases{_state(run)}")
    if not (found.open or found.closed or found.damaged):
        click.echo("There are no runs yet. Make one with `stafwijzer eval run examples`.")


@click.command()
@click.argument("name", metavar="RUN")
@click.option("--failures", is_flag=True, help="List the cases that went wrong, each with the stage that lost it.")
@json_option
@click.pass_context
def show(context: click.Context, name: str, failures: bool, as_json_: bool) -> None:
    """Show the scores of a run, and at which stage wrong answers were lost."""
    run = opened(context, name)
    if as_json_:
        print_json(told_run(run, failures=failures))
    else:
        show_run(run, failures=failures)


def told_manifest(run: Run) -> dict[str, Any]:
    """Return what a run is of, without its settings."""
    manifest = run.manifest
    return {
        "set": manifest.set_name,
        "system": manifest.system,
        "settings": manifest.settings_fingerprint,
        "index": manifest.index_snapshot,
        "as of": manifest.on_date,
        "cases": manifest.cases,
        "started": manifest.started,
        "finished": manifest.finished,
        "seed": manifest.seed,
    }


def told_run(run: Run, *, failures: bool = False) -> dict[str, Any]:
    """Return what came of a run, for JSON."""
    results = results_of(run)
    told = {
        "marking": results.marking,
        "run": run.name,
        **told_manifest(run),
        "asked": results.asked,
        "without an answer": results.unanswered.total(),
        "not asked": run.manifest.cases - results.asked,
        "metrics": results.summary,
        "timing": results.timing,
        "lost": results.lost,
    }
    if failures:
        told["failures"] = [
            {"case": one.case.id, "question": one.case.question, "answer": one.text, **as_json(one.finding)}
            for one in results.outcomes
            if one.finding.stage
        ]
    return told


def show_run(run: Run, *, failures: bool = False) -> None:
    """Print what came of a run."""
    manifest, results = run.manifest, results_of(run)
    click.echo(f"Marking: {printable(results.marking) or 'none, no document was shown'}")
    click.secho(printable(run.name), bold=True)
    click.echo(
        f"{printable(manifest.set_name)}: {results.asked} of {manifest.cases} cases asked, "
        f"{results.unanswered.total()} without an answer; {manifest.cases - results.asked} not asked; "
        f"system {printable(manifest.system)}, settings {manifest.settings_fingerprint}"
    )
    for reasons in (results.unanswered, results.unaskable):
        for error, count in reasons.most_common(3):
            click.echo(f"  {count}x {printable(error)}")
    _show_summary(results)
    if results.lost:
        click.secho("\nWhere wrong answers were lost", bold=True)
    for stage, count in results.lost.items():
        click.echo(f"  {stage:<20} {count}")
    for one in results.outcomes if failures else ():
        if one.finding.stage:
            _show_failure(one)
    click.echo(f"\nThe run: {run.path}")


def _state(run: Run) -> str:
    if run.manifest.finished:
        return ""
    try:
        return f"  interrupted at {len(run.done())}"
    except RunDamaged:
        return "  damaged"


def _show_summary(results: Results) -> None:
    group = ""
    for name, measured in results.summary.items():
        if BY_NAME[name].group != group:
            group = BY_NAME[name].group
            click.secho(f"\n{group}", bold=True)
        click.echo(f"  {name:<20} {_written(measured)}")
    if timing := results.timing:
        click.echo(
            f"\nTiming: {timing.pairs} questions about what the asker may not read took "
            f"{timing.median_seconds * 1000:+.1f} ms (median) against the same without it, p={timing.p:.4f}"
        )


def _written(measured: Aggregate) -> str:
    interval = f" [{measured.low:.3f}, {measured.high:.3f}]" if measured.low is not None else ""
    return f"{measured.mean:.3f}{interval}  N={measured.n}, unscored={measured.unscored}"


def _show_failure(one: Outcome) -> None:
    case, finding = one.case, one.finding
    expected = " | ".join(case.expected) or ("to abstain" if case.should_abstain else "its place")
    click.secho(f"\n{printable(case.id)} ({finding.stage}): {printable(case.question)}", bold=True)
    click.echo(f"  {printable(finding.why)}")
    click.echo(f"  expected: {printable(expected)}")
    click.echo(f"  answered: {printable(' '.join(one.text.split()))[:300]}")
