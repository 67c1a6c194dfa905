"""Bring a database to the schema that this code expects, or refuse a database that is newer than the code.

Works for any folder of Alembic revisions, each with a version table of its own. Knows no table of ours."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from retrieval.errors import StafwijzerError

# Any number; it only has to be the same for everybody who migrates this database.
_ADVISORY_LOCK = 7_246_317
_ENVIRONMENT = Path(__file__).parent / "migrations"


class DatabaseNewer(StafwijzerError):
    """The database was made by a later version of the program."""


def migrate(engine: Engine, *, revisions: Path, head: str, version_table: str) -> None:
    """Run the missing migrations in one transaction. `head` is the newest revision that the code knows."""
    with engine.connect() as connection:
        if _revision(connection, version_table) == head:
            return
    with engine.connect().execution_options(stafwijzer_writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        if _revision(connection, version_table) != head:
            _upgrade(connection, revisions, version_table)


def _revision(connection: Connection, version_table: str) -> str | None:
    if not inspect(connection).has_table(version_table):
        return None
    return connection.execute(text(f"SELECT version_num FROM {version_table}")).scalar_one_or_none()  # noqa: S608 (a constant of ours)


def _upgrade(connection: Connection, revisions: Path, version_table: str) -> None:
    # Imported here: Alembic takes 0.3 s to import and is needed once in the life of a database.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", _escaped(_ENVIRONMENT))
    config.set_main_option("version_locations", _escaped(revisions))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, version_table=version_table)
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise DatabaseNewer(
            f"The database holds a schema that this version of Stafwijzer does not know ({error}).",
            hint="It was made by a newer version: install that one, or set STAFWIJZER_HOME to another folder.",
        ) from error


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
