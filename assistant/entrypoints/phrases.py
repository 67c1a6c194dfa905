"""The words with which the command line and the chat surround an answer, in Dutch and English. Knows no logic."""

from retrieval.languages import Language

_PHRASES: dict[str, dict[Language, str]] = {
    "loading": {
        "nl": "De modellen worden nog geladen; uw vraag wacht hierop",
        "en": "The models are still being loaded; your question waits for them",
    },
    "searching": {"nl": "Zoekt in de documenten", "en": "Searching the documents"},
    "searched for": {"nl": "Gezocht naar: {query}", "en": "Searched for: {query}"},
    "searched parts": {"nl": "Ook apart gezocht: {parts}", "en": "Also searched for: {parts}"},
    "sources": {"nl": "Bronnen ({count})", "en": "Sources ({count})"},
    "waiting": {
        "nl": "Wacht op het taalmodel; nog {count} voor u",
        "en": "Waiting for the language model; {count} before you",
    },
    "draft": {"nl": "Concept, nog niet gecontroleerd", "en": "Draft, not yet checked"},
    "seconds": {"nl": "{words} · {seconds} s", "en": "{words} · {seconds} s"},
    "answer": {"nl": "Antwoord", "en": "Answer"},
    "quotes": {"nl": "Citaten", "en": "Quotes"},
    "in short": {"nl": "Kort gezegd (gecontroleerd)", "en": "In short (checked)"},
    "nearest": {
        "nl": "Dichtstbijzijnde passages, die de vraag niet beantwoorden",
        "en": "Nearest passages, which do not answer the question",
    },
    "nearest quotes": {
        "nl": "Wat de documenten er wel over zeggen",
        "en": "What the documents do say about it",
    },
    "nearest above": {
        "nl": "De bronnen hierboven zijn de dichtstbijzijnde; zij beantwoorden de vraag niet.",
        "en": "The sources above are the nearest; they do not answer the question.",
    },
    "conflicts": {"nl": "Bronnen spreken elkaar tegen", "en": "Sources contradict each other"},
    "value": {"nl": "Waarde", "en": "Value"},
    "document": {"nl": "Document", "en": "Document"},
    "dated": {"nl": "Datum", "en": "Date"},
    "marked": {"nl": "Rubricering", "en": "Marking"},
    "status": {"nl": "Status", "en": "Status"},
    "undated": {"nl": "ongedateerd", "en": "undated"},
    "in force": {"nl": "van kracht", "en": "in force"},
    "prevails": {"nl": "van kracht, gaat voor", "en": "in force, prevails"},
    "rule newer": {
        "nl": "{label} gaat voor: het is het nieuwste document.",
        "en": "{label} prevails: it is the newest document.",
    },
    "rule authority": {
        "nl": "{label} gaat voor: de eigenaar geeft die bron meer gezag.",
        "en": "{label} prevails: its owner gives that source more authority.",
    },
    "no rule": {
        "nl": "Geen regel geeft de doorslag; de keuze is aan u.",
        "en": "No rule decides between them; the choice is yours.",
    },
    "mark supported": {"nl": "geverifieerd", "en": "verified"},
    "mark partly": {"nl": "deels", "en": "partly"},
    "mark unsupported": {"nl": "niet te verifiëren", "en": "not verifiable"},
    "mark conflicting": {"nl": "tegengesproken", "en": "contradicted"},
    "supported": {"nl": "gesteund door de genoemde bron", "en": "supported by the source named"},
    "partly": {"nl": "maar deels gesteund", "en": "supported in part only"},
    "unsupported": {"nl": "niet gesteund", "en": "not supported"},
    "conflicting": {"nl": "een andere bron spreekt dit tegen", "en": "another source contradicts this"},
    "legend": {"nl": "Merken", "en": "Marks"},
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
    "note": {"nl": "Opmerking: {note}", "en": "Note: {note}"},
    "total": {"nl": "Beantwoord in {seconds} s", "en": "Answered in {seconds} s"},
    "marking": {"nl": "Rubricering van dit antwoord: {marking}", "en": "Marking of this answer: {marking}"},
    "characters": {"nl": "tekens {start}-{end}", "en": "characters {start}-{end}"},
    "page": {"nl": "blz. {page}", "en": "p. {page}"},
    "day": {"nl": "datum {day}", "en": "dated {day}"},
    "version": {"nl": "versie {version}", "en": "version {version}"},
    "in force on": {"nl": "van kracht op {day}", "en": "in force on {day}"},
    "open page": {"nl": "Open de bladzijde", "en": "Open the page"},
    "banner": {"nl": "Rubricering van wat dit gesprek toont", "en": "Marking of what this conversation shows"},
    "take along": {"nl": "Meenemen", "en": "Take along"},
    "take along all": {
        "nl": "Meenemen, het hele gesprek ({count} antwoorden)",
        "en": "Take along, the whole conversation ({count} answers)",
    },
    "nothing to take along": {
        "nl": "Er is in dit gesprek nog geen antwoord om mee te nemen.",
        "en": "There is no answer in this conversation to take along yet.",
    },
    "starter": {"nl": "Wat zegt {title} over {about}?", "en": "What does {title} say about {about}?"},
    "choose day": {"nl": "Zoals van kracht op (leeg: vandaag)", "en": "As in force on (empty: today)"},
    "day form": {"nl": "jjjj-mm-dd", "en": "yyyy-mm-dd"},
    "chosen": {"nl": "Geldt vanaf uw volgende vraag.", "en": "Holds from your next question on."},
    "no day": {
        "nl": "Dat is geen datum. Typ haar als 2026-02-28.",
        "en": "That is no date. Type it as 2026-02-28.",
    },
    "asked again": {"nl": "Opnieuw gevraagd: {question}", "en": "Asked again: {question}"},
    "within": {"nl": "Alleen gezocht in: {names}", "en": "Searched only in: {names}"},
    "as of": {"nl": "Zoals van kracht op {day}", "en": "As in force on {day}"},
    "right": {"nl": "Klopt", "en": "Right"},
    "not right": {"nl": "Klopt niet", "en": "Not right"},
    "explain": {"nl": "Toelichten", "en": "Say why"},
    "why": {
        "nl": "Wat klopt er niet? Uw volgende bericht wordt als toelichting bewaard en niet als vraag beantwoord.",
        "en": "What is not right? Your next message is kept as a remark and not answered as a question.",
    },
    "never mind": {"nl": "Toch niet", "en": "Never mind"},
    "thanks": {"nl": "Dank u. Uw oordeel is bewaard.", "en": "Thank you. Your judgement is kept."},
    "again": {"nl": "Opnieuw vragen", "en": "Ask again"},
    "other query": {"nl": "Andere zoekvraag", "en": "Search for something else"},
    "which query": {
        "nl": "Waarnaar moet worden gezocht? Uw volgende bericht is de zoekvraag bij uw eerdere vraag: {question}",
        "en": "What should be searched for? Your next message is the query for your earlier question: {question}",
    },
    "keep query": {"nl": "Laat maar", "en": "Keep it as it was"},
    "request": {"nl": "Verzoek om informatie opstellen", "en": "Draft a request for information"},
    "courses": {"nl": "Handelwijzen uitwerken", "en": "Work out courses of action"},
    "courses begun": {
        "nl": "Werkruimte voor handelwijzen: [openen]({address}). Controleer daar eerst de probleemstelling.",
        "en": "Workspace for courses of action: [open it]({address}). Check the problem's framing there first.",
    },
    "courses how": {
        "nl": "Zet het probleem achter /coa, bijvoorbeeld: /coa Hoe komt de compagnie op tijd over de rivier?",
        "en": "Put the problem after /coa, for instance: /coa How does the company cross the river in time?",
    },
    "request written": {
        "nl": "Een verzoek om informatie staat in {path}. Er is niets verzonden.",
        "en": "A request for information is in {path}. Nothing was sent.",
    },
    "no request": {
        "nl": "De documenten geven antwoord; er is geen verzoek om informatie geschreven.",
        "en": "The documents give an answer; no request for information was written.",
    },
    "stopped": {
        "nl": "Gestopt op uw verzoek. Dit antwoord is niet af.",
        "en": "Stopped at your request. This answer is not complete.",
    },
    "reads no text": {
        "nl": "U mag documenten opsommen en tellen, maar geen tekst lezen; daarom kan geen vraag worden beantwoord.",
        "en": "You may list and count documents and read no text, so no question can be answered.",
    },
    "signed out": {
        "nl": "U bent niet meer aangemeld: uw sessie is beëindigd. [Meld u opnieuw aan](/login).",
        "en": "You are not signed in any more: your session has ended. [Sign in again](/login).",
    },
    "change password": {
        "nl": "Kies eerst een eigen wachtwoord: [wachtwoord wijzigen]({address}). Daarna kunt u vragen stellen.",
        "en": "Choose a password of your own first: [change the password]({address}). Then you can ask questions.",
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
