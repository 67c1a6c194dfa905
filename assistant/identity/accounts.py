"""What an account is, what may be said of one, and what its holder may do: the Principal that is made of it.

Knows nothing of passwords, sessions or databases."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from retrieval.access import METADATA_ONLY, POLICIES, Principal
from retrieval.errors import StafwijzerError

READER, OWNER, EVALUATOR, OPERATOR = "reader", "owner", "evaluator", "operator"
ROLES = (READER, OWNER, EVALUATOR, OPERATOR, METADATA_ONLY)
"""Besides these, `owner:NAME`: owner of one corpus."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_NATIONALITY = re.compile("[A-Z]{3}")
_OWNER_OF_ONE = re.compile(r"owner:[\w.-]{1,80}")
_LONGEST_WORD = 64


class AccountUnknown(StafwijzerError):
    """No account has this name."""


class AccountTaken(StafwijzerError):
    """A name that is, or was, somebody's."""


class AccountChanged(StafwijzerError):
    """Somebody else changed the account since it was read. Nothing was saved."""


class AccountInvalid(StafwijzerError):
    """Something was said of an account that means nothing, or contradicts itself."""


class NotAllowed(StafwijzerError):
    """Who is no operator changes an account, or an operator their own."""


class State(StrEnum):
    ACTIVE = "active"
    LOCKED = "locked"
    """By an operator, until one unlocks it."""
    REMOVED = "removed"
    """Its name stays taken: what was written under it is not to become somebody else's."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What decides what the holder of an account may read and do."""

    clearance: tuple[tuple[str, str], ...] = ()
    """(policy, highest level) pairs."""
    nationality: str = "NLD"
    """ISO 3166-1 alpha-3."""
    groups: frozenset[str] = frozenset()
    """Need-to-know groups."""
    categories: frozenset[str] = frozenset()
    """Categories the holder is read into."""
    roles: frozenset[str] = frozenset({READER})


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    name: str
    attributes: Attributes
    state: State
    must_change: bool
    """The password is one that somebody else has seen."""
    made: str
    """UTC, ISO 8601, as all times here."""
    signed_in: str
    """The last time, or ''."""
    revision: int

    @property
    def principal(self) -> Principal:
        """Who asks, when the holder of this account does.

        An operator reads nothing unless they are a reader too: running the system is no need to know."""
        told = self.attributes
        clearance = told.clearance if reads(told.roles) else ()
        return Principal(self.name, clearance, told.nationality, told.groups, told.roles, told.categories)


def reads(roles: frozenset[str]) -> bool:
    """Tell whether these roles leave a clearance in force."""
    return READER in roles or (bool(roles - {OPERATOR}) and OPERATOR not in roles)


def known_name(name: str) -> str | None:
    """Return a name as accounts have it, or None when no account can have it."""
    lowered = name.strip().lower()
    return lowered if _NAME.fullmatch(lowered) else None


def checked_name(name: str) -> str:
    """Return a name as accounts have it. Raises AccountInvalid."""
    if (known := known_name(name)) is None:
        raise AccountInvalid(
            f"'{name[:_LONGEST_WORD]}' cannot be the name of an account.",
            hint="Take at most 64 letters a-z, digits, dots, hyphens, underscores and @; begin with a letter or digit.",
        )
    return known


def checked(attributes: Attributes) -> Attributes:
    """Return attributes that mean something, in order. Raises AccountInvalid."""
    for policy, level in attributes.clearance:
        if level not in POLICIES.get(policy, ()):
            known = ", ".join(POLICIES.get(policy, ()) or POLICIES)
            raise AccountInvalid(f"The policy '{policy}' has no level '{level}'.", hint=f"There are: {known}.")
    if len(dict(attributes.clearance)) < len(attributes.clearance):
        raise AccountInvalid("One policy has two clearances.", hint="Give the highest level only.")
    if not _NATIONALITY.fullmatch(attributes.nationality):
        raise AccountInvalid(
            f"'{attributes.nationality[:_LONGEST_WORD]}' is no nationality.", hint="Give three capitals, as in NLD."
        )
    for word in attributes.groups | attributes.categories:
        if not word.strip() or len(word) > _LONGEST_WORD or not word.isprintable():
            raise AccountInvalid(
                "A group or category is empty, longer than 64 characters, or holds characters that do not print.",
                hint="Name them as the markings do.",
            )
    _check_roles(attributes.roles)
    return replace(attributes, clearance=tuple(sorted(attributes.clearance)))


def _check_roles(roles: frozenset[str]) -> None:
    for role in sorted(roles):
        if role not in ROLES and not _OWNER_OF_ONE.fullmatch(role):
            raise AccountInvalid(
                f"There is no role '{role[:_LONGEST_WORD]}'.", hint=f"Roles: {', '.join(ROLES)}, owner:CORPUS."
            )
    if METADATA_ONLY in roles and roles - {METADATA_ONLY, OPERATOR}:
        raise AccountInvalid(
            f"{METADATA_ONLY} reads no text, and the other roles do.",
            hint=f"Give {METADATA_ONLY} alone or with {OPERATOR}.",
        )
