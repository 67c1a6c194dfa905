"""Estimate how likely it is that the evidence answers the question.

A logistic model over what search and quoting measured. Its parameters are data in `answerability.json`, with their
provenance and their worth on held-out sets; `python -m evals.fitting` makes that file. Knows nothing of what is done
with the probability."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from assistant.answers import Evidence
from assistant.asking import names
from assistant.quoting import Sentence

_CODE = re.compile(r"\w*\d\w*")
# The best passage is compared with so many after it.
_FOLLOWERS = 5


def signals(query: str, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Read off ranked sentences, of which there must be one at least, what the estimate looks at.

    best: score of the best sentence, about 0 to 3. similarity: largest cosine of a sentence, -1 to 1. passage: largest
    cosine of a passage. meaning margin: by how much that is above the mean of the five next. words margin: the same of
    BM25, as a share of the largest. names absent: share of the question's names, codes and years that the passage which
    has most of them lacks."""
    evidence = list({sentence.evidence.label: sentence.evidence for sentence in sentences}.values())
    dense, bm25 = _scores(evidence, "dense"), _scores(evidence, "bm25")
    return {
        "best": sentences[0].score,
        "similarity": max(sentence.similarity for sentence in sentences),
        "passage": dense[0] if dense else 0.0,
        "meaning margin": _margin(dense),
        "words margin": _margin(bm25) / bm25[0] if bm25 and bm25[0] else 0.0,
        "names absent": min(_absent(query, one) for one in evidence),
    }


def answerability(query: str, sentences: Sequence[Sentence], *, trust: float) -> float:
    """Return the probability, 0 to 1, that the evidence these sentences are from answers the question.

    `trust`: 0 when the embedder does not know the question's language, which has parameters of its own."""
    if not sentences:
        return 0.0
    return probability(signals(query, sentences), _parameters()["known" if trust else "foreign"])


def probability(measured: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the logistic of the weighted signals. A signal without a weight does not count."""
    total = weights["intercept"] + sum(weights.get(name, 0.0) * value for name, value in measured.items())
    return 1 / (1 + math.exp(-total))


def _scores(evidence: Sequence[Evidence], search: str) -> list[float]:
    return sorted((via.score for one in evidence for via in one.via if via.search == search), reverse=True)


def _margin(scores: Sequence[float]) -> float:
    """Return how far the first of descending scores is above the mean of those that follow it; 0 when none does."""
    after = scores[1 : 1 + _FOLLOWERS]
    return scores[0] - sum(after) / len(after) if after else 0.0


def _absent(query: str, evidence: Evidence) -> float:
    wanted = names(query) | set(_CODE.findall(query.casefold()))
    text = f"{evidence.document.title} {evidence.passage.heading} {evidence.passage.text}".casefold()
    return sum(name not in text for name in wanted) / len(wanted) if wanted else 0.0


@cache
def _parameters() -> Mapping[str, Mapping[str, float]]:
    text = files("assistant").joinpath("answerability.json").read_text(encoding="utf-8")
    parameters: Mapping[str, Mapping[str, float]] = json.loads(text)["parameters"]
    return parameters
