"""Make a follow-up stand on its own, so that a search finds what the conversation is about.

By rule, without a model: what a follow-up leaves out is taken from a question before it, never from an answer."""

import re
from collections.abc import Sequence

from assistant.answers import Turn
from retrieval.lexical import content_words

# Words that point at something said before, and openings that continue a question.
_POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|he|she|his|her|that|those|this|these|one|there|then"
    r"|die|dat|deze|dit|hij|zij|ze|hem|hun|hen|haar|daar|ervan|daarvan|daarvoor|daarmee|erbij|daarbij)\b",
    re.IGNORECASE,
)
_CONTINUES = re.compile(r"^\s*(and|but|or|what about|how about|en|maar|of|hoe zit het met)\b", re.IGNORECASE)
# A question with fewer content words than this cannot name both a subject and what is asked of it.
_FEWEST_WORDS = 2
# In a longer question 'that' and 'die' mostly point at something in the question itself.
_MOST_WORDS_POINTING_BACK = 5


def standalone_query(text: str, history: Sequence[Turn]) -> str:
    """Return the query to search for: the question itself, or preceded by the question that it follows up.

    That is the last one that stands on its own: of two follow-ups in a row, neither names the subject."""
    if not history or not _follows_up(text):
        return text
    asked = [turn.question for turn in history]
    return f"{next((one for one in reversed(asked) if not _follows_up(one)), asked[0])} {text}"


def _follows_up(text: str) -> bool:
    words = content_words(text)
    if len(words) < _FEWEST_WORDS or _CONTINUES.match(text):
        return True
    return len(words) <= _MOST_WORDS_POINTING_BACK and bool(_POINTS_BACK.search(text))
