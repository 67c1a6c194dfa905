"""Write rows, in the words of the database at hand. Knows no table but that of markings."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

from retrieval.access import Marking
from retrieval.catalog import tables
from retrieval.catalog.database import writing
from retrieval.catalog.rows import marking_row


class Connected:
    """A part of the catalog: what all parts share is the database."""

    engine: Engine

    def _reading(self) -> AbstractContextManager[Connection]:
        return self.engine.connect()

    def _writing(self) -> AbstractContextManager[Connection]:
        return writing(self.engine)


def ensure_marking(connection: Connection, marking: Marking) -> None:
    insert_new(connection, tables.markings, {"id": marking.id, **marking_row(marking)})


def insert_all(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    if rows:
        connection.execute(insert(table), rows)


def insert_new(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert a row, unless one with its key is there: another process may just have been first."""
    connection.execute(_dialect(connection).insert(table).values(**row).on_conflict_do_nothing())


def insert_or_replace(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert a row, or make the one with its key say this."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in row.items() if name not in keys}
    statement = _dialect(connection).insert(table).values(**row)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def _dialect(connection: Connection) -> Any:
    """Both dialects have the same words for this, each in its own module."""
    return postgresql if connection.dialect.name == "postgresql" else sqlite
