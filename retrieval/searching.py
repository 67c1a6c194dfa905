"""Find the passages that speak to a query, within a scope.

One request to the index searches by meaning and by words, in the query's language and the other one, the scope's filter
inside; the two rankings are fused and, where a reranker is set, reranked; the catalog checks every passage again before
its text leaves. Where the passages found say what an acronym stands for, there is a second request. Knows nothing of
questions, prompts or answers."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from retrieval.access import Scope
from retrieval.acronyms import expansions
from retrieval.catalog import Catalog, Found
from retrieval.cognates import cognates
from retrieval.consistency import IndexMismatch, check_index, check_maker
from retrieval.documents import Hit
from retrieval.duplicates import newest, same_words
from retrieval.embedding import Embedder, between
from retrieval.fusion import Fused, convex_combination
from retrieval.index.protocol import Index, PointFilter, Vector
from retrieval.languages import LANGUAGES, Language, detect_language
from retrieval.lexical import Also, encode_query
from retrieval.reranking import Reranker
from retrieval.vocabulary import Rendered, Vocabulary, gloss

# What a word counts that is the first translation of the query's, the second half of it, and so on.
_TRANSLATED = 1.0
_MOST_TARGETS = 3
# What a guess at a word counts that no list has. 0.4 to 1 are within 0.01 of each other (DECISIONS).
_GUESSED = 0.7
# What the other form of an acronym counts, and in how many of the best passages it may be defined.
_EXPANDED = 0.7
_DEFINING = 40


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query as it is searched for."""

    query: str
    language: Language
    dense: Vector
    also: tuple[Also, ...]


@dataclass(frozen=True, slots=True)
class Retriever:
    catalog: Catalog
    index: Index
    embedder: Embedder
    candidates: int = 100
    """How many results each of the two searches contributes."""
    embedder_languages: frozenset[Language] = frozenset({"nl", "en"})
    """What the embedding model understands."""
    dense_weight: float = 0.45
    """What the ranking by meaning counts. 0: it is not used."""
    bm25_weight: float = 1.0
    """What the ranking by words counts. 0: it is not used."""
    foreign_dense_weight: float = 0.28
    """What the dense ranking counts for a query in a language that the embedder does not know."""
    vocabulary: Vocabulary | None = None
    """What makes a query find documents in the other language. None: they are found by the words that both share."""
    reranker: Reranker | None = None
    reranked: int = 24
    """How many of the best fused hits the reranker reads."""

    def search(self, query: str, *, scope: Scope, limit: int = 8) -> list[Hit]:
        """Return at most `limit` hits, best first; [] when nothing in the scope shares anything with the query.

        Passages with the same words are returned once, the newest of them. Raises IndexUnavailable or IndexMismatch."""
        if not query.strip() or not scope.corpora or not scope.markings:
            return []
        check_maker(self.catalog, self.embedder)
        asked = self._asked(query)
        fused, readable = self._find(asked, scope=scope, limit=limit)
        if more := self._expansions(query, fused, readable):
            fused, readable = self._find(replace(asked, also=(*asked.also, *more)), scope=scope, limit=limit)
        return list(_hits(self._reranked(query, fused, readable), readable, limit))

    def _find(self, asked: _Asked, *, scope: Scope, limit: int) -> tuple[list[Fused], Mapping[str, Found]]:
        """Return the best of the fused rankings, and of them what the catalog lets be read."""
        within = PointFilter(scope.corpora, scope.markings, scope.on_date.toordinal(), self.catalog.not_live_in_index())
        sparse = encode_query(asked.query, also=asked.also)
        found = self.index.search(dense=asked.dense, sparse=sparse, within=within, limit=self.candidates)
        if not found.dense and self.catalog.has_passages(scope=scope):
            # A filtered nearest-neighbour search finds something whenever anything is in scope.
            check_index(self.catalog, self.index, self.embedder)
            raise IndexMismatch(
                "The index does not hold the passages that the catalog lists.",
                hint="Run `stafwijzer corpus reindex` to rebuild it from the catalog.",
            )
        rankings = {"dense": found.dense, "bm25": found.sparse}
        weights = self._weights(asked.language)
        fused = convex_combination({name: rankings[name] for name in weights}, weights=weights)
        # Twice the limit: some may turn out to be the same text, or gone from the catalog a moment ago.
        considered = fused[: max(2 * limit, _DEFINING, self.reranked if self.reranker else 0)]
        return considered, self.catalog.passages([one.id for one in considered], scope=scope)

    def _asked(self, query: str) -> _Asked:
        language = detect_language(query)
        rendered = self.vocabulary.render(query, language) if self.vocabulary else []
        other: Language = "en" if language == "nl" else "nl"
        also = tuple(more for one in rendered for more in _in(other, one))
        dense = self.embedder.embed_query(query)
        if rendered and language not in self.embedder_languages and other in self.embedder_languages:
            dense = between(dense, self.embedder.embed_query(gloss(rendered)))
        return _Asked(query, language, dense, also)

    def _expansions(self, query: str, fused: Sequence[Fused], readable: Mapping[str, Found]) -> list[Also]:
        found = [readable[one.id] for one in fused[:_DEFINING] if one.id in readable]
        long = expansions(query, (one.passage.text for one in found))
        return [Also(text, language, _EXPANDED) for text in long for language in LANGUAGES]

    def _reranked(self, query: str, fused: list[Fused], readable: Mapping[str, Found]) -> list[Fused]:
        if self.reranker is None:
            return fused
        read = [one for one in fused if one.id in readable][: self.reranked]
        scores = self.reranker.score(query, [readable[one.id].passage.text for one in read])
        rescored = [replace(one, score=score) for one, score in zip(read, scores, strict=True)]
        return sorted(rescored, key=lambda one: (-one.score, one.id))

    def _weights(self, language: Language) -> Mapping[str, float]:
        known = language in self.embedder_languages
        dense = self.dense_weight if known else min(self.dense_weight, self.foreign_dense_weight)
        return {name: weight for name, weight in (("dense", dense), ("bm25", self.bm25_weight)) if weight}


def _in(other: Language, one: Rendered) -> Iterator[Also]:
    """Yield what a stretch of a query may be called in the other language."""
    for rank, target in enumerate(one.targets[:_MOST_TARGETS]):
        yield Also(target, other, _TRANSLATED / (1 + rank))
    if not one.targets:
        for guess in cognates(one.source, "nl" if other == "en" else "en"):
            yield Also(guess, other, _GUESSED)


def _hits(fused: Iterable[Fused], readable: Mapping[str, Found], limit: int) -> Iterator[Hit]:
    """Yield hits, those that say the same once: the newest, in the place of the best."""
    alike: dict[Hashable, list[tuple[Fused, Found]]] = {}
    for one in fused:
        if found := readable.get(one.id):
            alike.setdefault(same_words(found), []).append((one, found))
    for rank, group in enumerate(islice(alike.values(), limit), start=1):
        best, found = group[0][0], newest([found for _, found in group])
        yield Hit(
            found.passage,
            found.document,
            found.marking,
            found.language,
            best.score,
            rank,
            best.via,
            found.dated,
            found.authority,
        )
