"""`stafwijzer eval report`: write what came of a run to a file that can be opened, printed and sent."""

import os
from collections.abc import Iterable
from pathlib import Path

import click

from assistant.entrypoints.installed import json_option
from evals.commands.opening import beside, opened, warn
from evals.report.machine import machine_readable
from evals.report.markdown import markdown
from evals.report.page import html
from evals.report.reading import Reading, read
from retrieval.errors import StafwijzerError


class ReportUnwritable(StafwijzerError):
    """A report cannot be written where it was asked for."""


@click.command()
@click.argument("name", metavar="RUN")
@click.option("--against", metavar="RUN", help="An earlier run of the same set, to compare with.")
@click.option("--to", type=click.Path(path_type=Path), help="File to write. Default: report.html beside the run.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Write Markdown: summary, attribution and failures.")
@click.option("--all-cases", is_flag=True, help="Show each case of a set of more than 300, not only what failed.")
@json_option
@click.pass_context
def report(
    context: click.Context,
    name: str,
    against: str | None,
    to: Path | None,
    as_markdown: bool,
    all_cases: bool,
    as_json_: bool,
) -> None:
    """Write a report of a RUN: one HTML file with every figure, every case, and the stage that lost each wrong answer.

    The file asks nothing of any host, runs no script, and carries the highest marking of all evidence in the run.
    With --markdown or --json and without --to the report is printed.
    """
    if as_markdown and as_json_:
        raise click.UsageError("Give --markdown or --json, not both.")
    run, before = opened(context, name), opened(context, against) if against else None
    reading = read(run, against=before, beside=beside(context), on_damaged=warn, all_cases=all_cases)
    if to or not (as_markdown or as_json_):
        path = to or run.path / "report.html"
        _write(path, _pieces(reading, as_markdown=as_markdown, as_json_=as_json_))
        click.echo(f"{path}: {len(reading.report.outlines)} cases, {_marking(reading)}")
        return
    for piece in _pieces(reading, as_markdown=as_markdown, as_json_=as_json_):
        click.echo(piece.encode("utf-8", "replace"), nl=False)


def _pieces(reading: Reading, *, as_markdown: bool, as_json_: bool) -> Iterable[str]:
    if as_markdown:
        return (f"{line}\n" for line in markdown(reading))
    return machine_readable(reading) if as_json_ else html(reading)


def _write(path: Path, pieces: Iterable[str]) -> None:
    """Write the file whole or not at all, for nobody else to read."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.touch(mode=0o600)
        with draft.open("w", encoding="utf-8", errors="replace") as file:
            file.writelines(pieces)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ReportUnwritable(
            f"The report cannot be written to {path} ({error.strerror}).", hint="Give another file with --to."
        ) from error


def _marking(reading: Reading) -> str:
    return reading.report.marking or "no marking"
