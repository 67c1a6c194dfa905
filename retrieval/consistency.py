"""Know whether the index still says what the catalog says. The index is derived: when in doubt it is rebuilt.

Compares; repairs nothing."""

from retrieval.catalog import Catalog
from retrieval.embedding import Embedder
from retrieval.errors import StafwijzerError
from retrieval.index.protocol import Index
from retrieval.lexical import LEXICAL_VERSION

_MADE_BY = "index_made_by"


class IndexMismatch(StafwijzerError):
    """The index does not hold what the catalog says, or was made by another embedder or word encoder."""


def index_name(embedder: Embedder) -> str:
    """Name the index that this embedder and the word encoder make: another name never mixes with it."""
    return f"{embedder.fingerprint}-{LEXICAL_VERSION.replace('/', '-')}"


def remember_index(catalog: Catalog, embedder: Embedder) -> None:
    """Record that the index was made by this embedder and the present word encoder."""
    catalog.set_fact(_MADE_BY, index_name(embedder))


def forget_index(catalog: Catalog) -> None:
    """Record that the index is being rebuilt: until it is whole, nothing is answered from a part of it."""
    catalog.set_fact(_MADE_BY, "a rebuild that has not ended")


def check_maker(catalog: Catalog, embedder: Embedder) -> None:
    """Raise IndexMismatch when the index was made by another embedder or encoder, or is being rebuilt."""
    made_by = catalog.fact(_MADE_BY)
    if made_by not in (None, index_name(embedder)):
        raise IndexMismatch(
            f"The index was built by another embedding model or word encoder ({made_by}, now {index_name(embedder)}).",
            hint="Run `stafwijzer corpus reindex`, or set embedder.path back to what it was.",
        )


def check_index(catalog: Catalog, index: Index, embedder: Embedder) -> None:
    """Raise IndexMismatch when the index cannot be searched or added to as it is. Costs a few milliseconds."""
    expected = catalog.live_passage_count()
    if expected == 0:
        remember_index(catalog, embedder)
        return
    check_maker(catalog, embedder)
    if (held := index.count()) < expected:
        raise IndexMismatch(
            f"The index holds {held} passages and the catalog {expected}: the index folder was deleted or is damaged.",
            hint="Run `stafwijzer corpus verify --repair` when few are missing, else `stafwijzer corpus reindex`: both "
            "take them from the catalog, and no document is lost or read again.",
        )
