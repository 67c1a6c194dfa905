"""`stafwijzer eval export`: hand a run to other tools."""

from pathlib import Path

import click

from assistant.entrypoints.installed import json_option, print_json
from evals import exporting
from evals.commands.opening import opened


@click.command()
@click.argument("name", metavar="RUN")
@click.option("--format", "form", type=click.Choice(list(exporting.FORMS)), required=True, help="What to write.")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file.")
@click.option("--force", is_flag=True, help="Replace the file when it is there already.")
@json_option
@click.pass_context
def export(context: click.Context, name: str, form: str, path: Path, force: bool, as_json_: bool) -> None:
    """Write a RUN to a file for trec_eval or ir_measures, RAGAS, DeepEval or a spreadsheet.

    Cases that failed are left out, but for CSV, which tells their error. What was written is marked like the strictest
    passage in it: the marking is printed, and stands in the JSON and CSV with each case.
    """
    done = exporting.export(opened(context, name), form, path, force=force)
    if as_json_:
        print_json(done)
        return
    left = {"failed": done.unscored, "nothing to tell in this form": done.unfit, "not asked yet": done.unasked}
    told = "".join(f"; {number} {why}" for why, number in left.items() if number)
    click.echo(f"{done.cases} cases written to {path}{told}.")
    click.echo(f"Marking: {done.marking or 'none, no document was shown'}")
