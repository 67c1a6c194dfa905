"""The truth about documents: which there are, in which versions, under which marking, and the passages of each.

The index is derived from it. Everything that returns text takes a scope. Knows nothing of vectors or of search.
What it does stands in its parts; this module opens the database that they share."""

from pathlib import Path

from sqlalchemy.exc import DatabaseError

from retrieval.catalog.carrying import Carrying
from retrieval.catalog.database import DatabaseUnavailable, open_engine
from retrieval.catalog.deletions import Deletions
from retrieval.catalog.jobs import Jobs
from retrieval.catalog.lifecycles import Lifecycles
from retrieval.catalog.listings import Listings
from retrieval.catalog.migrating import migrate
from retrieval.catalog.passages import Passages
from retrieval.catalog.readings import Readings
from retrieval.catalog.versions import Versions

HEAD = "0004"
_REVISIONS = Path(__file__).parent / "migrations" / "versions"


class Catalog(Listings, Passages, Readings, Versions, Lifecycles, Deletions, Carrying, Jobs):
    """The catalog in the database at `url`. Safe to use from several threads and processes."""

    def __init__(self, url: str) -> None:
        """Open it and bring its schema up to date. Raises DatabaseUnavailable, or DatabaseNewer."""
        self.engine = open_engine(url)
        try:
            migrate(self.engine, revisions=_REVISIONS, head=HEAD, version_table="alembic_version")
        except DatabaseError as error:
            raise DatabaseUnavailable(
                f"The catalog at {self.engine.url.render_as_string()} cannot be opened ({error.orig}).",
                hint="Check that the path or server exists, that you may write there, and that the disk is not full.",
            ) from error

    def close(self) -> None:
        self.engine.dispose()
