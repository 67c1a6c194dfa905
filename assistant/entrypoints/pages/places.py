"""The parts of the program that each page leads to."""

from assistant.entrypoints.pages.rendering import Place

PLACES = (
    Place("/", {"nl": "Vragen", "en": "Questions"}),
    Place("/coa", {"nl": "Handelwijzen", "en": "Courses of action"}),
    Place("/corpora", {"nl": "Corpora", "en": "Corpora"}),
    Place("/evaluations", {"nl": "Evaluaties", "en": "Evaluations"}, role="evaluator"),
    Place("/admin", {"nl": "Beheer", "en": "Administration"}, role="operator"),
)
