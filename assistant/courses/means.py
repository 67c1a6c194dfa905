"""Find the means and ways that a sentence names: routes, bridges, vehicles, units, contracts, stocks.

Word patterns in Dutch and English, and the noun phrase around them. Knows nothing of problems or documents."""

import re

# What staffs move, cross, carry, house and hire with; Dutch ones also as the end of a compound (vrachtauto's, Kadeweg).
_MEANS = {
    "way": r"route|road|track|path|detour|bypass|tunnel|runway|taxiway|airstrip|railway|quay|berth|landing sites?"
    r"|\w*tunnel|spoorlijn|\w*startbaan|\w*landingsbaan|ligplaats|\w*wegen|\w*weg|\w*pad|\w*route|\w*omleiding",
    "crossing": r"bridge|ford|ferry|raft|trackway|fascines?(?: set)?|causeway|\w*brug|\w*bruggen"
    r"|\w*vlot|veer|\w*veerpont|\w*pont"
    r"|\w*rijplaten",
    "vehicle": r"vehicles?|trucks?|lorr(?:y|ies)|buse?s?|trains?|ambulances?|tankers?|trailers?|\w*voertuigen"
    r"|\w*auto'?s?|\w*bussen|\w*trein|\w*wagens?|low[ -]?loaders?|\w*laders?|\w*ambulances?|excavators?|bulldozers?",
    "power": r"generators?|pumps?|transformers?|batter(?:y|ies)|\w*aggregate?n?|\w*aggregaat|generatoren"
    r"|\w*pompen|\w*pomp|\w*transformator\w*|\w*accu'?s",
    "lift": r"cranes?|forklifts?|\w*kraan|\w*kranen|heftruck\w*|repair kits?",
    "air": r"helicopters?|aircraft|airlift|drones?|\w*helikopters?|\w*vliegtuig\w*|[A-Z]{1,3}-?\d{2,3}[A-Z]?",
    "water": r"boats?|vessels?|ships?|barges?|\w*boten|\w*boot|\w*schip|\w*schepen|\w*aak",
    "people": r"soldiers|volunteers|teams?|militairen|vrijwilligers|\w*ploegen",
    "unit": r"platoon|company|squadron|\w*peloton|\w*compagnie|\w*eskadron",
    "contract": r"contractor|agreement|contract|lease|hire|\w*aannemer|\w*overeenkomst|\w*contract|\w*afspraak",
    "stock": r"reserves?|stocks?|depots?|supplies|\w*voorra(?:ad|den)|\w*depots?|\w*reserve",
    "shelter": r"shelters?|accommodation|hospitals?|barracks|\w*ziekenhuis|kazernes?|\w*opvang|\w*hal",
}
_SORTS = {sort: re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE) for sort, words in _MEANS.items()}
_WORD = re.compile(r"[\w'’-]+")
# Left of the means these end its name: they are no part of it, whatever they are in another sentence.
_ENDS_NAME = frozenset(
    """
    has have had owns own holds hold is are be been can free open one two three four five six several some such new
    available attached stands stand consists consist evening at in on of to the a an and or with by for its their
    heeft hebben is zijn een twee drie vier vijf zes zeven acht negen tien de het den er kunnen kan met van bij aan op
    naar en of beschikbare beschikbaar ongeveer deze die dat geen stranded volgens twintig dertig veertig vijftig zestig
    """.split()
)
_MOST_WORDS_BEFORE = 3
# Sorts that have or follow from a means rather than being a way themselves.
HOLDERS = frozenset({"unit", "contract", "people", "shelter", "stock"})


def named_in(sentence: str) -> list[tuple[str, str]]:
    """Return the noun phrases of the means that a sentence names, copied from it, each with its sort.

    'a steel emergency bridge of 12 metres' gives ('steel emergency bridge', 'crossing'). The most telling ones only:
    two words or a name tell more than 'vehicles', and a bridge more than the platoon that has it."""
    found = [(sort, match) for sort, words in _SORTS.items() for match in words.finditer(sentence)]
    named = dict.fromkeys(
        (_phrase(sentence, match), sort) for sort, match in sorted(found, key=lambda one: one[1].start())
    )
    best = min(((sort in HOLDERS, not tells(name)) for name, sort in named), default=None)
    return [(name, sort) for name, sort in named if (sort in HOLDERS, not tells(name)) == best]


def _phrase(sentence: str, match: re.Match[str]) -> str:
    """Return the words of a means with what qualifies it: before it up to a word that ends a name, and names after."""
    start = match.start()
    for taken, word in enumerate(reversed(list(_WORD.finditer(sentence, 0, match.start())))):
        between = sentence[word.end() : start]
        if taken == _MOST_WORDS_BEFORE or between.strip() or word[0].lower() in _ENDS_NAME or word[0][0].isdigit():
            break
        start = word.start()
    end = match.end()
    after = re.match(r"(?: [A-ZÀ-Þ][\w-]+)+", sentence[end:])
    return sentence[start : end + (after.end() if after else 0)]


def tells(phrase: str) -> bool:
    """Tell whether a name says which one: two words, or a name of its own."""
    return len(phrase.split()) > 1 or phrase[:1].isupper()
