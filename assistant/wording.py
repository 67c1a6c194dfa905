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
    "model failed": {
        "nl": "Het taalmodel gaf geen antwoord; dit zijn de gevonden zinnen.",
        "en": "The language model gave no answer; these are the sentences that were found.",
    },
}


def say(name: str, language: Language, **fields: str) -> str:
    """Return a sentence in a language. Raises KeyError for a name or field that is not there."""
    return _SENTENCES[name][language].format(**fields)
