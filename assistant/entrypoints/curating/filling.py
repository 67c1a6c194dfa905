"""`stafwijzer corpus create|add|sync|reindex|verify`: bring documents in, and prove that all of it agrees."""

from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.entrypoints.curating.options import corpus_options, day_of, day_type, marking_of, say_wait
from assistant.entrypoints.curating.progress import progress_bar
from assistant.entrypoints.installed import installation_of, json_option, print_json
from assistant.entrypoints.terminal import printable
from retrieval.access import UNMARKED, Marking
from retrieval.catalog import Corpus
from retrieval.errors import StafwijzerError

if TYPE_CHECKING:
    from assistant.bootstrap import Installation
    from retrieval.ingesting import AddReport
    from retrieval.lifecycle.proving import Proof

# A terminal shows this many; --json and `corpus show` show all.
_SHOWN = 10


_hold_option = click.option("--hold", is_flag=True, help="Hold back what screening finds something grave in.")


class CorpusMarked(StafwijzerError):
    """A corpus has another marking than the one asked for."""


class NoSource(StafwijzerError):
    """A corpus has no folder that it could be compared with."""


@click.command()
@click.argument("name")
@corpus_options
@click.option("--unmarked", is_flag=True, help="No marking by default: what nothing marks is held back.")
@json_option
@click.pass_context
def create(
    context: click.Context,
    name: str,
    owner: str,
    title: str,
    policy: str | None,
    level: str | None,
    authority: int | None,
    unmarked: bool,
    as_json_: bool,
) -> None:
    """Make a corpus without documents. One that is there stays as it is."""
    if unmarked and (policy or level):
        raise click.UsageError("--unmarked is without --policy and --level.")
    with installation_of(context) as installation:
        wanted = _wanted(installation, name, owner, title, policy, level, authority)
        if unmarked:
            wanted = replace(wanted, marking=UNMARKED)
        kept = installation.catalog.ensure_corpus(wanted)
    if as_json_:
        print_json(kept)
    else:
        click.echo(f"{kept.name} · {kept.marking} · owner: {kept.owner}")


@click.command()
@click.argument("name")
@click.argument("path", type=click.Path(path_type=Path))
@corpus_options
@click.option(
    "--valid-from",
    type=day_type,
    default=None,
    help="The day from which what is new or changed here holds. Before it, nothing of it is found.",
)
@_hold_option
@click.option("--again", is_flag=True, help="Let in what was deleted from this corpus before.")
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
    again: bool,
    hold: bool,
    as_json_: bool,
) -> None:
    """Read a file, or a folder and all below it, into a corpus; make the corpus if there is none of that name.

    Reads PDF, scans and pictures (OCR), Office and OpenDocument files, mail, web pages, Markdown, text, XML, records
    (JSON, CSV, Parquet), and takes archives apart. Labels beside a file and `corpus.toml` tell its marking. What was
    read before and has not changed is left alone, so the same command can be run again at any time, also after it was
    stopped. A file that was moved or renamed stays the same document. Nothing is retired: `corpus sync` does that.
    """
    with installation_of(context) as installation:
        wanted = _wanted(installation, name, owner, title, policy, level, authority)
        with progress_bar(quiet=as_json_) as on_progress:
            report = installation.ingestion.add(
                path,
                wanted,
                valid_from=day_of(valid_from),
                again=again,
                hold=hold,
                on_progress=on_progress,
                on_wait=say_wait,
            )
        if authority is not None:
            installation.catalog.set_authority(name, authority)
        kept = installation.catalog.corpus(name)
    if as_json_:
        print_json(report)
    else:
        _show_report(report, kept)


@click.command()
@click.argument("name")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--allow-empty", is_flag=True, help="Also when not one file is left: retire all that came from there.")
@_hold_option
@json_option
@click.pass_context
def sync(context: click.Context, name: str, path: Path | None, allow_empty: bool, hold: bool, as_json_: bool) -> None:
    """Make a corpus say what its folders say: add, change, move, and retire what is gone from them.

    PATH: only this folder or file, which becomes a folder of the corpus. Default: all that were added to it."""
    with installation_of(context) as installation:
        kept = installation.catalog.corpus(name)
        paths = [path] if path else [Path(source.path) for source in installation.catalog.sources(name)]
        if not paths:
            raise NoSource(f"The corpus '{name}' has no folder yet.", hint=f"`stafwijzer corpus sync {name} FOLDER`.")
        with progress_bar(quiet=as_json_) as on_progress:
            reports = [
                installation.ingestion.sync(
                    one, kept, allow_empty=allow_empty, hold=hold, on_progress=on_progress, on_wait=say_wait
                )
                for one in paths
            ]
    report = _together(reports)
    if as_json_:
        print_json(report)
    else:
        _show_report(report, kept)


@click.command()
@json_option
@click.pass_context
def reindex(context: click.Context, as_json_: bool) -> None:
    """Rebuild the search index from the catalog: after its folder was lost, or with another embedding model.

    No document is read again and nothing in the catalog changes."""
    with installation_of(context) as installation, progress_bar(quiet=as_json_) as on_progress:
        passages = installation.ingestion.reindex(on_progress=on_progress, on_wait=say_wait)
    if as_json_:
        print_json({"passages": passages})
    else:
        click.echo(f"Indexed {passages} passages.")


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
@json_option
@click.pass_context
def verify(context: click.Context, repair: bool, as_json_: bool) -> None:
    """Prove that catalog, index and originals say the same; leave with 1 when something is wrong and not mended.

    Compares every live passage with its hash and with its point (marking, dates, terms), looks for points and
    originals too many or too few, and reads every original."""
    with installation_of(context) as installation, progress_bar(quiet=as_json_) as on_progress:
        proof = installation.ingestion.verify(repair=repair, on_progress=on_progress, on_wait=say_wait)
    if as_json_:
        print_json({**_counted(proof), "holds": proof.holds})
    else:
        _show_proof(proof)
    if not proof.holds:
        context.exit(1)


COMMANDS = (create, add, sync, reindex, verify)


def _wanted(
    installation: "Installation",
    name: str,
    owner: str,
    title: str,
    policy: str | None,
    level: str | None,
    authority: int | None,
) -> Corpus:
    marking = marking_of(installation, policy, level)
    if policy or level:
        _refuse_another_marking(installation, name, marking)
    return Corpus(name, title or name, owner or installation.settings.access.name, marking, authority or 0)


def _refuse_another_marking(installation: "Installation", name: str, marking: Marking) -> None:
    """Documents get their corpus's marking: a stricter one asked for must not be passed over in silence."""
    for corpus in installation.catalog.corpora():
        if corpus.name == name and corpus.marking != marking:
            raise CorpusMarked(
                f"The corpus '{name}' is marked {corpus.marking}, not {marking}; nothing was added.",
                hint="Add these documents to a corpus of their own, or leave --policy and --level out.",
            )


def _together(reports: list["AddReport"]) -> "AddReport":
    """Add up what was done to the folders of one corpus."""
    total = reports[0]
    for report in reports[1:]:
        sums = {one.name: getattr(total, one.name) + getattr(report, one.name) for one in fields(report)}
        total = replace(total, **{**sums, "corpus": total.corpus})
    return total


def _counted(proof: "Proof") -> dict[str, object]:
    return {
        "passages": proof.passages,
        "points": proof.points,
        "originals": proof.originals,
        "faults": list(proof.faults),
    }


def _show_proof(proof: "Proof") -> None:
    click.echo(f"Compared {proof.passages} passages, {proof.points} points and {proof.originals} originals.")
    for fault in proof.faults:
        mended = "mended" if fault.repaired else "not mended"
        click.echo(printable(f"  {fault.kind}: {fault.place} ({fault.count}), {mended}"))
    if not proof.faults:
        click.echo("Catalog, index and originals agree.")
    elif not proof.holds:
        click.echo(
            "`stafwijzer corpus verify --repair` mends what the catalog or a file still has; for an original whose "
            "file is gone, or a text that no hash vouches for, add the file again.",
            err=True,
        )


def _show_report(report: "AddReport", kept: Corpus) -> None:
    more = "".join(
        f", {count} {word}" for count, word in ((report.moved, "moved"), (report.retired, "retired")) if count
    )
    click.echo(
        f"{report.corpus}: {report.added} added, {report.changed} changed, {report.unchanged} unchanged{more}, "
        f"{len(report.refused)} not read; {report.passages} new passages. Marked {kept.marking}."
    )
    held = ("Held back", report.quarantined)
    told = (held, ("Not read", report.refused), ("Read in part", report.warnings), ("Kept out", report.withheld))
    for title, refusals in told:
        if refusals:
            click.secho(f"{title} ({len(refusals)})", bold=True)
        for refusal in refusals[:_SHOWN]:
            click.echo(printable(f"  {refusal.key}: {refusal.reason}"))
        if len(refusals) > _SHOWN:
            click.echo(f"  … and {len(refusals) - _SHOWN} more: `stafwijzer corpus show {report.corpus}`")
