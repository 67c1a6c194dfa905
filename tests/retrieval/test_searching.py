"""A search finds documents in the other language, and what an acronym stands for, within the scope alone."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from retrieval.access import scope_for
from retrieval.ingesting import Ingestion
from retrieval.languages import LANGUAGES, Language
from retrieval.lexical import Also, content_words, encode_passage, encode_query
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


def test_a_word_that_no_list_has_finds_its_cognate(tmp_path: Path) -> None:
    ingestion = written(tmp_path, museum="A colonial collection is described.", menu="Soup is served.")
    assert found(ingestion, "Wat is koloniale herkomst?") == []
    assert found(ingestion, "Wat is koloniale herkomst?", vocabulary=VOCABULARY) == ["museum.md"]


def test_what_says_the_same_is_returned_once(tmp_path: Path) -> None:
    ingestion = written(
        tmp_path,
        first="The bridge carries 60 tonnes.",
        second="The **bridge** carries 60 tonnes!",
        third="The bridge carries 70 tonnes.",
    )
    keys = found(ingestion, "How much does the bridge carry?")
    assert len(keys) == 2
    assert "third.md" in keys


@given(
    st.lists(
        st.sampled_from(["brug", "route", "convoy", "OPORD", "C-130", "waterleiding", "Wat", "is", "of"]), min_size=1
    ),
    st.sampled_from(LANGUAGES),
)
def test_a_query_keeps_its_own_words_whatever_is_asked_besides(words: list[str], language: Language) -> None:
    query = " ".join(words)
    plain = encode_query(query)
    more = encode_query(query, also=[Also("bridge supply", "en", 1.0), Also("brug", "nl", 0.1)])
    weights = dict(zip(more.indices, more.values, strict=True))
    assert all(weights[index] >= value for index, value in zip(plain.indices, plain.values, strict=True))
    passage = encode_passage(query, language)
    if content_words(query):
        assert set(passage.indices) & set(more.indices)


@given(st.text(max_size=200))
def test_no_text_is_too_odd_to_be_translated_and_encoded(text: str) -> None:
    for language in LANGUAGES:
        also = [Also(target, "en", 1.0) for one in VOCABULARY.render(text, language) for target in one.targets]
        encode_query(text, also=also)
