import pytest

from assistant.identity import storing
from assistant.journal import Journal, records
from retrieval.catalog import Catalog
from retrieval.catalog.database import writing
from tests.assistant.identity.making import House


@pytest.fixture
def house(catalog: Catalog) -> House:
    """No accounts yet, on SQLite and on PostgreSQL."""
    storing.IdentityStore(catalog.engine)
    Journal(catalog.engine)
    with writing(catalog.engine) as connection:
        for table in (*storing.metadata.sorted_tables, records):
            connection.execute(table.delete())
    return House(catalog.engine)
