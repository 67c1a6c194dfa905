"""Let an embedding model that reads one language place passages in the other.

A passage that the model cannot read is embedded as it is and as a word-by-word gloss; its vector lies between the two:
names count as they are spelled, the rest by what it means. Knows nothing of the index, and leaves queries alone."""

import hashlib
from collections.abc import Sequence

from retrieval.embedding import Embedder, between
from retrieval.index.protocol import Vector
from retrieval.languages import Language, detect_language
from retrieval.terms import packaged_terms
from retrieval.vocabulary import Vocabulary, gloss

_VERSION = 1


class GlossingEmbedder:
    """An embedder that glosses the passages that the one inside cannot read, by the packaged terms.

    An owner's terms are left out: with each change of them all vectors would have to be made again."""

    def __init__(self, inside: Embedder, *, languages: frozenset[Language]) -> None:
        """`languages` are what the one inside reads."""
        self._inside = inside
        self._languages = languages
        self._vocabulary = Vocabulary(packaged_terms())
        self.dimensions = inside.dimensions
        # What the terms gloss is in the vectors.
        told = f"{_VERSION} {sorted(languages)} {packaged_terms()}"
        self.fingerprint = f"{inside.fingerprint}-gloss-{hashlib.sha256(told.encode()).hexdigest()[:8]}"

    def embed_query(self, query: str) -> Vector:
        return self._inside.embed_query(query)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        vectors = self._inside.embed_passages(texts)
        glossed = {place: told for place, text in enumerate(texts) if (told := self._gloss(text))}
        if not glossed:
            return vectors
        places, mixed = list(glossed), vectors.copy()
        mixed[places] = between(vectors[places], self._inside.embed_passages(list(glossed.values())))
        return mixed

    def _gloss(self, text: str) -> str:
        """Return the gloss of a text that the model cannot read; '' when it can, or when there are no words."""
        language = detect_language(text)
        return "" if language in self._languages else gloss(self._vocabulary.render(text, language))
