"""Combine the rankings of several searches into one. Pure: knows scores and ids, no engine and no text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.documents import Via
from retrieval.index.protocol import Scored

# BM25 gives 0 to what shares no word with the query. Of a cosine no passage comes near the lowest there could be, so
# that the lowest found has to do.
_LOWEST = {"bm25": 0.0}


@dataclass(frozen=True, slots=True)
class Fused:
    id: str
    score: float
    """0 to 1: what it has of the best that each search found."""
    via: tuple[Via, ...]


def convex_combination(rankings: Mapping[str, Sequence[Scored]], *, weights: Mapping[str, float]) -> list[Fused]:
    """Score each id by the weighted mean of its scores, each brought to 0..1 within its search; best first, ties by id.

    What a search did not find counts 0 in it. Bruch, Gai & Ingber 2023, "An Analysis of Fusion Functions for Hybrid
    Retrieval". Weights need not sum to 1; one of them is above 0."""
    found: dict[str, list[tuple[Via, float]]] = {}
    for search, ranking in rankings.items():
        scaled = _scaled([scored.score for scored in ranking], lowest=_LOWEST.get(search))
        for rank, (scored, share) in enumerate(zip(ranking, scaled, strict=True), start=1):
            found.setdefault(scored.id, []).append((Via(search, rank, scored.score), share))
    total = sum(weights[search] for search in rankings)
    fused = [
        Fused(
            identifier, sum(weights[via.search] * share for via, share in vias) / total, tuple(via for via, _ in vias)
        )
        for identifier, vias in found.items()
    ]
    return sorted(fused, key=lambda one: (-one.score, one.id))


def _scaled(scores: Sequence[float], *, lowest: float | None) -> list[float]:
    """Bring scores to 0..1: the highest becomes 1, `lowest` (None: the lowest of them) 0."""
    if not scores:
        return []
    low, high = min(scores) if lowest is None else lowest, max(scores)
    return [(score - low) / (high - low) if high > low else 1.0 for score in scores]
