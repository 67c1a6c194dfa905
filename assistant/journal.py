"""The append-only record of what was asked and answered, each record chained to the one before by its hash.

Knows nothing of how answers are made. Records are never changed; `check` finds one that was."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, Text, insert, select

from retrieval.catalog.database import writing
from retrieval.catalog.migrating import migrate

HEAD = "0001"
_REVISIONS = Path(__file__).parent / "journal_versions"
_FIRST = "0" * 64

metadata = MetaData()
records = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Record:
    number: int
    """From 1, without gaps."""
    at: str
    """UTC, ISO 8601."""
    kind: str
    body: Mapping[str, Any]
    hash: str
    """SHA-256 over the hash before it and this record's number, time, kind and body."""


class Journal:
    """The journal in the database behind `engine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        migrate(engine, revisions=_REVISIONS, head=HEAD, version_table="alembic_version_journal")

    def append(self, kind: str, body: Mapping[str, Any]) -> int:
        """Write a record and return its number. On return it is on disk."""
        # Half a character (a lone surrogate) fits no database; as the escape that JSON has for it, it does.
        text = json.dumps(body, ensure_ascii=False, sort_keys=True).encode("utf-8", "backslashreplace").decode()
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE journal IN EXCLUSIVE MODE")
            last = connection.execute(
                select(records.c.number, records.c.hash).order_by(records.c.number.desc()).limit(1)
            ).first()
            number, before = (last.number + 1, last.hash) if last else (1, _FIRST)
            row = {"number": number, "at": at, "kind": kind, "body": text}
            connection.execute(insert(records).values(**row, hash=_chain(before, number, at, kind, text)))
        return int(number)

    def read(self) -> Iterator[Record]:
        """Yield all records, oldest first."""
        with self._engine.connect() as connection:
            for row in connection.execute(select(records).order_by(records.c.number)):
                yield Record(row.number, row.at, row.kind, json.loads(row.body), row.hash)

    def newest(
        self, *, kind: str = "", since: str = "", until: str = "", before: int | None = None, holding: str = ""
    ) -> Iterator[Record]:
        """Yield records, newest first: of one kind, from one time (ISO 8601) to another, numbered below `before`.

        `holding`: only those whose body holds this text, as JSON writes it."""
        wanted = select(records).order_by(records.c.number.desc())
        if kind:
            wanted = wanted.where(records.c.kind == kind)
        if since:
            wanted = wanted.where(records.c.at >= since)
        if until:
            wanted = wanted.where(records.c.at <= until)
        if before is not None:
            wanted = wanted.where(records.c.number < before)
        if holding:
            wanted = wanted.where(records.c.body.contains(holding, autoescape=True))
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=200).execute(wanted):
                yield Record(row.number, row.at, row.kind, json.loads(row.body), row.hash)

    def answer(self, id: str) -> Record | None:
        """Return the record of the answer with this id, or None. Reads no other body."""
        found = self.newest(kind="answer", holding=f'"id": {json.dumps(id)}')
        return next((record for record in found if record.body["id"] == id), None)

    def kinds(self) -> list[str]:
        """Return the kinds of record that there are."""
        with self._engine.connect() as connection:
            return sorted(connection.execute(select(records.c.kind).distinct()).scalars())

    def check(self) -> int | None:
        """Return the number of the first record that was altered, removed or put in another place, or None."""
        before, expected = _FIRST, 1
        with self._engine.connect() as connection:
            for row in connection.execute(select(records).order_by(records.c.number)):
                if row.number != expected or row.hash != _chain(before, row.number, row.at, row.kind, row.body):
                    return expected
                before, expected = row.hash, expected + 1
        return None


def _chain(before: str, number: int, at: str, kind: str, body: str) -> str:
    return hashlib.sha256("\0".join((before, str(number), at, kind, body)).encode()).hexdigest()
