"""Make workspaces to compare: by hand, or at random from a seed."""

import random
from collections.abc import Mapping, Sequence
from datetime import date

from assistant.answers import Citation
from assistant.courses.workspace import Basis, CourseOfAction, Criterion, RawValue, Statement, Workspace
from retrieval.languages import Language

SPEED = Criterion(
    "speed", "Time until the first fuel", "From the order to the first litre.", "hour", "6 hour", "less is better", 3
)
COST = Criterion("cost", "Cost", "What is bought or hired.", "EUR", "25,000 EUR", "less is better", 1)
PLACES = Criterion("places", "Places", "Seats for those who leave.", "person", "1,180 person", "more is better", 2)


def citation(quote: str = "It takes 4 hours.") -> Citation:
    return Citation(1, "p1", "v1", "exercise", "annex.md", "Annex", 1, 0, len(quote), quote)


def statement(text: str, *, basis: Basis = Basis.FACT, id: str = "") -> Statement:
    cited = (citation(text),) if basis is Basis.FACT else ()
    return Statement(id or text[:20], text, basis, cited, author="" if cited else "S3")


def course(id: str, *, name: str = "", baseline: bool = False) -> CourseOfAction:
    return CourseOfAction(id, name or id, (statement(f"Idea of {id}."),), baseline=baseline)


def value(course: str, criterion: str, text: str) -> RawValue:
    basis = Basis.STATED if text else Basis.GAP
    return RawValue(course, criterion, text, basis, by="S4" if text else "")


def workspace(
    values: Mapping[str, Sequence[str]],
    *,
    criteria: Sequence[Criterion] = (SPEED, COST),
    language: Language = "en",
    locked_by: str = "S3",
) -> Workspace:
    """Return a workspace with these values by course, one for each criterion. 'coa-0' is the baseline."""
    return Workspace(
        id="w1",
        revision=1,
        title="Supply",
        problem="Restore the supply of the battlegroup.",
        language=language,
        owner="S3",
        corpora=(),
        on_date=date(2026, 2, 6),
        courses=tuple(course(id, baseline=id == "coa-0") for id in values),
        criteria=tuple(criteria),
        criteria_locked_by=locked_by,
        values=tuple(
            value(id, criterion.id, text)
            for id, row in values.items()
            for criterion, text in zip(criteria, row, strict=True)
        ),
    )


def random_workspace(seed: int) -> Workspace:
    """Return 2 to 6 courses by 1 to 8 criteria; values may be missing, weights 0 and courses alike."""
    dice = random.Random(seed)
    units = ("hour", "EUR", "person", "kilometer", "dimensionless")
    formulas = ("less is better", "more is better", "benchmark / (benchmark + value)")
    criteria = [
        Criterion(
            f"c{number}", f"Criterion {number}", "", (unit := dice.choice(units)), f"{dice.randint(1, 40)} {unit}",
            dice.choice(formulas), dice.choice((0, 1, 1, 2, 2.5, 3, 5)),
        )
        for number in range(1, dice.randint(2, 9))
    ]  # fmt: skip
    if not any(criterion.weight for criterion in criteria):
        criteria[0] = Criterion("c1", "Criterion 1", "", "hour", "6 hour", "less is better", 1)
    rows: dict[str, list[str]] = {}
    for number in range(dice.randint(2, 6)):
        row = ["" if dice.random() < 0.12 else f"{dice.randint(0, 50)} {criterion.unit}" for criterion in criteria]
        rows[f"coa-{number}"] = list(dice.choice(list(rows.values()))) if rows and dice.random() < 0.1 else row
    return workspace(rows, criteria=criteria)
