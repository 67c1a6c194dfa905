"""Show what says the same once: passages with the same words in the same order, whatever their markup and case.

Passages that differ in one number or one name are not the same: that difference may be what the asker needs to see.
Knows nothing of scores."""

import re
from collections.abc import Hashable
from datetime import date

from retrieval.catalog import Found
from retrieval.folding import fold

_WORD = re.compile(r"[-−]?\d+(?:[.,:]\d+)*|[^\W_]+")


def same_words(found: Found) -> Hashable:
    """Return a value that passages share when they have the same words and numbers in the same order."""
    # A passage of signs alone is the same as its own text only.
    return tuple(_WORD.findall(fold(found.passage.text))) or found.passage.text


def newest(found: list[Found]) -> Found:
    """Return the one that came into force last, of those without a date the first; a date is newer than none."""
    return max(found, key=lambda one: one.dated or date.min)
