"""What operators do with accounts: make, change, lock, remove. Everything they do is journalled, with who did it.

An operator does none of it to their own account, and sees no password but a first one, which must be changed before
anything else. Knows nothing of pages."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from assistant.identity.accounts import (
    OPERATOR,
    Account,
    AccountUnknown,
    Attributes,
    NotAllowed,
    State,
    checked,
    checked_name,
    known_name,
)
from assistant.identity.passwords import Passwords, new_password
from assistant.identity.storing import IdentityStore, as_told
from assistant.journal import Journal
from retrieval.access import Principal

_MOST_TRIES = 10


class Operations:
    """What one operator may do with the accounts."""

    def __init__(
        self,
        store: IdentityStore,
        journal: Journal,
        passwords: Passwords,
        clock: Callable[[], datetime],
        operator: Principal,
        own: str,
    ) -> None:
        """`own`: the id of the operator's own account, or ''. Raises NotAllowed."""
        if OPERATOR not in operator.roles:
            raise NotAllowed(
                "Accounts are for operators to see and change.", hint="Ask one, or somebody with the command line."
            )
        self._store, self._journal, self._passwords, self._clock = store, journal, passwords, clock
        self._operator, self._own = operator, own

    def list(self, *, matching: str = "", first: int = 0, most: int | None = None) -> tuple[list[Account], int]:
        """Return accounts by name, and how many there are in all. `matching`: within the name."""
        return self._store.list(matching=matching, first=first, most=most)

    def named(self, name: str) -> Account:
        """Return the account of a name. Raises AccountUnknown."""
        known = known_name(name)
        if known is None or (found := self._store.named(known)) is None:
            raise AccountUnknown("There is no account of that name.", hint="Look in the list of accounts.")
        return found[0]

    def waiting(self, account: Account) -> bool:
        """Tell whether no try to sign in is taken yet, after too many failures."""
        return self._store.waiting(account.name, most=_MOST_TRIES, at=self._clock())

    def add(self, name: str, attributes: Attributes) -> tuple[Account, str]:
        """Make an account, and return it with its first password. Raises AccountInvalid and AccountTaken."""
        name, attributes, password = checked_name(name), checked(attributes), new_password()
        account = self._store.add(name, self._passwords.hashed(password), attributes, at=self._clock())
        self._tell("added", account, {"attributes": as_told(attributes)})
        return account, password

    def change(self, account: Account, attributes: Attributes) -> Account:
        """Give an account other attributes. Raises AccountInvalid, AccountChanged and NotAllowed."""
        self._check_not_own(account)
        attributes = checked(attributes)
        if attributes == account.attributes:
            return account
        changed = self._store.change(account, attributes=attributes)
        self._tell("changed", account, {"before": _differing(account, changed), "after": _differing(changed, account)})
        return changed

    def renew_password(self, account: Account) -> str:
        """Give an account a first password again, and end its sessions. Raises AccountChanged and NotAllowed."""
        self._check_not_own(account)
        password = new_password()
        self._store.change(account, password=self._passwords.hashed(password), must_change=True)
        self._store.end_sessions(account.id)
        self._store.forget_tries(account.name)
        self._tell("password renewed", account)
        return password

    def lock(self, account: Account) -> Account:
        """Let nobody in by an account, nor by its tokens, and end its sessions."""
        return self._put(account, State.LOCKED, "locked")

    def unlock(self, account: Account) -> Account:
        """Let its holder in again, also after too many failures."""
        self._store.forget_tries(account.name)
        return self._put(account, State.ACTIVE, "unlocked")

    def remove(self, account: Account) -> None:
        """Remove an account, its sessions and its tokens. Its name stays taken."""
        self._check_not_own(account)
        self._store.change(account, state=State.REMOVED.value, password="", attributes=Attributes(roles=frozenset()))
        self._store.end_sessions(account.id)
        self._store.revoke_tokens(account.id, at=self._clock())
        self._tell("removed", account)

    def sessions(self, account: Account) -> int:
        """Return how many sessions an account has."""
        return len(self._store.sessions_of(account.id, at=self._clock()))

    def end_sessions(self, account: Account) -> int:
        """End all sessions of an account, and return how many there were."""
        ended = self._store.end_sessions(account.id)
        self._tell("sessions ended", account, {"sessions": ended})
        return ended

    def _put(self, account: Account, state: State, action: str) -> Account:
        self._check_not_own(account)
        changed = self._store.change(account, state=state.value)
        if state is not State.ACTIVE:
            self._store.end_sessions(account.id)
        self._tell(action, account)
        return changed

    def _check_not_own(self, account: Account) -> None:
        if account.id == self._own:
            raise NotAllowed(
                "Nobody changes, locks or removes their own account.", hint="Ask another operator to do it."
            )

    def _tell(self, action: str, account: Account, told: Mapping[str, Any] | None = None) -> None:
        body = {"action": action, "account": account.name, "by": self._operator.name}
        self._journal.append("account", {**body, **(told or {})})


def _differing(account: Account, other: Account) -> dict[str, Any]:
    """Return the attributes of one account that another has not."""
    told = as_told(account.attributes)
    return {
        name: told[name]
        for name in (field.name for field in fields(Attributes))
        if getattr(account.attributes, name) != getattr(other.attributes, name)
    }
