"""Sign in and out, and tell whose a session is: each time anew, so that what was changed of an account holds at once.

A wrong name, a wrong password and an account that is locked take the same time and give the same answer. Knows
nothing of browsers."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assistant.identity.accounts import Account, AccountUnknown, State, known_name
from assistant.identity.operating import Operations
from assistant.identity.passwords import Passwords, PasswordWeak, check_password
from assistant.identity.storing import IdentityStore
from assistant.journal import Journal
from retrieval.access import Principal
from retrieval.errors import StafwijzerError

FAILURES = 10
_WAIT = timedelta(minutes=15)
# A working day.
_SESSION = timedelta(hours=10)
_SEEN_EVERY = timedelta(minutes=5)


class PasswordWrong(StafwijzerError):
    """Somebody who is signed in gave another password than their own."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    account: Account
    session: str
    """What only the browser may hold: 43 random characters."""


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    """A hash of what the browser holds: it opens nothing."""
    began: str
    seen: str
    """To within five minutes."""


class Accounts:
    """The accounts of an installation."""

    def __init__(
        self,
        store: IdentityStore,
        journal: Journal,
        *,
        passwords: Passwords | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.store = store
        self._journal, self._clock = journal, clock
        self._passwords = passwords or Passwords()

    def operated_by(self, principal: Principal, *, account: str = "") -> Operations:
        """Return what an operator may do. `account`: the id of their own, which is not theirs to change.

        Raises NotAllowed for who is no operator."""
        return Operations(self.store, self._journal, self._passwords, self._clock, principal, account)

    def any(self) -> bool:
        """Tell whether there are accounts. As long as there are none, the user of the settings signs in."""
        return self.store.any_account()

    def sign_in(self, name: str, password: str) -> SignedIn | None:
        """Begin a session, or return None: after ten failures at a name no try is taken for 15 minutes."""
        known = known_name(name)
        found = self.store.named(known) if known else None
        account, hash_ = found or (None, None)
        active = account is not None and account.state is State.ACTIVE
        if not self._right(known or name, password, hash_ if active else None) or account is None or hash_ is None:
            self._tell("refused", account)
            return None
        session, now = secrets.token_urlsafe(32), self._clock()
        if not self.store.begin(account, hash_, _sha256(session), at=now, ends=now + _SESSION):
            return None
        if self._passwords.outdated(hash_):
            self.store.rehash(account, hash_, self._passwords.hashed(password))
        self._tell("signed in", account)
        return SignedIn(account, session)

    def visiting(self, session: str) -> Account | None:
        """Return whose a session is, as their account is now; None when it ended, or the account is not active."""
        hashed, now = _sha256(session), self._clock()
        if (found := self.store.session(hashed, at=now)) is None:
            return None
        account, seen = found
        if datetime.fromisoformat(seen) + _SEEN_EVERY <= now:
            self.store.see(hashed, at=now)
        return account

    def sign_out(self, session: str) -> None:
        if account := self.visiting(session):
            self.store.end_sessions(account.id, only=_sha256(session))
            self._tell("signed out", account)

    def change_password(self, account: Account, before: str, after: str, *, session: str) -> Account:
        """Take another password, and end all sessions of the account but this one.

        Raises PasswordWrong when `before` is not the present one, PasswordWeak, and AccountUnknown."""
        found = self.store.of_id(account.id)
        if found is None:
            raise AccountUnknown("This account was removed.", hint="Ask an operator.")
        account, hash_ = found
        if not self._right(account.name, before, hash_):
            self._tell("refused", account)
            raise PasswordWrong(
                "That is not your present password, or it was wrong too often.",
                hint=f"After {FAILURES} wrong ones no try is taken for 15 minutes.",
            )
        self.store.forget_tries(account.name)
        check_password(after, name=account.name)
        if self._passwords.match(after, hash_):
            raise PasswordWeak("same", "The new password is the present one.", hint="Take another.")
        changed = self.store.change(account, password=self._passwords.hashed(after), must_change=False)
        self.store.end_sessions(account.id, but=_sha256(session))
        self._tell("password changed", account)
        return changed

    def sessions(self, account: str) -> list[Session]:
        """Return the sessions of the account of this id, begun last first."""
        return [Session(row.id, row.began, row.seen) for row in self.store.sessions_of(account, at=self._clock())]

    def end_session(self, account: Account, id: str) -> None:
        """End a session of an account by its id."""
        if id.isalnum() and self.store.end_sessions(account.id, only=id):
            self._tell("session ended", account)

    def _right(self, name: str, password: str, hash_: str | None) -> bool:
        """Tell whether a password is right. The try is counted first: tries at one moment do not slip through."""
        now = self._clock()
        counted = self.store.count_try(name, most=FAILURES, at=now, until=now + _WAIT)
        return self._passwords.match(password, None if counted.waits else hash_)

    def _tell(self, action: str, account: Account | None) -> None:
        # A name that nobody has is not kept: it is often a password, typed one field too early.
        name = account.name if account else ""
        self._journal.append("sign-in", {"action": action, "account": name})


def is_same_session(session: str, id: str) -> bool:
    """Tell whether a session's id is that of what the browser holds."""
    return secrets.compare_digest(_sha256(session), id)


def _sha256(session: str) -> str:
    return hashlib.sha256(session.encode("utf-8", "surrogatepass")).hexdigest()
