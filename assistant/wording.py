"""The sentences that the product itself says to a reader, in Dutch and English. Knows no logic."""

from retrieval.languages import Language

_SENTENCES: dict[str, dict[Language, str]] = {
    "abstained": {
        "nl": "Dit staat niet in de doorzochte documenten ({corpora}).",
        "en": "This is not in the documents that were searched ({corpora}).",
    },
    "no corpora": {
        "nl": "Er zijn geen documenten die u mag lezen.",
        "en": "There are no documents that you may read.",
    },
    "missing words": {
        "nl": "Geen van de gevonden passages noemt: {words}.",
        "en": "None of the passages found mentions: {words}.",
    },
    "owner": {
        "nl": "Vraag het na bij de eigenaar: {owners}.",
        "en": "Ask the owner: {owners}.",
    },
    "unanswered part": {
        "nl": "Op dit deel van de vraag geven de documenten geen antwoord: {part}",
        "en": "The documents do not answer this part of the question: {part}",
    },
    "unverified": {
        "nl": "Kon niet worden geverifieerd",
        "en": "Could not be verified",
    },
    "request marking": {"nl": "Rubricering: {marking}", "en": "Marking: {marking}"},
    "request title": {"nl": "VERZOEK OM INFORMATIE (concept)", "en": "REQUEST FOR INFORMATION (draft)"},
    "request to": {"nl": "Aan: {owners}", "en": "To: {owners}"},
    "request from": {"nl": "Van: {asker}, {day}", "en": "From: {asker}, {day}"},
    "request question": {"nl": "Vraag: {question}", "en": "Question: {question}"},
    "request searched": {
        "nl": "Doorzocht: {corpora}. De documenten beantwoorden de vraag niet.",
        "en": "Searched: {corpora}. The documents do not answer the question.",
    },
    "request nearest": {"nl": "Wat zij er wel over zeggen:", "en": "What they do say about it:"},
    "request wanted": {
        "nl": "Gevraagd: het antwoord met zijn bron, of wie het kan geven, en voor wanneer dat kan.",
        "en": "Wanted: the answer with its source, or who can give it, and by when.",
    },
    "reference": {"nl": "Referentie: {answer}", "en": "Reference: {answer}"},
    "model failed": {
        "nl": "Het taalmodel gaf geen antwoord; dit zijn de gevonden zinnen.",
        "en": "The language model gave no answer; these are the sentences that were found.",
    },
}


def say(name: str, language: Language, **fields: str) -> str:
    """Return a sentence in a language. Raises KeyError for a name or field that is not there."""
    return _SENTENCES[name][language].format(**fields)
