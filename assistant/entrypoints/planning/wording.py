"""What `stafwijzer coa` says around a workspace, in Dutch and English. Knows no logic."""

from assistant.courses.naming import name_of
from retrieval.languages import Language

_WORDS: dict[str, tuple[str, str]] = {
    "fact": ("feit", "fact"),
    "stated": ("gesteld", "stated"),
    "assumption": ("aanname", "assumption"),
    "gap": ("onbekend", "gap"),
    "idea": ("Kern", "Idea"),
    "framing": ("Probleemstelling", "Framing"),
    "framing locked": ("Probleemstelling, vastgesteld door {by}", "Framing, locked by {by}"),
    "screening": ("Toetsing", "Screening"),
    "wargame": ("Wargame", "Wargame"),
    "baseline": ("niets doen", "doing nothing"),
    "merged": ("Samengevoegd met: {names}", "Merged with: {names}"),
    "criteria": ("Criteria", "Criteria"),
    "criteria locked": ("Criteria, vastgesteld door {by}", "Criteria, locked by {by}"),
    "matrix": ("Vergelijking (score 0 tot 1, waarde eronder)", "Comparison (score 0 to 1, value below)"),
    "first share": ("Eerste plaats bij andere gewichten", "First place under other weights"),
    "recommended": ("Advies: {course} ({confidence})", "Recommendation: {course} ({confidence})"),
    "not recommended": ("Geen advies", "No recommendation"),
    "dissent": ("Wat ertegen pleit", "Dissent"),
    "would change": ("Wat het zou veranderen", "What would change it"),
    "gaps": ("Wat niet bekend is ({count})", "What is not known ({count})"),
    "ask": ("vraag het na bij {owners}", "ask {owners}"),
    "stale": ("Niet meer zoals toen het werd aangehaald", "No longer as it was when it was cited"),
    "disputed": ("een ander document zegt iets anders", "another document says otherwise"),
    "valid": ("Aannemelijk omdat", "Valid because"),
    "necessary": ("Nodig omdat", "Necessary because"),
    "if_false": ("Als het niet klopt", "If false"),
    "withheld": ("Niet openbaar", "Not public"),
    "notes": ("Opmerkingen", "Notes"),
    "marking": ("Rubricering: {marking}", "Marking: {marking}"),
    "unmarked": ("nog geen, alleen voor u", "none yet, yours alone"),
    "decided": (
        "Besluit van {by} op {at}: {chosen}. Geadviseerd: {recommended}. {reason}",
        "Decided by {by} at {at}: {chosen}. Recommended: {recommended}. {reason}",
    ),
    "nothing": ("niets", "nothing"),
    "by": ("door {by}", "by {by}"),
    "page": ("blz. {page}", "p. {page}"),
    "made": ("Werkruimte {id}", "Workspace {id}"),
    "going on": ("Gaat verder met werkruimte {id}.", "Going on with workspace {id}."),
    "framing field": ("Ingevuld: {name}", "Filled in: {name}"),
    "course ready": ("{id}, {name}: {facts} feiten, {gaps} onbekend", "{id}, {name}: {facts} facts, {gaps} gaps"),
    "drafting": ("Stelt het probleem op uit de documenten", "Framing the problem from the documents"),
    "developing": ("Werkt handelwijzen uit", "Developing courses of action"),
    "wargaming": ("Speelt handelwijzen door", "Wargaming"),
    "stopped": (
        "Gestopt. Wat klaar is, is bewaard; dezelfde opdracht gaat verder.",
        "Stopped. What is done is kept; the same command goes on.",
    ),
    "nothing found": (
        "De documenten gaven geen enkel feit. Noem met --corpus waar het in staat, of schrijf de handelwijzen zelf.",
        "The documents gave no fact at all. Name with --corpus where it stands, or write the courses yourself.",
    ),
    "next frame": (
        "Nu: stel het probleem op met `stafwijzer coa frame {id}`.",
        "Next: frame it with `stafwijzer coa frame {id}`.",
    ),
    "next lock": (
        "Nu: lees de probleemstelling, verbeter haar met `stafwijzer coa edit {id} REGEL TEKST`, en stel haar vast met"
        " `stafwijzer coa lock {id}`.",
        "Next: read the framing, mend it with `stafwijzer coa edit {id} LINE TEXT`, and lock it with"
        " `stafwijzer coa lock {id}`.",
    ),
    "next develop": (
        "Nu: werk handelwijzen uit met `stafwijzer coa develop {id}`.",
        "Next: develop courses with `stafwijzer coa develop {id}`.",
    ),
    "next screen": (
        "Nu: toets ze met `stafwijzer coa screen {id}`.",
        "Next: screen them with `stafwijzer coa screen {id}`.",
    ),
    "next criteria": (
        "Nu: geef criteria met `stafwijzer coa criteria {id} BESTAND`.",
        "Next: give criteria with `stafwijzer coa criteria {id} FILE`.",
    ),
    "next lock criteria": (
        "Nu: stel de criteria vast met `stafwijzer coa lock {id} --criteria`.",
        "Next: lock the criteria with `stafwijzer coa lock {id} --criteria`.",
    ),
    "next score": (
        "Nu: geef waarden met `stafwijzer coa score {id} HANDELWIJZE CRITERIUM WAARDE`.",
        "Next: give values with `stafwijzer coa score {id} COURSE CRITERION VALUE`.",
    ),
    "next decide": (
        "Nu: vergelijk met `stafwijzer coa score {id}` en besluit met `stafwijzer coa decide {id} HANDELWIJZE`.",
        "Next: compare with `stafwijzer coa score {id}` and decide with `stafwijzer coa decide {id} COURSE`.",
    ),
    "next memo": (
        "Nu: schrijf de nota met `stafwijzer coa memo {id}`.",
        "Next: write the memo with `stafwijzer coa memo {id}`.",
    ),
    "written": ("Geschreven: {path}", "Written: {path}"),
}


def word(name: str, language: Language, /, **fields: object) -> str:
    """Return what is said in a language. Raises KeyError for a name or field that is not there."""
    if name not in _WORDS:
        return name_of(name, language)
    dutch, english = _WORDS[name]
    return (dutch if language == "nl" else english).format(**fields)
