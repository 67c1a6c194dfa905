"""`stafwijzer corpus list|status|show|duplicates|receipts|health`: see what is in, how it stands, what was deleted."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.entrypoints.curating.options import knowing_of, lists_only
from assistant.entrypoints.installed import installation_of, json_option, print_json
from assistant.entrypoints.terminal import printable
from retrieval.catalog import Holding, Receipt
from retrieval.lifecycle.summing import standing

if TYPE_CHECKING:
    from assistant.bootstrap import Installation
    from retrieval.lifecycle.health import Health


@click.command("list")
@json_option
@click.pass_context
def list_(context: click.Context, as_json_: bool) -> None:
    """List the corpora and count what you may know of in them."""
    with installation_of(context) as installation:
        catalog = installation.catalog
        if lists_only(installation):
            status = catalog.listed(listing=knowing_of(installation).listing())
        else:
            status = catalog.status(scope=knowing_of(installation).scope())
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


@click.command()
@click.argument("name")
@json_option
@click.pass_context
def status(context: click.Context, name: str, as_json_: bool) -> None:
    """Sum up a corpus: in force, not yet, ended, superseded, retired, duplicates, and its folders."""
    with installation_of(context) as installation:
        catalog = installation.catalog
        found = knowing_of(installation).corpus(name)
        counts = standing(knowing_of(installation).documents(name), on_date=date.today())
        sources = [] if lists_only(installation) else catalog.sources(name)
        groups = knowing_of(installation).duplicates(name)
        refused = len(knowing_of(installation).refusals(name))
        back = len(knowing_of(installation).held_back(name))
        unfinished = len(catalog.unfinished_deletions()) + len(catalog.pending())
    reachable = [Path(source.path).exists() for source in sources]
    if as_json_:
        folders = [{**asdict(one), "reachable": there} for one, there in zip(sources, reachable, strict=True)]
        told = {"corpus": found, **asdict(counts), "quarantined": back, "refused": refused, "duplicates": len(groups)}
        print_json({**told, "unfinished": unfinished, "sources": folders})
        return
    click.secho(f"{found.title} · {found.marking} · owner: {found.owner}", bold=True)
    for label, count in (
        ("in force", counts.in_force),
        ("not yet in force", counts.not_yet),
        ("ended", counts.ended),
        ("ending within 30 days", counts.ending_soon),
        ("superseded", counts.superseded),
        ("retired", counts.retired),
        ("of these by their owner", counts.withdrawn),
        ("held back", back),
        ("not read", refused),
        ("groups of duplicates", len(groups)),
    ):
        if count or label == "in force":
            click.echo(f"  {count:>7} {label}")
    for source, there in zip(sources, reachable, strict=True):
        when = f"compared {source.synced_at:%Y-%m-%d %H:%M} UTC" if source.synced_at else "never compared"
        click.echo(printable(f"  from {source.path} ({when}{'' if there else '; not reachable now'})"))
    if unfinished:
        click.echo(f"{unfinished} changes were stopped half way; the next command that changes a corpus ends them.")


@click.command()
@click.argument("name")
@click.argument("key", required=False)
@json_option
@click.pass_context
def show(context: click.Context, name: str, key: str | None, as_json_: bool) -> None:
    """List the documents of a corpus, and what could not be read and why; with KEY, the versions of one document."""
    with installation_of(context) as installation:
        found = knowing_of(installation).corpus(name)
        known = knowing_of(installation).documents(name)
        if key is not None:
            _show_document(installation, name, key, known, as_json_=as_json_)
            return
        refusals = knowing_of(installation).refusals(name)
        back = [(one.document.key, one.quarantine) for one in knowing_of(installation).held_back(name)]
    keys = {holding.document.id: holding.document.key for holding in known}
    if as_json_:
        refused = [{"key": refused_key, "reason": reason} for refused_key, reason in refusals]
        told = {state: [_told(one, keys) for one in known if one.live == live] for state, live in _LISTS}
        quarantined = [{"key": held, "reason": reason} for held, reason in back]
        print_json({"corpus": found, **told, "quarantined": quarantined, "refused": refused})
        return
    click.secho(f"{found.title} · {found.marking} · owner: {found.owner}", bold=True)
    for holding in known:
        click.echo(printable(f"  {holding.document.key}  {holding.document.title}{_noted(holding, keys)}"))
    for heading, listed in (("Held back", back), ("Not read", refusals)):
        if listed:
            click.secho(f"{heading} ({len(listed)})", bold=True)
        for listed_key, reason in listed:
            click.echo(printable(f"  {listed_key}: {reason}"))


@click.command()
@click.argument("name", required=False)
@json_option
@click.pass_context
def duplicates(context: click.Context, name: str | None, as_json_: bool) -> None:
    """Show documents that hold the same content, byte for byte: of one corpus with any other, or of all."""
    with installation_of(context) as installation:
        if name is not None:
            knowing_of(installation).corpus(name)
        groups = knowing_of(installation).duplicates(name)
    if as_json_:
        print_json([[{"corpus": corpus, "key": key} for corpus, key in group] for group in groups])
        return
    for group in groups:
        click.echo(printable("  =  ".join(f"{corpus}: {key}" for corpus, key in group)))
    if not groups:
        click.echo("No two documents hold the same content.")


@click.command()
@click.argument("name", required=False)
@json_option
@click.pass_context
def receipts(context: click.Context, name: str | None, as_json_: bool) -> None:
    """Show the receipts of what was deleted, from one corpus or from all."""
    with installation_of(context) as installation:
        # A receipt names what nobody can look up the marking of any more.
        found = [] if lists_only(installation) else installation.catalog.receipts(name)
    if as_json_:
        print_json(found)
        return
    for receipt in found:
        click.echo(receipt_text(receipt))
    if not found:
        click.echo("Nothing was deleted.")


@click.command()
@click.argument("name")
@json_option
@click.pass_context
def health(context: click.Context, name: str, as_json_: bool) -> None:
    """Show what to look at in a corpus: held back, not read, ending, ended, twice there, badly recognised, unsafe.

    A line for each finding, with its document and what to do. No text of a document is shown."""
    from retrieval.lifecycle.health import health as examine
    from retrieval.lifecycle.health import nearly_alike

    with installation_of(context) as installation:
        catalog, scope = installation.catalog, knowing_of(installation).scope()
        knowing_of(installation).corpus(name)
        known = knowing_of(installation).documents(name)
        holdings = [*known, *knowing_of(installation).held_back(name)]
        measured = catalog.measured([one.version.id for one in holdings if one.version])
        found = examine(
            name,
            holdings,
            measured,
            refusals=knowing_of(installation).refusals(name),
            same=[_within(group, name) for group in knowing_of(installation).duplicates(name)],
            alike=nearly_alike(known, measured, lambda version: catalog.version_text(version, scope=scope)),
            on_date=date.today(),
        )
    if as_json_:
        print_json(found)
    else:
        click.echo(health_text(found))


COMMANDS = (list_, status, show, duplicates, receipts, health)
_LISTS = (("documents", True), ("retired", False))


def health_text(found: "Health") -> str:
    """Return the health of a corpus as its owner reads it: counts, then the findings by topic."""
    languages = ", ".join(f"{language} {count}" for language, count in found.languages.items()) or "none"
    lines = [f"{found.documents} documents · languages: {languages}"]
    if found.not_read:
        kinds = ", ".join(f"{kind} {count}" for kind, count in found.not_read.items())
        lines.append(f"Not read, by kind: {kinds}")
    if found.not_compared:
        lines.append(f"{found.not_compared} documents were added before near-duplicates were looked for; sync them.")
    topic = None
    for one in found.findings:
        if one.topic is not topic:
            topic = one.topic
            lines.append(f"{topic.capitalize()} ({sum(other.topic is topic for other in found.findings)})")
        severity = f"[{one.severity}] " if one.severity else ""
        lines.append(f"  {one.key}: {severity}{one.told}{' ' if one.remedy else ''}{one.remedy}")
    return printable("\n".join(lines if found.findings else [*lines, "Nothing to look at."]))


def receipt_text(receipt: Receipt) -> str:
    """Return a receipt as its owner reads it: what was removed, by whom and when, with hashes and no text."""
    versions = [version for document in receipt.documents for version in document.versions]
    ended = f"{receipt.ended_at:%Y-%m-%d %H:%M:%S} UTC" if receipt.ended_at else "not ended yet"
    lines = [
        f"Receipt {receipt.number}: deleted from '{receipt.corpus}' by {receipt.by}, {ended}",
        f"  {len(receipt.documents)} documents, {len(versions)} versions, "
        f"{sum(version.passages for version in versions)} passages, "
        f"{sum(version.vectors for version in versions)} vectors, {len(receipt.blobs_removed)} originals",
    ]
    for document in receipt.documents:
        lines.append(f"  {document.key}")
        lines += [f"    version {version.id} · SHA-256 {version.sha256}" for version in document.versions]
    lines += [f"  kept, because another document has it: {blob}" for blob in receipt.blobs_kept]
    return printable("\n".join([*lines, *(f"  {remark}" for remark in receipt.remarks)]))


def _within(group: list[tuple[str, str]], corpus: str) -> list[str]:
    """Return how documents are called in a corpus: those of others after their own, with the name of theirs."""
    ordered = sorted(group, key=lambda one: one[0] != corpus)
    return [key if name == corpus else f"{key} (in {name})" for name, key in ordered]


def _told(holding: Holding, keys: dict[str, str]) -> dict[str, Any]:
    version = holding.version
    return {
        **asdict(holding.document),
        "marking": str(holding.marking),
        "valid_from": version.valid_from if version else None,
        "valid_until": version.valid_until if version else None,
        "superseded_by": keys.get(holding.superseded_by or ""),
        "withdrawn": holding.withdrawn,
        "added_at": holding.added_at,
    }


def _noted(holding: Holding, keys: dict[str, str]) -> str:
    """Return what is out of the ordinary about a document, each after a dot."""
    version = holding.version
    notes = []
    if version and version.valid_from:
        notes.append(f"from {version.valid_from}")
    if version and version.valid_until:
        notes.append(f"until {version.valid_until}")
    if by := keys.get(holding.superseded_by or ""):
        notes.append(f"superseded by {by}")
    if not holding.live:
        notes.append("retired by its owner" if holding.withdrawn else "retired: its file is gone")
    return "".join(f" · {note}" for note in notes)


def _show_document(
    installation: "Installation", corpus: str, key: str, known: list[Holding], *, as_json_: bool
) -> None:
    from retrieval.lifecycle.curating import DocumentUnknown

    holding = next((one for one in known if one.document.key == key), None)
    if holding is None:
        raise DocumentUnknown(
            f"The corpus '{corpus}' has no document '{key}'.", hint=f"See `stafwijzer corpus show {corpus}`."
        )
    keys = {one.document.id: one.document.key for one in known}
    history = installation.catalog.history(holding.document.id)
    if as_json_:
        print_json({"document": _told(holding, keys), "versions": history})
        return
    click.secho(printable(f"{key}  {holding.document.title} · {holding.marking}{_noted(holding, keys)}"), bold=True)
    for past in history:
        until = f" to {past.retired_at:%Y-%m-%d %H:%M}" if past.retired_at else ""
        click.echo(
            f"  {past.version.state}: added {past.added_at:%Y-%m-%d %H:%M}{until} UTC, {past.passages} passages, "
            f"SHA-256 {past.version.sha256}"
        )
