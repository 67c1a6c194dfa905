"""`stafwijzer eval import`: make a test set, and the documents it is asked of, from a set in another format."""

import shlex
from collections import Counter
from pathlib import Path

import click

from assistant.entrypoints.installed import json_option, print_json
from evals.importing.drawing import drawn
from evals.importing.formats import FORMATS
from evals.importing.gathering import Imported, LeftOut, Options
from evals.importing.reading import SourceInvalid
from evals.importing.writing import CASES_FILE, DOCUMENTS_FOLDER, refuse_used, write_imported

_EXAMPLES = 3
"""Ids that are named for each reason to leave something out."""


def _formats() -> str:
    return "\b\n" + "\n".join(f"{name:<12} {one.what}" for name, one in FORMATS.items())


@click.command("import", epilog=_formats())
@click.argument("format_name", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="A new folder, made by this.")
@click.option("--sample", type=click.IntRange(min=1), help="At most this many cases, drawn by lot; all documents.")
@click.option("--seed", default=0, show_default=True, help="Of the sample, and of which attack is planted where.")
@click.option("--corpus", default="", help="Which corpus the cases are asked of. Default: the folder's name.")
@click.option("--language", default="en", show_default=True, help="Of the questions, ISO 639-1.")
@json_option
def import_(
    format_name: str,
    source: Path,
    folder: Path,
    sample: int | None,
    seed: int,
    corpus: str,
    language: str,
    as_json_: bool,
) -> None:
    """Read the set at SOURCE, which is of a FORMAT named below, and write it as FOLDER/cases.jsonl, with the documents
    that it is asked of in FOLDER/documents.

    Nothing is fetched, and SOURCE is not changed. Whatever cannot be asked of a grounded assistant is left out and
    counted. Prints the commands that add the documents and run the set.
    """
    folder = folder.absolute()
    refuse_used(folder)
    imported = FORMATS[format_name].read(source, Options(language=_language(language), seed=seed))
    if not imported.cases:
        reasons = "; ".join(dict.fromkeys(one.reason for one in imported.left_out)) or "it is empty"
        raise SourceInvalid(f"Nothing in {source} can be asked: {reasons}.", hint="Give another part of the set.")
    if sample is not None:
        imported = drawn(imported, sample, seed=seed)
    corpus = corpus or (folder.name if imported.documents else "")
    write_imported(imported, folder, corpus=corpus)
    if as_json_:
        print_json(_told(imported, folder, corpus))
    else:
        _show(imported, folder, corpus)


def _language(code: str) -> str:
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code.lower()
    raise click.BadParameter("give a language as two letters, such as nl", param_hint="--language")


def _commands(imported: Imported, folder: Path, corpus: str) -> list[str]:
    add = ["stafwijzer", "corpus", "add", corpus, str(folder / DOCUMENTS_FOLDER)]
    run = ["stafwijzer", "eval", "run", str(folder / CASES_FILE)]
    return [shlex.join(add), shlex.join(run)] if imported.documents else [shlex.join(run)]


def _told(imported: Imported, folder: Path, corpus: str) -> dict[str, object]:
    return {
        "folder": str(folder),
        "corpus": corpus,
        "cases": len(imported.cases),
        "answerable": _answerable(imported),
        "documents": len(imported.documents),
        "left_out": imported.left_out,
        "next": _commands(imported, folder, corpus),
    }


def _answerable(imported: Imported) -> dict[str, int]:
    names = {True: "answerable", False: "unanswerable", None: "not known"}
    counts = Counter(case.answerable for case in imported.cases)
    return {name: counts[kind] for kind, name in names.items() if counts[kind]}


def _show(imported: Imported, folder: Path, corpus: str) -> None:
    kinds = ", ".join(f"{count} {name}" for name, count in _answerable(imported).items())
    click.echo(f"{len(imported.cases)} cases ({kinds}), {len(imported.documents)} documents: {folder}")
    reasons: dict[str, list[LeftOut]] = {}
    for one in imported.left_out:
        reasons.setdefault(one.reason, []).append(one)
    for reason, some in reasons.items():
        ids = ", ".join(one.id for one in some[:_EXAMPLES]) + (", …" if len(some) > _EXAMPLES else "")
        click.echo(f"{len(some)} left out because {reason} ({ids})")
    click.secho("Next:", bold=True)
    for line in _commands(imported, folder, corpus):
        click.echo(f"  {line}")
