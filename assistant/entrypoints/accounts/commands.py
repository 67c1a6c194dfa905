"""`stafwijzer user` and `stafwijzer token`: accounts, and tokens of the machine's user.

Whoever runs these is the user of the settings, who operates the system unless they are there for metadata only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import click

from assistant.entrypoints.installed import installation_of, json_option, print_json
from assistant.identity import PERMISSIONS, Account, Attributes, Operations, Token
from assistant.identity.accounts import OPERATOR, READER, ROLES, AccountInvalid, reads
from assistant.identity.storing import as_told
from assistant.identity.tokens import MACHINE

_Command = TypeVar("_Command", bound=Callable[..., Any])


@click.group()
def user() -> None:
    """Make and change accounts. From the first one on, the browser lets in accounts only."""


@user.command()
@click.argument("name")
@json_option
@click.pass_context
def show(context: click.Context, name: str, as_json_: bool) -> None:
    """Show an account: what it may read and do, and in which state it is."""
    with _operating(context) as operator:
        _tell(operator, operator.named(name), as_json_)


@user.command("list")
@click.option("--matching", default="", help="Only names that hold this.")
@json_option
@click.pass_context
def list_(context: click.Context, matching: str, as_json_: bool) -> None:
    """List all accounts."""
    with _operating(context) as operator:
        every, _count = operator.list(matching=matching)
        told = [_told(operator, account) for account in every]
    if as_json_:
        print_json(told)
    elif not told:
        click.echo("No accounts. Until there is one, the browser lets in the user of the settings.")
    for one in [] if as_json_ else told:
        more = [one["state"], *(["waits after failures"] if one["waits"] else [])]
        click.echo(f"{one['name']}: {', '.join(one['roles']) or 'no role'} ({', '.join(more)})")


def _attribute_options(command: _Command) -> _Command:
    roles = f"{', '.join(ROLES)} or owner:CORPUS"
    options = (
        click.option("--role", "roles", multiple=True, help=f"{roles}; may be given again. Default: {READER}."),
        click.option(
            "--clearance", "clearance", multiple=True, metavar="POLICY=LEVEL", help="As in 'NLD=Stg. Geheim'."
        ),
        click.option("--nationality", default=None, help="Three capitals. Default: NLD."),
        click.option("--group", "groups", multiple=True, help="A need-to-know group; may be given again."),
        click.option("--category", "categories", multiple=True, help="A category; may be given again."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@user.command()
@click.argument("name")
@_attribute_options
@json_option
@click.pass_context
def add(context: click.Context, /, name: str, as_json_: bool, **told: Any) -> None:
    """Make an account and print its first password, which its holder has to change at once."""
    with _operating(context) as operator:
        account, password = operator.add(name, _attributes(Attributes(), told))
        operators = any(OPERATOR in one.attributes.roles for one in operator.list()[0])
        _tell(operator, account, as_json_, password=password)
    if not as_json_:
        _hint(account)
        if not operators:
            click.echo(f"No account has the role {OPERATOR} yet: until one has, only this command manages accounts.")


@user.command()
@click.argument("name")
@_attribute_options
@click.option(
    "--none",
    "emptied",
    multiple=True,
    type=click.Choice(["roles", "clearance", "groups", "categories"]),
    help="Empty one of these; may be given again.",
)
@json_option
@click.pass_context
def change(context: click.Context, /, name: str, emptied: tuple[str, ...], as_json_: bool, **told: Any) -> None:
    """Give an account other attributes: what is named takes the place of what was there. --none empties one.

    It holds at the holder's next request."""
    with _operating(context) as operator:
        account = operator.named(name)
        before = account.attributes
        nothing = Attributes(roles=frozenset())
        for one in emptied:
            before = replace(before, **{one: getattr(nothing, one)})
        account = operator.change(account, _attributes(before, told))
        _tell(operator, account, as_json_)
    if not as_json_:
        _hint(account)


@user.command()
@click.argument("name")
@json_option
@click.pass_context
def password(context: click.Context, name: str, as_json_: bool) -> None:
    """Give an account a first password again, print it, and end the account's sessions."""
    with _operating(context) as operator:
        renewed = operator.renew_password(operator.named(name))
        _tell(operator, operator.named(name), as_json_, password=renewed)


def _add_simple(name: str, told: str, act: Callable[[Operations, Account], object]) -> None:
    @click.argument("name")
    @json_option
    @click.pass_context
    def command(context: click.Context, name: str, as_json_: bool) -> None:
        with _operating(context) as operator:
            account = operator.named(name)
            done = act(operator, account)
            _tell(operator, done if isinstance(done, Account) else account, as_json_)

    user.command(name, help=told)(command)


_add_simple("lock", "Let nobody in by an account, and end its sessions.", lambda by, one: by.lock(one))
_add_simple("unlock", "Let its holder in again, also after too many failures.", lambda by, one: by.unlock(one))
_add_simple("end-sessions", "End all sessions of an account.", lambda by, one: by.end_sessions(one))


@user.command()
@click.argument("name")
@json_option
@click.pass_context
def remove(context: click.Context, name: str, as_json_: bool) -> None:
    """Remove an account, its sessions and its tokens. Its name stays taken."""
    with _operating(context) as operator:
        account = operator.named(name)
        operator.remove(account)
    if as_json_:
        print_json({"removed": account.name})
    else:
        click.echo(f"Removed {account.name}. Nobody else can have this name.")


@click.group()
def token() -> None:
    """Tokens by which programs ask in the name of this machine's user. Accounts make theirs at /account."""


@token.command()
@click.argument("name")
@click.option(
    "--permission",
    "permissions",
    multiple=True,
    type=click.Choice(PERMISSIONS),
    help="What it is for; may be given again. Default: ask and search.",
)
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True, help="How long it is valid.")
@json_option
@click.pass_context
def new(context: click.Context, name: str, permissions: tuple[str, ...], days: int, as_json_: bool) -> None:
    """Make a token and print it, this once."""
    with installation_of(context) as installation:
        expires = datetime.now(UTC) + timedelta(days=days)
        made, secret = installation.tokens.issue(MACHINE, name, permissions or ("ask", "search"), expires)
    if as_json_:
        print_json({**_token_told(made), "secret": secret})
        return
    click.echo(secret)
    click.echo(f"{made.name}, until {made.expires[:10]}. It is not shown again.", err=True)


@token.command("list")
@click.option("--everybody", is_flag=True, help="Also those of accounts.")
@json_option
@click.pass_context
def list_tokens(context: click.Context, everybody: bool, as_json_: bool) -> None:
    """List tokens, made last first."""
    with installation_of(context) as installation:
        if everybody:
            installation.accounts.operated_by(installation.settings.principal)
        tokens = installation.tokens.list(None if everybody else MACHINE)
    if as_json_:
        print_json([_token_told(one) for one in tokens])
        return
    for one in tokens:
        state = f"revoked {one.revoked[:10]}" if one.revoked else f"until {one.expires[:10]}"
        click.echo(f"{one.id} {one.name}: {', '.join(sorted(one.permissions))} ({state})")


@token.command()
@click.argument("id")
@json_option
@click.pass_context
def revoke(context: click.Context, id: str, as_json_: bool) -> None:
    """Take a token back, whoever's it is."""
    with installation_of(context) as installation:
        installation.accounts.operated_by(installation.settings.principal)
        revoked = installation.tokens.revoke(id, account=None)
    if as_json_:
        print_json(_token_told(revoked))
    else:
        click.echo(f"Revoked {revoked.id} ({revoked.name}).")


@contextmanager
def _operating(context: click.Context) -> Iterator[Operations]:
    """Open the accounts for the machine's user. Raises NotAllowed."""
    with installation_of(context) as installation:
        yield installation.accounts.operated_by(installation.settings.principal)


def _attributes(before: Attributes, told: dict[str, Any]) -> Attributes:
    """Put what was named in the place of what was there. Raises AccountInvalid."""
    clearance = before.clearance
    if told["clearance"]:
        pairs = [pair.partition("=") for pair in told["clearance"]]
        if not all(level for _, _, level in pairs):
            raise AccountInvalid("A clearance is a policy and a level.", hint="Write --clearance 'NLD=Stg. Geheim'.")
        clearance = tuple((policy.strip(), level.strip()) for policy, _, level in pairs)
    return Attributes(
        clearance,
        told["nationality"] or before.nationality,
        frozenset(told["groups"]) or before.groups,
        frozenset(told["categories"]) or before.categories,
        frozenset(told["roles"]) or before.roles,
    )


def _told(operator: Operations, account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "state": account.state.value,
        "waits": operator.waiting(account),
        "must_change_password": account.must_change,
        "made": account.made,
        "signed_in": account.signed_in,
        **as_told(account.attributes),
    }


def _tell(operator: Operations, account: Account, as_json_: bool, *, password: str = "") -> None:
    # Read again: what was done may have changed more than it returned.
    told = _told(operator, operator.named(account.name))
    if as_json_:
        print_json({**told, **({"first_password": password} if password else {})})
        return
    clearance = "; ".join(f"{policy}: {level}" for policy, level in account.principal.clearance) or "nothing"
    state = [told["state"], *(["waits after too many failures"] if told["waits"] else [])]
    click.echo(f"{account.name} ({', '.join(state)})")
    click.echo(f"  roles        {', '.join(told['roles']) or 'none'}")
    click.echo(f"  reads up to  {clearance}")
    click.echo(f"  nationality  {told['nationality']}")
    for key in ("groups", "categories"):
        if told[key]:
            click.echo(f"  {key:<11}  {', '.join(told[key])}")
    if password:
        click.echo(f"  first password  {password}   (hand it over yourself; it is not shown again)")


def _hint(account: Account) -> None:
    if account.attributes.clearance and not reads(account.attributes.roles):
        click.echo(f"{account.name} reads nothing: an operator needs the role {READER} besides to read.")


def _token_told(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "permissions": sorted(token.permissions),
        "made": token.made,
        "expires": token.expires,
        "used": token.used,
        "revoked": token.revoked,
    }
