"""A search finds documents in the other language, and what an acronym stands for, within the scope alone."""

from pathlib import Path

from retrieval.access import scope_for
from retrieval.ingesting import Ingestion
from retrieval.searching import Retriever
from retrieval.terms import Term
from retrieval.vocabulary import Vocabulary
from tests.installations import CLEARED, OFFICER, OPEN, SECRET, TODAY, a_corpus, an_ingestion

VOCABULARY = Vocabulary([Term(("brug",), ("bridge",)), Term(("dicht", "gesloten"), ("closed",))])


def found(
    ingestion: Ingestion, query: str, *, vocabulary: Vocabulary | None = None, cleared: bool = False
) -> list[str]:
    """Return the keys of the documents that share a word with a query, best first."""
    scope = scope_for(
        CLEARED if cleared else OFFICER,
        markings=ingestion.catalog.markings(),
        corpora=[corpus.name for corpus in ingestion.catalog.corpora()],
        on_date=TODAY,
    )
    retriever = Retriever(
        ingestion.catalog,
        ingestion.index,
        ingestion.embedder,
        vocabulary=vocabulary,
        dense_weight=0.0,
        foreign_dense_weight=0.0,
    )
    return [hit.document.key for hit in retriever.search(query, scope=scope)]


def written(tmp_path: Path, **documents: str) -> Ingestion:
    ingestion = an_ingestion(tmp_path)
    for name, text in documents.items():
        (tmp_path / f"{name}.md").write_text(text)
        ingestion.add(tmp_path / f"{name}.md", a_corpus())
    return ingestion


def test_a_dutch_question_finds_an_english_document_by_the_terms(tmp_path: Path) -> None:
    ingestion = written(tmp_path, order="The bridge at the crossing is closed to all vehicles.", menu="Soup is served.")
    assert found(ingestion, "Welke brug is gesloten?") == []
    assert found(ingestion, "Welke brug is gesloten?", vocabulary=VOCABULARY) == ["order.md"]


def test_an_acronym_is_expanded_by_the_document_that_defines_it(tmp_path: Path) -> None:
    ingestion = written(
        tmp_path,
        glossary="The fragmentary order (FRAGO) changes an order.",
        plan="Each fragmentary order is numbered by the staff.",
    )
    assert set(found(ingestion, "Who numbers a FRAGO?")) == {"glossary.md", "plan.md"}


def test_a_definition_that_the_asker_may_not_read_expands_nothing(tmp_path: Path) -> None:
    ingestion = written(tmp_path, plan="Each fragmentary order is numbered by the staff.")
    (tmp_path / "secret.md").write_text("The fragmentary order (FRAGO) changes an order.")
    ingestion.add(tmp_path / "secret.md", a_corpus("secrets", SECRET))
    assert found(ingestion, "Who issues a FRAGO?") == []
    assert set(found(ingestion, "Who issues a FRAGO?", cleared=True)) == {"secret.md", "plan.md"}
    assert OPEN != SECRET
