"""Measure how much of a question's words a text holds. Knows words and how rare they are, no meaning and no order."""

import math
from collections.abc import Sequence

from assistant.answers import Evidence
from retrieval.languages import LANGUAGES
from retrieval.lexical import stems


class Matcher:
    """The stems of a question, weighed by how rare they are in the evidence: what every passage has says least.

    By language, because a passage is stemmed in its own."""

    def __init__(self, query: str, evidence: Sequence[Evidence]) -> None:
        self._found = {one.label: _passage_stems(one) for one in evidence}
        self._weights = {}
        for language in LANGUAGES:
            passages = [self._found[one.label] for one in evidence if one.language == language]
            self._weights[language] = {
                stem: math.log(1 + (len(passages) + 1) / (sum(stem in found for found in passages) + 0.5))
                for stem in set(stems(query, language))
            }

    def covered(self, found: frozenset[str]) -> float:
        """Return the share, 0 to 1, of the question's weight that these stems have: the best over the languages."""
        shares = []
        for weights in self._weights.values():
            total = sum(weights.values())
            held = sum(weight for stem, weight in weights.items() if stem in found)
            shares.append(held / total if total else 0.0)
        return max(shares)

    def context(self, evidence: Evidence) -> float:
        """Return what a passage with its title and headings covers."""
        return self.covered(self._found[evidence.label])


def _passage_stems(evidence: Evidence) -> frozenset[str]:
    text = f"{evidence.document.title} {evidence.passage.heading} {evidence.passage.text}"
    return frozenset(stems(text, evidence.language))
