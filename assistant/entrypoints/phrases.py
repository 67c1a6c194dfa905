"""The words with which the chat surrounds an answer, in Dutch and English. Knows no logic."""

from retrieval.languages import Language

_PHRASES: dict[str, dict[Language, str]] = {
    "loading": {
        "nl": "De modellen worden nog geladen; uw vraag wacht hierop",
        "en": "The models are still being loaded; your question waits for them",
    },
    "searching": {"nl": "Zoekt in de documenten", "en": "Searching the documents"},
    "sources": {"nl": "Bronnen ({count})", "en": "Sources ({count})"},
    "waiting": {
        "nl": "Wacht op het taalmodel; nog {count} voor u",
        "en": "Waiting for the language model; {count} before you",
    },
    "draft": {"nl": "Concept, nog niet gecontroleerd", "en": "Draft, not yet checked"},
    "in short": {"nl": "Kort gezegd (gecontroleerd)", "en": "In short (checked)"},
    "nearest": {
        "nl": "Dichtstbijzijnde passages, die de vraag niet beantwoorden",
        "en": "Nearest passages, which do not answer the question",
    },
    "conflicts": {"nl": "Bronnen spreken elkaar tegen", "en": "Sources contradict each other"},
    "one withheld": {
        "nl": "1 bewering van het model kon niet worden gecontroleerd en wordt niet getoond.",
        "en": "1 statement by the model could not be verified and is not shown.",
    },
    "withheld": {
        "nl": "{count} beweringen van het model konden niet worden gecontroleerd en worden niet getoond.",
        "en": "{count} statements by the model could not be verified and are not shown.",
    },
    "one unresolved": {
        "nl": "1 verwijzing van het model wijst naar geen enkele bron.",
        "en": "1 reference by the model points at no source.",
    },
    "unresolved": {
        "nl": "{count} verwijzingen van het model wijzen naar geen enkele bron.",
        "en": "{count} references by the model point at no source.",
    },
    "marking": {"nl": "Rubricering van dit antwoord: {marking}", "en": "Marking of this answer: {marking}"},
    "page": {"nl": "blz. {page}", "en": "p. {page}"},
    "right": {"nl": "Klopt", "en": "Right"},
    "not right": {"nl": "Klopt niet", "en": "Not right"},
    "explain": {"nl": "Toelichten", "en": "Say why"},
    "why": {
        "nl": "Wat klopt er niet? Uw volgende bericht wordt als toelichting bewaard en niet als vraag beantwoord.",
        "en": "What is not right? Your next message is kept as a remark and not answered as a question.",
    },
    "never mind": {"nl": "Toch niet", "en": "Never mind"},
    "thanks": {"nl": "Dank u. Uw oordeel is bewaard.", "en": "Thank you. Your judgement is kept."},
    "stopped": {
        "nl": "Gestopt op uw verzoek. Dit antwoord is niet af.",
        "en": "Stopped at your request. This answer is not complete.",
    },
    "defect": {
        "nl": "Er ging iets mis in het programma. Meld dit aan de beheerder.",
        "en": "Something went wrong in the program. Report this to its administrator.",
    },
    "reference": {"nl": "Referentie {reference}", "en": "Reference {reference}"},
}


def phrase(name: str, language: Language, **fields: object) -> str:
    """Return a phrase in a language. Raises KeyError for a name or field that is not there."""
    return _PHRASES[name][language].format(**fields)


def counted(name: str, count: int, language: Language) -> str:
    """Return a phrase that says how many, in the singular for one."""
    return phrase(f"one {name}" if count == 1 else name, language, count=count)
