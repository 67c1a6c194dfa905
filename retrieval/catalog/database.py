"""Open a database by URL: SQLite as a file, PostgreSQL as a server. Knows how each wants to be treated, no tables."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from retrieval.errors import StafwijzerError

_SWITCH_SECONDS = 30


class DatabaseUnavailable(StafwijzerError):
    """The database cannot be opened."""


def open_engine(url: str) -> Engine:
    """Return an engine for this SQLAlchemy URL: read through `connect()`, write through `writing`.

    Raises DatabaseUnavailable for a URL that cannot be used."""
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite":
            Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed)
    except OSError as error:
        raise DatabaseUnavailable(
            f"The catalog at {parsed.render_as_string()} cannot be opened ({error.strerror}).",
            hint="Set STAFWIJZER_HOME, or catalog.url, to a place where you may write.",
        ) from error
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise DatabaseUnavailable(
            f"catalog.url is not a database address that can be used ({error}).",
            hint="Write sqlite:////absolute/path.sqlite or postgresql://user@host/name.",
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Write in one transaction, wholly or not at all. Raises DatabaseUnavailable when the database cannot take it."""
    try:
        with engine.execution_options(stafwijzer_writes=True).begin() as connection:
            yield connection
    except OperationalError as error:
        raise DatabaseUnavailable(
            f"The database {engine.url.render_as_string()} does not take what is written ({error.orig}).",
            hint="Free disk space or mend the server, and run the same command again; what was there is not harmed.",
        ) from error


def forget_deleted(engine: Engine, tables: Sequence[str]) -> str:
    """Leave nothing of deleted rows in the database's files; return what is out of reach, in plain words, or ''.

    Takes as long as copying the database, and room for a copy of it. Raises DatabaseUnavailable."""
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in tables:
                connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")
        return "PostgreSQL keeps its write-ahead log and its backups by the server's own settings."
    pooled = engine.raw_connection()
    try:
        cursor = pooled.cursor()
        cursor.execute("VACUUM")
        # Also of the log: the pages of before stand there until somebody needs the room.
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise DatabaseUnavailable(
            f"What was deleted is still in the files of {engine.url.render_as_string()} ({error}).",
            hint="Free as much disk space as the database takes, and run the same command again.",
        ) from error
    finally:
        pooled.close()
    if busy:
        raise DatabaseUnavailable(
            f"What was deleted is still in the log of {engine.url.render_as_string()}: somebody is reading in it.",
            hint="End the programs that have the catalog open, and run the same command again.",
        )
    return ""


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling would start writes late and deadlock; we say BEGIN ourselves.
    connection.isolation_level = None
    _use_write_ahead_log(connection)
    # FULL: what was acknowledged survives a power cut. secure_delete: what was deleted is overwritten with zeros.
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers never wait for a writer.

    Of two processes that switch a new file at once, SQLite tells one that it is busy without waiting for the busy
    timeout: 149 of 1,200 connections, four at a time."""
    end = time.monotonic() + _SWITCH_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    options: Any = connection.get_execution_options()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("stafwijzer_writes") else "BEGIN")
