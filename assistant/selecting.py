"""Turn ranked hits into numbered evidence, and choose which of its sentences fit the model's budget.

Knows nothing of prompts or models: it is handed a token counter."""

from collections.abc import Callable, Sequence

from assistant.answers import Evidence
from assistant.quoting import Sentence
from retrieval.documents import Hit


def select(hits: Sequence[Hit], *, limit: int) -> list[Evidence]:
    """Return the best hits as evidence in order of rank, labelled from 1, at most `limit`."""
    return [
        Evidence(
            label,
            hit.passage,
            hit.document,
            hit.marking,
            hit.language,
            hit.score,
            dated=hit.dated,
            authority=hit.authority,
            via=hit.via,
        )
        for label, hit in enumerate(hits[:limit], start=1)
    ]


def within_budget(
    sentences: Sequence[Sentence], *, budget_tokens: int, count_tokens: Callable[[str], int]
) -> list[Sentence]:
    """Return the sentences that fit the budget, in the order given, which is best first.

    One that does not fit is passed over for shorter ones after it. The first is always taken: a budget smaller than the
    best sentence must not make the answer worse than quoting it."""
    chosen: list[Sentence] = []
    left = budget_tokens
    for sentence in sentences:
        tokens = count_tokens(sentence.text)
        if chosen and tokens > left:
            continue
        left -= tokens
        chosen.append(sentence)
    return chosen
