"""Tokens by which programs ask in somebody's name: with the permissions that it was given, until it expires.

Only a hash is kept, so a token is shown once. What its holder may read is what the account may read at that moment.
Knows nothing of HTTP."""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from assistant.identity.accounts import State
from assistant.identity.storing import IdentityStore, moment
from assistant.journal import Journal
from retrieval.access import Principal
from retrieval.errors import StafwijzerError

PERMISSIONS = ("ask", "search", "documents", "corpora", "corpora:write", "feedback", "metrics")
MACHINE = ""
"""In the place of an account's id: the user of this machine, whom the settings describe."""

_SECRET = re.compile("stw_([0-9a-f]{16})_([0-9a-f]{64})")
_ID = re.compile("[0-9a-f]{16}")
_LONGEST_NAME = 80
_LONGEST = timedelta(days=366)


class TokenInvalid(StafwijzerError):
    """A token was asked for that cannot be given."""


class TokenUnknown(StafwijzerError):
    """No token of this holder has this id."""


@dataclass(frozen=True, slots=True)
class Token:
    id: str
    account: str
    """The id of an account, or MACHINE."""
    name: str
    permissions: frozenset[str]
    made: str
    expires: str
    used: str
    """The last hour it was used in, or ''."""
    revoked: str
    """When, or ''."""


@dataclass(frozen=True, slots=True)
class Holder:
    """In whose name a program asks, and for what."""

    principal: Principal
    permissions: frozenset[str]
    token_id: str


class Tokens:
    """The tokens of an installation."""

    def __init__(self, store: IdentityStore, journal: Journal, *, machine: Principal) -> None:
        self._store, self._journal, self._machine = store, journal, machine

    def issue(
        self, account: str, name: str, permissions: Iterable[str], expires: datetime, *, at: datetime | None = None
    ) -> tuple[Token, str]:
        """Return a new token of the account of this id (or MACHINE) and its secret, which cannot be had again.

        Raises TokenInvalid."""
        now, name, permissions = at or datetime.now(UTC), name.strip(), frozenset(permissions)
        _check(name, permissions, expires, now)
        if self._principal(account) is None:
            raise TokenInvalid("Nobody could use this token.", hint="Its account is locked, removed or unfinished.")
        id, random = secrets.token_hex(8), secrets.token_hex(32)
        secret = f"stw_{id}_{random}"
        token = Token(id, account, name, permissions, moment(now), moment(expires), "", "")
        self._store.add_token(
            {
                "id": id,
                "account": account,
                "name": name,
                "sha256": _sha256(secret),
                "permissions": json.dumps(sorted(permissions)),
                "made": token.made,
                "expires": token.expires,
                "used": "",
                "revoked": "",
            }
        )
        self._tell("issued", token, {"permissions": sorted(permissions), "expires": token.expires})
        return token, secret

    def holder(self, secret: str, *, at: datetime) -> Holder | None:
        """Return in whose name a token asks. None for one that is forged, expired, revoked, or of an account that is
        locked, removed or has to change its password first."""
        parts = _SECRET.fullmatch(secret)
        row = self._store.token(parts[1]) if parts else None
        if row is None or not hmac.compare_digest(_sha256(secret), row.sha256):
            return None
        token = _token(row)
        if token.revoked or token.expires <= moment(at) or (principal := self._principal(token.account)) is None:
            return None
        hour = moment(at.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
        if token.used != hour:
            self._store.change_token(token.id, used=hour)
        return Holder(principal, token.permissions, token.id)

    def list(self, account: str | None) -> list[Token]:
        """Return the tokens of an account, made last first; None: everybody's."""
        return [_token(row) for row in self._store.tokens_of(account)]

    def revoke(self, id: str, *, account: str | None, at: datetime | None = None) -> Token:
        """Take a token back, of this account only; None: whoever's. Raises TokenUnknown."""
        row = self._store.token(id) if _ID.fullmatch(id) else None
        if row is None or (account is not None and row.account != account):
            raise TokenUnknown("There is no such token.", hint="Look in the list of your tokens.")
        if not row.revoked:
            self._store.change_token(id, revoked=moment(at or datetime.now(UTC)))
            self._tell("revoked", _token(row), {})
        return _token(row)

    def _principal(self, account: str) -> Principal | None:
        if account == MACHINE:
            return self._machine
        found = self._store.of_id(account)
        if found is None or found[0].state is not State.ACTIVE or found[0].must_change:
            return None
        return found[0].principal

    def _tell(self, action: str, token: Token, told: dict[str, Any]) -> None:
        found = self._store.of_id(token.account)
        name = found[0].name if found else self._machine.name if token.account == MACHINE else ""
        self._journal.append("token", {"action": action, "token": token.id, "account": name, **told})


def _check(name: str, permissions: frozenset[str], expires: datetime, now: datetime) -> None:
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise TokenInvalid(
            "The token has no name that can be shown.",
            hint=f"Say what it is for, in at most {_LONGEST_NAME} characters.",
        )
    if not permissions or not permissions <= set(PERMISSIONS):
        raise TokenInvalid("The token has no permission that there is.", hint=f"There are: {', '.join(PERMISSIONS)}.")
    if not now < expires <= now + _LONGEST:
        raise TokenInvalid("The token expires in the past, or after more than a year.", hint="Give 1 to 366 days.")


def _token(row: Any) -> Token:
    permissions = frozenset(json.loads(row.permissions))
    return Token(row.id, row.account, row.name, permissions, row.made, row.expires, row.used, row.revoked)


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
