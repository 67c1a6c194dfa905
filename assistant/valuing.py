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
# WK 417552, KOMPAS 0, at Role 1, extension 4711, article 5.
_NUMBERED = (
    r"ext(?:ension)?|toestel|tel(?:ephone|efoon)?|phone|paragra(?:ph|af)|section|article|artikel|annex|bijlage|phase|fase"
    r"|page|pagina|figure|figuur|version|versie"
)
_CODE_BEFORE = re.compile(rf"\b([A-Z]{{2,}}|(?<=\S )[A-Z][a-z]{{2,}}|(?i:{_NUMBERED}))\.?[ -]$")
_PREPOSITION = r"(?:in|at|near|from|to|on|te|bij|naar|uit|op|nabij|aan)"
_ASKS_PLACE = re.compile(rf"\b(?:where|waar|{_PREPOSITION} (?:which|what|welke?))\b", re.IGNORECASE)
# At the lock bridge at Zuiderwaag, in the town of Tolmarsum, and after a place the one that it lies in.
_BEFORE_PLACE = re.compile(
    rf"(?:\b(?i:{_PREPOSITION})\s+(?:(?:the|de|het|den)\s+)?(?:[a-z]+\s+of\s+)?|[A-ZÀ-Þ]\w+,\s)$"
)
_ASKS_COUNT = re.compile(r"\b(?:how many|number of|population|hoeveel|aantal|inwonertal)\b", re.IGNORECASE)
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
    r"|hoe (?:lang|ver|hoog|diep|breed|zwaar|snel|groot|oud)|inwonertal|aantal|gemiddelde?|snelheid|gewicht|breedte"
    r"|hoogte|lengte|diepte|\w*klasse",
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


def form_of_question(query: str) -> str:
    """Return the words that only ask for a time or a date and that no answer repeats: 'what time', 'welke datum'."""
    return " ".join(match[0] for sort in (Sort.TIME, Sort.DATE) for match in _SORTS[sort].finditer(query))


def names_in_question(query: str, language: Language) -> frozenset[str]:
    """Return the stems of what a question is about by name: capitals past its first word, and codes with digits."""
    words = _WORD.findall(query)
    named = [word for at, word in enumerate(words) if (at and word.lstrip("\"'‘“(")[:1].isupper()) or _has_digit(word)]
    return frozenset(stems(" ".join(named), language))


def values(
    text: str, sort: Sort, *, query: str, language: Language, labels: frozenset[str] = frozenset()
) -> list[Value]:
    """Return the values of a sort in a sentence, in its order, without those that the question itself holds.

    `labels`: stems of what is asked for. A number after a word in capitals is a code and no number (grid WK 417552,
    call sign KOMPAS 0, Role 1), but for one after a label: MLC 40."""
    if sort is Sort.NAME:
        return list(_names(text, frozenset(stems(query, language)), language))
    if sort is Sort.STATEMENT:
        return []
    known = quantities(query, language=language)
    found = sorted(_quantities(text, sort, known, language), key=lambda value: value.start)
    return [one for one in found if sort is not Sort.NUMBER or not _is_code(text, one, labels, language)]


def fits(value: Value, text: str, *, query: str) -> bool:
    """Tell whether a value of a sentence, by how it stands there, may be what the question asks for.

    A place stands after a preposition of place. A bare number in words counts things, such as three bridges; it is no
    length and no class."""
    if isinstance(value.meaning, frozenset):
        return not _ASKS_PLACE.search(query) or bool(_BEFORE_PLACE.search(text[: value.start]))
    spelled = not value.meaning.unit and not _has_digit(value.text)
    return not spelled or bool(_ASKS_COUNT.search(query))


def years(text: str) -> frozenset[str]:
    """Return the years that stand in a text."""
    return frozenset(_YEAR.findall(text))


def _names(text: str, asked: frozenset[str], language: Language) -> Iterator[Value]:
    for match in _NAME.finditer(text):
        words = content_words(match[0])
        own = frozenset(word for word in words if not asked.intersection(stems(word, language)))
        date = any(one.unit == DATE for one in quantities(f"1 {match[0]} 2000", language=language))
        # 'However,' has a capital by its place.
        opens = match.start() == 0 and " " not in match[0] and text[match.end() :].startswith(",")
        if own and not date and not opens and any(word.isalpha() for word in own):
            yield Value(match[0], match.start(), own)


def _quantities(text: str, sort: Sort, known: frozenset[Quantity], language: Language) -> Iterator[Value]:
    plain = with_figures(text, language)
    found = {one for one in quantities(plain, language=language) - known if _is_of(one, sort)}
    for one in found:
        written = _as_written(text, one, language)
        # 2,097 is a number, 2097 may be a year.
        if written and not (sort is Sort.NUMBER and _YEAR.fullmatch(written.text)):
            yield written
    if sort is Sort.DATE:
        told = {one.parts[0] for one in found | known}
        for match in _YEAR.finditer(text):
            if match[0] not in told:
                yield Value(match[0], match.start(), Quantity(DATE, (match[0], "", "")))


def _is_code(text: str, value: Value, labels: frozenset[str], language: Language) -> bool:
    before = _CODE_BEFORE.search(text[: value.start])
    if before is None or (isinstance(value.meaning, Quantity) and value.meaning.unit):
        return False
    return labels.isdisjoint(stems(before[1], language))


def _is_of(one: Quantity, sort: Sort) -> bool:
    if sort is Sort.NUMBER:
        return one.unit not in (DATE, TIME, "ordinal")
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
