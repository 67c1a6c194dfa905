"""Estimate how likely it is that the evidence answers the question.

A logistic model over what quoting measured. Its parameters are data in `answerability.json`, with their provenance;
`evals/fitting.py` makes that file. Knows nothing of what is done with the probability."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.quoting import Sentence


@dataclass(frozen=True, slots=True)
class Signals:
    """What the estimate looks at."""

    best: float
    """Score of the best sentence: similarity, words and context together. About 0 to 2."""
    similarity: float
    """Largest cosine between the question and a sentence, -1 to 1."""


def signals(sentences: Sequence[Sentence]) -> Signals:
    """Read the signals off ranked sentences, of which there must be one at least."""
    return Signals(sentences[0].score, max(sentence.similarity for sentence in sentences))


def answerability(sentences: Sequence[Sentence], *, trust: float) -> float:
    """Return the probability, 0 to 1, that the evidence these sentences are from answers the question.

    `trust`: 0 when the embedder does not know the question's language, which has parameters of its own."""
    if not sentences:
        return 0.0
    measured, weights = signals(sentences), _parameters()["known" if trust else "foreign"]
    total = weights["intercept"] + weights["best"] * measured.best + weights["similarity"] * measured.similarity
    return 1 / (1 + math.exp(-total))


@cache
def _parameters() -> Mapping[str, Mapping[str, float]]:
    text = files("assistant").joinpath("answerability.json").read_text(encoding="utf-8")
    parameters: Mapping[str, Mapping[str, float]] = json.loads(text)["parameters"]
    return parameters
