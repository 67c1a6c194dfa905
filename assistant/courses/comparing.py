"""Score and weigh what courses are by each criterion: the weighted matrix, its ranking, and the table in words.

Knows nothing of what would change the outcome, nor of which course to recommend.

Method: the weighted sum over value functions (Keeney & Raiffa 1976, "Decisions with Multiple Objectives"; the weighted
matrix of FM 6-0). 'Less is better' and 'more is better' are linear on a local scale (Belton & Stewart 2002, "Multiple
Criteria Decision Analysis"): the best of the known values and the benchmark is 1, the worst is 0. A local scale depends
on the courses that are compared, so that adding or leaving out a course can reverse the order of the others (Belton &
Gear 1983, Omega 11:228). An expression in `value` and `benchmark` has a scale of its own and cannot."""

from dataclasses import dataclass
from typing import Literal

from assistant.answers import Citation
from assistant.courses.criteria import LESS, benchmark_of, direction, formula_of, in_unit_of
from assistant.courses.measuring import Measure
from assistant.courses.workspace import Criterion, RawValue, Workspace
from retrieval.errors import StafwijzerError
from retrieval.languages import Language

TIED = 1e-9
"""Totals and scores that differ less are the same."""


@dataclass(frozen=True, slots=True)
class Total:
    """The weighted score of a course, 0 to 1."""

    low: float
    """When every unknown value would score 0."""
    high: float
    """When every unknown value would score 1. The same as `low` when all are known."""

    @property
    def middle(self) -> float:
        """By which courses are ranked."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Unknown:
    """A cell without a score."""

    course: str
    criterion: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionMatrix:
    """Rows are courses and columns criteria, in the workspace's order."""

    courses: tuple[str, ...]
    """Ids."""
    criteria: tuple[str, ...]
    """Ids."""
    values: tuple[tuple[float | None, ...], ...]
    """In the unit of the criterion."""
    scores: tuple[tuple[float | None, ...], ...]
    """0 to 1. None: not known."""
    set_weights: tuple[float, ...]
    """As they were set."""
    weights: tuple[float, ...]
    """Their proportions: they sum to 1."""
    totals: tuple[Total, ...]
    ranking: tuple[tuple[str, ...], ...]
    """Ids, best first by the middle of their totals; those that tie stand together."""
    dominance: tuple[tuple[str, str], ...]
    """The first is certainly no worse than the second by any criterion that counts, and better by one or more."""
    unknown: tuple[Unknown, ...]

    @property
    def first(self) -> tuple[str, ...]:
        """Ids of the best; several when they tie; none when there are no courses."""
        return self.ranking[0] if self.ranking else ()

    def score(self, course: str, criterion: str) -> float | None:
        return self.scores[self.courses.index(course)][self.criteria.index(criterion)]

    def total(self, course: str) -> Total:
        return self.totals[self.courses.index(course)]


@dataclass(frozen=True, slots=True)
class Point:
    """What speaks for or against a course, by one criterion."""

    criterion: str
    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """A row of the descriptive table."""

    course: str
    advantages: tuple[Point, ...]
    disadvantages: tuple[Point, ...]
    unknown: tuple[Point, ...]


def matrix(workspace: Workspace) -> DecisionMatrix:
    """Compare the courses of a workspace. A value that is missing or cannot be read has no score, and says why.

    Raises as assistant.courses.criteria.check_criteria for a criterion that cannot be scored by."""
    courses, criteria = workspace.courses, workspace.criteria
    given = {(value.course, value.criterion): value for value in workspace.values}
    unknown: list[Unknown] = []
    columns, scored = [], []
    for criterion in criteria:
        column: list[float | None] = []
        for course in courses:
            value, reason = _amount(given.get((course.id, criterion.id)), criterion, workspace.language)
            column.append(value)
            if value is None:
                unknown.append(Unknown(course.id, criterion.id, reason))
        scores = _scores(column, criterion, workspace.language)
        unknown += [
            Unknown(course.id, criterion.id, _say("no result", workspace.language).format(value))
            for course, value, score in zip(courses, column, scores, strict=True)
            if value is not None and score is None
        ]
        columns.append(column)
        scored.append(scores)
    rows = range(len(courses))
    return weigh(
        courses=tuple(course.id for course in courses),
        criteria=tuple(criterion.id for criterion in criteria),
        values=tuple(tuple(column[row] for column in columns) for row in rows),
        scores=tuple(tuple(column[row] for column in scored) for row in rows),
        set_weights=tuple(criterion.weight for criterion in criteria),
        unknown=tuple(unknown),
    )


def weigh(
    *,
    courses: tuple[str, ...],
    criteria: tuple[str, ...],
    values: tuple[tuple[float | None, ...], ...],
    scores: tuple[tuple[float | None, ...], ...],
    set_weights: tuple[float, ...],
    unknown: tuple[Unknown, ...] = (),
) -> DecisionMatrix:
    """Return the matrix of these scores under these weights. With all weights 0 they count alike."""
    whole = sum(set_weights)
    weights = tuple(weight / whole if whole > 0 else 1 / len(set_weights) for weight in set_weights)
    totals = tuple(_total(row, weights) for row in scores)
    middles = {course: total.middle for course, total in zip(courses, totals, strict=True)}
    dominance = tuple(
        (one, other)
        for one, mine in zip(courses, scores, strict=True)
        for other, theirs in zip(courses, scores, strict=True)
        if one != other and _dominates(mine, theirs, weights)
    )
    return DecisionMatrix(
        courses, criteria, values, scores, set_weights, weights, totals, ranked(middles), dominance, unknown
    )


def ranked(totals: dict[str, float]) -> tuple[tuple[str, ...], ...]:
    """Return the names from the highest total down; those within TIED of the one before them stand together."""
    groups: list[list[str]] = []
    before = 0.0
    for name in sorted(totals, key=lambda name: -totals[name]):
        if groups and before - totals[name] <= TIED:
            groups[-1].append(name)
        else:
            groups.append([name])
        before = totals[name]
    order = list(totals)
    return tuple(tuple(sorted(group, key=order.index)) for group in groups)


def describe(workspace: Workspace, matrix: DecisionMatrix) -> tuple[Described, ...]:
    """Return what speaks for and against each course, in the language of the workspace and with its sources.

    For: it reaches the benchmark, or is the best of two or more. Against: it misses the benchmark, or is the worst."""
    return tuple(_described(workspace, matrix, row) for row in range(len(matrix.courses)))


def _amount(given: RawValue | None, criterion: Criterion, language: Language) -> tuple[float | None, str]:
    if given is None or not given.value.strip():
        return None, (given.reason if given else "") or _say("not given", language)
    try:
        return in_unit_of(criterion, given.value, language=language).amount, ""
    except StafwijzerError as error:
        return None, error.problem


def _scores(column: list[float | None], criterion: Criterion, language: Language) -> list[float | None]:
    benchmark = benchmark_of(criterion, language=language).amount
    better = direction(criterion.formula)
    if not better:
        return [_score_by_formula(value, benchmark, criterion) for value in column]
    known = [value for value in column if value is not None] + [benchmark]
    least, most = min(known), max(known)
    return [_on_scale(value, least, most, less=better == LESS) for value in column]


def _score_by_formula(value: float | None, benchmark: float, criterion: Criterion) -> float | None:
    try:
        return None if value is None else formula_of(criterion)(value, benchmark)
    except StafwijzerError:
        return None


def _on_scale(value: float | None, least: float, most: float, *, less: bool) -> float | None:
    if value is None:
        return None
    # Values that differ by rounding alone, as minutes turned into hours do, are one value.
    if most - least <= TIED * max(abs(least), abs(most)):
        return 1.0
    return (most - value) / (most - least) if less else (value - least) / (most - least)


def _total(row: tuple[float | None, ...], weights: tuple[float, ...]) -> Total:
    low = sum(weight * score for weight, score in zip(weights, row, strict=True) if score is not None)
    return Total(low, low + sum(weight for weight, score in zip(weights, row, strict=True) if score is None))


def _dominates(mine: tuple[float | None, ...], theirs: tuple[float | None, ...], weights: tuple[float, ...]) -> bool:
    """Count an unknown score as 0 of the one and as 1 of the other, so that what is found is certain."""
    counted = [
        (0.0 if one is None else one, 1.0 if other is None else other)
        for one, other, weight in zip(mine, theirs, weights, strict=True)
        if weight > 0
    ]
    return all(one >= other - TIED for one, other in counted) and any(one > other + TIED for one, other in counted)


def _described(workspace: Workspace, matrix: DecisionMatrix, row: int) -> Described:
    course = matrix.courses[row]
    given = {value.criterion: value for value in workspace.values if value.course == course}
    missing = {one.criterion: one.reason for one in matrix.unknown if one.course == course}
    sides: dict[bool, list[Point]] = {True: [], False: []}
    unknown = []
    for at, criterion in enumerate(workspace.criteria):
        value, score = matrix.values[row][at], matrix.scores[row][at]
        if value is None or score is None:
            unknown.append(Point(criterion.id, f"{criterion.title}: {missing.get(criterion.id, '')}"))
            continue
        known = [scores[at] for scores in matrix.scores if scores[at] is not None]
        for good, text in _judged(workspace, criterion, value, score, [one for one in known if one is not None]):
            cited = given[criterion.id].citations if criterion.id in given else ()
            sides[good].append(Point(criterion.id, text, cited))
    return Described(course, tuple(sides[True]), tuple(sides[False]), tuple(unknown))


def _judged(
    workspace: Workspace, criterion: Criterion, value: float, score: float, known: list[float]
) -> list[tuple[bool, str]]:
    language, benchmark = workspace.language, benchmark_of(criterion, language=workspace.language)
    better = direction(criterion.formula)
    reached = (value <= benchmark.amount if better == LESS else value >= benchmark.amount) if better else None
    good: list[str] = []
    bad: list[str] = []
    if reached is not None:
        told = _say("reaches" if reached else "misses", language).format(benchmark.written(language))
        (good if reached else bad).append(told)
    if max(known) - min(known) > TIED:
        if score >= max(known) - TIED:
            good.append(_say("best", language).format(len(known)))
        elif score <= min(known) + TIED:
            bad.append(_say("worst", language).format(len(known)))
    amount = Measure(value, benchmark.unit).written(language)
    return [
        (side, f"{criterion.title}: {amount}; {', '.join(told)}") for side, told in ((True, good), (False, bad)) if told
    ]


_Sentence = Literal["not given", "no result", "reaches", "misses", "best", "worst"]
_SENTENCES: dict[_Sentence, dict[Language, str]] = {
    "not given": {"en": "not given", "nl": "niet gegeven"},
    "no result": {"en": "the formula has no result for {:g}", "nl": "de formule heeft geen uitkomst voor {:g}"},
    "reaches": {"en": "reaches the benchmark of {}", "nl": "haalt de norm van {}"},
    "misses": {"en": "misses the benchmark of {}", "nl": "haalt de norm van {} niet"},
    "best": {"en": "best of {}", "nl": "beste van {}"},
    "worst": {"en": "worst of {}", "nl": "slechtste van {}"},
}


def _say(name: _Sentence, language: Language) -> str:
    return _SENTENCES[name][language]
