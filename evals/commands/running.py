"""`stafwijzer eval run`: ask a set of questions, as a user would, and keep what came of each."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

import click

from assistant.bootstrap import Installation
from assistant.entrypoints.installed import installation_of, json_option, print_json
from evals.carrying_out import alone, begin, eval_journal, next_part, runs_folder, sampled
from evals.cases import Case
from evals.commands.comparing import show_comparison, unlike
from evals.commands.showing import show_run, told_run
from evals.comparing import compare_runs
from evals.records import Record
from evals.runs import Command, Run
from evals.sets import read_set
from evals.systems import System, system_of


@click.command("run")
@click.argument("name", metavar="SET")
@click.option("--system", default="assistant", show_default=True, metavar="NAME", help="What to test (see below).")
@click.option("--baseline", metavar="NAME", help="Ask this system the same, and compare.")
@click.option("--sample", type=click.IntRange(1), help="Ask so many cases only, drawn by the seed.")
@click.option("--seed", default=0, show_default=True, help="Of the sample, the intervals and the tests.")
@click.option("--on-date", type=click.DateTime(["%Y-%m-%d"]), help="Ask as on this day. Default: today.")
@click.option("--fresh", is_flag=True, help="Begin anew, also when the same run was interrupted.")
@click.option("--alongside", is_flag=True, help="Run beside another run. Both their timings are then worth little.")
@json_option
@click.pass_context
def run_(
    context: click.Context,
    name: str,
    system: str,
    baseline: str | None,
    sample: int | None,
    seed: int,
    on_date: datetime | None,
    fresh: bool,
    alongside: bool,
    as_json_: bool,
) -> None:
    """Ask every question of a SET as a user would, keep each answer as it comes, and print the scores.

    A SET is 'examples', 'access', 'attacks', or a JSON Lines file (`stafwijzer eval schema`); or 'coa': staff problems.
    A run that was interrupted goes on where it stopped, on the day that it began on, when the same command is given
    again; 'coa' begins anew.

    \b
    Systems: assistant    this installation, under its settings
             retrieval    its search alone
             langchain    a plain retrieval chain on the same model, for comparison
             closed-book  the language model without documents, for comparison
    """
    if name == "coa":
        # Imported here: a staff problem is no question, and only this set needs what works it out.
        from evals.courses.command import run_courses

        with installation_of(context) as installation, alone(runs_folder(installation), alongside):
            day = on_date.date() if on_date else None
            run_courses(installation, sample=sample, seed=seed, on_date=day, as_json_=as_json_)
        return
    cases = sampled(read_set(name), sample, seed)
    with installation_of(context) as installation:
        folder = runs_folder(installation)
        with alone(folder, alongside):
            journal = eval_journal(installation)
            runs: list[Run] = []
            systems = (system, baseline) if baseline else (system,)
            for one in systems:
                run = carry_out(
                    installation,
                    system_of(one, installation, journal=journal),
                    cases,
                    name=name,
                    seed=seed,
                    on_date=on_date.date() if on_date else None,
                    command=next_part(runs, systems),
                    fresh=fresh,
                    quiet=as_json_,
                )
                runs.append(run)
    run, *lesser = runs
    compared = compare_runs(lesser[0], run, seed=seed) if lesser else None
    if as_json_:
        print_json({**told_run(run), **({"against": compared} if compared else {})})
        return
    show_run(run)
    if compared:
        click.echo()
        show_comparison(compared, unlike(lesser[0].manifest, run.manifest))


def carry_out(
    installation: Installation,
    system: System,
    cases: Sequence[Case],
    *,
    name: str,
    seed: int,
    on_date: date | None = None,
    command: Command | None = None,
    fresh: bool = False,
    quiet: bool = False,
) -> Run:
    """Ask the cases of a system as the machine's user, and return the finished run: `begin`, and a progress bar."""
    runner, run = begin(
        installation,
        system,
        cases,
        name=name,
        seed=seed,
        evaluator=installation.settings.principal,
        on_date=on_date,
        command=command,
        fresh=fresh,
        tell=(lambda sentence: None) if quiet else (lambda sentence: click.echo(sentence, err=True)),
    )
    if run.manifest.finished:
        return run
    with _progress(run, quiet=quiet) as on_done:
        return runner.run(run, on_done=on_done)


@contextmanager
def _progress(run: Run, *, quiet: bool) -> Iterator[Callable[[Record], None]]:
    if quiet:
        yield lambda record: None
        return
    # Imported here: the progress bar is not needed by the other commands.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]} without an answer"),
    )
    failed = 0
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(run.name, total=run.manifest.cases, completed=len(run.done()), failed=0)

        def on_done(record: Record) -> None:
            nonlocal failed
            failed += bool(record.error and record.asked)
            bar.update(task, advance=1, failed=failed)

        yield on_done
