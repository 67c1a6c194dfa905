"""Open runs for whoever gives a command: only those that they may read. Says on stderr what is passed over."""

from collections.abc import Sequence
from datetime import date

import click

from assistant.entrypoints.installed import settings_of
from evals.runs import Listed, Run, readable_run, readable_runs
from retrieval.errors import StafwijzerError


def opened(context: click.Context, name: str) -> Run:
    """Return the run of that name. Raises RunUnknown, RunDamaged or RunClosed."""
    settings = settings_of(context)
    return readable_run(settings.home / "evals", name, principal=settings.principal, on_date=date.today())


def listed(context: click.Context) -> Listed:
    """Return the runs that may be read, and count the others."""
    settings = settings_of(context)
    return readable_runs(settings.home / "evals", principal=settings.principal, on_date=date.today())


def beside(context: click.Context) -> Sequence[Run]:
    """Return the runs in which judgements of the same answers may be."""
    return listed(context).open


def warn(problem: StafwijzerError) -> None:
    """Say on stderr what is left out of account."""
    click.echo(f"Left out: {problem}", err=True)
