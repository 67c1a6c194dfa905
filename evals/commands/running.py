"""`stafwijzer eval run`: ask a set of questions, as a user would, and keep what came of each."""

import platform
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

import click

from assistant.bootstrap import Installation
from assistant.citing import as_json
from assistant.entrypoints.installed import installation_of, json_option, print_json
from assistant.journal import Journal
from evals.cases import Case
from evals.commands.comparing import show_comparison
from evals.commands.showing import show_run, told_run
from evals.comparing import compare_runs
from evals.records import Record
from evals.running import Runner, missing_corpora, missing_documents
from evals.runs import Manifest, Run, new_run, now, unfinished
from evals.sets import read_set, set_sha256
from evals.systems import System, system_of
from retrieval.catalog.database import open_engine
from retrieval.errors import StafwijzerError
from retrieval.locking import Busy, exclusive_now


class CorporaMissing(StafwijzerError):
    """A set asks of corpora or documents that are not there."""


class AnotherRun(StafwijzerError):
    """Another run is measuring on this machine."""


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

    A SET is 'examples', 'access', 'attacks', or a JSON Lines file (`stafwijzer eval schema`). A run that was
    interrupted goes on where it stopped when the same command is given again.

    \b
    Systems: assistant    this installation, under its settings
             retrieval    its search alone
             langchain    a plain retrieval chain on the same model, for comparison
             closed-book  the language model without documents, for comparison
    """
    cases = sampled(read_set(name), sample, seed)
    with installation_of(context) as installation:
        folder = runs_folder(installation)
        with alone(folder, alongside):
            journal = eval_journal(installation)
            asked_on = on_date.date() if on_date else date.today()
            run, *lesser = [
                carry_out(
                    installation,
                    system_of(one, installation, journal=journal),
                    cases,
                    name=name,
                    seed=seed,
                    on_date=asked_on,
                    fresh=fresh,
                    quiet=as_json_,
                )
                for one in (system, baseline)
                if one
            ]
    compared = compare_runs(lesser[0], run, seed=seed) if lesser else None
    if as_json_:
        print_json({**told_run(run), **({"against": compared} if compared else {})})
        return
    show_run(run)
    if compared:
        click.echo()
        show_comparison(compared)


def carry_out(
    installation: Installation,
    system: System,
    cases: Sequence[Case],
    *,
    name: str,
    seed: int,
    on_date: date,
    fresh: bool = False,
    quiet: bool = False,
) -> Run:
    """Ask the cases of a system, going on with an interrupted run where there is one. Returns the finished run."""
    principal = installation.settings.principal
    runner = Runner(system, installation.catalog, principal, on_date)
    _check_corpora(cases, runner, quiet=quiet)
    manifest = Manifest(
        set_name=Path(name).parent.name if Path(name).stem == "cases" else Path(name).stem,
        set_sha256=set_sha256(cases),
        cases=len(cases),
        system=system.name,
        settings_fingerprint=system.fingerprint,
        settings=as_json(installation.settings.model_dump(mode="json", exclude={"home"})),
        index_snapshot=system.index_snapshot,
        seed=seed,
        started=now(),
        finished=None,
        version=version("stafwijzer"),
        machine=f"{platform.machine()} {platform.system()}, Python {platform.python_version()}",
        on_date=on_date.isoformat(),
        asker=principal.name,
    )
    folder = runs_folder(installation)
    run = None if fresh else unfinished(folder, manifest)
    if run and not quiet:
        click.echo(f"Going on with {run.name}: {len(run.done())} of {len(cases)} were asked.", err=True)
    run = run or new_run(folder, manifest, list(cases))
    with _progress(run, quiet=quiet) as on_done:
        return runner.run(run, on_done=on_done)


def runs_folder(installation: Installation) -> Path:
    return installation.settings.home / "evals"


def eval_journal(installation: Installation) -> Journal:
    """Return the journal of what evaluations asked: apart from what people asked."""
    folder = runs_folder(installation)
    folder.mkdir(parents=True, exist_ok=True)
    return Journal(open_engine(f"sqlite:///{folder / 'journal.sqlite'}"))


@contextmanager
def alone(folder: Path, alongside: bool) -> Iterator[None]:
    """Hold the machine for one run, since two at once falsify each other's timings. Raises AnotherRun."""
    if alongside:
        yield
        return
    try:
        with exclusive_now(folder / "running.lock"):
            yield
    except Busy as error:
        raise AnotherRun(
            f"Process {error.process} is running an evaluation; two at once falsify each other's timings.",
            hint="Wait for it, or give --alongside.",
        ) from error


def _check_corpora(cases: Sequence[Case], runner: Runner, *, quiet: bool) -> None:
    missing = missing_corpora(cases, runner.catalog)
    if missing and not any(case.corpora - set(missing) or not case.corpora for case in cases):
        runner.catalog.corpus(missing[0])
    reasons = {case.id: runner.unscorable(case) for case in cases}
    if all(reasons.values()):
        first = next(iter(reasons.values()))
        raise CorporaMissing(
            f"No case of this set can be asked: {first}.",
            hint="Add the corpora, ask as somebody who may read them, or finish the drafts.",
        )
    named, absent = missing_documents(cases, runner)
    if absent and absent == named:
        raise CorporaMissing(
            f"None of the {len(named)} documents that the set names is in a corpus that you may read.",
            hint="Add them with `stafwijzer corpus add`; `eval import` prints the command.",
        )
    if absent and not quiet:
        some = ", ".join(sorted(absent)[:3])
        click.echo(f"{len(absent)} of {len(named)} documents that the set names are in no corpus: {some} …", err=True)
    if not quiet and (unasked := [reason for reason in reasons.values() if reason]):
        click.echo(f"{len(unasked)} cases cannot be asked and stay unscored; the first: {unasked[0]}.", err=True)


def sampled(cases: list[Case], sample: int | None, seed: int) -> list[Case]:
    if sample is None or sample >= len(cases):
        return cases
    drawn = set(random.Random(seed).sample(range(len(cases)), sample))  # noqa: S311 (a sample, not a secret)
    return [case for number, case in enumerate(cases) if number in drawn]


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
            failed += bool(record.error)
            bar.update(task, advance=1, failed=failed)

        yield on_done
