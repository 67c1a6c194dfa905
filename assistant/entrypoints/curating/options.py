"""What several `corpus` commands ask for: a marking, a scope, a day, and whom they wait for. Decides nothing."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assistant.entrypoints.installed import settings_of
from retrieval.access import METADATA_ONLY, POLICIES, Marking, listing_for, may_know, scope_for
from retrieval.catalog import Corpus, CorpusUnknown
from retrieval.errors import StafwijzerError

if TYPE_CHECKING:
    from assistant.bootstrap import Installation
    from retrieval.access import Listing, Scope

_Command = TypeVar("_Command", bound=Callable[..., Any])


class TitlesOnly(StafwijzerError):
    """A command that changes or reads text, asked for by somebody who may only list and count documents."""


day_type = click.DateTime(["%Y-%m-%d"])


def day_of(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def for_readers_of_text(command: click.Command) -> click.Command:
    """Let a command raise TitlesOnly, before it opens anything, for a user who may read no text."""
    run = command.callback
    assert run is not None

    @wraps(run)
    def guarded(*arguments: Any, **options: Any) -> Any:
        if METADATA_ONLY in settings_of(click.get_current_context()).principal.roles:
            raise TitlesOnly(
                f"You may list and count documents and read no text, so `corpus {command.name}` is not for you.",
                hint="`stafwijzer corpus list`, `status` and `show` tell what there is.",
            )
        return run(*arguments, **options)

    command.callback = guarded
    return command


def marking_options(command: _Command) -> _Command:
    """Add --policy and --level."""
    policy = click.option(
        "--policy", default=None, help="Whose marking: NLD, NATO, EU or one of your own. Default: by settings."
    )
    level = click.option("--level", default=None, help="Its level. Default: by settings.")
    return policy(level(command))


def corpus_options(command: _Command) -> _Command:
    """Add what a new corpus is given."""
    owner = click.option("--owner", default="", help="Who answers for these documents.")
    title = click.option("--title", default="", help="What readers see. Default: the name.")
    authority = click.option(
        "--authority", type=int, default=None, help="Where documents disagree, the higher corpus prevails. Default: 0."
    )
    return owner(title(marking_options(authority(command))))


def marking_of(installation: "Installation", policy: str | None, level: str | None) -> Marking:
    """Return the marking that was asked for, by settings where it was not. Raises BadParameter."""
    default = installation.settings.default_marking
    if policy is not None and policy not in POLICIES:
        raise click.BadParameter(f"the policies are: {', '.join(POLICIES)}.", param_hint="--policy")
    marking = Marking(policy or default.policy, level or (default.level if policy is None else ""))
    if marking.level not in POLICIES[marking.policy]:
        levels = ", ".join(POLICIES[marking.policy])
        raise click.BadParameter(f"the policy {marking.policy} has the levels: {levels}.", param_hint="--level")
    return marking


def scope_of(installation: "Installation", *, on_date: date | None = None) -> "Scope":
    """Return what the user of this machine may read in all corpora."""
    catalog = installation.catalog
    return scope_for(
        installation.settings.principal,
        markings=catalog.markings(),
        corpora=[one.name for one in catalog.corpora()],
        on_date=on_date or date.today(),
    )


def lists_only(installation: "Installation") -> bool:
    """Tell whether the user of this machine may list documents and read none."""
    return METADATA_ONLY in installation.settings.principal.roles


def listing_of(installation: "Installation") -> "Listing":
    """Return what the user of this machine may know of in all corpora; who reads no text, only in those whose own
    marking they may know of."""
    catalog, principal, today = installation.catalog, installation.settings.principal, date.today()
    within = [
        one.name for one in catalog.corpora() if not lists_only(installation) or may_know(principal, one.marking, today)
    ]
    return listing_for(principal, markings=catalog.markings(), corpora=within, on_date=today)


def known_corpus(installation: "Installation", name: str) -> Corpus:
    """Return the corpus of this name. Raises CorpusUnknown, also where the user may not know that it is there."""
    within = listing_of(installation).within
    if name not in within:
        raise CorpusUnknown.named(name, sorted(within))
    return installation.catalog.corpus(name)


def say_wait(process: str) -> None:
    click.echo(f"Waiting for process {process}, which is changing the corpora.", err=True)
