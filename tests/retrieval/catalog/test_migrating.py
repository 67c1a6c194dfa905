"""The schema is what the migrations make, and a database that is newer than the code is refused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from assistant import journal
from assistant.journal import Journal
from retrieval.access import Marking
from retrieval.catalog import Catalog, Corpus, tables
from retrieval.catalog.database import DatabaseUnavailable, open_engine
from retrieval.catalog.migrating import DatabaseNewer
from tests.making import OPEN
from tests.processes import at_once
from tests.retrieval.catalog.storing import a_version


def test_the_migrations_make_the_tables_that_the_code_describes(empty_url: str) -> None:
    catalog = Catalog(empty_url)
    Journal(catalog.engine)
    with catalog.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours, "compare_type": True})
        assert compare_metadata(context, [tables.metadata, journal.metadata]) == []  # type: ignore[arg-type]
    catalog.close()


def test_the_comparison_would_notice_a_difference(empty_url: str) -> None:
    catalog = Catalog(empty_url)
    with catalog.engine.begin() as connection:
        connection.execute(text("ALTER TABLE facts ADD COLUMN extra TEXT"))
    with catalog.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert len(compare_metadata(context, tables.metadata)) == 1
    catalog.close()


def test_opening_again_keeps_what_is_there(empty_url: str) -> None:
    corpus = Corpus("plans", "Plans", "S3", Marking("NLD", "Ongerubriceerd"))
    for _ in range(2):
        catalog = Catalog(empty_url)
        assert catalog.ensure_corpus(corpus) == corpus
        catalog.close()


def test_a_corpus_from_before_there_was_authority_weighs_as_much_as_any(empty_url: str) -> None:
    corpus = Corpus("plans", "Plans", "S3", Marking("NLD", "Ongerubriceerd"))
    catalog = Catalog(empty_url)
    catalog.ensure_corpus(corpus)
    with catalog.engine.begin() as connection:
        for statement in (*_BACK_TO_0002, *_BACK_TO_0001):
            connection.execute(text(statement))
    catalog.close()
    catalog = Catalog(empty_url)
    assert catalog.corpus("plans").authority == 0
    catalog.set_authority("plans", 2)
    assert catalog.corpus("plans").authority == 2
    catalog.close()


def test_documents_from_before_there_were_sources_are_kept_as_they_are(empty_url: str) -> None:
    catalog = Catalog(empty_url)
    for name in ("plans", "law"):
        catalog.ensure_corpus(Corpus(name, name, "S3", OPEN))
    order = a_version("order.md", "The convoy leaves.")
    catalog.stage([order])
    catalog.go_live([order])
    with catalog.engine.begin() as connection:
        for statement in _BACK_TO_0002:
            connection.execute(text(statement))
    catalog.close()
    catalog = Catalog(empty_url)
    (held,) = catalog.holdings("plans")
    assert (held.document.key, held.live, held.source, held.withdrawn) == ("order.md", True, None, False)
    catalog.close()


@pytest.mark.parametrize("version_table", ["alembic_version", "alembic_version_journal"])
def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty_url: str, version_table: str) -> None:
    catalog = Catalog(empty_url)
    Journal(catalog.engine)
    with catalog.engine.begin() as connection:
        connection.execute(text(f"UPDATE {version_table} SET version_num = '9999'"))
    catalog.close()
    engine = open_engine(empty_url)
    before = _schema(engine)
    with pytest.raises(DatabaseNewer, match=r"newer version: install that one, or set STAFWIJZER_HOME"):
        Journal(Catalog(empty_url).engine)
    assert _schema(engine) == before
    engine.dispose()


def test_connections_that_open_a_new_file_at_once_all_succeed(tmp_path: Path) -> None:
    def open_at(moment: threading.Barrier, url: str) -> str:
        moment.wait(20)
        with open_engine(url).connect() as connection:
            return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())

    # Forty files, because without trying again only one connection in eight fails.
    with ThreadPoolExecutor(4) as pool:
        for number in range(40):
            url, moment = f"sqlite:///{tmp_path / str(number)}.sqlite", threading.Barrier(4)
            assert list(pool.map(open_at, [moment] * 4, [url] * 4)) == ["wal"] * 4


def test_processes_that_migrate_at_once_all_find_the_tables(empty_url: str) -> None:
    assert at_once(_open, [(empty_url,)] * 2) == [len(tables.metadata.tables)] * 2


@pytest.mark.parametrize(
    "url",
    ["not an address", "mysql://host/name", "oracle://host/name", "postgres://host/name", "", "sqlite+nothing:///x"],
)
def test_an_address_that_cannot_be_used_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(
        DatabaseUnavailable, match=r"Write sqlite:////absolute/path.sqlite or postgresql://user@host/name"
    ):
        Catalog(url)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"A letter, not a database. " * 100)
    with pytest.raises(DatabaseUnavailable, match="cannot be opened"):
        Catalog(f"sqlite:///{path}")
    assert path.read_bytes() == b"A letter, not a database. " * 100


def test_a_place_where_no_file_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    for place in (tmp_path / "a file" / "catalog.sqlite", tmp_path):
        with pytest.raises(DatabaseUnavailable, match="cannot be opened"):
            Catalog(f"sqlite:///{place}")


def test_a_server_that_does_not_answer_is_refused_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="server exists") as refusal:
        Catalog(f"postgresql://user:s3cret@/name?host={tmp_path}")
    assert "s3cret" not in str(refusal.value)


def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    Catalog(f"sqlite:///{tmp_path / 'new' / 'folder' / 'catalog.sqlite'}").close()
    assert (tmp_path / "new" / "folder" / "catalog.sqlite").is_file()


def test_what_is_written_to_a_file_survives_a_power_cut(tmp_path: Path) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite'}")
    with catalog.engine.connect() as connection:
        told = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in _PRAGMAS}
    assert told == _PRAGMAS
    catalog.close()


_BACK_TO_0002 = [
    "ALTER TABLE documents DROP COLUMN marked",
    *(f"ALTER TABLE versions DROP COLUMN {name}" for name in ("quarantine", "marked_by", "flags", "signature")),
    *(f"DROP TABLE {table}" for table in ("files", "sources", "tombstones", "receipts")),
    *(f"ALTER TABLE documents DROP COLUMN {name}" for name in ("source", "file", "withdrawn", "superseded_by")),
    *(f"ALTER TABLE versions DROP COLUMN {name}" for name in ("retired_at", "pending")),
    "UPDATE alembic_version SET version_num = '0002'",
]
_BACK_TO_0001 = [
    "ALTER TABLE corpora DROP COLUMN authority",
    "UPDATE alembic_version SET version_num = '0001'",
]
# synchronous 2 is FULL.
_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def _is_ours(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    return not (kind == "table" and str(name).startswith("alembic_version"))


def _schema(engine: Any) -> dict[str, list[str]]:
    found = inspect(engine)
    return {table: [column["name"] for column in found.get_columns(table)] for table in found.get_table_names()}


def _open(url: str) -> int:
    catalog = Catalog(url)
    count = len([name for name in inspect(catalog.engine).get_table_names() if name in tables.metadata.tables])
    catalog.close()
    return count
