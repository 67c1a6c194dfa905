"""Say in which field of a course a sentence belongs, and whether it speaks of the course's idea at all.

Reads cue words and quantities, in Dutch and English. Knows no documents and asks nothing."""

import re
from collections.abc import Sequence

from assistant.asking import Kind, holds
from assistant.courses.recognising import DEADLINE, GROWS_WORSE, MUST_NOT, NOT_KNOWN, UNUSABLE
from assistant.courses.stating import speaks_of
from assistant.courses.workspace import CourseField
from retrieval.languages import LANGUAGES, Language, detect_language
from retrieval.lexical import content_words, stems
from retrieval.quantities import TIME, quantities

# The share of an idea's words that a sentence has to tell to be about it: two of three, one of one.
ABOUT = 0.6
_RISK = r"risks?|danger\w*|flood\w*|fail\w*|icing|frost|thaw|damage\w*|limited|restrict\w*|beyond"
_RISK += r"|heavier than|above \d+ t\w*"
_RISK += (
    r"|risico\w*|gevaar\w*|ijzel|gladheid|onberijdbaar|schade|uitval\w*|beperkt|zwaarder dan|niet gebruiken|te zwaar"
)
_CUES = {
    CourseField.RISKS: rf"\b(?:{_RISK})\b",
    CourseField.MAIN_EFFORT: r"\bmain effort\b|\bhoofdinspanning\b|\bzwaartepunt\b",
    CourseField.PHASES: r"\bphases?\b|\bstep \d|\bfirst\b.+\bthen\b|\bfasen?\b|\beerst\b.+\b(?:daarna|dan)\b",
    CourseField.SUPPORTING_EFFORTS: r"\bsupport(?:s|ed|ing)?\b|\bassist\w*|\bsteun\w*|\bondersteun\w*|\bbijstand\b"
    r"|\b(?:escort\w*|guards?|secures?|protects?|controls? traffic|begeleid\w*|beveilig\w*|bewaak\w*)\b",
    CourseField.WHO: r"\b(?:responsible|owns?|belongs to|commanded by|attached to|is led by|drivers?)\b"
    r"|\b(?:company|platoon|squadron|battlegroup|contractor|municipality|compagnie|peloton|eskadron|gemeente|provincie"
    r"|aannemer|waterschap)\b.{0,20}\b(?:has|have|owns|holds|can|heeft|hebben|bezit|kan)\b"
    r"|\b(?:verantwoordelijk|eigendom van|onder bevel|onder het gezag|toegevoegd|chauffeurs?)\b",
    CourseField.HOW: r"\b(?:is|are|be|was) (?:laid|built|used|hired|moved|carried|crossed|placed)\b|\bby way of\b"
    r"|\bwordt?(?:en)? \w* ?(?:gelegd|gebouwd|gebruikt|gehuurd|verplaatst|geplaatst)\b"
    r"|\bgehuurd\b|\bgeplaatst\b|\bvia\b"
    r"|\b(?:carr(?:y|ies)|lifts?|transports?|crosses|delivers?|moves?|sails?|drives?) \w+"
    r"|\b(?:vervoert|vervoeren|brengt|brengen|levert|rijdt|rijden|vaart|varen|hijst|verplaatst)\b",
}
_CUED = {name: re.compile(cue, re.IGNORECASE) for name, cue in _CUES.items()}
_AFTER = re.compile(
    r"\b(?:within|after|binnen|na|takes?|duurt)\b.{0,25}\b(?:hours?|minutes?|days?|uur|minuten|dagen)\b", re.I
)
_IN_TURN = re.compile(
    r"\b(?:once|as soon as|after|until|before)\b.{0,60}\b(?:has|have|is|are|been|order)\b"
    r"|\b(?:zodra|nadat|voordat|pas als)\b",
    re.I,
)
_PERIL = re.compile(r"\b(?:storm\w*|gale|hurricane|blizzard|floods?|closes?|overstroming\w*|noodweer|dicht)\b", re.I)
_MONEY = re.compile(r"\b(?:euros?|EUR|costs?|kosten|budget)\b|€", re.IGNORECASE)


def field_of(text: str, *, idea: str, language: Language) -> CourseField:
    """Return the field that a sentence about an idea belongs in. What it is, where nothing more is told."""
    own = detect_language(text)
    if any(cue.search(text) for cue in (MUST_NOT, UNUSABLE, NOT_KNOWN, _CUED[CourseField.RISKS])):
        return CourseField.RISKS
    early = (CourseField.MAIN_EFFORT, CourseField.PHASES)
    for name in early:
        if _CUED[name].search(text):
            return name
    if _MONEY.search(text):
        return CourseField.RESOURCES
    measured = quantities(text, language=own)
    if DEADLINE.search(text) or _AFTER.search(text) or any(one.unit == TIME for one in measured):
        return CourseField.WHEN
    for name in (CourseField.WHO, CourseField.SUPPORTING_EFFORTS, CourseField.HOW):
        if _CUED[name].search(text):
            return name
    if any(one.unit not in (TIME, "date", "ordinal", "") for one in measured):
        return CourseField.RESOURCES
    if holds(Kind.PLACE, text, question=idea, language=own):
        return CourseField.WHERE
    return CourseField.WHAT


def also_answers(text: str, name: CourseField, *, idea: str, language: Language) -> bool:
    """Tell whether a sentence that stands in another field answers this one as well: who has it, where, when."""
    own = detect_language(text)
    match name:
        case CourseField.WHO:
            return _CUED[CourseField.WHO].search(text) is not None
        case CourseField.HOW | CourseField.SUPPORTING_EFFORTS | CourseField.MAIN_EFFORT:
            return _CUED[name].search(text) is not None
        case CourseField.PHASES:
            return any(cue.search(text) for cue in (_CUED[name], _IN_TURN))
        case CourseField.WHEN:
            timed = any(one.unit == TIME for one in quantities(text, language=own))
            return timed or any(cue.search(text) for cue in (_AFTER, DEADLINE))
        case CourseField.WHERE:
            return holds(Kind.PLACE, text, question=idea, language=own)
        case CourseField.RESOURCES:
            return any(one.unit not in (TIME, "date", "ordinal") for one in quantities(text, language=own))
        case _:
            return name is CourseField.WHAT


def endangers(text: str) -> bool:
    """Tell whether a sentence tells of a danger, a limit or something that cannot be used."""
    return _CUED[CourseField.RISKS].search(text) is not None or _PERIL.search(text) is not None


def is_forecast(text: str) -> bool:
    """Tell whether a sentence tells what is coming: by a word that says so, or by a time or a measure."""
    measured = {one.unit for one in quantities(text, language=detect_language(text))}
    return GROWS_WORSE.search(text) is not None or bool(measured - {"ordinal"})


def is_about(idea_names: Sequence[str], text: str, *, context: Sequence[str], language: Language) -> bool:
    """Tell whether a sentence speaks of an idea by one of its names.

    A name of one common word ('bussen') says too little by itself: then the sentence shares a word of the `context`
    too. Of a row of a table one cell has to tell the name."""
    for name in idea_names:
        if max(speaks_of(name, cell, language) for cell in text.split("|")) < ABOUT:
            continue
        if len(name.split()) > 1 or name[:1].isupper() or _shares(text, name, context):
            return True
    return False


def _shares(text: str, name: str, context: Sequence[str]) -> bool:
    of_name = {stem for language in LANGUAGES for stem in stems(name, language)}
    told = {stem for one in context for stem in _stems(one)} - of_name
    return bool(told & _stems(text))


def _stems(text: str) -> set[str]:
    return set(stems(text, detect_language(text))) if content_words(text) else set()
