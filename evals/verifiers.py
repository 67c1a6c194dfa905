"""Measure verifiers on claims with known answers, beside baselines whose thresholds are chosen on other claims.

    python -m evals.verifiers     chooses the threshold of assistant/verifier.json on the parts 'fit' of the sets

Knows verifiers by their seam; loads no model but the embedder that it is handed."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.answers import Verdict
from assistant.verifying import CheckingVerifier, LexicalVerifier, Verifier
from evals.metrics import Aggregate, Statistic, bootstrap
from evals.metrics.intervals import Floats, Truths
from evals.pairs import (
    DEVELOPMENT_PAIRS,
    FIT,
    REPLACED,
    SHIPPED_PAIRS,
    SUPPORTED,
    Pair,
    read_pairs,
    with_a_word_replaced,
)
from retrieval.embedding import Embedder
from retrieval.lexical import stems
from retrieval.sentences import sentence_ranges

_TARGET = Path(__file__).parents[1] / "assistant" / "verifier.json"
_GRID = tuple(round(0.5 + 0.05 * step, 2) for step in range(11))
_TOLERANCE = 0.005
"""Thresholds whose F1 is within this of the best are as good; the strictest of them is taken."""
_SEED = 7

Decision = Callable[[Pair], bool]
"""Says of a pair whether its claim is supported."""
Scorer = Callable[[Pair], float]


@dataclass(frozen=True, slots=True)
class Contender:
    name: str
    decide: Decision
    threshold: float | None = None
    """Chosen on the pairs to fit on; None where there is nothing to choose."""


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    threshold: float | None
    language: str
    """'nl', 'en', or 'all'."""
    measures: Mapping[str, Aggregate]
    """Precision, recall and F1 of 'supported'; then the share of each other label that is caught."""


def contenders(verifier: Verifier, embedder: Embedder, *, fit: Sequence[Pair]) -> list[Contender]:
    """Return the verifier and what it is held against: the strict one, cosine alone, and word overlap alone."""
    return [
        Contender("verifier", _decision(verifier)),
        Contender("strict", _decision(LexicalVerifier())),
        _with_threshold("cosine", lambda pair: cosine(pair, embedder), fit),
        _with_threshold("overlap", overlap, fit),
    ]


def measure(contender: Contender, pairs: Sequence[Pair], *, seed: int, samples: int = 1000) -> list[Measured]:
    """Measure a contender on all pairs, and on those of each language where there are several.

    Precision, recall and F1 are over the pairs of the set; claims with a word replaced count on their own."""
    said = {pair.id: contender.decide(pair) for pair in pairs}
    languages = sorted({pair.language for pair in pairs})
    groups = {"all": list(pairs)} | {
        language: [pair for pair in pairs if pair.language == language] for language in languages if len(languages) > 1
    }
    return [
        Measured(contender.name, contender.threshold, language, _measures(some, said, seed=seed, samples=samples))
        for language, some in groups.items()
    ]


def accepted(decide: Decision, pairs: Sequence[Pair], *, seed: int) -> dict[str, Aggregate]:
    """Return the share of the pairs of each label that is called supported, where labels are no truth to score by."""
    said = np.array([float(decide(pair)) for pair in pairs])
    labels = [pair.label for pair in pairs]
    return bootstrap({label: _only(said, labels, label) for label in dict.fromkeys(labels)}, {}, seed=seed)


def overlap(pair: Pair) -> float:
    """Return the share of the claim's stems that the text has, 0 to 1."""
    claim, text = set(stems(pair.claim, pair.language)), set(stems(pair.text, pair.language))
    return len(claim & text) / len(claim) if claim else 0.0


def cosine(pair: Pair, embedder: Embedder) -> float:
    """Return the largest cosine between the claim and the text or one of its sentences, -1 to 1."""
    sentences = [pair.text[start:end] for start, end in sentence_ranges(pair.text)]
    claim, *others = embedder.embed_passages([pair.claim, pair.text, *sentences])
    return float(max(np.dot(claim, other) for other in others))


def best_threshold(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """Return the threshold with the highest F1 over some scores: one of them; the highest of equals."""
    return max(sorted(set(scores), reverse=True), key=lambda least: _f1([one >= least for one in scores], truth))


def choose_coverage(pairs: Sequence[Pair]) -> tuple[float, dict[str, float]]:
    """Return the strictest of the checking verifier's thresholds with next to the best F1, and the F1 of each."""
    truth = [pair.supported for pair in pairs]
    tried = {
        least: _f1([_decision(CheckingVerifier(coverage=least))(pair) for pair in pairs], truth) for least in _GRID
    }
    best = max(tried.values())
    return max(least for least, value in tried.items() if value >= best - _TOLERANCE), {
        f"{least:.2f}": round(value, 3) for least, value in tried.items()
    }


def pairs_to_fit() -> list[Pair]:
    """Return the pairs that thresholds are chosen on: the parts 'fit' of both shipped sets."""
    return [pair for path in (SHIPPED_PAIRS, DEVELOPMENT_PAIRS) for pair in read_pairs(path) if pair.part == FIT]


def _measures(pairs: Sequence[Pair], said: Mapping[str, bool], *, seed: int, samples: int) -> dict[str, Aggregate]:
    predicted = np.array([said[pair.id] for pair in pairs])
    labels = [pair.label for pair in pairs]
    false = {label for label in labels if label != SUPPORTED}
    truth = np.array([pair.supported for pair in pairs])
    replaced = np.array([label == REPLACED for label in labels])
    known = ~replaced
    both, called, true = predicted & truth, predicted & known, truth & known
    caught = {label: _only(1.0 - predicted, labels, label) for label in sorted(false)}
    statistics = {
        "precision": _ratio(both, called, known),
        "recall": _ratio(both, true, known),
        "f1": Statistic(
            lambda drawn: _divided(2 * int(drawn @ both[known]), int(drawn @ (called * 1 + true)[known])), known
        ),
    }
    told = bootstrap(caught, statistics, seed=seed, samples=samples)
    return {name: told[name] for name in (*statistics, *caught)}


def _ratio(of: Truths, among: Truths, known: Truths) -> Statistic:
    return Statistic(lambda weights: _divided(int(weights @ of[known]), int(weights @ among[known])), known)


def _divided(above: float, below: float) -> float:
    return float(above / below) if below else float("nan")


def _only(values: Floats, labels: Sequence[str], label: str) -> Floats:
    """Return the values of one label, the others as unscored."""
    return np.where(np.array(labels) == label, values, np.nan)


def _decision(verifier: Verifier) -> Decision:
    return lambda pair: verifier.verify(pair.claim, [pair.text]).verdict is Verdict.SUPPORTED


def _with_threshold(name: str, score: Scorer, fit: Sequence[Pair]) -> Contender:
    least = best_threshold([score(pair) for pair in fit], [pair.supported for pair in fit])
    return Contender(name, lambda pair: score(pair) >= least, least)


def _f1(said: Sequence[bool], truth: Sequence[bool]) -> float:
    right = sum(one and other for one, other in zip(said, truth, strict=True))
    return 2 * right / (sum(said) + sum(truth)) if right else 0.0


def main() -> None:
    """Choose the threshold on the parts 'fit' of the shipped sets and write it with its provenance."""
    fit = pairs_to_fit()
    replaced = with_a_word_replaced(fit, seed=_SEED)
    chosen, tried = choose_coverage(fit)
    decide = _decision(CheckingVerifier(coverage=chosen))
    told = {
        "provenance": "python -m evals.verifiers on the parts 'fit' of examples/verifier.jsonl and "
        "examples/verifier-development.jsonl: the strictest threshold "
        f"of those within {_TOLERANCE} of the best F1",
        "pairs": len(fit),
        "F1 by threshold": tried,
        "claims with a word replaced that are accepted": f"{sum(map(decide, replaced))} of {len(replaced)}",
        "parameters": {"coverage": chosen},
    }
    _TARGET.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
