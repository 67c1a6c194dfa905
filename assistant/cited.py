"""Which answers of the journal cite which versions: an index beside the journal, made of it and made again when lost.

It reads on from the last record that it knows whenever it is asked. Decides nothing about who may see an answer."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, Text, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from assistant.journal import Journal, Record, records
from retrieval.catalog.database import writing

metadata = MetaData()
# Made where it is missing and not migrated: whoever changes it gives it another name, and it is made anew.
_cited = Table(
    "cited_in_answers",
    metadata,
    Column("version", String(36), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("asker", Text, nullable=False),
)
# The row of no version holds the last number that was read.
_READ = ""
_AT_ONCE = 500


class Cited:
    """What cites what, in the database behind `engine`, which holds the journal."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # Makes the journal where nothing was ever asked.
        Journal(engine)
        with writing(engine) as connection:
            connection.execute(CreateTable(_cited, if_not_exists=True))

    def answers(self, versions: Sequence[str], *, asker: str, limit: int = 200) -> list[Record]:
        """Return the records of the answers to this asker that cite any of these versions, newest first."""
        while self._read_on():
            pass
        numbers = select(_cited.c.number).where(_cited.c.version.in_(versions), _cited.c.asker == asker)
        query = select(records).where(records.c.number.in_(numbers)).order_by(records.c.number.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [
                Record(row.number, row.at, row.kind, json.loads(row.body), row.hash)
                for row in connection.execute(query)
            ]

    def _read_on(self) -> bool:
        """Read some more records; tell whether there may be others."""
        with self._engine.connect() as connection:
            known = _last_read(connection)
            query = select(records).where(records.c.number > known).order_by(records.c.number).limit(_AT_ONCE)
            rows = connection.execute(query).all()
        if not rows:
            return False
        found = [
            {"version": version, "number": row.number, "asker": asker}
            for row in rows
            if row.kind == "answer"
            for asker, versions in [_told(json.loads(row.body))]
            for version in versions
        ]
        try:
            with writing(self._engine) as connection:
                if _last_read(connection) == known:
                    read = {"version": _READ, "number": rows[-1].number, "asker": ""}
                    connection.execute(insert(_cited), [*found, read])
        except IntegrityError:
            pass  # Another thread or process read the same at the same time.
        return len(rows) == _AT_ONCE


def _last_read(connection: Connection) -> int:
    last = select(func.max(_cited.c.number)).where(_cited.c.version == _READ)
    return connection.execute(last).scalar_one() or 0


def _told(body: dict[str, Any]) -> tuple[str, list[str]]:
    """Return who asked and which versions the answer cites, each once."""
    return body["asked"]["principal"]["name"], sorted({one["version_id"] for one in body["citations"]})
