"""Ask the questions of a set and note the signals, with all documents and with those withheld that answer.

Withholding is leaving hits out: what was searched stays the same, what is told of the others does too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from assistant.answerability import signals
from assistant.quoting import rank_sentences
from assistant.selecting import select
from assistant.settings import SearchSettings
from evals.fitting.sets import Questions
from retrieval.access import Marking, Principal, scope_for
from retrieval.blobs import BlobStore
from retrieval.catalog import Catalog, Corpus
from retrieval.documents import Hit
from retrieval.embedding import Embedder
from retrieval.index import EdgeIndex
from retrieval.index.protocol import Vector
from retrieval.ingesting import Ingestion
from retrieval.searching import Retriever

ANSWERABLE, ADVERSARIAL = "answerable", "without an answer"
_MARKING = Marking("NLD", "Ongerubriceerd")


@dataclass(frozen=True, slots=True)
class Observed:
    """What is seen of a question, and whether what was found answers it."""

    set: str
    model: str
    """Whose parameters apply: 'known' or 'foreign'."""
    kind: str
    """ANSWERABLE, ADVERSARIAL (in the set's own words), or what was withheld."""
    held_out: bool
    signals: dict[str, float]

    @property
    def answerable(self) -> bool:
        return self.kind == ANSWERABLE


class RememberingEmbedder:
    """An embedder that embeds each text once. Sentences come back with every question about their passage."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, Vector] = {}
        self.dimensions, self.fingerprint = embedder.dimensions, embedder.fingerprint

    def embed_query(self, query: str) -> Vector:
        return self._embedder.embed_query(query)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        self._vectors.update(zip(new, self._embedder.embed_passages(new), strict=True))
        return np.stack([self._vectors[text] for text in texts])


def observe(questions: Questions, home: Path, *, embedder: Embedder) -> Iterator[Observed]:
    """Yield what is seen of each question, and of each answerable one again without the documents that answer it.

    The index is made in `home`, or found there."""
    name = questions.source.name
    catalog = Catalog(f"sqlite:///{home / 'catalog.sqlite'}")
    index = EdgeIndex(home / "index", dimensions=embedder.dimensions)
    try:
        ingestion = Ingestion(catalog, index, embedder, BlobStore(home / "blobs"), home / "locks")
        ingestion.add(questions.documents, Corpus(name, name, "", _MARKING))
        retriever = Retriever(catalog, index, embedder, embedder_languages=frozenset({"en"}))
        principal = Principal("fit", (("NLD", "Ongerubriceerd"),), "NLD")
        scope = scope_for(principal, markings=[_MARKING], corpora=[name], on_date=date.today())
        remembering = RememberingEmbedder(embedder)
        trust = 1.0 if questions.source.model == "known" else 0.0
        for asked in questions.asked:
            query = asked.case.question
            hits = retriever.search(query, scope=scope, limit=SearchSettings().candidates)
            kept = {ANSWERABLE if asked.case.answerable else ADVERSARIAL: hits}
            for what, keys in asked.withheld.items():
                kept[what] = [hit for hit in hits if hit.document.key not in keys]
            for kind, some in kept.items():
                measured = _signals(query, some, embedder=remembering, trust=trust)
                if measured:
                    yield Observed(name, questions.source.model, kind, asked.held_out, measured)
    finally:
        index.close()
        catalog.close()


def _signals(query: str, hits: Sequence[Hit], *, embedder: Embedder, trust: float) -> dict[str, float]:
    evidence = select(hits, limit=SearchSettings().limit)
    sentences = rank_sentences(query, evidence, embedder=embedder, trust=trust)
    return signals(query, sentences) if sentences else {}
