"""Say what sort of value a question asks for, and read the values of that sort in a sentence, as they are written.

Word lists and notation, Dutch and English; no parse. Knows nothing of evidence or of which value is right."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from retrieval.languages import Language
from retrieval.lexical import content_words, stems
from retrieval.quantities import DATE, TIME, Quantity, quantities, with_figures

_LONGEST_VALUE_WORDS = 6
_WORD = re.compile(r"\S+")
_YEAR = re.compile(r"(?<![\d.,:/-])(?:1\d|20)\d\d(?![\d:/]|[.,]\d)")
_NAME = re.compile(
    r"\b[A-ZÀ-Þ][\w'’-]*(?:\.(?=\s[A-Z]))?"
    r"(?:\s(?:(?:of|the|de|der|den|van|von|al|ter|ten)\s){0,2}(?:[A-ZÀ-Þ]|\d+\b)[\w'’-]*(?:\.(?=\s[A-Z]))?)*"
)


class Sort(StrEnum):
    """What sort of value answers a question."""

    TIME = "time"
    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    STATEMENT = "statement"
    """None of these: the sentence itself."""


# In this order: 'what time' before 'what', 'what year' before 'which'.
_ASKED = {
    Sort.TIME: r"what time|how late|h-hour|at what hour|hoe laat|welk tijdstip|h-uur",
    Sort.DATE: r"when|what (?:year|date|day)|which (?:year|date|day)|date|wanneer|welke? (?:jaar|datum|dag)|datum",
    Sort.NUMBER: r"how (?:many|much|long|far|high|fast|big|large|deep|wide|heavy|old)|population|number of|median"
    r"|average|amount|speed|weight|width|height|length|depth|percentage|load class|hoeveel"
    r"|hoe (?:lang|ver|hoog|diep|breed|zwaar|snel|groot|oud)|inwonertal|aantal|gemiddelde?|snelheid|gewicht|breedte|hoogte|lengte|diepte|percentage|\w*klasse",
    Sort.NAME: r"who|whose|whom|which|where|wie|waar|welke?",
}
_SORTS = {sort: re.compile(rf"(?<![\w-])(?:{spelled})(?![\w-])", re.IGNORECASE) for sort, spelled in _ASKED.items()}


@dataclass(frozen=True, slots=True)
class Value:
    text: str
    """As written in the sentence."""
    start: int
    """Offset into the sentence."""
    meaning: Quantity | frozenset[str]
    """The quantity, or the words of the name, folded."""

    def agrees(self, other: "Value") -> bool:
        """Tell whether two values may be the same one: 5 May 2020 and May 2020, Jansen and Captain Jansen."""
        mine, theirs = self.meaning, other.meaning
        if isinstance(mine, Quantity) and isinstance(theirs, Quantity):
            if {mine.unit, theirs.unit} <= {DATE, TIME}:
                parts = zip(mine.parts, theirs.parts, strict=False)
                return mine.unit == theirs.unit and all(one == two or not one or not two for one, two in parts)
            return mine.parts[0] == theirs.parts[0]
        if isinstance(mine, frozenset) and isinstance(theirs, frozenset):
            return mine <= theirs or theirs <= mine
        return False


def sort_asked(query: str) -> Sort:
    """Return what sort of value a question asks for, by its words."""
    return next((sort for sort, pattern in _SORTS.items() if pattern.search(query)), Sort.STATEMENT)


def names_in_question(query: str, language: Language) -> frozenset[str]:
    """Return the stems of what a question is about by name: capitals past its first word, and codes with digits."""
    words = _WORD.findall(query)
    named = [word for at, word in enumerate(words) if (at and word.lstrip("\"'‘“(")[:1].isupper()) or _has_digit(word)]
    return frozenset(stems(" ".join(named), language))


def values(text: str, sort: Sort, *, query: str, language: Language) -> list[Value]:
    """Return the values of a sort in a sentence, in its order, without those that the question itself holds."""
    if sort is Sort.NAME:
        return list(_names(text, frozenset(stems(query, language)), language))
    if sort is Sort.STATEMENT:
        return []
    known = quantities(query, language=language)
    return sorted(_quantities(text, sort, known, language), key=lambda value: value.start)


def years(text: str) -> frozenset[str]:
    """Return the years that stand in a text."""
    return frozenset(_YEAR.findall(text))


def _names(text: str, asked: frozenset[str], language: Language) -> Iterator[Value]:
    for match in _NAME.finditer(text):
        words = content_words(match[0])
        own = frozenset(word for word in words if not asked.intersection(stems(word, language)))
        date = any(one.unit == DATE for one in quantities(f"1 {match[0]} 2000", language=language))
        if own and not date and any(word.isalpha() for word in own):
            yield Value(match[0], match.start(), own)


def _quantities(text: str, sort: Sort, known: frozenset[Quantity], language: Language) -> Iterator[Value]:
    plain = with_figures(text, language)
    found = {one for one in quantities(plain, language=language) - known if _is_of(one, sort)}
    for one in found:
        written = _as_written(text, one, language)
        if written:
            yield written
    if sort is Sort.DATE:
        told = {one.parts[0] for one in found | known}
        for match in _YEAR.finditer(text):
            if match[0] not in told:
                yield Value(match[0], match.start(), Quantity(DATE, (match[0], "", "")))


def _is_of(one: Quantity, sort: Sort) -> bool:
    if sort is Sort.NUMBER:
        return one.unit not in (DATE, TIME, "ordinal") and not (one.unit == "" and _YEAR.fullmatch(one.parts[0]))
    return one.unit == {Sort.DATE: DATE, Sort.TIME: TIME}[sort]


def _as_written(text: str, wanted: Quantity, language: Language) -> Value | None:
    """Return the shortest run of words that says the quantity."""
    words = list(_WORD.finditer(text))
    figures = [_has_digit(with_figures(word[0], language)) for word in words]
    for width in range(_LONGEST_VALUE_WORDS):
        for at, (first, last) in enumerate(zip(words, words[width:], strict=False)):
            piece = text[first.start() : last.end()]
            if any(figures[at : at + width + 1]) and wanted in quantities(piece, language=language):
                return Value(piece.strip(" ,;.()"), first.start(), wanted)
    return None


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))
