"""`stafwijzer corpus list|status|show|duplicates|receipts|health`: see what is in, how it stands, what was deleted."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.entrypoints.curating.options import known_corpus, listing_of, lists_only, scope_of
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
            status = catalog.listed(listing=listing_of(installation))
        else:
            status = catalog.status(scope=scope_of(installation))
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
        found = known_corpus(installation, name)
        counts = standing(_known(installation, name), on_date=date.today())
        sources = [] if lists_only(installation) else catalog.sources(name)
        groups = _duplicates(installation, name)
        refused = len(_refusals(installation, name))
        back = len(_held_back(installation, name))
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
        found = known_corpus(installation, name)
        known = _known(installation, name)
        if key is not None:
            _show_document(installation, name, key, known, as_json_=as_json_)
            return
        refusals = _refusals(installation, name)
        back = [(one.document.key, one.quarantine) for one in _held_back(installation, name)]
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
            known_corpus(installation, name)
        groups = _duplicates(installation, name)
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
        catalog, scope = installation.catalog, scope_of(installation)
        known_corpus(installation, name)
        known = _known(installation, name)
        holdings = [*known, *_held_back(installation, name)]
        measured = catalog.measured([one.version.id for one in holdings if one.version])
        found = examine(
            name,
            holdings,
            measured,
            refusals=_refusals(installation, name),
            same=[_within(group, name) for group in _duplicates(installation, name)],
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


def _known(installation: "Installation", corpus: str) -> list[Holding]:
    """Return the documents of a corpus that the user of this machine may know of."""
    return installation.catalog.known(corpus, listing=listing_of(installation))


def _held_back(installation: "Installation", corpus: str) -> list[Holding]:
    """Return what is held back: to owners alone, since nobody may know of what is not marked."""
    if lists_only(installation):
        return []
    return [one for one in installation.catalog.holdings(corpus) if one.quarantined]


def _refusals(installation: "Installation", corpus: str) -> list[tuple[str, str]]:
    """Return (key, reason) of what was not read: to owners alone, as what is held back."""
    return [] if lists_only(installation) else installation.catalog.refusals(corpus)


def _duplicates(installation: "Installation", corpus: str | None) -> list[list[tuple[str, str]]]:
    groups = installation.catalog.duplicates(scope=scope_of(installation))
    return [group for group in groups if corpus is None or any(name == corpus for name, _ in group)]


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
