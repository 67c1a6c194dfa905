"""What the chat says of conversations that it keeps and shows again, in Dutch and English."""

from retrieval.languages import Language

_SENTENCES: dict[str, dict[Language, str]] = {
    "not kept": {
        "nl": "Deze vraag en dit antwoord konden niet worden bewaard: zij staan niet in uw gesprekken. "
        "Neem over wat u nodig hebt en meld dit aan de beheerder.",
        "en": "This question and its answer could not be kept: they are not among your conversations. "
        "Copy what you need and tell the administrator.",
    },
    "withheld": {
        "nl": "Van dit antwoord is een deel weggelaten: het berust op wat u nu niet mag lezen of op wat is verwijderd.",
        "en": "Part of this answer is withheld: it rests on what you may not read now, or on what was deleted.",
    },
    "unanswered": {
        "nl": "Deze vraag is niet beantwoord: het programma stopte voordat er een antwoord was. Stel haar opnieuw.",
        "en": "This question was not answered: the program ended before there was an answer. Ask it again.",
    },
    "too long": {
        "nl": "De eerdere {count} vragen van dit gesprek worden hier niet getoond.",
        "en": "The first {count} questions of this conversation are not shown here.",
    },
}


def sentence(name: str, language: Language, **fields: object) -> str:
    """Return a sentence in a language."""
    return _SENTENCES[name][language].format(**fields)
