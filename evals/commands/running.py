"""`stafwijzer eval run`: ask a set of questions, as a user would, and keep what came of each."""

import hashlib
import json
import platform
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

import click

from assistant.bootstrap import Installation
from assistant.chatmodels import ModelUnavailable
from assistant.citing import as_json
from assistant.entrypoints.installed import installation_of, json_option, print_json
from assistant.journal import Journal
from evals.cases import Case
from evals.commands.comparing import show_comparison, unlike
from evals.commands.showing import show_run, told_run
from evals.comparing import compare_runs
from evals.records import Record
from evals.running import Runner, missing_corpora, missing_documents
from evals.runs import Command, Manifest, Run, new_run, now, readable_runs, to_go_on_with
from evals.sets import read_set, set_sha256
from evals.systems import System, system_of
from retrieval.access import may_read
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


def next_part(runs: Sequence[Run], parts: Sequence[str]) -> Command:
    """Return the part of a command that comes after these runs of it."""
    return Command(runs[0].manifest.command.id if runs else "", tuple(parts), len(runs))


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
    """Ask the cases of a system. Returns the finished run.

    A run that was interrupted is gone on with, and so is a command of several runs: those of its runs that are finished
    are returned as they are. `on_date`: None is the interrupted run's day, else, for a second part, the first part's,
    else today. `command`: what `next_part` gives; None is a command of one run. `fresh` begins a command anew."""
    folder, principal = runs_folder(installation), installation.settings.principal
    runs = readable_runs(folder, principal=principal, on_date=date.today()).open
    wanted = _manifest(installation, system, cases, name=name, seed=seed, on_date=on_date or _day_of(command, runs))
    wanted = replace(wanted, command=command or Command(parts=(system.name,)))
    begins = not wanted.command.id
    earlier = None if fresh and begins else to_go_on_with(runs, wanted, on_any_date=on_date is None)
    if earlier:
        wanted = earlier.manifest
        _tell_going_on(earlier, quiet=quiet)
        if wanted.finished:
            return earlier
    elif begins:
        wanted = replace(wanted, command=replace(wanted.command, id=str(uuid.uuid4())))
    runner = Runner(system, installation.catalog, principal, date.fromisoformat(wanted.on_date))
    _check_corpora(cases, runner, quiet=quiet)
    run = earlier or new_run(folder, wanted, list(cases))
    runner.warm_up()
    with _progress(run, quiet=quiet) as on_done:
        return runner.run(run, on_done=on_done)


def _manifest(
    installation: Installation, system: System, cases: Sequence[Case], *, name: str, seed: int, on_date: date
) -> Manifest:
    return Manifest(
        set_name=(Path(name).parent.name if Path(name).stem == "cases" else Path(name).stem) or "set",
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
        asker=installation.settings.principal.name,
        corpora_sha256=corpora_sha256(cases, installation, on_date=on_date),
        model_sha256=_model_sha256(installation),
    )


def corpora_sha256(cases: Sequence[Case], installation: Installation, *, on_date: date) -> str:
    """Name the state of the corpora that cases ask: equal live versions, read in the same way, give the same hash."""
    catalog, evaluator = installation.catalog, installation.settings.principal
    asked = {corpus for case in cases for corpus in case.corpora}
    if not all(case.corpora for case in cases):
        asked |= {one.name for one in catalog.corpora() if may_read(evaluator, one.marking, on_date)}
    told = {corpus: sorted(catalog.contents(corpus).items()) for corpus in asked}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _model_sha256(installation: Installation) -> str | None:
    try:
        model = installation.model
    except ModelUnavailable:
        # A system of somebody else's may do without ours.
        return None
    return model.sha256 if model else None


def _day_of(command: Command | None, runs: Sequence[Run]) -> date:
    """Return the day that the parts of a command before this one asked on."""
    days = [run.manifest.on_date for run in runs if command and command.id == run.manifest.command.id]
    return date.fromisoformat(days[0]) if days else date.today()


def _tell_going_on(run: Run, *, quiet: bool) -> None:
    if quiet:
        return
    manifest, done = run.manifest, len(run.done())
    day = "" if manifest.on_date == date.today().isoformat() else f", as on {manifest.on_date}"
    told = "asked already" if manifest.finished else f"{done} of {manifest.cases} were asked"
    click.echo(f"Going on with {run.name}{day}: {told}.", err=True)


def runs_folder(installation: Installation) -> Path:
    return installation.settings.home / "evals"


def eval_journal(installation: Installation) -> Journal:
    """Return the journal of what evaluations asked: apart from what people asked."""
    folder = runs_folder(installation)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
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
            failed += bool(record.error and record.asked)
            bar.update(task, advance=1, failed=failed)

        yield on_done
