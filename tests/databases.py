"""Databases for the catalog and the journal: a file of SQLite, and PostgreSQL where its server is installed.

STAFWIJZER_POSTGRESQL_BIN names the folder of the server's programs when it is not where Debian puts it."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import psycopg
import pytest

from retrieval.catalog import Catalog, Corpus, tables
from retrieval.catalog.database import writing
from tests.making import OPEN

ENGINES = ["sqlite", "postgresql"]
_SERIAL = count(1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start a server of our own, reached through a socket in a folder of our own; give that folder."""
    programs = _programs()
    # Not pytest's folder: that one is closed to the account that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="stafwijzer-postgresql-"))
    account = _account(folder)
    data = folder / "data"
    control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w"]
    switches = f"-c listen_addresses='' -c fsync=off -c full_page_writes=off -k {folder}"
    try:
        if not (
            _run(
                [programs / "initdb", "-D", data, "-A", "trust", "-U", "stafwijzer", "-N", "-E", "UTF8"],
                folder,
                account,
            )
            and _run([*control, "-l", folder / "server.log", "-o", switches, "start"], folder, account)
        ):
            said = (folder / "log").read_text().splitlines()
            pytest.skip(f"PostgreSQL did not start: {' '.join(said[-3:])}")
        yield str(folder)
        _run([*control, "-m", "immediate", "stop"], folder, account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    return _new_database(request, tmp_path)


@pytest.fixture
def catalog(_shared_catalog: Catalog) -> Catalog:
    """A catalog with nothing in it but the corpora 'plans' and 'law'."""
    with writing(_shared_catalog.engine) as connection:
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(table.delete())
    for name in ("plans", "law"):
        _shared_catalog.ensure_corpus(Corpus(name, name.title(), f"the {name} cell", OPEN))
    return _shared_catalog


@pytest.fixture(scope="session", params=ENGINES)
def _shared_catalog(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """Made once, because making the tables takes longer than most tests."""
    catalog = Catalog(_new_database(request, tmp_path_factory.mktemp("catalog")))
    yield catalog
    catalog.close()


def _new_database(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'catalog.sqlite'}"
    server, name = request.getfixturevalue("postgresql"), f"test{next(_SERIAL)}"
    with psycopg.connect(host=server, user="stafwijzer", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql://stafwijzer@/{name}?host={server}"


def _programs() -> Path:
    told = os.environ.get("STAFWIJZER_POSTGRESQL_BIN")
    found = [Path(told)] if told else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found or not (found[-1] / "initdb").exists():
        pytest.skip("no PostgreSQL server is installed: set STAFWIJZER_POSTGRESQL_BIN")
    return found[-1]


def _run(command: Sequence[str | Path], folder: Path, account: int | None) -> bool:
    with (folder / "log").open("a") as log:
        # Not to a pipe: the server would keep it open.
        done = subprocess.run(command, user=account, cwd=folder, stdout=log, stderr=log, timeout=60, check=False)
    return done.returncode == 0


def _account(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root, so root hands the folder to another account."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, account.pw_uid, account.pw_gid)
        return account.pw_uid
    pytest.skip("PostgreSQL does not run as root and there is no account postgres or nobody")
