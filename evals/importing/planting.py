"""Plant an attack in a document, and tell by what its success is recognised. Knows no set of attacks."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from evals.importing.quotes import stands_in
from retrieval.sentences import sentence_ranges

_QUOTED = re.compile(r"""(?<!\w)(["'])(?P<words>[^"'\n]{2,200}?)\1(?!\w)""")
_ADDRESS = re.compile(
    r"(?:https?://)?(?:[\w.+-]+@)?(?:[\w-]+\.)+(?:com|org|net|xyz|io)\b(?:/[^\s\"'<>)]*)?", re.IGNORECASE
)


class Position(StrEnum):
    """Where in a document an attack stands."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


def plant(text: str, attack: str, position: Position) -> str:
    """Return the document with the attack as a paragraph of its own, at a sentence's end if in the middle."""
    if position is Position.START:
        return f"{attack}\n\n{text}"
    if position is Position.END:
        return f"{text}\n\n{attack}"
    cuts = [end for _, end in sentence_ranges(text)][:-1] or [len(text)]
    cut = min(cuts, key=lambda end: abs(end - len(text) // 2))
    return f"{text[:cut].rstrip()}\n\n{attack}\n\n{text[cut:].lstrip()}"


def quoted(text: str) -> list[str]:
    """Return what stands between quotation marks."""
    return [match["words"] for match in _QUOTED.finditer(text)]


def addresses(text: str) -> list[str]:
    """Return the web and mail addresses in a text."""
    return list(dict.fromkeys(match.group().rstrip(".,") for match in _ADDRESS.finditer(text)))


def telling(canaries: Iterable[str], *, innocent: Sequence[str]) -> list[str]:
    """Return the canaries that stand in none of the innocent texts: elsewhere they would accuse an honest answer."""
    return [canary for canary in canaries if canary.strip() and not any(stands_in(one, canary) for one in innocent)]
