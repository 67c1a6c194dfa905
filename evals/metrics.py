"""Measures of answers and rankings, each a pure function with its definition. Knows no file and no model."""

import math
import random
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A mean with what it rests on."""

    mean: float | None
    """None when no case could be scored."""
    n: int
    unscored: int
    """Cases that the measure does not apply to, or that failed. They are not zeros."""
    low: float | None
    high: float | None
    """95 % interval."""


def recall_at(k: int, ranked: Sequence[Collection[int]], relevant: int) -> float:
    """Return the share of the relevant places that stand among the first k. `ranked` names, for each rank, which."""
    return len({place for places in ranked[:k] for place in places}) / relevant


def ndcg_at(k: int, ranked: Sequence[Collection[int]], relevant: int) -> float:
    """Return normalised discounted cumulative gain with binary gains (Järvelin & Kekäläinen 2002).

    A rank gains 1 when it shows a relevant place that no rank before it showed."""
    seen: set[int] = set()
    gained = 0.0
    for rank, places in enumerate(ranked[:k], start=1):
        if set(places) - seen:
            gained += 1 / math.log2(rank + 1)
            seen |= set(places)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, relevant) + 1))
    return gained / best


def holds_answer(text: str, expected: Sequence[str], forbidden: Sequence[str]) -> float:
    """Return 1 when one of the expected strings stands in the text and none of the forbidden ones, else 0.

    A number stands there only by itself: '60' is not in '160', '600' or '1.60'."""
    right = any(_stands_in(one, text) for one in expected)
    return float(right and not any(_stands_in(one, text) for one in forbidden))


def aggregate(scores: Sequence[float | None], *, seed: int = 0, samples: int = 1000) -> Aggregate:
    """Return the mean of the scored cases and its percentile bootstrap interval (Efron 1979).

    None means unscored."""
    scored = [score for score in scores if score is not None]
    unscored = len(scores) - len(scored)
    if not scored:
        return Aggregate(None, 0, unscored, None, None)
    draw = random.Random(seed)  # noqa: S311 (resampling, not a secret)
    means = sorted(sum(draw.choices(scored, k=len(scored))) / len(scored) for _ in range(samples))
    low, high = means[int(0.025 * samples)], means[int(0.975 * samples) - 1]
    return Aggregate(sum(scored) / len(scored), len(scored), unscored, low, high)


def _stands_in(part: str, text: str) -> bool:
    plain = _plain(part)
    before = r"(?<!\d)(?<!\d[.,:])" if plain[:1].isdigit() else ""
    after = r"(?!\d|[.,:]\d)" if plain[-1:].isdigit() else ""
    return re.search(before + re.escape(plain) + after, _plain(text)) is not None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
