"""`stafwijzer eval drafts`: put questions from real use that went wrong into a test set, for a person to finish."""

from datetime import date
from pathlib import Path

import click

from assistant.entrypoints.installed import installation_of, json_option, print_json
from evals.drafting import append_drafts, drafts_of


@click.command()
@click.option(
    "--to", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A test set, or a new file."
)
@json_option
@click.pass_context
def drafts(context: click.Context, path: Path, as_json_: bool) -> None:
    """Add to a test set a draft case of every abstention and of every answer that a reader called not right.

    From the journal, as far as you may read the answers. The same question by the same person comes once, and what the
    file already has stays as it is. A draft is not asked: give it 'expected', 'relevant' or 'answerable', and take
    'draft' away.
    """
    with installation_of(context) as installation:
        found = drafts_of(installation.journal.read, evaluator=installation.settings.principal, on_date=date.today())
    done = append_drafts(path, found.cases)
    marking = found.marking(case.id for case in done.added)
    if as_json_:
        print_json(
            {
                "file": path,
                "added": len(done.added),
                "present": done.present,
                "closed": found.closed,
                "marking": marking,
            }
        )
        return
    click.echo(f"{len(done.added)} drafts added to {path}; {done.present} were there already.")
    if found.closed:
        click.echo(f"{found.closed} left out: their answers are marked higher than you may read.")
    if done.added:
        click.echo(f"Marking of what was added: {marking or 'none, no document was shown'}")
