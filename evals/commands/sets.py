"""`stafwijzer eval check` and `schema`: what a test set must be, and whether a file is one."""

import json
from collections import Counter
from pathlib import Path

import click

from assistant.entrypoints.installed import json_option, print_json
from evals.cases import schema as case_schema
from evals.sets import read_set, set_sha256
from retrieval.errors import StafwijzerError


class SchemaUnwritable(StafwijzerError):
    """The schema cannot be written where it was asked for."""


@click.command()
@click.argument("name", metavar="SET")
@json_option
def check(name: str, as_json_: bool) -> None:
    """Check a test set and count what is in it. Names the line and the field of what is wrong."""
    cases = read_set(name)
    told = {
        "set": name,
        "sha256": set_sha256(cases),
        "cases": len(cases),
        "drafts": sum(case.draft for case in cases),
        "answerable": sum(case.should_abstain is False for case in cases),
        "to abstain on": sum(case.should_abstain is True for case in cases),
        "corpora": sorted({corpus for case in cases for corpus in case.corpora}),
        "labels": dict(sorted(Counter(label for case in cases for label in case.labels).items())),
    }
    if as_json_:
        print_json(told)
        return
    for key, value in told.items():
        shown = ", ".join(f"{label} {count}" for label, count in value.items()) if isinstance(value, dict) else value
        click.echo(f"{key:<14} {', '.join(shown) if isinstance(shown, list) else shown}")


@click.command()
@click.option("--to", type=click.Path(path_type=Path), help="Write it to a file instead of printing it.")
def schema(to: Path | None) -> None:
    """Print the JSON Schema of a test case: one line of a test set."""
    text = json.dumps(case_schema(), indent=2, ensure_ascii=False) + "\n"
    if not to:
        click.echo(text, nl=False)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SchemaUnwritable(
            f"{to} cannot be written ({error.strerror}).", hint="Name a file in a folder where you may write."
        ) from error
