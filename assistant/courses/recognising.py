"""Recognise what a sentence or a heading of a staff's papers is about, by cue words in Dutch and English.

Patterns only. Knows nothing of documents, and nothing of any one problem."""

import re
from collections.abc import Mapping
from enum import StrEnum

from assistant.courses.workspace import Adversary, FramingField


class Section(StrEnum):
    """What a part of a problem is, by its heading."""

    SITUATION = "situation"
    TASK = "task"
    FACTS = "facts"
    INTENT = "intent"
    END_STATE = "end_state"
    CONSTRAINTS = "constraints"
    RESTRAINTS = "restraints"
    UNKNOWN = "unknown"
    CRITERIA = "criteria"
    ASIDE = "aside"
    """For who leads an exercise: not known to the staff."""


# The first that is found decides: 'what is not known' before 'facts not known', 'restraints' before 'constraints'.
_HEADINGS = {
    Section.ASIDE: r"umpires?|exercise control|excon|instructors?|spelleiding|oefenleiding|oefenstaf|scheidsrechters?",
    Section.UNKNOWN: r"(?:not|un)\s*known|unknowns?|gaps?|open questions?|to be found out|(?:niet\s+|on)bekend\w*"
    r"|leemten?|hiaten|open vragen|informatiebehoefte",
    Section.CRITERIA: r"criteri\w+|beoordelings\w+",
    Section.RESTRAINTS: r"restraints?|prohibit\w*|must not|verbod\w*|verboden",
    Section.CONSTRAINTS: r"constraints?|limitations?|restrictions?|conditions|beperking\w*|randvoorwaarden|voorwaarden",
    Section.END_STATE: r"end[ -]?state|eindtoestand|eindsituatie|eindstaat",
    Section.INTENT: r"intent|oogmerk",
    Section.FACTS: r"facts?|data|given|feiten|gegevens",
    Section.TASK: r"mission|tasks?|assignment|question|opdracht|taken|taak|missie|vraag",
    Section.SITUATION: r"situation|background|problem|toestand|situatie|achtergrond|probleem|aanleiding",
}
_SECTIONS = {section: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for section, words in _HEADINGS.items()}

HEADING_OF: Mapping[FramingField, re.Pattern[str]] = {
    FramingField.MISSION: re.compile(r"\b(?:mission|opdracht|missie)\b", re.IGNORECASE),
    FramingField.INTENT: _SECTIONS[Section.INTENT],
    FramingField.END_STATE: _SECTIONS[Section.END_STATE],
}
"""What a document writes above, or before, what belongs in a field."""

ADVERSARY_HEADINGS: Mapping[Adversary, re.Pattern[str]] = {
    Adversary.MOST_LIKELY: re.compile(r"\bmost likely\b|\bmeest waarschijnlijk|\bwaarschijnlijkste\b", re.IGNORECASE),
    Adversary.MOST_DANGEROUS: re.compile(r"\bmost dangerous\b|\bgevaarlijkste\b|\bmeest gevaarlijk", re.IGNORECASE),
}

_SETTLED = (
    "known|established|decided|received|confirmed|agreed|observed|determined|verified|surveyed|inspected|measured"
    "|assessed|clear|certain|settled|announced|arranged"
)
_VASTGESTELD = (
    "bekend|vastgesteld|besloten|ontvangen|bevestigd|afgesproken|duidelijk|zeker|onderzocht|gemeten|gecontroleerd"
    "|beoordeeld|bepaald|geregeld|nagegaan|uitgezocht"
)
_NOT_KNOWN = (
    rf"(?:not|nothing is|never been) (?:yet )?(?:been )?(?:{_SETTLED})",
    rf"(?:still|yet|remains?|has|have) to be (?:{_SETTLED})",
    r"to be (?:confirmed|determined|decided|announced|advised)|tb[cd]",
    r"unknown|undetermined|undecided|unconfirmed|(?:is|are|was|were|remains?) (?:still )?(?:unclear|uncertain)",
    r"whether\b.{0,80}\b(?:is|are) (?:still )?open|(?:being|under) investigat(?:ed|ion)",
    r"(?:do|does|did) not (?:yet )?know|nobody knows|(?:cannot|could not) (?:yet )?(?:say|confirm|tell)",
    r"no (?:\w+ )?(?:information|reply|answer|confirmation|news|figures?|data|decision|estimate|report)\b.{0,60}\b"
    r"(?:yet|so far|received|available|been|came|come)",
    r"(?:await\w*|waiting for|pending)\b.{0,40}\b(?:reply|answer|confirmation|decision|result|report|survey)\w*",
    r"(?:figures?|reports?|estimates?|accounts?|numbers) (?:differ|vary|conflict|disagree)",
    rf"niet (?:nog )?(?:{_VASTGESTELD})|nog niet\b.{{0,50}}\b(?:{_VASTGESTELD})",
    r"(?:wordt|worden) (?:nog )?(?:onderzocht|nagegaan|uitgezocht)",
    r"onbekend|onduidelijk|onzeker|onbevestigd|n\.?n\.?b|n\.?t\.?b",
    rf"(?:wordt|worden|moet|moeten)\b.{{0,60}}\bnog\b.{{0,40}}\b(?:{_VASTGESTELD}|blijken)",
    r"nooit (?:een )?(?:afspraak|besluit)|(?:lopen|loopt) uiteen|spreken elkaar tegen|(?:weet|weten) (?:\w+ )?niet",
    r"geen (?:plek|regeling|afspraak)\b.*\bgeregeld",
    r"geen (?:\w+ )?(?:informatie|antwoord|bericht|gegevens|bevestiging|uitsluitsel|afspraak|besluit|opgave|cijfers?)\b"
    r".{0,60}\b(?:ontvangen|bekend|genomen|beschikbaar|binnen|gekregen|gegeven|gekomen|gemaakt)",
    r"in afwachting van|wacht(?:en)? (?:nog )?op\b.{0,40}\b(?:antwoord|bevestiging|besluit|uitslag|bericht|akkoord)",
)
NOT_KNOWN = re.compile(rf"\b(?:{'|'.join(_NOT_KNOWN)})\b", re.IGNORECASE)
"""A sentence that says that something is not known."""
ASKS = re.compile(
    r"^\W*(?:how|who|whose|what|when|where|which|why|whether|is|are|does|do|did|will"
    r"|hoe|hoeveel|wie|wat|wanneer|waar|welke?|waarom|of|zijn|komt|blijft)\b(?!.{0,20}\b(?:you|u|jullie)\b).*\?\s*$",
    re.IGNORECASE | re.DOTALL,
)
"""A question that a document leaves open, and that asks nothing of its reader."""
MUST_NOT = re.compile(
    r"\b(?:must|may|can|shall)(?: not|not)\b|\bcannot\b|\bnothing\b.{0,60}\b(?:may|can)\b|\bforbid\w*|\bprohibit\w*"
    r"|\bforbidden\b|\bnot allowed\b|\bno more than\b|\bclosed to\b|\bmag\b.{0,80}\b(?:niet|alleen|geen)\b"
    r"|\bmogen\b.{0,80}\b(?:niet|alleen|geen)\b|\bverbod\w*|\bverbied\w*|\bverboden\b|\bniet toegestaan\b"
    r"|\bdragen geen\b|\bgeen\b.{0,40}\btoegestaan\b",
    re.IGNORECASE | re.DOTALL,
)
"""A sentence that says what must not be done."""
MUST = re.compile(
    r"\b(?:must|shall|has to|have to|required?|not later than|at least|stays?)\b"
    r"|\b(?:moet(?:en)?|dient|dienen|verplicht|vereist|uiterlijk|ten minste|minstens|gaat door)\b",
    re.IGNORECASE,
)
"""A sentence that says what must be done."""
_MONTH = r"(?:jan|feb|ma(?:ar|r|y)|mrt|apr|mei|jun|jul|aug|sep|o[ck]t|nov|dec)\w*"
DEADLINE = re.compile(
    r"\b(?:before|until|by|not later than|no later than|voor|vóór|tot|uiterlijk|vanaf|from)\b[^.;]{0,30}?"
    rf"(?:\d{{1,2}}[:.]\d{{2}}(?! meter)|\d{{6}}[A-Z]?\b|\d{{1,2}} {_MONTH})|\b(?:voordat|before the)\b",
    re.IGNORECASE,
)
"""A time until or from which something holds."""
TASKS = re.compile(
    r"\b(?:your|the) task\b|\btask as\b|\bmission\b|\bwork out\b|\badvise\b|\brestore\b|\bopdracht\b|\bwerk\b.*\buit\b"
    r"|\badviseer\b|\bgevraagd\b|\bvraagt\b|\bmust decide\b",
    re.IGNORECASE,
)
"""A sentence that says what is to be done about the problem."""
ALTERNATIVE = re.compile(
    r"\b(?:alternat\w+|detour|otherwise|instead|reserve|fall ?back|bypass|alternatie\w+|omweg|uitwijk\w*|anders|reserve"
    r"|in plaats van|omleiding)\b",
    re.IGNORECASE,
)
"""What is done when something else cannot be."""
AVAILABLE = re.compile(
    r"\b(?:has|have|owns?|holds?|is open|open as far|available|can be|attached|ready|offers?|stands? by"
    r"|heeft|hebben|beschikbaar|beschikt|gereed|kunnen|kan|bezit|staat klaar|open)\b",
    re.IGNORECASE,
)
"""A means that is there."""
UNUSABLE = re.compile(
    r"\b(?:collapsed|stranded|gestrand|destroyed|broken|closed to all|blocked|may not carry|no transport"
    r"|not available|cannot be used"
    r"|refuse|ingestort|vernield|versperd|niet beschikbaar|gestremd|weigeren|kapot)\b",
    re.IGNORECASE,
)
"""A means that is not."""

GROWS_WORSE = re.compile(r"\b(?:rises?|rising|runs? out|expected|stijgt|raakt op|verwacht)\b", re.IGNORECASE)
"""A situation that time makes worse."""


def section_of(heading: str) -> Section | None:
    """Return what stands below a heading, in either language; None when it tells nothing of that."""
    return next((section for section, words in _SECTIONS.items() if words.search(heading)), None)
