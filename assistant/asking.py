"""Tell what kind of thing a question asks for, and whether a sentence holds one that the question does not name itself.

Reads Dutch and English cue words. Knows nothing of what a sentence means: the date that it holds may be another's."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from assistant.resolving import AUXILIARIES, DETERMINERS, PREPOSITIONS
from retrieval.languages import Language
from retrieval.lexical import stems
from retrieval.quantities import DATE, TIME, Quantity, is_said_by, quantities


class Kind(StrEnum):
    """What a question asks for."""

    TIME = "time"
    AMOUNT = "amount"
    PLACE = "place"
    NAME = "name"
    """Who, whom, which ship: something with a name of its own."""
    OTHER = "other"


# The first that is found decides: 'how many' before 'who', 'what year' before 'which'.
_CUES = {
    Kind.TIME: r"""
        when|(?:what|which)(?:\s+\w+)?\s+(?:years?|dates?|days?|months?|times?|century|centuries|decades?|hours?)
        |wanneer|hoe\s+laat|welke?\s+(?:jaar|datum|dag|maand|eeuw|tijd|tijdstip|uur)
    """,
    Kind.AMOUNT: r"""
        how\s+(?:many|much|long|far|often|large|big|old|tall|high|deep|wide|fast|heavy)
        |(?:what|which)(?:\s+(?:is|was|are|were|the|total))*\s+(?:percentage|number|amount|share|distance|speed|height
            |length|width|weight|cost|price|temperature|population|total|average|rate|ratio)
        |hoeveel|hoe\s+(?:lang|ver|vaak|groot|oud|hoog|diep|breed|snel|zwaar)
        |(?:wat|welke?)(?:\s+(?:is|was|zijn|het|de|totale))*\s+(?:percentage|aantal|bedrag|afstand|snelheid|hoogte
            |lengte|breedte|gewicht|temperatuur|prijs)
    """,
    Kind.PLACE: r"where|waar|waarheen|waarvandaan",
    Kind.NAME: r"who|whom|whose|which|wie|wiens|welke?",
}
# A question word stands among the first four words: in a later clause it asks nothing ('what to do when ...').
_ASKED = {
    kind: re.compile(rf"^\s*(?:\S+\s+){{0,3}}?[^\w\s]*(?:{cue})\b", re.IGNORECASE | re.VERBOSE)
    for kind, cue in _CUES.items()
}
_YEAR = re.compile(
    r"(?<![\d.,])(?:1\d{3}|20\d{2})s?(?![\d.,]*\d)|\b\d{1,2}(?:st|nd|rd|th|e) (?:century|eeuw)\b", re.IGNORECASE
)
_NAME = re.compile(r"\b(?:[A-ZÀ-Þ][\w'’&-]+|[A-Z]\d[\w-]*|\d+[A-Z][\w-]*)")
# After these a capital only opens a sentence, a cell or an item of a list.
_OPENERS = frozenset(("", *".?!|:•●▪◦"))
_BEFORE_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|on|along|across|through|outside|around|between|te|bij|naar|uit|langs|aan|op|nabij|tussen"
    r"|over|door)\s+(?:(?:the|de|het|den)\s+)?$",
    re.IGNORECASE,
)
_LONGEST_BEFORE_PLACE = 20
_SORT = re.compile(
    r"^\s*(?:\S+\s+){0,3}?[^\w\s]*(?:which|what|whose|welke?)\s+(?P<after>.+)", re.IGNORECASE | re.DOTALL
)
_WORD = re.compile(r"[\w'’&-]+")
# 'Which small lock bridge is open' asks for a bridge; what stands further on is asked of it.
_MOST_SORT_WORDS = 3
_NO_SORT = (
    AUXILIARIES | DETERMINERS | PREPOSITIONS | frozenset("kind kinds type types sort sorts soort soorten".split())
)
# 'The lock bridge at Zuiderwaag', 'de brug bij Kruisvoorde': a word stands between.
_NEAR = 2


def kind_of(question: str) -> Kind:
    """Return what the question asks for."""
    return next((kind for kind, asked in _ASKED.items() if asked.match(question)), Kind.OTHER)


def names(text: str) -> set[str]:
    """Return the capitalised words and codes of a text in lower case, without words that only open a sentence."""
    return {match.group().casefold() for match in _named(text)}


def holds(kind: Kind, sentence: str, *, question: str, language: Language) -> bool:
    """Tell whether the sentence holds a thing of this kind that the question does not name. OTHER: always.

    `language`: of the sentence, whose notation its numbers are in."""
    asked = question.casefold()
    match kind:
        case Kind.TIME:
            years = {year.casefold() for year in _YEAR.findall(sentence)}
            return any(year not in asked for year in years) or _new_quantity(sentence, question, language, dated=True)
        case Kind.AMOUNT:
            return _new_quantity(sentence, question, language, dated=False)
        case Kind.PLACE:
            places = (one for one in _NAME.finditer(sentence) if one.group().casefold() not in asked)
            return any(
                _BEFORE_PLACE.search(sentence, max(0, one.start() - _LONGEST_BEFORE_PLACE), one.start())
                for one in places
            )
        case Kind.NAME:
            return any(one.group().casefold() not in asked for one in _named(sentence))
        case Kind.OTHER:
            return True


def names_one(sentence: str, *, question: str, language: Language) -> bool:
    """Tell whether the sentence names one of what 'which bridge' or 'welke brug' asks for, that the question does not.

    The name stands at most two words from that word ('Kruisvoorde Bridge', 'brug bij Kruisvoorde') or ends in it
    ('Zomerdijkbrug'). False for any other question."""
    sort = _asked_sort(question, language)
    if not sort:
        return False
    asked = question.casefold()
    new = [match for match in _named(sentence) if match.group().casefold() not in asked]
    if not new:
        return False
    words = list(_WORD.finditer(sentence))
    starts = [word.start() for word in words]
    of_sort = {place for place, word in enumerate(words) if sort.intersection(stems(word.group(), language))}
    return any(
        name.group().casefold().endswith(tuple(sort)) or of_sort.intersection(range(place - _NEAR, place + _NEAR + 1))
        for name in new
        for place in (bisect_right(starts, name.start()) - 1,)
    )


def _named(text: str) -> Iterator[re.Match[str]]:
    for match in _NAME.finditer(text):
        # Looking back further costs the square of the length of a text full of names.
        before = text[max(0, match.start() - 10) : match.start()].rstrip(" \n\"'“‘(*_")[-1:]
        if before not in _OPENERS or not match.group()[1:].islower():
            yield match


def _new_quantity(sentence: str, question: str, language: Language, *, dated: bool) -> bool:
    asked = _asked_quantities(question, language)
    return any(
        (one.unit in (DATE, TIME)) is dated
        and one.unit != "ordinal"
        and not any(is_said_by(one, told) for told in asked)
        for one in quantities(sentence, language=language)
    )


# The same question is held against each sentence of its evidence.
@lru_cache(maxsize=16)
def _asked_sort(question: str, language: Language) -> frozenset[str]:
    """Return the stems of the words that say which sort of thing is asked for: of 'bridge' in 'At which bridge'."""
    asked = _SORT.match(question)
    words = _WORD.findall(asked["after"])[:_MOST_SORT_WORDS] if asked else []
    return frozenset(stems(" ".join(takewhile(lambda word: word.lower() not in _NO_SORT, words)), language))


# The same question is held against each sentence of its evidence.
@lru_cache(maxsize=16)
def _asked_quantities(question: str, language: Language) -> frozenset[Quantity]:
    return quantities(question, language=language)
