"""The words around an exported answer, in Dutch and English. Knows no logic."""

from retrieval.languages import Language

_WORDS: dict[str, tuple[str, str]] = {
    "answer": ("Antwoord met bronnen", "Answer with sources"),
    "conversation": ("Gesprek met bronnen", "Conversation with sources"),
    "count": ("{count} vragen en antwoorden", "{count} questions and answers"),
    "no marking": ("Geen bronnen gebruikt, dus zonder rubricering", "No sources used, so without a marking"),
    "marking": ("Rubricering", "Marking"),
    "asked": ("Gevraagd op {at} (UTC), zoals van kracht op {day}.", "Asked on {at} (UTC), as in force on {day}."),
    "searched for": ("Gezocht naar: {query}", "Searched for: {query}"),
    "within": ("Alleen gezocht in: {names}", "Searched only in: {names}"),
    "conflicts": ("Bronnen spreken elkaar tegen", "Sources contradict each other"),
    "quotes": ("Citaten", "Quotes"),
    "in short": ("Kort gezegd (gecontroleerd)", "In short (checked)"),
    "nearest": ("Wat de documenten er wel over zeggen", "What the documents do say about it"),
    "besides": ("Bij dit antwoord", "With this answer"),
    "unanswered": (
        "Op dit deel van de vraag geven de documenten geen antwoord: {part}",
        "The documents do not answer this part of the question: {part}",
    ),
    "withheld": (
        "Weggelaten omdat niet te verifiëren (beweringen van het taalmodel): {count}.",
        "Left out because not verifiable (statements by the language model): {count}.",
    ),
    "reference": ("Kenmerk {id} · Rubricering: {marking}", "Reference {id} · Marking: {marking}"),
    "about": ("Over dit stuk", "About this paper"),
    "made": (
        "Samengesteld door Stafwijzer. Citaten zijn door software uit de bron gekopieerd; elke uitspraak verwijst naar "
        "de passage waarop zij rust. Controleer de bron voordat u erop handelt.",
        "Put together by Stafwijzer. Quotes were copied from the source by software; each statement refers to the "
        "passage that it rests on. Check the source before you act on it.",
    ),
    "supported": ("geverifieerd: gesteund door de genoemde bron", "verified: supported by the source named"),
    "partly": ("deels: maar deels gesteund", "partly: supported in part only"),
    "unsupported": ("niet te verifiëren: niet gesteund", "not verifiable: not supported"),
    "conflicting": (
        "tegengesproken: een andere bron spreekt dit tegen",
        "contradicted: another source contradicts this",
    ),
    "value": ("Waarde", "Value"),
    "document": ("Document", "Document"),
    "dated": ("Datum", "Date"),
    "status": ("Status", "Status"),
    "undated": ("ongedateerd", "undated"),
    "day": ("datum {day}", "dated {day}"),
    "in force": ("van kracht", "in force"),
    "prevails": ("van kracht, gaat voor", "in force, prevails"),
    "version": ("versie {version}", "version {version}"),
    "page": ("blz. {page}", "p. {page}"),
    "characters": ("tekens {start}-{end}", "characters {start}-{end}"),
}


def words(name: str, language: Language, **told: object) -> str:
    """Return a word or sentence. Raises KeyError for a name or field that is not there."""
    return _WORDS[name][0 if language == "nl" else 1].format(**told)
