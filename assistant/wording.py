"""The sentences that the product itself says to a reader, in Dutch and English. Knows no logic."""

import re

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


# Reasons of verdicts and notes of answers are kept in English, as records are; {} is what they are about.
_DUTCH = {
    "word for word in the cited text": "woordelijk in de aangehaalde tekst",
    "it cites nothing": "er wordt niets aangehaald",
    "it says nothing": "er staat niets",
    "it could not be checked": "kon niet worden nagegaan",
    "there is nothing to compare": "er is niets te vergelijken",
    "it is longer than the {} characters that are checked": "langer dan de {} tekens die worden nagegaan",
    "{} of its words stand in the cited text, in these or other forms": "{} van de woorden staat in de aangehaalde"
    " tekst, in deze of een andere vorm",
    "{} of its words stand in the cited text in the same order": "{} van de woorden staat in dezelfde volgorde in de"
    " aangehaalde tekst",
    "missing: {}": "ontbreekt: {}",
    "not in the cited text: {}": "niet in de aangehaalde tekst: {}",
    "not said in the cited text of the same: {}": "in de aangehaalde tekst niet van hetzelfde gezegd: {}",
    "the cited text also says: {}": "de aangehaalde tekst zegt ook: {}",
    "the cited text says the opposite of: {}": "de aangehaalde tekst zegt het omgekeerde van: {}",
    "the cited text has other numbers before these, or in another order": "de aangehaalde tekst heeft eerst andere"
    " getallen, of in een andere volgorde",
    "claim and cited text compare with {} differently": "bewering en aangehaalde tekst vergelijken anders met {}",
    "claim and cited text are not negated alike": "de een ontkent wat de ander stelt, bewering of aangehaalde tekst",
    "in the cited text this is the number of something else: {}": "in de aangehaalde tekst is dit het aantal van iets"
    " anders: {}",
    "in the cited text the other way round: {}": "in de aangehaalde tekst andersom: {}",
    "in the cited text this is another's: {}": "in de aangehaalde tekst van een ander: {}",
    "in the cited text this is said of {}: {}": "in de aangehaalde tekst gezegd van {}: {}",
    "in the cited text somebody else does this: {}": "in de aangehaalde tekst doet een ander dit: {}",
    "the verifying model gives it a probability of {}": "het controlerende model geeft het een kans van {}",
    "the language model failed: {}": "het taalmodel faalde: {}",
    "the language model wrote nothing": "het taalmodel schreef niets",
    "the verifier failed: {}; what the model wrote is not shown": "de controle faalde: {}; wat het model schreef"
    " wordt niet getoond",
}
_ENGLISH = {re.compile(re.escape(told).replace(r"\{\}", "(.*?)"), re.DOTALL): dutch for told, dutch in _DUTCH.items()}


def in_language(told: str, language: Language) -> str:
    """Return a reason or a note, which is kept in English, in a reader's language; as it is where no form is known."""
    if language == "nl":
        for pattern, dutch in _ENGLISH.items():
            if found := pattern.fullmatch(told):
                return dutch.format(*found.groups())
    return told
