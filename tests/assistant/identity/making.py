"""Accounts over a database of a test, with a clock that it sets and hashes that take no time."""

from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import Engine

from assistant.identity import Account, Accounts, Attributes, Operations, Tokens
from assistant.identity.passwords import Passwords
from assistant.identity.storing import IdentityStore
from assistant.journal import Journal
from retrieval.access import Principal

MACHINE = Principal("machine", (("NLD", "Stg. Geheim"),), "NLD", roles=frozenset({"owner", "evaluator", "operator"}))
SECRET = Attributes(clearance=(("NLD", "Stg. Geheim"),))
PASSWORD = "correct paard batterij"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 2, 4, 8, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **told: float) -> None:
        self.now += timedelta(**told)


@cache
def quick_passwords() -> Passwords:
    return Passwords(passes=1, memory_kib=64, lanes=1)


class House:
    """Accounts and tokens, and an operator who is the machine's user."""

    def __init__(self, engine: Engine) -> None:
        self.clock = Clock()
        self.journal = Journal(engine)
        self.store = IdentityStore(engine)
        self.accounts = Accounts(self.store, self.journal, passwords=quick_passwords(), clock=self.clock)
        self.tokens = Tokens(self.store, self.journal, machine=MACHINE)

    @property
    def operator(self) -> Operations:
        return self.accounts.operated_by(MACHINE)

    def settled(self, name: str = "anna", attributes: Attributes = SECRET) -> Account:
        """Return an account whose holder has taken a password of their own: PASSWORD."""
        account, first = self.operator.add(name, attributes)
        signed = self.accounts.sign_in(name, first)
        assert signed
        changed = self.accounts.change_password(account, first, PASSWORD, session=signed.session)
        self.accounts.sign_out(signed.session)
        return changed

    def session(self, name: str = "anna") -> str:
        signed = self.accounts.sign_in(name, PASSWORD)
        assert signed
        return signed.session

    def told(self, kind: str) -> list[str]:
        """Return what the journal says was done."""
        return [f"{one.body['action']} {one.body['account']}" for one in self.journal.read() if one.kind == kind]
