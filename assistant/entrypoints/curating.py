"""`stafwijzer corpus`: what document owners do with corpora."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.entrypoints.installed import installation_of, json_option, print_json
from assistant.entrypoints.terminal import printable
from retrieval.access import POLICIES, Marking, scope_for
from retrieval.catalog import Corpus
from retrieval.errors import StafwijzerError

if TYPE_CHECKING:
    from assistant.bootstrap import Installation
    from retrieval.access import Scope
    from retrieval.ingesting import AddReport, Progress

# A terminal shows this many; --json and `corpus show` show all.
_SHOWN = 10


class CorpusMarked(StafwijzerError):
    """A corpus has another marking than the one asked for."""


@click.group()
def corpus() -> None:
    """Add folders of documents, and see what is in."""


@corpus.command()
@click.argument("name")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--owner", default="", help="Who answers for these documents.")
@click.option("--title", default="", help="What readers see. Default: the name.")
@click.option("--policy", default=None, type=click.Choice(list(POLICIES)), help="Whose marking. Default: by settings.")
@click.option("--level", default=None, help="Marking of a new corpus and all in it. Default: by settings.")
@click.option(
    "--authority", type=int, default=None, help="Where documents disagree, the higher corpus prevails. Default: 0."
)
@click.option(
    "--valid-from",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="The day from which what is new or changed here holds. Before it, nothing of it is found.",
)
@json_option
@click.pass_context
def add(
    context: click.Context,
    name: str,
    path: Path,
    owner: str,
    title: str,
    policy: str | None,
    level: str | None,
    authority: int | None,
    valid_from: datetime | None,
    as_json_: bool,
) -> None:
    """Read a file, or a folder and all below it, into a corpus; make the corpus if there is none of that name.

    Reads Markdown, text, HTML, PDF, DOCX, XLSX, e-mail and BEIR's corpus.jsonl. What was read before and has not
    changed is left alone, so the same command can be run again at any time, also after it was stopped.
    """
    with installation_of(context) as installation:
        marking = _marking(installation, policy, level)
        if policy or level:
            _refuse_another_marking(installation, name, marking)
        wanted = Corpus(name, title or name, owner or installation.settings.access.name, marking, authority or 0)
        with _progress(quiet=as_json_) as on_progress:
            day = valid_from.date() if valid_from else None
            report = installation.ingestion.add(
                path, wanted, valid_from=day, on_progress=on_progress, on_wait=_say_wait
            )
        if authority is not None:
            installation.catalog.set_authority(name, authority)
        kept = installation.catalog.corpus(name)
    if as_json_:
        print_json(report)
    else:
        _show_report(report, kept)


@corpus.command("list")
@json_option
@click.pass_context
def list_(context: click.Context, as_json_: bool) -> None:
    """List the corpora and count what you may read in them."""
    with installation_of(context) as installation:
        status = installation.catalog.status(scope=_scope(installation))
    if as_json_:
        print_json(status)
        return
    for one in status:
        click.secho(one.corpus.name, bold=True, nl=False)
        click.echo(
            f"  {one.documents} documents, {one.passages} passages, {one.refusals} not read"
            f" · {one.corpus.marking} · owner: {one.corpus.owner}"
        )
    if not status:
        click.echo("There are no corpora yet. Add one with `stafwijzer corpus add NAME FOLDER`.")


@corpus.command()
@click.argument("name")
@json_option
@click.pass_context
def show(context: click.Context, name: str, as_json_: bool) -> None:
    """List the documents of a corpus, and what could not be read and why."""
    with installation_of(context) as installation:
        found = installation.catalog.corpus(name)
        documents = installation.catalog.documents(name, scope=_scope(installation))
        refusals = installation.catalog.refusals(name)
    if as_json_:
        refused = [{"key": key, "reason": reason} for key, reason in refusals]
        print_json({"corpus": found, "documents": documents, "refused": refused})
        return
    click.secho(f"{found.title} · {found.marking} · owner: {found.owner}", bold=True)
    for document in documents:
        click.echo(printable(f"  {document.key}  {document.title}"))
    if refusals:
        click.secho(f"Not read ({len(refusals)})", bold=True)
    for key, reason in refusals:
        click.echo(printable(f"  {key}: {reason}"))


@corpus.command()
@json_option
@click.pass_context
def reindex(context: click.Context, as_json_: bool) -> None:
    """Rebuild the search index from the catalog: after its folder was lost, or with another embedding model.

    No document is read again and nothing in the catalog changes."""
    with installation_of(context) as installation, _progress(quiet=as_json_) as on_progress:
        passages = installation.ingestion.reindex(on_progress=on_progress)
    if as_json_:
        print_json({"passages": passages})
    else:
        click.echo(f"Indexed {passages} passages.")


def _marking(installation: "Installation", policy: str | None, level: str | None) -> Marking:
    default = installation.settings.default_marking
    marking = Marking(policy or default.policy, level or (default.level if policy is None else ""))
    if marking.level not in POLICIES[marking.policy]:
        levels = ", ".join(POLICIES[marking.policy])
        raise click.BadParameter(f"the policy {marking.policy} has the levels: {levels}.", param_hint="--level")
    return marking


def _refuse_another_marking(installation: "Installation", name: str, marking: Marking) -> None:
    """Documents get their corpus's marking: a stricter one asked for must not be passed over in silence."""
    for corpus in installation.catalog.corpora():
        if corpus.name == name and corpus.marking != marking:
            raise CorpusMarked(
                f"The corpus '{name}' is marked {corpus.marking}, not {marking}; nothing was added.",
                hint="Add these documents to a corpus of their own, or leave --policy and --level out.",
            )


def _scope(installation: "Installation") -> "Scope":
    catalog = installation.catalog
    return scope_for(
        installation.settings.principal,
        markings=catalog.markings(),
        corpora=[one.name for one in catalog.corpora()],
        on_date=date.today(),
    )


def _say_wait(process: str) -> None:
    click.echo(f"Waiting for process {process}, which is adding to this corpus.", err=True)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[["Progress"], None]]:
    if quiet:
        yield lambda progress: None
        return
    # Imported here: the progress bar is not needed to list corpora.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[passages]} passages"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None, passages=0)

        def show_progress(progress: "Progress") -> None:
            bar.update(
                task,
                total=progress.files_total,
                completed=progress.files_done,
                passages=progress.passages,
                description=progress.current[-40:],
            )

        yield show_progress


def _show_report(report: "AddReport", kept: Corpus) -> None:
    click.echo(
        f"{report.corpus}: {report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{len(report.refused)} not read; {report.passages} new passages. Marked {kept.marking}."
    )
    for title, refusals in (("Not read", report.refused), ("Read in part", report.warnings)):
        if refusals:
            click.secho(f"{title} ({len(refusals)})", bold=True)
        for refusal in refusals[:_SHOWN]:
            click.echo(printable(f"  {refusal.key}: {refusal.reason}"))
        if len(refusals) > _SHOWN:
            click.echo(f"  … and {len(refusals) - _SHOWN} more: `stafwijzer corpus show {report.corpus}`")
