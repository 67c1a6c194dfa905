"""A corpus of two documents, and what a reader finds in it on a day."""

from datetime import date
from pathlib import Path

import pytest

from retrieval.access import Principal, scope_for
from retrieval.ingesting import Ingestion
from retrieval.searching import Retriever
from tests.installations import OFFICER, TODAY, a_corpus, an_ingestion


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "annexes").mkdir(parents=True)
    (folder / "order.md").write_text("# Order\n\nThe convoy leaves at six.\n")
    (folder / "annexes" / "guard.txt").write_text("The battalion guards the bridge at Kruisvoorde.\n")
    return folder


@pytest.fixture
def ingestion(tmp_path: Path) -> Ingestion:
    return an_ingestion(tmp_path)


@pytest.fixture
def filled(ingestion: Ingestion, folder: Path) -> Ingestion:
    ingestion.add(folder, a_corpus())
    return ingestion


def found(ingestion: Ingestion, query: str, *, on: date = TODAY, principal: Principal = OFFICER) -> list[str]:
    """Return the texts that a query finds, best first."""
    catalog = ingestion.catalog
    corpora = [corpus.name for corpus in catalog.corpora()]
    scope = scope_for(principal, markings=catalog.markings(), corpora=corpora, on_date=on)
    hits = Retriever(catalog, ingestion.index, ingestion.embedder).search(query, scope=scope)
    return [hit.passage.text for hit in hits]


def ids(ingestion: Ingestion, corpus: str = "plans") -> dict[str, str]:
    """Return the ids of the live documents of a corpus by key."""
    return {one.document.key: one.document.id for one in ingestion.catalog.holdings(corpus) if one.live}


def agree(ingestion: Ingestion) -> bool:
    """Tell whether catalog, index and originals say the same."""
    proof = ingestion.verify()
    assert proof.faults == ()
    return True
