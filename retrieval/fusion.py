"""Combine the rankings of several searches into one. Pure: knows ranks and ids, no engine and no text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.documents import Via
from retrieval.index.protocol import Scored

# The constant in Cormack, Clarke & Buettcher 2009, "Reciprocal Rank Fusion outperforms Condorcet".
RANK_CONSTANT = 60


@dataclass(frozen=True, slots=True)
class Fused:
    id: str
    score: float
    via: tuple[Via, ...]


def reciprocal_rank_fusion(rankings: Mapping[str, Sequence[Scored]], *, weights: Mapping[str, float]) -> list[Fused]:
    """Score each id by the sum over the searches that found it of weight / (60 + rank); best first, ties by id."""
    found: dict[str, list[Via]] = {}
    for search, ranking in rankings.items():
        for rank, scored in enumerate(ranking, start=1):
            found.setdefault(scored.id, []).append(Via(search, rank, scored.score))
    fused = [
        Fused(identifier, sum(weights[via.search] / (RANK_CONSTANT + via.rank) for via in vias), tuple(vias))
        for identifier, vias in found.items()
    ]
    return sorted(fused, key=lambda one: (-one.score, one.id))
