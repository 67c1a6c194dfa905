"""Make words whole that were broken at the end of a line.

Whether a hyphen belongs to the word ('AI-systeem') or only to the break ('inter-national'), the rest of the document
knows best; after that, capitals, digits and addresses keep theirs. Knows no file format and no word list."""

import re
from collections import Counter
from collections.abc import Iterable

HYPHEN = "\x02"
"""In a line: a word was broken here, and its two parts are joined."""

_WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")
_ADDRESS = re.compile(r"[/@_]|\.\w")
_BROKEN = re.compile(r"(?<=\w)-\n(?=\w)")


def join_lines(paragraph: str) -> str:
    """Join each line of a paragraph that ends in a hyphen to the next, and mark where."""
    return _BROKEN.sub(HYPHEN, paragraph)


def known_words(lines: Iterable[str]) -> Counter[str]:
    """Count the whole words of a document, as `mend` wants to know them."""
    known: Counter[str] = Counter()
    for line in lines:
        whole = (token for token in line.split() if HYPHEN not in token)
        known.update(word.lower() for token in whole for word in _WORD.findall(token))
    return known


def mend(text: str, known: Counter[str]) -> str:
    """Return a text with its broken words made whole."""
    if HYPHEN not in text:
        return text
    return "\n".join(" ".join(_joined(token, known) for token in line.split(" ")) for line in text.split("\n"))


def _joined(token: str, known: Counter[str]) -> str:
    whole, *rest = token.split(HYPHEN)
    for part in rest:
        whole += ("-" if _keeps_hyphen(whole, part, known) else "") + part
    return whole


def _keeps_hyphen(left: str, right: str, known: Counter[str]) -> bool:
    before, after = _WORD.findall(left)[-1:], _WORD.findall(right)[:1]
    if not before or not after:
        return True
    together, apart = (before[0] + after[0]).lower(), f"{before[0]}-{after[0]}".lower()
    if known[together] != known[apart]:
        return known[apart] > known[together]
    is_name = before[0][-1].isdigit() or before[0].isupper() or not after[0][0].islower()
    return is_name or bool(_ADDRESS.search(left + right))
