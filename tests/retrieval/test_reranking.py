"""A reranker changes the order of hits and nothing else."""

from pathlib import Path

import pytest

from retrieval.access import scope_for
from retrieval.embedding import default_embedder_folder
from retrieval.reranking import CrossEncoderReranker, RerankerUnavailable, WordReranker
from retrieval.searching import Retriever
from tests.installations import OFFICER, TODAY, a_corpus, an_ingestion


def test_the_best_word_match_comes_first_whatever_the_fused_order_was(tmp_path: Path) -> None:
    for number, text in enumerate(["Fuel is short.", "The bridge at Kruisvoorde is closed to tanks.", "A bridge."]):
        (tmp_path / f"{number}.md").write_text(text)
    ingestion = an_ingestion(tmp_path / "home")
    for number in range(3):
        ingestion.add(tmp_path / f"{number}.md", a_corpus())
    catalog = ingestion.catalog
    scope = scope_for(OFFICER, markings=catalog.markings(), corpora=["plans"], on_date=TODAY)
    retriever = Retriever(catalog, ingestion.index, ingestion.embedder, reranker=WordReranker())
    hits = retriever.search("Is the Kruisvoorde bridge closed to tanks?", scope=scope)
    assert hits[0].document.key == "1.md"
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert hits[0].score == 1.0


def test_a_folder_without_a_cross_encoder_is_named(tmp_path: Path) -> None:
    with pytest.raises(RerankerUnavailable, match=r"no config\.json"):
        CrossEncoderReranker(tmp_path)


@pytest.mark.models
def test_a_cross_encoder_folder_scores_each_text(tmp_path: Path) -> None:
    """With random weights: what is tested is the way in and out, not the order."""
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    tokenizer = AutoTokenizer.from_pretrained(default_embedder_folder())
    shape = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
    )
    shape.num_labels = 1
    BertForSequenceClassification(shape).save_pretrained(tmp_path)
    reranker = CrossEncoderReranker(tmp_path)
    assert len(reranker.score("Which bridge?", ["The lock bridge.", "Fuel."])) == 2
    assert reranker.score("Which bridge?", []) == []
