"""The closed-class words that decide what a statement claims: negation, modality, conditions, comparison, voice.

Dutch and English together, since the words of one are hardly ever words of the other that matter here. Lists and a few
pure readers; knows nothing of claims or of how readings are compared."""

import re

_FLAGS = re.IGNORECASE
_FIGURE = re.compile(r"\d[\d.,:]*\d|\d")
WITHIN = "within"


def _any_of(spelled: str) -> re.Pattern[str]:
    # Of first-aid kit 'first' is a part.
    return re.compile(rf"(?<!\w)(?:{spelled})(?![\w-])", _FLAGS)


# Before negation is read: 'no more than' and 'niet meer dan' deny nothing.
_COMPARISONS = {
    "at most": "(?:no|not) (?:more|longer|heavier|later|higher|larger) than|at most|up to|maximum(?: of)?|a maximum of"
    "|niet (?:meer|langer|zwaarder|later|hoger) dan|ten hoogste|hoogstens|hooguit|maximaal|maximum van|tot(?= \\d)",
    "at least": "(?:no|not) (?:less|fewer|earlier|lower) than|at least|minimum(?: of)?|a minimum of"
    "|niet (?:minder|eerder) dan|ten minste|minstens|minimaal|op zijn minst",
    "more": "(?:more|greater|higher|deeper|longer|larger|heavier|further|older|better) than|over(?= \\d)|above"
    "|exceed(?:s|ing)?|(?:meer|hoger|dieper|langer|groter|zwaarder|verder|ouder|beter) dan|boven(?: de)?|ruim(?= \\d)",
    # Says little: 'within six weeks', 'six weeks' and 'at most six weeks' are told as the same.
    WITHIN: "within|binnen",
    "less": "(?:less|lower|fewer|shorter|smaller|lighter) than|below|under(?= \\d)|under"
    "|(?:minder|lager|korter|kleiner|lichter) dan|onder(?: de)?(?= \\d)",
}
_BETWEEN = r"(?:\W+(?:the|de|het|een|a|mlc|category|klasse|eur|euro|[€$£]))*\W*"
_COMPARED = {
    kind: re.compile(rf"(?<!\w)(?:{spelled})(?!\w){_BETWEEN}(?P<figure>\d[\d.,:]*\d|\d)?", _FLAGS)
    for kind, spelled in _COMPARISONS.items()
}
# 'No later' and 'or more' stand behind the number.
_AFTERWARDS = re.compile(
    r"(?P<figure>\d[\d.,:]*\d|\d)\s+(?:\w+\s+)?(?:or|of)\s+(?P<more>more|longer|higher|meer|langer|hoger|less|minder)\b",
    _FLAGS,
)

_NEGATION = _any_of(
    r"not|no|never|none|nor|neither|without|cannot|\w+n['’]t|nobody|nothing|nowhere|hardly|niet|geen|nooit|noch|zonder"
    r"|nergens|niemand|niets|nauwelijks|prohibit\w*|forbid\w*|forbidden|verboden|verbied\w*|fail(?:s|ed)? to|refus\w+"
    r"|weiger\w*|unable|impossible|onmogelijk|lack(?:s|ed)?|ontbreekt|ontbreken|absent|afwezig|denied|denies"
)
# ("May" is a month.) One class a row: words of a class stand for each other.
_MODALS = {
    "must": _any_of(
        r"must|shall|ha(?:s|ve|d) to|required?|requires|requirement|needs? to|obliged|obligat\w+|mandatory|compulsory"
        r"|moet|moeten|moest|moesten|(?:dient|dienen)(?=.*\bte\b)|verplicht\w*|vereist|hoeft|hoeven"
    ),
    "may": _any_of(r"(?-i:may)|^May(?= \w)|permitted|allowed|entitled|mag|mogen|mocht|mochten|toegestaan|gerechtigd"),
    "can": _any_of(r"can|could|cannot|able|kan|kunnen|kon|konden"),
    "should": _any_of(
        r"should|ought|might|would|zou|zouden|advi[cs]\w+|recommend\w*|advies|adviseer\w*|geadviseerd"
        r"|aanbevolen|aanbevel\w+"
    ),
}
_CONDITIONS = {
    "if": _any_of(
        r"if|when|whenever|once(?= (?:the|an?|it|they|he|she|all)\b)"
        r"|provided(?: that|(?= (?:the|it|they|he|she)\b))|as soon as|as long as|in case"
        r"|subject to|on condition|indien|als|wanneer|zodra|zolang|mits|ingeval|in geval"
    ),
    "unless": _any_of(r"unless|except|excepting|other than|tenzij|behalve|uitgezonderd|behoudens"),
    "only": _any_of(r"only|solely|exclusively|alleen|slechts|uitsluitend|enkel"),
    "before": _any_of(r"before(?=\s+\w)|prior to|voordat|vóór|alvorens|voor(?= \d)"),
    "after": _any_of(r"after|afterwards|later|following|nadat|na|pas"),
    "until": _any_of(r"until|till|totdat|tot(?! en met)(?= (?:het|de|dat|die|\d\d?[:.]\d\d))"),
    # Elsewhere 'since' is because.
    "since": _any_of(
        r"since(?= (?:\d|then|last|the (?:start|end|beginning)|early|late|mid|[a-z]+(?:day|uary|ember|ober)\b"
        r"|march|april|may|june|july|august))|sinds|vanaf"
    ),
    "perhaps": _any_of(
        r"likely|probably|possibly|perhaps|planned|expect\w*|reported|reportedly|alleged\w*|estimate[ds]?|false|untrue"
        r"|waarschijnlijk|mogelijk|misschien|gepland|verwacht\w*|verwachting|gemeld|geschat|schatting"
        r"|onjuist"
    ),
    # 'Every day' is daily.
    "all": _any_of(
        r"all|always|any|alle|altijd|(?:every|each|elke|elk|ieder|iedere)"
        r"(?! (?:\d|day|week|month|quarter|year|hour|minute|dag|maand|kwartaal|jaar|uur|minuut))"
    ),
}
# The maximum weight is 40 t: the comparison stands apart from its figure.
_EXTREMES = {
    kind: re.compile(rf"(?<!\w)(?:{spelled})\s(?:[^\W\d]+\s){{1,6}}(?P<figure>\d[\d.,:]*\d|\d)", _FLAGS)
    for kind, spelled in (("at most", "maxim(?:um|al|ale)"), ("at least", "minim(?:um|al|ale)"))
}
_IN_CONDITION = re.compile(
    r"(?<=\w)\W+(?:if|when|unless|except|provided|indien|als|wanneer|tenzij|behalve|mits|zodra)\b.*", _FLAGS | re.DOTALL
)
# Numbers that `with_figures` leaves in words, and shares.
_COUNTS = _any_of(
    r"twenty-\w+|thirty-\w+|forty-\w+|fifty-\w+|sixty-\w+|seventy-\w+|eighty-\w+|ninety-\w+|hundreds?|thousands?"
    r"|twice|thrice|half|thirds?|quarters?|double|triple|dozens?|first|second|\w+(?:en|ën)(?:twintig|dertig|veertig|vijftig"
    r"|zestig|zeventig|tachtig|negentig)|honderd\w*|duizend\w*|helft|halve|kwart|driekwart|dubbele?|tweemaal|driemaal"
    r"|eerste|tweede|derde"
)
PREPOSITIONS = frozenset(
    """
    of in on to at by for from with about into onto over under between through during before after above below against
    within without upon per via across along near towards among behind beyond despite as than until since
    van in op aan met voor door bij om uit naar over onder tot tegen na tussen zonder binnen volgens per via langs naast
    achter sinds vanaf vanuit tijdens wegens vanwege namens als dan ondanks rond
    """.split()
)
# A number before one of these is its name: 13 Engineer Company.
UNITS_OF_FORCES = frozenset(
    "army corps division brigade regiment battalion company battery squadron troop platoon engineer infantry leger"
    " korps divisie bataljon compagnie batterij eskadron peloton genie infanterie".split()
)
# During the attack Norway leads: the noun after these is a time or an event, and a name after it is somebody else.
OF_TIME = frozenset("during after before since until on tijdens na voor sinds tot op".split())
DETERMINERS = frozenset(
    """
    the a an this that these those each every all both its their his her our
    de het een deze dit die dat elk elke ieder iedere alle beide zijn haar hun ons onze
    """.split()
)
PRONOUNS = frozenset(
    "it they he she this these them him her its their his hij zij ze het deze dit die dat hen hem haar hun er".split()
)
# Every day: what 'a day' and 'per dag' are beside a number.
PERIODS = frozenset(
    "daily weekly monthly quarterly yearly annual annually dagelijks wekelijks maandelijks jaarlijks kwartaal".split()
)
# Openings of a clause that has no subject that acts: who visits the post, to hide the crossing.
NO_ACTOR = frozenset({"wie", "who", "whoever", "to", "om"})
# What stands apart from a Dutch verb, or before it: betaalt terug, terugbetaald.
PARTICLES = frozenset(
    "aan achter af bij binnen door in mee na neer om onder op over samen tegen terug toe uit vast voor vrij weg".split()
)
AGENT = frozenset({"by", "door"})
# 3 Battalion receives support from 2 Battalion, is under its command, takes over from it: who acts comes after these.
GIVER = frozenset({"of", "from", "van"})
_RECEIVING = _any_of(
    r"under (?:the )?(?:command|leadership|control|direction|supervision)|receiv\w+|gets|got|took over|takes? over"
    r"|onder (?:het )?(?:leiding|bevel|commando|toezicht|gezag)|krijg(?:t|en)|kre(?:eg|gen)|ontvang(?:t|en)"
    r"|(?:neemt|nam|nemen) (?:[\w-]+ ){0,6}over(?= van)|overgenomen"
)
PASSIVE = frozenset("is are was were be been being wordt worden werd werden zijn waren".split())


def receives(text: str) -> bool:
    """Tell whether the subject of a clause is one to whom something is done, without a passive."""
    return bool(_RECEIVING.search(text))


def modals(text: str) -> frozenset[str]:
    """Return the classes of modality of a text: must, may, can, should. What is needed for a condition is none."""
    return frozenset(kind for kind, pattern in _MODALS.items() if pattern.search(_IN_CONDITION.sub("", text)))


def conditions(text: str) -> frozenset[str]:
    """Return what a text's statement depends on or is limited by: if, unless, only, before, perhaps, all …"""
    plain = without_comparisons(text)
    return frozenset(kind for kind, pattern in _CONDITIONS.items() if pattern.search(plain))


def negations(text: str) -> int:
    """Count what denies in a text."""
    return len(_NEGATION.findall(without_comparisons(text)))


def counts(text: str) -> frozenset[str]:
    """Return the numbers and shares of a text that stand in words."""
    return frozenset(word.lower() for word in _COUNTS.findall(text))


def comparisons(text: str) -> frozenset[tuple[str, str]]:
    """Return (at most | within | at least | more | less, figure without grouping) of each comparison with a number."""
    found, rest = set(), text
    # One kind after the other: 'no more than 90' holds 'more than 90'.
    for kind, pattern in _COMPARED.items():
        found |= {(kind, _ungrouped(match["figure"])) for match in pattern.finditer(rest) if match["figure"]}
        rest = pattern.sub(" ", rest)
    found |= {(kind, _ungrouped(one["figure"])) for kind, told in _EXTREMES.items() for one in told.finditer(text)}
    for match in _AFTERWARDS.finditer(text):
        few = match["more"].lower() in ("less", "minder")
        found.add(("at most" if few else "at least", _ungrouped(match["figure"])))
    return frozenset(found)


def figures(text: str) -> frozenset[str]:
    """Return the numbers that a text has in figures, without grouping."""
    return frozenset(_ungrouped(match[0]) for match in _FIGURE.finditer(text))


def without_comparisons(text: str) -> str:
    """Return the text with comparisons taken out and their figures left in."""
    for pattern in _COMPARED.values():
        text = pattern.sub(lambda match: f" {match['figure'] or ''} ", text)
    return text


def _ungrouped(figure: str) -> str:
    return re.sub(r"[.,](?=\d{3}(?!\d))", "", figure)
