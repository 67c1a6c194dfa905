"""Ask the questions of a set and note the signals, with all documents and with those withheld that answer.

Withholding is leaving hits out: what was searched stays the same, what is told of the others does too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from assistant.answerability import signals
from assistant.bootstrap import Installation
from assistant.quoting import rank_sentences
from assistant.selecting import select
from assistant.settings import Settings
from evals.fitting.sets import Questions
from retrieval.access import Principal, scope_for
from retrieval.catalog import Corpus
from retrieval.embedding import Embedder
from retrieval.index.protocol import Vector

ANSWERABLE, ADVERSARIAL = "answerable", "without an answer"


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


def observe(questions: Questions, home: Path) -> Iterator[Observed]:
    """Yield what is seen of each question, and of each answerable one again without the documents that answer it.

    The installation, under default settings, is made in `home`, or found there."""
    source = questions.source
    installation = Installation(Settings(home=home))
    try:
        corpus = Corpus(source.name, source.name, "", installation.settings.default_marking)
        installation.ingestion.add(questions.documents, corpus)
        scope = scope_for(
            Principal("fit", ((corpus.marking.policy, corpus.marking.level),), "NLD"),
            markings=[corpus.marking],
            corpora=[source.name],
            on_date=date.today(),
        )
        search = installation.settings.search
        embedder = RememberingEmbedder(installation.sentence_embedder)
        for asked in questions.asked:
            query = asked.case.question
            hits = installation.retriever.search(query, scope=scope, limit=search.candidates)
            kept = {ANSWERABLE if asked.case.answerable else ADVERSARIAL: hits}
            for what, keys in asked.withheld.items():
                kept[what] = [hit for hit in hits if hit.document.key not in keys]
            for kind, some in kept.items():
                sentences = rank_sentences(
                    query, select(some, limit=search.limit), embedder=embedder, trust=float(source.model == "known")
                )
                if sentences:
                    measured = signals(query, sentences)
                    yield Observed(source.name, source.model, kind, asked.held_out, measured)
    finally:
        installation.close()
