"""What several `corpus` commands ask for: a marking, a scope, a day, and whom they wait for. Decides nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assistant.entrypoints.installed import settings_of
from retrieval.access import METADATA_ONLY, POLICIES, Marking
from retrieval.errors import StafwijzerError

if TYPE_CHECKING:
    from assistant.bootstrap import Installation
    from retrieval.lifecycle.knowing import Knowing

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


def knowing_of(installation: "Installation", *, on_date: date | None = None) -> "Knowing":
    """Return what the user of this machine may know of, who owns all that is on it unless they only list."""
    # Imported here: with it comes the database.
    from retrieval.lifecycle.knowing import OWNER, Knowing

    principal = installation.settings.principal
    return Knowing(installation.catalog, replace(principal, roles=principal.roles | {OWNER}), on_date or date.today())


def lists_only(installation: "Installation") -> bool:
    """Tell whether the user of this machine may list documents and read none."""
    return METADATA_ONLY in installation.settings.principal.roles


def say_wait(process: str) -> None:
    click.echo(f"Waiting for process {process}, which is changing the corpora.", err=True)
