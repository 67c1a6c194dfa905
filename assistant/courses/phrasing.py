"""The words in which a staff's problem is asked of documents and told to a staff, in Dutch and English.

Tables only. Knows nothing of how an answer is made, nor of any one problem."""

from collections.abc import Mapping

from assistant.courses.workspace import Adversary, CourseField, FramingField
from retrieval.languages import Language

Phrases = Mapping[Language, str]


FRAMING_QUESTIONS: Mapping[FramingField, Phrases] = {
    FramingField.MISSION: {"en": "What is the mission: {topic}?", "nl": "Wat is de opdracht: {topic}?"},
    FramingField.INTENT: {"en": "What is the commander's intent?", "nl": "Wat is het oogmerk van de commandant?"},
    FramingField.END_STATE: {"en": "What is the end state?", "nl": "Wat is de eindtoestand?"},
    FramingField.CONSTRAINTS: {
        "en": "What is required of {topic}?",
        "nl": "Wat is vereist bij {topic}?",
    },
    FramingField.RESTRAINTS: {
        "en": "What is forbidden or not allowed at {topic}?",
        "nl": "Wat is verboden of niet toegestaan bij {topic}?",
    },
    FramingField.TIME_AVAILABLE: {
        "en": "By when must {topic} be completed?",
        "nl": "Wanneer moet {topic} voltooid zijn?",
    },
}

COURSE_QUESTIONS: Mapping[CourseField, Phrases] = {
    CourseField.WHO: {
        "en": "Which unit is responsible for the {idea}?",
        "nl": "Welke eenheid is verantwoordelijk voor {idea}?",
    },
    CourseField.WHAT: {"en": "What is the {idea}?", "nl": "Wat is {idea}?"},
    CourseField.WHEN: {"en": "When is the {idea} available?", "nl": "Wanneer is {idea} beschikbaar?"},
    CourseField.WHERE: {"en": "Where is the {idea}?", "nl": "Waar is {idea}?"},
    CourseField.HOW: {"en": "How is the {idea} used?", "nl": "Hoe wordt {idea} gebruikt?"},
    CourseField.WHY: {"en": "Why would the {idea} help {topic}?", "nl": "Waarom helpt {idea} bij {topic}?"},
    CourseField.PHASES: {
        "en": "In which phases or steps is the {idea} prepared?",
        "nl": "In welke fasen of stappen wordt {idea} voorbereid?",
    },
    CourseField.MAIN_EFFORT: {
        "en": "What is the main effort with the {idea}?",
        "nl": "Wat is de hoofdinspanning bij {idea}?",
    },
    CourseField.SUPPORTING_EFFORTS: {
        "en": "Who supports the {idea}?",
        "nl": "Wie ondersteunt {idea}?",
    },
    CourseField.RESOURCES: {
        "en": "What capacity, cost or load class does the {idea} have?",
        "nl": "Welke capaciteit, kosten of belastingklasse heeft {idea}?",
    },
    CourseField.RISKS: {
        "en": "What limits or endangers the {idea}?",
        "nl": "Wat beperkt of bedreigt {idea}?",
    },
}

BASELINE_QUESTIONS: Mapping[CourseField, Phrases] = {
    CourseField.WHAT: {"en": "What is the situation of {topic}?", "nl": "Wat is de toestand van {topic}?"},
    CourseField.WHEN: {
        "en": "Until when does {topic} last without measures?",
        "nl": "Tot wanneer houdt {topic} het vol zonder maatregelen?",
    },
    CourseField.RISKS: {
        "en": "What happens to {topic} if nothing is done?",
        "nl": "Wat gebeurt er met {topic} als niets wordt gedaan?",
    },
}

SEED_QUESTIONS: Mapping[Language, tuple[str, ...]] = {
    "en": (
        "Which routes are available for {topic}?",
        "Which vehicles, equipment or units are available for {topic}?",
        "Which agreements, contracts or reserves are there for {topic}?",
    ),
    "nl": (
        "Welke routes zijn beschikbaar voor {topic}?",
        "Welke voertuigen, middelen of eenheden zijn beschikbaar voor {topic}?",
        "Welke afspraken, overeenkomsten of reserves zijn er voor {topic}?",
    ),
}

UNKNOWN_QUESTIONS: Mapping[Language, tuple[str, ...]] = {
    "en": ("What is not known or not confirmed about {topic}?", "What is still to be decided about {topic}?"),
    "nl": ("Wat is niet bekend of niet bevestigd over {topic}?", "Wat moet nog worden besloten over {topic}?"),
}

ADVERSARY_QUESTIONS: Mapping[Adversary, Phrases] = {
    Adversary.MOST_LIKELY: {
        "en": "What is the most likely enemy course of action?",
        "nl": "Wat is de meest waarschijnlijke handelwijze van de vijand?",
    },
    Adversary.MOST_DANGEROUS: {
        "en": "What is the most dangerous enemy course of action?",
        "nl": "Wat is de gevaarlijkste handelwijze van de vijand?",
    },
}
CIRCUMSTANCE_QUESTIONS: Mapping[Adversary, Phrases] = {
    Adversary.MOST_LIKELY: {
        "en": "What weather and water level are expected at {topic}?",
        "nl": "Welk weer en welke waterstand worden verwacht bij {topic}?",
    },
    Adversary.MOST_DANGEROUS: {
        "en": "What danger do weather, ice or high water bring to {topic}?",
        "nl": "Welk gevaar brengen weer, ijs of hoogwater voor {topic}?",
    },
}
WARGAME_QUESTIONS: Mapping[str, Phrases] = {
    "counteraction": {
        "en": "What is the alternative when the {idea} fails?",
        "nl": "Wat is het alternatief als {idea} uitvalt?",
    },
    "result": {
        "en": "What is the effect of {action} on the {idea}?",
        "nl": "Wat is het gevolg van {action} voor {idea}?",
    },
    "decision_point": {
        "en": "Until when can be decided about the {idea}?",
        "nl": "Tot wanneer kan over {idea} worden besloten?",
    },
}
FIELD_NAMES: Mapping[CourseField, Phrases] = {
    CourseField.WHO: {"en": "who carries it out", "nl": "wie het uitvoert"},
    CourseField.WHAT: {"en": "what is done", "nl": "wat er gedaan wordt"},
    CourseField.WHEN: {"en": "when, and until when", "nl": "wanneer, en tot wanneer"},
    CourseField.WHERE: {"en": "where", "nl": "waar"},
    CourseField.HOW: {"en": "how", "nl": "hoe"},
    CourseField.WHY: {"en": "why", "nl": "waarom"},
    CourseField.PHASES: {"en": "phases", "nl": "fasen"},
    CourseField.MAIN_EFFORT: {"en": "main effort", "nl": "hoofdinspanning"},
    CourseField.SUPPORTING_EFFORTS: {"en": "supporting efforts", "nl": "ondersteunende inspanningen"},
    CourseField.RESOURCES: {"en": "resources and their capacity", "nl": "middelen en hun capaciteit"},
    CourseField.RISKS: {"en": "risks and limits", "nl": "risico's en beperkingen"},
}
IN_WORDS: Mapping[str, Phrases] = {
    "do nothing": {"en": "Do nothing", "nl": "Niets doen"},
    "told by officer": {"en": "told in the problem as given", "nl": "genoemd in het vraagstuk zoals gegeven"},
    "word for word": {"en": "word for word in the cited text", "nl": "woordelijk in de aangehaalde tekst"},
    "nothing on it": {
        "en": "nothing was found that speaks of {idea}",
        "nl": "er is niets gevonden dat over {idea} gaat",
    },
    "documents differ": {
        "en": "documents give different values; all are shown",
        "nl": "documenten geven verschillende waarden; alle worden getoond",
    },
    "contradicts": {
        "en": "contradicts: {other}",
        "nl": "in tegenspraak met: {other}",
    },
    "assume": {
        "en": "Assumed, until it is found out, that this does not stop the course: {gap}",
        "nl": "Aangenomen, tot het bekend is, dat dit de handelwijze niet verhindert: {gap}",
    },
    "necessary": {
        "en": "Without it the course built on {idea} cannot be planned further.",
        "nl": "Zonder deze aanname kan de handelwijze met {idea} niet verder worden gepland.",
    },
    "if false": {
        "en": "Screen the course again; it may not be feasible.",
        "nl": "Toets de handelwijze opnieuw; zij is dan mogelijk niet uitvoerbaar.",
    },
    "that action": {"en": "what the adversary does", "nl": "wat de tegenstander doet"},
    "superseded": {
        "en": "{title} is superseded by {by}",
        "nl": "{title} is vervangen door {by}",
    },
    "retired": {"en": "{title} was retired by its owner", "nl": "{title} is door de eigenaar ingetrokken"},
    "expired": {
        "en": "{title} expired on {day}",
        "nl": "{title} is verlopen op {day}",
    },
    "not yet valid": {"en": "{title} holds only from {day}", "nl": "{title} geldt pas vanaf {day}"},
    "deleted": {"en": "{title} was deleted on {day}", "nl": "{title} is verwijderd op {day}"},
    "gone": {"en": "{title} is no longer in the corpus", "nl": "{title} staat niet meer in het corpus"},
    "newer": {
        "en": "a newer version of {title} is live, and it no longer says this",
        "nl": "er is een nieuwere versie van {title}, en daarin staat dit niet meer",
    },
    "newer alike": {
        "en": "a newer version of {title} is live; it still says this word for word",
        "nl": "er is een nieuwere versie van {title}; daarin staat dit nog woordelijk",
    },
    "held back": {
        "en": "the newest version of {title} is held back until its owner decides",
        "nl": "de nieuwste versie van {title} wordt vastgehouden tot de eigenaar beslist",
    },
    "unreadable": {
        "en": "a source of this is no longer readable for you",
        "nl": "een bron hiervan is voor u niet meer leesbaar",
    },
    "reaction": {
        "en": "How '{idea}' is carried out under it.",
        "nl": "Hoe '{idea}' daaronder wordt uitgevoerd.",
    },
    "written": {
        "en": "written by the language model; each part stands in the cited text",
        "nl": "geschreven door het taalmodel; elk deel staat in de aangehaalde tekst",
    },
    "unproved": {
        "en": "written by the language model and not supported by what it cites",
        "nl": "geschreven door het taalmodel en niet gesteund door wat het aanhaalt",
    },
}


def asked(phrases: Phrases, language: Language, **fields: str) -> str:
    """Return a question in a language with its fields filled in."""
    return " ".join(phrases[language].format(**fields).replace(" ?", "?").split())


def told(name: str, language: Language, **fields: str) -> str:
    """Return a sentence of IN_WORDS in a language. Raises KeyError for one that is not there."""
    return IN_WORDS[name][language].format(**fields)
