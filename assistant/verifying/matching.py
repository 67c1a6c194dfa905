"""Say how well a text has each word of a claim: the same stem, a word that means it, a part of a compound, or nothing.

Word groups are data in `assistant/wordlist.json`. Works on stems; knows nothing of clauses or verdicts."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from retrieval.languages import Language
from retrieval.lexical import stems

EXACT, MEANT, PART, NOTHING = 1.0, 0.9, 0.6, 0.0
"""What a word counts: the text has its stem; a word of its group; a word it is derived from or compounded with; none.

Set by hand, in the order of what they prove; the threshold that uses them is fitted."""

_LEAST_VERB = 3
_LEAST_PART = 4
"""Characters of the shorter part of a Dutch compound: 'brug' in 'noodbrug'."""
_LEAST_ROOT = 5
"""Characters that two derivations of a word have in common at least."""
_ROOT_SHARE = 0.6
_LONG_VOWEL = re.compile(r"([aeou])\1(?=[^aeiou]$)")
_LINKS = ("", "s", "e", "en")
"""What joins the parts of a Dutch compound."""
_OPPOSING = ("on", "un", "in", "im", "dis", "non", "niet", "anti", "ont", "her", "tegen")
"""A word with one of these before it is another word."""


@dataclass(frozen=True, slots=True)
class _Groups:
    of: Mapping[str, frozenset[int]]
    """Groups of each stem."""
    carriers: frozenset[str]
    opposites: Mapping[str, frozenset[str]]


def roots(text: str, language: Language) -> list[str]:
    """Return the stems of a text, those of long Dutch words in one spelling: controleer-t and controler-en are one."""
    found = stems(text, language)
    return found if language == "en" else [_LONG_VOWEL.sub(r"\1", one) if len(one) >= 6 else one for one in found]


def found(word: str, text: Collection[str], language: Language) -> float:
    """Return how well a text, given as its stems, has the word of this stem: EXACT, MEANT, PART or NOTHING."""
    if word in text:
        return EXACT
    groups = _groups(language)
    if word in groups.carriers:
        return MEANT
    mine = groups.of.get(word, frozenset())
    if mine and any(mine & groups.of.get(other, frozenset()) for other in text):
        return MEANT
    if any(_derived(word, other) for other in text) or (language == "nl" and _compounded(word, tuple(text))):
        return PART
    return NOTHING


def found_apart(word: str, text: Collection[str], *, here: Collection[str], there: Collection[str]) -> float:
    """Return MEANT for a Dutch separable verb whose particle stands apart on one side, else NOTHING.

    `here` and `there`: the words beside the claim's verb and the text's that may be such particles. 'Terugbetaald' is
    said by 'betaalde ... terug', and the other way round; so is the particle itself."""
    rests = {rest for particle in there for rest in _rests(word, particle)}
    joined = {rest for particle in here for other in text for rest in _rests(other, particle)}
    if any(found(rest, text, "nl") for rest in rests) or (joined and found(word, joined, "nl")):
        return MEANT
    return MEANT if word in here and any(other.startswith(word) for other in text) else NOTHING


def opposed(words: Collection[str], text: Collection[str], language: Language) -> list[str]:
    """Return the words that the text lacks and whose opposite it has."""
    opposites = _groups(language).opposites
    return [word for word in words if word not in text and opposites.get(word, frozenset()) & set(text)]


def _rests(word: str, particle: str) -> list[str]:
    """Return a verb without its particle, stemmed again; [] when it does not begin with it."""
    rest = word.removeprefix(particle).removeprefix("ge")
    if not word.startswith(particle) or len(rest) < _LEAST_VERB:
        return []
    # The stem of a participle keeps its ending where a particle stands before it.
    return [*roots(rest, "nl"), _LONG_VOWEL.sub(r"\1", rest.removesuffix("d").removesuffix("t"))]


@lru_cache(maxsize=16384)
def _derived(one: str, other: str) -> bool:
    """Tell whether two stems share their beginning: registratie, registreren."""
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= _LEAST_ROOT and common >= _ROOT_SHARE * max(len(one), len(other))


@lru_cache(maxsize=16384)
def _compounded(word: str, text: tuple[str, ...]) -> bool:
    """Tell whether the word is the head of a compound in the text, or a compound of which the text has both parts."""
    for other in text:
        rest = other.removesuffix(word)
        if len(word) >= _LEAST_PART and rest != other and len(rest) >= 3 and rest not in _OPPOSING:
            return True
    for cut in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
        first, second = word[:cut], word[cut:]
        if any(_has(first.removesuffix(link), text) for link in _LINKS) and _has(second, text):
            return True
    return False


def _has(part: str, text: Collection[str]) -> bool:
    return len(part) >= 3 and any(
        part == other or (len(part) >= _LEAST_ROOT and _derived(part, other)) for other in text
    )


@cache
def _groups(language: Language) -> _Groups:
    listed = json.loads(files("assistant").joinpath("wordlist.json").read_text(encoding="utf-8"))
    of: dict[str, set[int]] = {}
    for number, line in enumerate([*listed["same"][language], *listed["forms"][language]]):
        for stem in roots(line, language):
            of.setdefault(stem, set()).add(number)
    opposites: dict[str, set[str]] = {}
    for pair in listed["opposite"][language]:
        one, other = ("".join(roots(word, language)[:1]) or word for word in pair)
        opposites.setdefault(one, set()).add(other)
        opposites.setdefault(other, set()).add(one)
    return _Groups(
        {stem: frozenset(numbers) for stem, numbers in of.items()},
        frozenset(roots(listed["carriers"][language], language)),
        {stem: frozenset(others) for stem, others in opposites.items()},
    )
