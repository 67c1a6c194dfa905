"""Tiny cross-encoders with random weights: what is tested is the way in and out, not what they say."""

from collections.abc import Sequence
from pathlib import Path

from retrieval.embedding import default_embedder_folder


def a_cross_encoder(folder: Path, labels: Sequence[str]) -> None:
    """Write a cross-encoder with one output a label."""
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    tokenizer = AutoTokenizer.from_pretrained(default_embedder_folder())
    shape = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
    )
    shape.id2label = dict(enumerate(labels))
    shape.label2id = {label: number for number, label in enumerate(labels)}
    BertForSequenceClassification(shape).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
