"""Measures of rankings: recall, precision, reciprocal rank and nDCG, as trec_eval defines them.

A ranking is distinct item ids, best first; grades say how relevant an item is, and what is not among them is not
relevant. Knows no corpus: `ranked_items` turns the passages of a record into items.

An item is not always a passage. Where a relevant place has a quote, it is a place, or a passage that shows no new one;
each takes a rank of its own. So one passage, ranked first, that shows both of two places gives recall@1 = 0.5 and
recall@2 = 1. Otherwise it is a document: ranks are of distinct documents, and ten passages of one take one rank."""

import math
from collections.abc import Mapping, Sequence

from evals.cases import Relevant
from evals.records import Ranked

PLACE = "place:"


def recall_at(k: int, ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the share of the relevant items that stand among the first k items (trec_eval's recall_k).

    k counts items and not passages, here and below. At least one grade is above 0."""
    relevant = {item for item, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:k])) / len(relevant)


def precision_at(k: int, ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the share of the first k ranks that hold a relevant item; an empty rank holds none (trec_eval's P_k)."""
    return sum(grades.get(item, 0) > 0 for item in ranked[:k]) / k


def reciprocal_rank(k: int, ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return 1 over the rank of the first relevant item, 0 when none is among the first k (Voorhees 1999, TREC-8).

    Its mean over cases is MRR@k."""
    return next((1 / rank for rank, item in enumerate(ranked[:k], start=1) if grades.get(item, 0) > 0), 0.0)


def ndcg_at(k: int, ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return normalised discounted cumulative gain: gain is the grade, discount log2(rank + 1).

    Järvelin & Kekäläinen 2002 in the form of trec_eval's ndcg_cut_k. At least one grade is above 0."""
    best = sorted(grades.values(), reverse=True)
    return _discounted([grades.get(item, 0) for item in ranked[:k]]) / _discounted(best[:k])


def ranked_items(ranking: Sequence[Ranked], relevant: Sequence[Relevant]) -> tuple[list[str], dict[str, int]]:
    """Turn ranked passages into distinct items, and give the relevant items' grades.

    Place by place when a relevant place has a quote: the places that a passage is the first to show become the items
    'place:0', 'place:3', a rank each, in the order of `places`; a passage that shows none, or only places shown before
    it, takes a rank as its own id. What follows a passage that shows two places is thus a rank lower than its passage.
    Otherwise document by document: each document at its first passage, as in BEIR (Thakur et al. 2021); its further
    passages take no rank."""
    if any(one.quote for one in relevant):
        return _places(ranking), {f"{PLACE}{number}": one.grade for number, one in enumerate(relevant)}
    grades: dict[str, int] = {}
    for one in relevant:
        grades[one.document] = max(one.grade, grades.get(one.document, 0))
    return list(dict.fromkeys(passage.document for passage in ranking)), grades


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum(max(gain, 0) / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _places(ranking: Sequence[Ranked]) -> list[str]:
    # A dict keeps order and takes each once. A passage that is ranked twice is one item.
    items: dict[str, None] = {}
    passages: set[str] = set()
    for one in ranking:
        if one.passage not in passages:
            first_shown = [item for number in one.places if (item := f"{PLACE}{number}") not in items]
            items.update(dict.fromkeys(first_shown or [one.passage]))
            passages.add(one.passage)
    return list(items)
