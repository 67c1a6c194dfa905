"""Find the passages that speak to a query, within a scope.

One request to the index searches by meaning and by words, the scope's filter inside; the two rankings are fused and,
where a reranker is set, reranked; the catalog checks every passage again before its text leaves. Knows nothing of
questions, prompts or answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from retrieval.access import Scope
from retrieval.catalog import Catalog, Found
from retrieval.consistency import IndexMismatch, check_index, check_maker
from retrieval.documents import Hit
from retrieval.embedding import Embedder
from retrieval.fusion import Fused, convex_combination
from retrieval.index.protocol import Index, PointFilter
from retrieval.languages import Language, detect_language
from retrieval.lexical import encode_query
from retrieval.reranking import Reranker


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
    reranker: Reranker | None = None
    reranked: int = 24
    """How many of the best fused hits the reranker reads."""

    def search(self, query: str, *, scope: Scope, limit: int = 8) -> list[Hit]:
        """Return at most `limit` hits, best first; [] when nothing in the scope shares anything with the query.

        The same text is returned once, however many documents hold it. Raises IndexUnavailable or IndexMismatch."""
        if not query.strip() or not scope.corpora or not scope.markings:
            return []
        check_maker(self.catalog, self.embedder)
        within = PointFilter(scope.corpora, scope.markings, scope.on_date.toordinal(), self.catalog.not_live_in_index())
        found = self.index.search(
            dense=self.embedder.embed_query(query), sparse=encode_query(query), within=within, limit=self.candidates
        )
        if not found.dense and self.catalog.has_passages(scope=scope):
            # A filtered nearest-neighbour search finds something whenever anything is in scope.
            check_index(self.catalog, self.index, self.embedder)
            raise IndexMismatch(
                "The index does not hold the passages that the catalog lists.",
                hint="Run `stafwijzer corpus reindex` to rebuild it from the catalog.",
            )
        weights = self._weights(query)
        rankings = {"dense": found.dense, "bm25": found.sparse}
        fused = convex_combination({name: rankings[name] for name in weights}, weights=weights)
        # Twice the limit: some may turn out to be the same text, or gone from the catalog a moment ago.
        considered = fused[: max(2 * limit, self.reranked if self.reranker else 0)]
        readable = self.catalog.passages([one.id for one in considered], scope=scope)
        return list(_hits(self._reranked(query, considered, readable), readable, limit))

    def _reranked(self, query: str, fused: list[Fused], readable: Mapping[str, Found]) -> list[Fused]:
        if self.reranker is None:
            return fused
        read = [one for one in fused if one.id in readable][: self.reranked]
        scores = self.reranker.score(query, [readable[one.id].passage.text for one in read])
        rescored = [replace(one, score=score) for one, score in zip(read, scores, strict=True)]
        return sorted(rescored, key=lambda one: (-one.score, one.id))

    def _weights(self, query: str) -> Mapping[str, float]:
        known = detect_language(query) in self.embedder_languages
        dense = self.dense_weight if known else min(self.dense_weight, self.foreign_dense_weight)
        return {name: weight for name, weight in (("dense", dense), ("bm25", self.bm25_weight)) if weight}


def _hits(fused: list[Fused], readable: Mapping[str, Found], limit: int) -> Iterator[Hit]:
    seen: set[str] = set()
    for one in fused:
        found = readable.get(one.id)
        text = " ".join(found.passage.text.split()) if found else ""
        if found is None or text in seen:
            continue
        seen.add(text)
        yield Hit(
            found.passage,
            found.document,
            found.marking,
            found.language,
            one.score,
            len(seen),
            one.via,
            dated=found.dated,
            authority=found.authority,
        )
        if len(seen) == limit:
            return
