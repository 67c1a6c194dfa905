"""The words of the memo, in Dutch and English.

The headings are those of a Dutch 'nota ter beslissing' and of a decision brief as in FM 6-0."""

from assistant.courses.naming import name_of
from retrieval.languages import Language

_WORDS: dict[str, tuple[str, str]] = {
    "memo": ("Nota ter beslissing", "Decision brief"),
    "closed memo": ("Niet openbaar deel", "Part that is not public"),
    "marking": ("Rubricering", "Marking"),
    "no marking": (
        "Zonder rubricering: vast te stellen door de opsteller",
        "Without a marking: to be set by the author",
    ),
    "page": ("Pagina", "Page"),
    "date": ("Stand van", "As of"),
    "author": ("Opsteller", "Author"),
    "cause": ("Aanleiding", "Problem and mission"),
    "advised": ("Geadviseerd besluit", "Recommendation"),
    "requested": ("Gevraagd besluit", "Decision requested"),
    "key points": ("Kernpunten", "Facts and assumptions"),
    "explanation": ("Toelichting", "Analysis"),
    "courses": ("Handelwijzen", "Courses of action"),
    "screening": ("Toetsing", "Screening"),
    "wargame": ("Wargame", "Wargame"),
    "comparison": ("Vergelijking", "Comparison"),
    "criteria": ("Criteria", "Criteria"),
    "sensitivity": ("Gevoeligheid", "Sensitivity"),
    "financial": ("Financiële overwegingen", "Financial considerations"),
    "legal": ("Juridische overwegingen", "Legal considerations"),
    "implementation": ("Uitvoering", "Implementation"),
    "communication": ("Communicatie", "Communication"),
    "coordination": ("Afstemming", "Coordination"),
    "not public": ("Informatie die niet openbaar wordt gemaakt", "Information that is not made public"),
    "annexes": ("Bijlagen", "Annexes"),
    "gaps": ("Nog na te gaan", "Still to be found out"),
    "facts": ("Feiten", "Facts"),
    "assumptions": ("Aannames", "Assumptions"),
    "fill financial": ("In te vullen door de adviseur financiën.", "To be filled in by the financial adviser."),
    "fill legal": ("In te vullen door de juridisch adviseur.", "To be filled in by the legal adviser."),
    "fill implementation": (
        "In te vullen door de uitvoerende eenheid.",
        "To be filled in by the unit that carries it out.",
    ),
    "fill communication": ("In te vullen door de afdeling communicatie.", "To be filled in by public affairs."),
    "fill coordination": (
        "In te vullen door de opsteller: met wie is afgestemd, wanneer, en met welke uitkomst.",
        "To be filled in by the author: who was consulted, when, and with what result.",
    ),
    "fill motivation": (
        "Motivering: in te vullen door de opsteller, met de wettelijke grond.",
        "Motivation: to be filled in by the author, with its legal ground.",
    ),
    "fill": ("In te vullen door de opsteller.", "To be filled in by the author."),
    "fill owner": ("Aan te vullen door {owner}.", "To be added by {owner}."),
    "left out": (
        "{count} onderdelen staan in een afzonderlijk bestand dat niet openbaar wordt gemaakt.",
        "{count} parts are in a file of their own that is not made public.",
    ),
    "all here": (
        "Dit bestand houdt alles; het wordt niet openbaar gemaakt.",
        "This file holds everything; it is not made public.",
    ),
    "motivated": ("Motivering ({count}): {reason}", "Motivation ({count}): {reason}"),
    "motivated part": ("{part}: {reason} (volgens {by})", "{part}: {reason} (stated by {by})"),
    "not public here": ("[niet openbaar]", "[not public]"),
    "nothing left out": ("Niets is weggelaten.", "Nothing was left out."),
    "decided": (
        "{by} heeft op {at} besloten tot: {chosen}.",
        "{by} decided on {at} for: {chosen}.",
    ),
    "decided why": ("Reden: {reason}", "Reason: {reason}"),
    "undecided": (
        "Er is nog niet besloten. Een mens beslist; dit stuk legt het besluit voor.",
        "Nothing was decided yet. A person decides; this brief puts the decision before them.",
    ),
    "recommended": ("Geadviseerd wordt: {course}.", "Recommended: {course}."),
    "confidence": ("Zekerheid: {confidence} ({share}).", "Confidence: {confidence} ({share})."),
    "no recommendation": ("Er is geen advies.", "There is no recommendation."),
    "dissent": ("Daartegen pleit", "What speaks against it"),
    "change": ("Wat het advies zou veranderen", "What would change it"),
    "stable": (
        "Bij {samples} trekkingen rond de gekozen gewichten blijft de hele rangorde in {share} gelijk.",
        "In {samples} draws around the chosen weights the whole ranking stays the same in {share}.",
    ),
    "first": ("{course}: eerste in {around} van de trekkingen.", "{course}: first in {around} of the draws."),
    "course": ("Handelwijze", "Course"),
    "definition": ("Definitie", "Definition"),
    "basis assumption": ("Aanname", "Assumption"),
    "basis gap": ("Niet bekend", "Not known"),
    "basis stated": ("volgens {author}", "stated by {author}"),
    "disputed": ("bronnen spreken elkaar tegen", "sources disagree"),
    "ask": ("te vragen aan {owners}", "to be asked of {owners}"),
    "valid": ("geldig omdat", "valid because"),
    "necessary": ("nodig omdat", "necessary because"),
    "if false": ("zo niet", "if false"),
    "not said": ("niet ingevuld", "not filled in"),
    "stale": ("Let op", "Note"),
    "source": ("versie", "version"),
    "source page": ("p.", "p."),
    "baseline": ("niets doen", "do nothing"),
    "adversary": ("Tegenpartij of omstandigheid", "Adversary or circumstance"),
    "test": ("Toets", "Test"),
    "outcome": ("Uitkomst", "Outcome"),
    "reason": ("Reden", "Reason"),
}


def words(name: str, language: Language, **told: object) -> str:
    """Return a word or sentence of the memo."""
    if name not in _WORDS:
        return name_of(name, language)
    text = _WORDS[name][0 if language == "nl" else 1]
    return text.format(**told) if told else text
