"""Begin a run, or go on with one that was interrupted: what it asks, of what, under which settings, on which day.

Knows no screen: what there is to say on the way is handed to `tell`."""

import hashlib
import json
import platform
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

from assistant.bootstrap import Installation
from assistant.chatmodels import ModelUnavailable
from assistant.citing import as_json
from assistant.journal import Journal
from evals.cases import Case
from evals.running import Runner, missing_corpora, missing_documents
from evals.runs import Command, Manifest, Run, new_run, now, readable_runs, to_go_on_with
from evals.sets import set_sha256
from evals.systems import System
from retrieval.access import Principal, may_read
from retrieval.catalog.database import open_engine
from retrieval.errors import StafwijzerError
from retrieval.locking import Busy, exclusive_now


class CorporaMissing(StafwijzerError):
    """A set asks of corpora or documents that are not there."""


class AnotherRun(StafwijzerError):
    """Another run is measuring on this machine."""


def next_part(runs: Sequence[Run], parts: Sequence[str]) -> Command:
    """Return the part of a command that comes after these runs of it."""
    return Command(runs[0].manifest.command.id if runs else "", tuple(parts), len(runs))


def begin(
    installation: Installation,
    system: System,
    cases: Sequence[Case],
    *,
    name: str,
    seed: int,
    evaluator: Principal,
    on_date: date | None = None,
    command: Command | None = None,
    fresh: bool = False,
    tell: Callable[[str], None] = lambda sentence: None,
) -> tuple[Runner, Run]:
    """Return what asks the cases of a system, warm, and the run that it fills. A finished run has nothing left to ask.

    A run that was interrupted is gone on with, and so is a command of several runs: those of its runs that are finished
    are returned as they are. `evaluator`: who asks, and may read what is in the run. `on_date`: None is the interrupted
    run's day, else, for a second part, the first part's, else today. `command`: what `next_part` gives; None is a
    command of one run. `fresh` begins a command anew. Raises CorporaMissing."""
    folder = runs_folder(installation)
    runs = readable_runs(folder, principal=evaluator, on_date=date.today()).open
    day = on_date or _day_of(command, runs)
    wanted = _manifest(installation, system, cases, name=name, seed=seed, evaluator=evaluator, on_date=day)
    wanted = replace(wanted, command=command or Command(parts=(system.name,)))
    begins = not wanted.command.id
    earlier = None if fresh and begins else to_go_on_with(runs, wanted, on_any_date=on_date is None)
    if earlier:
        wanted = earlier.manifest
        tell(_going_on(earlier))
    elif begins:
        wanted = replace(wanted, command=replace(wanted.command, id=str(uuid.uuid4())))
    runner = Runner(system, installation.catalog, evaluator, date.fromisoformat(wanted.on_date))
    if earlier and wanted.finished:
        return runner, earlier
    for sentence in _check_corpora(cases, runner):
        tell(sentence)
    run = earlier or new_run(folder, wanted, list(cases))
    runner.warm_up()
    return runner, run


def _manifest(
    installation: Installation,
    system: System,
    cases: Sequence[Case],
    *,
    name: str,
    seed: int,
    evaluator: Principal,
    on_date: date,
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
        asker=evaluator.name,
        corpora_sha256=corpora_sha256(cases, installation, evaluator=evaluator, on_date=on_date),
        model_sha256=_model_sha256(installation),
    )


def corpora_sha256(cases: Sequence[Case], installation: Installation, *, evaluator: Principal, on_date: date) -> str:
    """Name the state of the corpora that cases ask: equal live versions, read in the same way, give the same hash."""
    catalog = installation.catalog
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


def _going_on(run: Run) -> str:
    manifest, done = run.manifest, len(run.done())
    day = "" if manifest.on_date == date.today().isoformat() else f", as on {manifest.on_date}"
    told = "asked already" if manifest.finished else f"{done} of {manifest.cases} were asked"
    return f"Going on with {run.name}{day}: {told}."


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


def _check_corpora(cases: Sequence[Case], runner: Runner) -> Iterator[str]:
    """Yield what of the cases cannot be asked, or found. Raises CorporaMissing when that is all of them."""
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
    if absent:
        some = ", ".join(sorted(absent)[:3])
        yield f"{len(absent)} of {len(named)} documents that the set names are in no corpus: {some} …"
    if unasked := [reason for reason in reasons.values() if reason]:
        yield f"{len(unasked)} cases cannot be asked and stay unscored; the first: {unasked[0]}."


def sampled(cases: list[Case], sample: int | None, seed: int) -> list[Case]:
    if sample is None or sample >= len(cases):
        return cases
    drawn = set(random.Random(seed).sample(range(len(cases)), sample))  # noqa: S311 (a sample, not a secret)
    return [case for number, case in enumerate(cases) if number in drawn]
