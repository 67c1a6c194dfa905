"""What the parts of a workspace are called, in Dutch and English: its fields, screens, outcomes and columns."""

from retrieval.languages import Language

_NAMES: dict[str, tuple[str, str]] = {
    "statement": ("Probleem", "Problem"),
    "facts": ("Feiten uit documenten", "Facts from documents"),
    "mission": ("Opdracht", "Mission"),
    "intent": ("Oogmerk van de commandant", "Commander's intent"),
    "end_state": ("Gewenste eindsituatie", "End state"),
    "constraints": ("Wat moet", "Constraints"),
    "restraints": ("Wat niet mag", "Restraints"),
    "time_available": ("Beschikbare tijd", "Time available"),
    "who": ("Wie", "Who"),
    "what": ("Wat", "What"),
    "when": ("Wanneer", "When"),
    "where": ("Waar", "Where"),
    "how": ("Hoe", "How"),
    "why": ("Waarom", "Why"),
    "phases": ("Fasen", "Phases"),
    "main_effort": ("Hoofdinspanning", "Main effort"),
    "supporting_efforts": ("Ondersteuning", "Supporting efforts"),
    "resources": ("Middelen", "Resources"),
    "risks": ("Risico's", "Risks"),
    "suitable": ("Geschikt (adequacy)", "Suitable (adequacy)"),
    "feasible": ("Uitvoerbaar", "Feasible"),
    "acceptable": ("Aanvaardbaar", "Acceptable"),
    "distinguishable": ("Onderscheidend (exclusivity)", "Distinguishable (exclusivity)"),
    "complete": ("Volledig", "Complete"),
    "compliant": ("Volgens doctrine", "Compliant"),
    "passed": ("voldoet", "passed"),
    "failed": ("voldoet niet", "failed"),
    "unknown": ("niet bekend", "unknown"),
    "most_likely": ("Meest waarschijnlijk", "Most likely"),
    "most_dangerous": ("Meest gevaarlijk", "Most dangerous"),
    "action": ("Actie", "Action"),
    "reaction": ("Reactie", "Reaction"),
    "counteraction": ("Tegenactie", "Counteraction"),
    "result": ("Resultaat", "Result"),
    "decision_point": ("Beslispunt", "Decision point"),
    "criterion": ("Criterium", "Criterion"),
    "weight": ("Gewicht", "Weight"),
    "unit": ("Eenheid", "Unit"),
    "benchmark": ("Maatstaf", "Benchmark"),
    "formula": ("Formule", "Formula"),
    "total": ("Totaal", "Total"),
}


def name_of(part: str, language: Language) -> str:
    """Return what a part is called. Raises KeyError for one that there is not."""
    return _NAMES[part][0 if language == "nl" else 1]


def every_name() -> dict[str, tuple[str, str]]:
    """Return what all parts are called, in Dutch and in English."""
    return dict(_NAMES)
