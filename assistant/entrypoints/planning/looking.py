"""`stafwijzer coa list|show|schema`: what workspaces there are and what is in one."""

import json
from pathlib import Path

import click

from assistant.courses import recording
from assistant.entrypoints.installed import json_option, print_json
from assistant.entrypoints.planning import tabling
from assistant.entrypoints.planning.opening import id_argument, planning, tell
from retrieval.errors import StafwijzerError


class SchemaUnwritable(StafwijzerError):
    """The schema cannot be written where it was asked for."""


@click.command("list")
@json_option
@click.pass_context
def list_(context: click.Context, as_json_: bool) -> None:
    """List the workspaces that you may read, changed last first."""
    with planning(context) as (service, principal):
        every = service.revisions(principal=principal)
    if as_json_:
        print_json(
            [
                {
                    "id": one.workspace.id,
                    "revision": one.workspace.revision,
                    "title": one.workspace.title,
                    "owner": one.workspace.owner,
                    "courses": len(one.workspace.courses),
                    "decided": one.workspace.decision is not None,
                    "marking": one.workspace.marking,
                    "at": one.at,
                    "by": one.by,
                    "what": one.what,
                }
                for one in every
            ]
        )
    elif every:
        tabling.show(tabling.listed(every))
    else:
        click.echo("There are no workspaces that you may read. Begin one with `stafwijzer coa new`.")


@click.command()
@id_argument
@click.option("--revision", type=int, default=None, help="As it was in this revision. Default: as it is now.")
@json_option
@click.pass_context
def show(context: click.Context, id: str, revision: int | None, as_json_: bool) -> None:
    """Show a workspace: framing, courses, screening, criteria, what is not known, what is no longer as it was."""
    with planning(context) as (service, principal):
        workspace = service.read(id, principal=principal, revision=revision)
        stale = {} if as_json_ else service.stale(workspace, principal=principal)
    tell(workspace, as_json_=as_json_, done=lambda: tabling.show(tabling.whole(workspace, stale=stale)))


@click.command()
@click.option("--to", type=click.Path(path_type=Path), help="Write it to a file instead of printing it.")
def schema(to: Path | None) -> None:
    """Print the JSON Schema of a workspace: what --json prints."""
    text = json.dumps(recording.schema(), indent=2, ensure_ascii=False) + "\n"
    if not to:
        click.echo(text, nl=False)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SchemaUnwritable(
            f"{to} cannot be written ({error.strerror}).", hint="Name a file in a folder where you may write."
        ) from error


COMMANDS = (list_, show, schema)
