"""Put hits in a better order by reading query and passage together.

`CrossEncoderReranker` runs any sentence-transformers cross-encoder folder on this machine; `WordReranker` is a double.
Without a reranker the fused order stands. Knows nothing of the index."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from retrieval.crossencoders import LazyCrossEncoder
from retrieval.errors import StafwijzerError
from retrieval.lexical import content_words


class Reranker(Protocol):
    """Scores passages for a query. Safe to call from several threads."""

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one score for each text, in their order; higher is better, comparable within one call only."""


class RerankerUnavailable(StafwijzerError):
    """The reranking model cannot be loaded."""


class CrossEncoderReranker:
    """A cross-encoder from a folder in sentence-transformers' format."""

    def __init__(self, folder: Path) -> None:
        """Look at the folder; the weights are loaded when first needed. Raises RerankerUnavailable."""
        if not (folder / "config.json").is_file():
            raise RerankerUnavailable(
                f"{folder} is not a cross-encoder's folder (it has no config.json).",
                hint="Set search.reranker to the folder of such a model, or leave it out.",
            )
        self._model = LazyCrossEncoder(
            folder,
            unavailable=lambda reason: RerankerUnavailable(
                f"The reranking model in {folder} cannot be loaded ({reason}).",
                hint="Copy the model's folder again and compare its checksums.",
            ),
        )

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        if not texts:
            return []
        return [float(score) for score in self._model.scores([(query, text) for text in texts])]


class WordReranker:
    """A double: the share of the query's words that stand in the text."""

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        asked = set(content_words(query))
        return [len(asked & set(content_words(text))) / max(1, len(asked)) for text in texts]
