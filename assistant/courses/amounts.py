"""Read in a sentence what each amount is said to be: a limit, a need, a stock, a speed, and of what.

Word lists and notation, Dutch and English. What the words leave open stays open. Knows nothing of courses and does no
arithmetic."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assistant.answers import Citation
from assistant.courses.measuring import Found, Measure, measures
from assistant.courses.workspace import Basis, Statement
from assistant.valuing import names_in_question
from retrieval.languages import LANGUAGES, Language, detect_language
from retrieval.lexical import stems
from retrieval.quantities import with_figures
from retrieval.sentences import sentence_ranges

VEHICLE = "vehicle"
"""The thing that anything which drives is, so that a truck is held against a limit for vehicles."""


class Role(StrEnum):
    """What an amount is said to be."""

    MOST = "most"
    """What may not be exceeded."""
    LEAST = "least"
    """What must be reached."""
    NEED = "need"
    STOCK = "stock"
    SPEED = "speed"
    DISTANCE = "distance"
    STATED = "stated"
    """None of these."""


@dataclass(frozen=True, slots=True)
class Told:
    """An amount as a sentence tells it."""

    measure: Measure
    role: Role
    things: frozenset[str]
    """Stems of what it is an amount of: diesel, trackway, vehicle."""
    subject: frozenset[str]
    """Stems of what it is said of: the words of its clause before the verb. Empty: of all, or not told."""
    head: str
    """Of a limit: the stem of the noun that it limits, in 'a gap with less than 12 metres'. Else empty."""
    attribute: str
    """'width', 'length', 'height' or 'depth' where the words say so, else empty."""
    names: frozenset[str]
    """Stems of the names and codes in the sentence, as each language makes them."""
    sentence: str
    citations: tuple[Citation, ...]


_FORBIDS = re.compile(
    r"\b(?:not|never|nothing|no vehicles?|closed|cannot|avoids?|forbid(?:s|den)?|prohibit(?:s|ed)?|banned"
    r"|without the approval|niet|geen voertuig\w*|nooit|niets|mijd\w*|mijden|vermijden|gesloten|afgesloten"
    r"|verbied(?:t|en)|verboden|zonder toestemming)\b",
    re.IGNORECASE,
)
_MUST = re.compile(r"\b(?:must|shall|required|has to|have to|moet(?:en)?|dien(?:t|en)|vereist|nodig)\b", re.IGNORECASE)
# These stand directly before the amount.
_MOST = re.compile(
    r"(?:\b(?:at (?:the )?most|(?:not|no) (?:more|heavier|longer|higher|wider|faster) than|maximum(?: of)?|max\.?|up to"
    r"|not (?:exceed|over|above)|ten hoogste|hoogstens|maximaal|maximum van|voertuigen tot"
    r"|niet (?:meer|zwaarder|langer|hoger|breder|sneller) dan|tot en met))\s*$",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:at least|(?:not|no) less than|minimum(?: of)?|ten minste|minstens|minimaal|niet minder dan)\s*$",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?P<thing>[^\W\d_]+)?\s*\b(?:above|over|more than|heavier than|longer than|higher than|wider than"
    r"|exceed(?:s|ing)?|boven|meer dan|zwaarder dan|langer dan|hoger dan|breder dan)\s*$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"\b(?:less than|shorter than|lighter than|under|below|minder dan|korter dan|lichter dan|onder)\s*$", re.IGNORECASE
)
_NEED_BEFORE = re.compile(
    r"\b(?:needs?|requires?|requirement|demand|consum(?:es?|ption)|weighs?|weight|nodig heeft|hebben? nodig|vereist"
    r"|behoefte|\w*behoefte|verbruik\w*|vergt|weegt|wegen|gewicht)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_NEED_AFTER = re.compile(
    r"^\s*(?:[^\W\d_]+\s){0,3}(?:nodig|needed|required|after the order|na het bevel|na de opdracht)\b", re.IGNORECASE
)
_DURATION_BEFORE = re.compile(
    r"\b(?:(?:needs?|requires?|takes?|lasts?|duurt|duren|vergt|kost)|(?:built|ready|done|completed|finished|free|gereed|klaar"
    r"|gebouwd|voltooid|vrij)(?:\s[^\W\d_]+){0,3}\s(?:in|within|after|binnen|na))"
    r"(?:\s(?:about|ongeveer|circa|some|another|nog))?\s*$",
    re.IGNORECASE,
)
_STOCK_BEFORE = re.compile(
    r"\b(?:has|have|holds?|carr(?:y|ies)|contains?|consists?|stock|available|with|heeft|hebben|voorraad|beschikt"
    r"|beschikbaar|met|bevat|capacity|capaciteit)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_STOCK_AFTER = re.compile(
    r"^\s*(?:[^\W\d_]+\s){0,4}(?:available|in stock|beschikbaar|op voorraad|in voorraad)\b", re.IGNORECASE
)
_SPEED = re.compile(
    r"\b(?:speed|drives?|driving|march\w*|moves?|snelheid|rijd\w*|rijdt|mars\w*|tempo)\b", re.IGNORECASE
)
_DAILY = re.compile(
    r"\b(?:daily|a day|per day|each day|every day|dagelijks\w*|per dag|per etmaal|dagbehoefte)\b", re.IGNORECASE
)
_OF_WHAT = re.compile(
    r"^\s*(?:(?P<of>of|van|aan)\s+)?(?:(?:the|de|het)\s+)?(?P<one>[^\W\d_]+)(?P<two>\s[^\W\d_]+)?", re.IGNORECASE
)
# These follow an amount in Dutch and are nothing that it is an amount of.
_NO_THING = re.compile(
    r"lang|breed|hoog|diep|zwaar|ver|beschikbaar|nodig|gereed|vrij|extra|meer|minder|later|eerder|per|open|boven|onder",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:may|must|can|cannot|could|shall|is|are|was|were|has|have|carr(?:y|ies)|takes?|stays?|weighs?|avoids?|mag|mogen"
    r"|moet(?:en)?|kan|kunnen|wordt|worden|zijn|heeft|hebben|draagt|dragen|weegt|wegen|duurt|mijden)\b",
    re.IGNORECASE,
)
_ATTRIBUTES = re.compile(
    r"\b(?:(?P<width>wid(?:e|er|th)|bre(?:ed|der|edte))|(?P<length>long(?:er)?|length|lang(?:er)?|lengte)"
    r"|(?P<height>high(?:er)?|height|ho(?:og|ger|ogte))|(?P<depth>deep(?:er)?|depth|diep(?:er|te)?))\b",
    re.IGNORECASE,
)
# What drives, so that a truck is held against a limit for vehicles.
_VEHICLES = re.compile(
    r"\b(?:\w*(?:truck|lorr(?:y|ie)|tanker|tank|vehicle|trailer|transporter|wrecker|carrier|bus|convoy|voertuig|vrachtauto"
    r"|vrachtwagen|tankwagen|dieplader|berger|ambulance|konvooi|colonne)(?:s|es|en)?)\b",
    re.IGNORECASE,
)
_CROSSED = re.compile(r"\b\w*(?:bridge|culvert|raft|underpass|brug|duiker|vlot|onderdoorgang)\w*\b", re.IGNORECASE)


def forbids(text: str) -> bool:
    """Tell whether a text says that something may not, or does not."""
    return bool(_FORBIDS.search(text))


def drives(text: str) -> bool:
    """Tell whether a text names something that drives."""
    return bool(_VEHICLES.search(text))


def names_in(text: str) -> frozenset[str]:
    """Return the stems of names and codes, as each language makes them: a name is the same in both."""
    # Past the first word, no bare numbers, and no function word of either language: 'De Wilg' is named Wilg.
    words = [
        word
        for word in text.split()[1:]
        if all(stems(word, language) for language in LANGUAGES) and not re.fullmatch(r"[\W\d]+", word)
    ]
    named = " ".join(["", *words])
    return frozenset[str]().union(*(names_in_question(f"x {named}", language) for language in LANGUAGES))


def told_in(statements: Sequence[Statement]) -> list[Told]:
    """Return the amounts in statements that rest on documents or on a person, in order."""
    return [
        told for statement in statements if statement.basis in (Basis.FACT, Basis.STATED) for told in _told(statement)
    ]


@lru_cache(maxsize=4096)
def _told(statement: Statement) -> tuple[Told, ...]:
    return tuple(_read(statement))


def _read(statement: Statement) -> Iterator[Told]:
    language = detect_language(statement.text)
    text = with_figures(statement.text, language)
    for start, end in sentence_ranges(text):
        sentence = text[start:end]
        found = measures(sentence, language=language)
        names = names_in(_without(sentence, found))
        for at, one in enumerate(found):
            before = sentence[found[at - 1].end if at else 0 : one.start]
            after = sentence[one.end : found[at + 1].start if at + 1 < len(found) else len(sentence)]
            measure = _per_day(one.measure, sentence)
            role = _role(measure, before, sentence[: one.start], after, sentence)
            things = _things(measure, role, before, after, language)
            clause = re.split(r"[;:]\s|,\s(?=\D)", sentence[: one.start])[-1]
            limits = role in (Role.MOST, Role.LEAST)
            yield Told(
                measure,
                role,
                things,
                _subject(sentence[: one.start] if limits else clause, language),
                _head(clause, language) if limits else "",
                _attribute(clause, after),
                names,
                sentence,
                statement.citations,
            )


def _subject(clause: str, language: Language) -> frozenset[str]:
    before_verb = _VERB.split(clause.rpartition(";")[2], maxsplit=1)[0]
    plain = frozenset(stem for stem in stems(_FORBIDS.sub(" ", before_verb), language) if not stem[0].isdigit())
    return plain | {VEHICLE} if _VEHICLES.search(before_verb) else plain


def _head(clause: str, language: Language) -> str:
    comparison = next((found for one in (_MOST, _OVER, _UNDER, _LEAST) if (found := one.search(clause))), None)
    if comparison is None:
        return ""
    before = clause[: comparison.end("thing")] if comparison.groupdict().get("thing") else clause[: comparison.start()]
    last = before.split()[-1:]
    words = stems(re.sub(r"\s(?:with|of|met|van)\s*$", "", before), language)
    return VEHICLE if last and _VEHICLES.search(last[0]) else words[-1] if words else ""


def _attribute(clause: str, after: str) -> str:
    near = f"{' '.join(clause.split()[-3:])} {' '.join(after.split()[:3])}"
    found = _ATTRIBUTES.search(near)
    return next((name for name, value in found.groupdict().items() if value), "") if found else ""


def _without(sentence: str, found: Sequence[Found]) -> str:
    """Return a sentence without its amounts and other words with figures: MLC 60 is no name, nor is 4e."""
    kept, end = [], 0
    for one in found:
        kept.append(sentence[end : one.start])
        end = one.end
    # Grid WK 418646, DP 1.
    return re.sub(r"(?:\b[A-Z]{1,4}\s)?\S*\d\S*", " ", " ".join([*kept, sentence[end:]]))


def _per_day(measure: Measure, sentence: str) -> Measure:
    countable = "[time]" not in measure.dimension and "currency" not in measure.dimension
    return measure.over(Measure(1, "day")) if countable and _DAILY.search(sentence) else measure


def _role(measure: Measure, before: str, whole: str, after: str, sentence: str) -> Role:
    if _MOST.search(whole) or (_OVER.search(whole) and _FORBIDS.search(sentence)):
        return Role.MOST
    if (_LEAST.search(whole) and _MUST.search(sentence)) or (_UNDER.search(whole) and _FORBIDS.search(sentence)):
        return Role.LEAST
    if measure.dimension == "[length] / [time]":
        return Role.SPEED if _SPEED.search(sentence) else Role.STATED
    if measure.dimension == "[time]":
        needed = _DURATION_BEFORE.search(whole) or _NEED_AFTER.search(after)
        return Role.NEED if needed else Role.STATED
    if measure.dimension == "[military_load_class]":
        return Role.MOST if _CROSSED.search(sentence) and not _VEHICLES.search(sentence) else Role.STATED
    if measure.dimension == "[length]" and re.match(r"\s*(?:long|lang)\b", after, re.IGNORECASE):
        return Role.DISTANCE
    need, stock = _NEED_BEFORE.search(whole), _STOCK_BEFORE.search(whole)
    if _NEED_AFTER.search(after) or (need and (not stock or need.start() > stock.start())):
        return Role.NEED
    if _STOCK_AFTER.search(after) or stock:
        return Role.STOCK
    return Role.STATED


def _things(measure: Measure, role: Role, before: str, after: str, language: Language) -> frozenset[str]:
    """Return the stems of what is measured: what follows the amount, or of a limit what stands before it."""
    if role is Role.MOST:
        if _VEHICLES.search(before) or (measure.dimension == "[mass]" and _CROSSED.search(before)):
            return frozenset((VEHICLE,))
        over = _OVER.search(before)
        return frozenset(stems(over["thing"], language)) if over and over["thing"] else frozenset()
    if role is Role.NEED and measure.dimension == "[mass]" and _VEHICLES.search(before):
        return frozenset((VEHICLE,))
    of_what = _OF_WHAT.match(after)
    if of_what is None or _NO_THING.fullmatch(of_what["one"]) or (language == "en" and not of_what["of"]):
        return frozenset()
    return frozenset(stems(of_what["one"] + ((of_what["two"] or "") if of_what["of"] else ""), language))
