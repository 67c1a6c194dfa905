"""Turn ranked hits into numbered evidence that fits the model's budget.

Knows nothing of prompts or models: it is handed a token counter."""

from collections.abc import Callable, Sequence

from assistant.answers import Evidence
from retrieval.documents import Hit


def select(hits: Sequence[Hit], *, budget_tokens: int, count_tokens: Callable[[str], int]) -> list[Evidence]:
    """Return whole passages in order of rank, labelled from 1, as many as fit the budget.

    A passage that does not fit is passed over for shorter ones after it. The first is always taken: a budget smaller
    than the best passage must not make the answer worse than quoting it."""
    evidence: list[Evidence] = []
    left = budget_tokens
    for hit in hits:
        tokens = count_tokens(hit.passage.text)
        if evidence and tokens > left:
            continue
        left -= tokens
        evidence.append(
            Evidence(
                len(evidence) + 1,
                hit.passage,
                hit.document,
                hit.marking,
                hit.language,
                hit.score,
                dated=hit.dated,
                authority=hit.authority,
            )
        )
    return evidence
