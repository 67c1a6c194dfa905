"""Keep accounts, tries to sign in, sessions and tokens in a database. Each method is one transaction.

Knows nothing of what is allowed: it is handed hashes, never a password or the secret of a token."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from assistant.identity.accounts import Account, AccountChanged, AccountTaken, Attributes, State
from retrieval.catalog.database import writing
from retrieval.catalog.migrating import migrate

HEAD = "0001"
_REVISIONS = Path(__file__).parent / "versions"

metadata = MetaData()
accounts = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("password", Text, nullable=False),
    Column("attributes", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("made", String(32), nullable=False),
    Column("signed_in", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
)
tries = Table(
    "account_tries",
    metadata,
    Column("name_sha256", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("until", String(32), nullable=False),
)
sessions = Table(
    "account_sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("began", String(32), nullable=False),
    Column("seen", String(32), nullable=False),
    Column("ends", String(32), nullable=False),
)
tokens = Table(
    "account_tokens",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("permissions", Text, nullable=False),
    Column("made", String(32), nullable=False),
    Column("expires", String(32), nullable=False),
    Column("used", String(32), nullable=False),
    Column("revoked", String(32), nullable=False),
)


def moment(at: datetime) -> str:
    """Return a time as it is kept: as text it sorts as a time."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class Counted:
    """Where the tries at a name stand."""

    failures: int
    waits: bool
    """No further try is taken yet."""


class IdentityStore:
    """The accounts in the database behind `engine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        migrate(engine, revisions=_REVISIONS, head=HEAD, version_table="alembic_version_identity")

    # Accounts

    def any_account(self) -> bool:
        with self._engine.connect() as connection:
            query = select(accounts.c.id).where(accounts.c.state != State.REMOVED).limit(1)
            return connection.execute(query).first() is not None

    def add(self, name: str, hash_: str, attributes: Attributes, *, at: datetime) -> Account:
        """Keep a new account, whose password somebody else has seen. Raises AccountTaken."""
        account = Account(uuid.uuid4().hex, name, attributes, State.ACTIVE, True, moment(at), "", 1)
        row: dict[str, Any] = {"id": account.id, "name": name, "password": hash_, "attributes": _written(attributes)}
        row |= {"state": State.ACTIVE.value, "must_change": True, "made": account.made, "signed_in": "", "revision": 1}
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(accounts).values(**row))
        except IntegrityError as error:
            raise AccountTaken(
                f"The name '{name}' is taken, or was somebody's whose account was removed.",
                hint="Take another: what was written under a name stays theirs.",
            ) from error
        return account

    def list(self, *, matching: str = "", first: int = 0, most: int | None = None) -> tuple[list[Account], int]:
        """Return accounts that are not removed, by name, and how many there are. `matching`: within the name."""
        named = accounts.c.name.contains(matching.lower(), autoescape=True)
        there = select(accounts).where(accounts.c.state != State.REMOVED, named)
        with self._engine.connect() as connection:
            rows = connection.execute(there.order_by(accounts.c.name).offset(first).limit(most)).all()
            count = connection.execute(select(func.count()).select_from(there.subquery())).scalar_one()
        return [_account(row) for row in rows], int(count)

    def named(self, name: str) -> tuple[Account, str] | None:
        """Return the account of a name, unless it is removed, and the hash of its password."""
        return self._one(accounts.c.name == name)

    def of_id(self, id: str) -> tuple[Account, str] | None:
        return self._one(accounts.c.id == id)

    def change(self, account: Account, **columns: Any) -> Account:
        """Change columns of an account. Raises AccountChanged when it is not as it was read any more."""
        values = {**columns, "revision": account.revision + 1}
        if isinstance(attributes := values.get("attributes"), Attributes):
            values["attributes"] = _written(attributes)
        same = (accounts.c.id == account.id, accounts.c.revision == account.revision)
        with writing(self._engine) as connection:
            if connection.execute(update(accounts).where(*same).values(**values)).rowcount != 1:
                raise AccountChanged(
                    f"Somebody else changed the account '{account.name}' in the meantime; nothing was saved.",
                    hint="Look at it again, and make your change once more.",
                )
            row = connection.execute(select(accounts).where(accounts.c.id == account.id)).one()
        return _account(row)

    def rehash(self, account: Account, before: str, hash_: str) -> None:
        """Put another hash of the same password in the place of one."""
        same = (accounts.c.id == account.id, accounts.c.password == before)
        with writing(self._engine) as connection:
            connection.execute(update(accounts).where(*same).values(password=hash_))

    # Tries to sign in: by the hash of a name, so that a name that nobody has is counted like any other.

    def count_try(self, name: str, *, most: int, at: datetime, until: datetime) -> Counted:
        """Count a try as failed before it is known; after `most` of them none is taken until that time."""
        try:
            return self._count_try(_sha256(name), most=most, now=moment(at), until=moment(until))
        except IntegrityError:
            # PostgreSQL lets two write a name's first failure at once; the second finds the row there.
            return self._count_try(_sha256(name), most=most, now=moment(at), until=moment(until))

    def _count_try(self, key: str, *, most: int, now: str, until: str) -> Counted:
        with writing(self._engine) as connection:
            connection.execute(delete(tries).where(tries.c.until <= now))
            query = select(tries.c.failures).where(tries.c.name_sha256 == key).with_for_update()
            failures = connection.execute(query).scalar_one_or_none()
            if failures is not None and failures >= most:
                return Counted(failures, True)
            if failures is None:
                connection.execute(insert(tries).values(name_sha256=key, failures=1, until=until))
            else:
                counted = {"failures": failures + 1, "until": until}
                connection.execute(update(tries).where(tries.c.name_sha256 == key).values(**counted))
        return Counted((failures or 0) + 1, False)

    def forget_tries(self, name: str) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(tries).where(tries.c.name_sha256 == _sha256(name)))

    def waiting(self, name: str, *, most: int, at: datetime) -> bool:
        """Tell whether no try at a name is taken yet."""
        there = (tries.c.name_sha256 == _sha256(name), tries.c.until > moment(at), tries.c.failures >= most)
        with self._engine.connect() as connection:
            return connection.execute(select(tries.c.failures).where(*there)).first() is not None

    # Sessions: by the hash of what the browser holds.

    def begin(self, account: Account, hash_: str, session: str, *, at: datetime, ends: datetime) -> bool:
        """Begin a session, if the account is active and its password still the one that was checked."""
        same = (accounts.c.id == account.id, accounts.c.password == hash_, accounts.c.state == State.ACTIVE)
        with writing(self._engine) as connection:
            if connection.execute(update(accounts).where(*same).values(signed_in=moment(at))).rowcount != 1:
                return False
            connection.execute(delete(sessions).where(sessions.c.ends <= moment(at)))
            row = {"id": session, "account": account.id, "began": moment(at), "seen": moment(at), "ends": moment(ends)}
            connection.execute(insert(sessions).values(**row))
            connection.execute(delete(tries).where(tries.c.name_sha256 == _sha256(account.name)))
        return True

    def session(self, session: str, *, at: datetime) -> tuple[Account, str] | None:
        """Return whose a session is that has not ended, and when it was last seen."""
        query = (
            select(accounts, sessions.c.seen)
            .join(sessions, sessions.c.account == accounts.c.id)
            .where(sessions.c.id == session, sessions.c.ends > moment(at), accounts.c.state == State.ACTIVE)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return (_account(row), row.seen) if row else None

    def see(self, session: str, *, at: datetime) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(sessions).where(sessions.c.id == session).values(seen=moment(at)))

    def sessions_of(self, account: str, *, at: datetime) -> Sequence[Row[Any]]:
        """Return (id, began, seen, ends) of the sessions of an account, begun last first."""
        theirs = (sessions.c.account == account, sessions.c.ends > moment(at))
        with self._engine.connect() as connection:
            return connection.execute(select(sessions).where(*theirs).order_by(sessions.c.began.desc())).all()

    def end_sessions(self, account: str, *, only: str | None = None, but: str = "") -> int:
        """End sessions of an account: all, `only` one, or all `but` one. Returns how many."""
        which = [sessions.c.account == account, sessions.c.id != but]
        if only is not None:
            which.append(sessions.c.id == only)
        with writing(self._engine) as connection:
            return int(connection.execute(delete(sessions).where(*which)).rowcount)

    # Tokens

    def add_token(self, row: Mapping[str, Any]) -> None:
        with writing(self._engine) as connection:
            connection.execute(insert(tokens).values(**row))

    def token(self, id: str) -> Row[Any] | None:
        with self._engine.connect() as connection:
            return connection.execute(select(tokens).where(tokens.c.id == id)).first()

    def tokens_of(self, account: str | None) -> Sequence[Row[Any]]:
        """Return the tokens of an account, made last first; None: everybody's."""
        query = select(tokens).order_by(tokens.c.made.desc(), tokens.c.id)
        with self._engine.connect() as connection:
            return connection.execute(query if account is None else query.where(tokens.c.account == account)).all()

    def change_token(self, id: str, **columns: str) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(tokens).where(tokens.c.id == id).values(**columns))

    def revoke_tokens(self, account: str, *, at: datetime) -> None:
        theirs = (tokens.c.account == account, tokens.c.revoked == "")
        with writing(self._engine) as connection:
            connection.execute(update(tokens).where(*theirs).values(revoked=moment(at)))

    def _one(self, which: Any) -> tuple[Account, str] | None:
        query = select(accounts).where(which, accounts.c.state != State.REMOVED)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return (_account(row), row.password) if row else None


def _account(row: Row[Any]) -> Account:
    told = json.loads(row.attributes)
    attributes = Attributes(
        tuple((policy, level) for policy, level in told["clearance"]),
        told["nationality"],
        frozenset(told["groups"]),
        frozenset(told["categories"]),
        frozenset(told["roles"]),
    )
    state, must_change = State(row.state), bool(row.must_change)
    return Account(row.id, row.name, attributes, state, must_change, row.made, row.signed_in, row.revision)


def _written(attributes: Attributes) -> str:
    return json.dumps(as_told(attributes), ensure_ascii=False)


def as_told(attributes: Attributes) -> dict[str, Any]:
    """Return attributes as JSON has them."""
    return {
        "clearance": [list(pair) for pair in attributes.clearance],
        "nationality": attributes.nationality,
        "groups": sorted(attributes.groups),
        "categories": sorted(attributes.categories),
        "roles": sorted(attributes.roles),
    }


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
