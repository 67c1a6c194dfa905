"""`stafwijzer corpus export|import`: a corpus as a folder of open formats (BagIt), and back."""

from datetime import date
from pathlib import Path

import click

from assistant.entrypoints.curating.options import say_wait
from assistant.entrypoints.curating.progress import progress_bar
from assistant.entrypoints.installed import installation_of, json_option, print_json
from assistant.entrypoints.terminal import printable

# A terminal shows this many; --json shows all.
_SHOWN = 10


@click.command("export")
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def export_(context: click.Context, name: str, folder: Path, as_json_: bool) -> None:
    """Write the corpus NAME into FOLDER, which must not exist: a bag (BagIt, RFC 8493).

    Originals, every version with its text, marking, dates and label, refusals and receipts. What you may not read, or
    what nobody marked, is left out and counted."""
    from retrieval.lifecycle.exporting import export

    with installation_of(context) as installation:
        done = export(
            installation.ingestion,
            name,
            folder,
            principal=installation.settings.principal,
            on_date=date.today(),
            on_wait=say_wait,
        )
    if as_json_:
        print_json(done)
        return
    click.echo(
        printable(
            f"{done.documents} documents in {done.versions} versions, {done.passages} passages, in {folder}: "
            f"{done.marking}."
        )
    )
    if done.left_out:
        unmarked = f", {done.unmarked} of them because nobody marked them" if done.unmarked else ""
        click.echo(f"{done.left_out} documents that you may not read were left out{unmarked}.")


@click.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", default="", help="Of the corpus here. Default: what it was called.")
@json_option
@click.pass_context
def import_(context: click.Context, folder: Path, name: str, as_json_: bool) -> None:
    """Make the corpus that `corpus export` wrote into FOLDER: the same documents, versions, markings and passages.

    No document is read again. All or nothing: stopped half way, the same command goes on. What is marked by a policy
    that is not known here is held back."""
    from retrieval.lifecycle.importing import import_bag

    with installation_of(context) as installation, progress_bar(quiet=as_json_) as on_progress:
        done = import_bag(installation.ingestion, folder, name=name, on_progress=on_progress, on_wait=say_wait)
    if as_json_:
        print_json(done)
        return
    state = "is here already; nothing was changed" if done.was_here else "is here"
    click.echo(
        printable(
            f"{done.corpus} {state}: {done.documents} documents in {done.versions} versions, {done.passages} passages."
        )
    )
    for key, reason in done.quarantined[:_SHOWN]:
        click.echo(printable(f"  held back: {key}: {reason}"))
    if len(done.quarantined) > _SHOWN:
        click.echo(f"  and {len(done.quarantined) - _SHOWN} more")


COMMANDS = (export_, import_)
