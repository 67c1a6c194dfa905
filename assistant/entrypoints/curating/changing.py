"""`stafwijzer corpus supersede|validity|mark|retire|restore|release|delete`: what holds, who reads it, what goes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.citing import as_json
from assistant.entrypoints.curating.looking import receipt_text
from assistant.entrypoints.curating.options import day_of, day_type, marking_of, marking_options, say_wait
from assistant.entrypoints.installed import installation_of, json_option, print_json
from assistant.entrypoints.terminal import printable
from retrieval.errors import StafwijzerError

if TYPE_CHECKING:
    from assistant.bootstrap import Installation
    from retrieval.lifecycle.curating import Curation

_OPEN = "open"
_SHOWN = 10


class SeveralMeant(StafwijzerError):
    """A pattern names several documents where one is meant."""


class _Day(click.ParamType[date | str]):
    """A day, or 'open'."""

    name = "YYYY-MM-DD|open"

    def convert(self, value: str | date, param: click.Parameter | None, context: click.Context | None) -> date | str:
        if isinstance(value, date) or value == _OPEN:
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no day (YYYY-MM-DD) and not '{_OPEN}'.", param, context)


@click.command()
@click.argument("name")
@click.argument("old")
@click.argument("new")
@click.option("--on", type=day_type, default=None, help="The day of it. Default: the first day of NEW.")
@json_option
@click.pass_context
def supersede(context: click.Context, name: str, old: str, new: str, on: datetime | None, as_json_: bool) -> None:
    """Let the document NEW take the place of OLD.

    OLD ends on that day and is found for the days before it (`ask --on-date`); NEW begins then, unless it has a first
    day already."""
    with _curating(context) as (_, curation):
        curation.supersede(name, old, new, on=day_of(on))
        held = {one.document.key: one.version for one in curation.chosen(name, "*")}
    end = held[old].valid_until if held[old] else None  # type: ignore[union-attr]
    _say({"superseded": old, "by": new, "on": end}, f"{old} holds until {end}; {new} takes its place.", as_json_)


@click.command()
@click.argument("name")
@click.argument("key")
@click.option("--from", "first", type=_Day(), default=None, help="The first day on which it holds.")
@click.option("--until", type=_Day(), default=None, help="The first day on which it no longer does.")
@json_option
@click.pass_context
def validity(
    context: click.Context, name: str, key: str, first: date | str | None, until: date | str | None, as_json_: bool
) -> None:
    """Say from when and until when a document holds; 'open' takes a day away. What is not named stays."""
    with _curating(context) as (_, curation):
        holding, *others = curation.chosen(name, key)
        if others:
            raise SeveralMeant(
                f"{key} names {len(others) + 1} documents, and a validity is set for one.", hint="Name one by its key."
            )
        told = holding.version
        begins = _chosen(first, told.valid_from if told else None)
        ends = _chosen(until, told.valid_until if told else None)
        if first is not None or until is not None:
            curation.set_validity(name, holding.document.key, valid_from=begins, valid_until=ends)
    text = f"{holding.document.key}: from {begins or 'always'} until {ends or 'further notice'}."
    _say({"key": holding.document.key, "valid_from": begins, "valid_until": ends}, text, as_json_)


@click.command()
@click.argument("name")
@click.argument("pattern")
@marking_options
@click.option("--releasable-to", default="", metavar="NLD,DEU", help="Nationalities (ISO 3166-1 alpha-3).")
@click.option("--category", "categories", multiple=True, help="Required of the reader; may be given again.")
@click.option("--need-to-know", "groups", multiple=True, help="Group, one of which is required; may be given again.")
@json_option
@click.pass_context
def mark(
    context: click.Context,
    name: str,
    pattern: str,
    policy: str | None,
    level: str | None,
    releasable_to: str,
    categories: tuple[str, ...],
    groups: tuple[str, ...],
    as_json_: bool,
) -> None:
    """Mark the documents whose key fits PATTERN (`*`, `?`), in all their versions. The new marking replaces the old.

    What was held back for want of a marking is served from then on. Labels and corpus.toml may only raise it."""
    from dataclasses import replace

    with _curating(context) as (installation, curation):
        nationalities = frozenset(one.strip().upper() for one in releasable_to.split(",") if one.strip())
        marking = replace(
            marking_of(installation, policy, level),
            releasable_to=nationalities,
            categories=frozenset(categories),
            need_to_know=frozenset(groups),
        )
        keys = curation.mark(name, pattern, marking)
    _say_keys({"marked": keys, "marking": str(marking)}, f"{len(keys)} marked {marking}.", keys, as_json_)


@click.command()
@click.argument("name")
@click.argument("pattern")
@json_option
@click.pass_context
def retire(context: click.Context, name: str, pattern: str, as_json_: bool) -> None:
    """Let documents whose key fits PATTERN not be found any more. Their text is kept; `restore` brings them back."""
    with _curating(context) as (_, curation):
        keys = curation.retire(name, pattern)
    _say_keys({"retired": keys}, f"{len(keys)} retired.", keys, as_json_)


@click.command()
@click.argument("name")
@click.argument("pattern")
@json_option
@click.pass_context
def restore(context: click.Context, name: str, pattern: str, as_json_: bool) -> None:
    """Let retired documents whose key fits PATTERN be found again, in their last version. No file is read."""
    with _curating(context) as (_, curation):
        keys = curation.restore(name, pattern)
    _say_keys({"restored": keys}, f"{len(keys)} restored.", keys, as_json_)


@click.command()
@click.argument("name")
@click.argument("pattern")
@json_option
@click.pass_context
def release(context: click.Context, name: str, pattern: str, as_json_: bool) -> None:
    """Let documents whose key fits PATTERN, and that are held back, be found. `corpus show` says why they are."""
    with _curating(context) as (_, curation):
        keys = curation.release(name, pattern)
    _say_keys({"released": keys}, f"{len(keys)} released.", keys, as_json_)


@click.command()
@click.argument("name")
@click.argument("pattern")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--receipt", type=click.Path(path_type=Path), help="Also write the receipt to this new file, as JSON.")
@json_option
@click.pass_context
def delete(context: click.Context, name: str, pattern: str, yes: bool, receipt: Path | None, as_json_: bool) -> None:
    """Delete the documents whose key fits PATTERN for good: all versions, passages, vectors and originals.

    Prints a receipt, which the catalog keeps (`corpus receipts`). The files in their folder are yours and stay; no
    `add` or `sync` of that folder brings them back, unless it is told to (`corpus add --again`)."""
    if as_json_ and not yes:
        raise click.UsageError("--json asks nothing: add --yes.")
    if receipt is not None and receipt.exists():
        raise click.BadParameter(f"{receipt} is there already.", param_hint="--receipt")
    with _curating(context) as (installation, curation):
        keys = [one.document.key for one in curation.chosen(name, pattern)]
        if not yes:
            _list(keys)
            click.confirm(f"Delete {len(keys)} documents of '{name}' for good?", abort=True)
        told = curation.delete(name, pattern, by=installation.settings.access.name)
    if receipt is not None:
        receipt.write_text(json.dumps(as_json(told), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if as_json_:
        print_json(told)
    else:
        click.echo(receipt_text(told))


COMMANDS = (supersede, validity, mark, retire, restore, release, delete)


@contextmanager
def _curating(context: click.Context) -> Iterator[tuple["Installation", "Curation"]]:
    # Imported here: with it comes the database.
    from retrieval.lifecycle.curating import Curation

    with installation_of(context) as installation:
        yield installation, Curation(installation.ingestion, on_wait=say_wait)


def _chosen(told: date | str | None, kept: date | None) -> date | None:
    if told is None:
        return kept
    return told if isinstance(told, date) else None


def _say(told: dict[str, object], text: str, as_json_: bool) -> None:
    if as_json_:
        print_json(told)
    else:
        click.echo(printable(text))


def _say_keys(told: dict[str, object], text: str, keys: list[str], as_json_: bool) -> None:
    _say(told, text, as_json_)
    if not as_json_:
        _list(keys)


def _list(keys: list[str]) -> None:
    for key in keys[:_SHOWN]:
        click.echo(printable(f"  {key}"))
    if len(keys) > _SHOWN:
        click.echo(f"  … and {len(keys) - _SHOWN} more")
