"""Read what small words tie together: from where to where, and what belongs to which name.

Knows nothing of clauses; returns stems."""

import re
from collections.abc import Iterator

from assistant.verifying import deciding
from assistant.verifying.matching import roots
from retrieval.languages import Language

Direction = tuple[int, str]
"""-1: from, 1: to; and a stem or number that follows."""
Belonging = tuple[str, str]
"""A noun and a name beside it."""

_TOKEN = re.compile(r"[^\W_]+(?:[.,]\d+|['’]s\b)*|[^\s\w]")
_FROM = frozenset("from van uit vanuit vanaf".split())
_TO = frozenset("to into onto towards naar aan richting".split())
_FOLLOWING = 2
"""Words after from or to that say where: the forward companies."""
_TIES = frozenset("of at in from for on van te in uit op bij voor".split())


def directions(text: str, language: Language) -> frozenset[Direction]:
    """Return what stands after from and to, so far as a text has both kinds of word or a claim may turn them."""
    return frozenset(_directions(_TOKEN.findall(text), language))


def belongings(text: str, language: Language) -> frozenset[Belonging]:
    """Return the nouns with a name right beside them: surgeons from Norway, Norwegian surgeons, Norway's surgeons."""
    return frozenset(_belongings(_TOKEN.findall(text), language))


def exchanged(said: frozenset[Belonging], read: frozenset[Belonging]) -> list[str]:
    """Return the pairs that are said whose noun has another name where it is read, and whose name another noun."""
    return sorted(
        f"{noun} {name}"
        for noun, name in said - read
        if any(noun == other for other, _ in read) and any(name == other for _, other in read)
    )


def _directions(tokens: list[str], language: Language) -> Iterator[Direction]:
    for at, token in enumerate(tokens):
        way = -1 if token.lower() in _FROM else 1 if token.lower() in _TO else 0
        if not way:
            continue
        taken = 0
        for word in tokens[at + 1 : at + 6]:
            if word.lower() in deciding.PREPOSITIONS or not word[0].isalnum() or taken == _FOLLOWING:
                break
            if stem := _stem(word, language):
                yield way, stem
                taken += 1


def _belongings(tokens: list[str], language: Language) -> Iterator[Belonging]:
    for at, token in enumerate(tokens):
        name = _stem(token, language)
        if not (name and token[0].isupper()):
            continue
        if at + 1 < len(tokens) and tokens[at + 1][0].islower() and (noun := _stem(tokens[at + 1], language)):
            yield noun, name
        before = [word for word in tokens[max(0, at - 4) : at] if word.lower() not in deciding.DETERMINERS]
        if len(before) > 1 and before[-1].lower() in _TIES and (noun := _stem(before[-2], language)):
            yield noun, name


def _stem(word: str, language: Language) -> str:
    return "".join(roots(word, language)[:1]) if word[0].isalnum() else ""
