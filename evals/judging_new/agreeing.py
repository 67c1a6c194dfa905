"""Set evaluators beside each other, and beside an automatic measure: how far they agree, and on what they do not.

Pure: is handed judgements and scores. Knows no file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from evals.judging import Judgement, Mark
from evals.metrics.agreement import agreement

Item = tuple[str, str, str]
"""A case; what of its answer is judged; and of a preference, the hash of the answer beside it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that two judges found different of."""

    case: str
    about: str
    """'answer', 'claim 2' or 'preference'."""
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Compared:
    """How far two judges agree on one kind of thing."""

    n: int
    """How many of them both judged."""
    raw: float | None
    """Share with the same label."""
    kappa: float | None
    """Cohen's kappa (Cohen 1960). None where it is undefined."""
    low: float | None
    high: float | None
    """95 % interval of kappa, cases resampled. None where it cannot be told."""
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two evaluators."""

    first: str
    second: str
    answers: Compared
    """right, partly or wrong."""
    claims: Compared
    """right, partly, wrong or cannot tell, each a label of its own."""
    preferences: Compared
    """this, other, equal or neither, seen from the run's answer."""


@dataclass(frozen=True, slots=True)
class WithMeasure:
    """An evaluator and an automatic measure."""

    evaluator: str
    answers: Compared
    """right, or not right: partly and wrong are one, and so is every score below 1."""


def compare_evaluators(judgements: Sequence[Judgement]) -> list[Pair]:
    """Compare each pair of evaluators. `judgements`: of the answers of one run, oldest first."""
    pairs = combinations(evaluators(judgements), 2)
    return [
        Pair(
            *names,
            _compared(*(_answers(judgements, name) for name in names)),
            _compared(*(_claims(judgements, name) for name in names)),
            _compared(*(_preferences(judgements, name) for name in names)),
        )
        for names in pairs
    ]


def compare_with_measure(judgements: Sequence[Judgement], scores: Mapping[str, float]) -> list[WithMeasure]:
    """Compare each evaluator with the scores of a measure, by case, over the cases that both have judged."""
    measured = {(case, "answer", ""): _label(score >= 1) for case, score in scores.items()}
    return [
        WithMeasure(name, _compared(_rightness(_answers(judgements, name)), measured))
        for name in evaluators(judgements)
    ]


def evaluators(judgements: Sequence[Judgement]) -> list[str]:
    """Return the names of those who judged, in order."""
    return sorted({judgement.evaluator for judgement in judgements})


def _answers(judgements: Sequence[Judgement], evaluator: str) -> dict[Item, str]:
    return {(one.case, "answer", ""): one.answer for one in judgements if one.evaluator == evaluator}


def _claims(judgements: Sequence[Judgement], evaluator: str) -> dict[Item, str]:
    return {
        (one.case, f"claim {number}", ""): mark
        for one in judgements
        if one.evaluator == evaluator
        for number, mark in enumerate(one.claims, start=1)
    }


def _preferences(judgements: Sequence[Judgement], evaluator: str) -> dict[Item, str]:
    return {
        (one.case, "preference", one.other_sha256): one.better
        for one in judgements
        if one.evaluator == evaluator and one.better is not None and one.other_sha256 is not None
    }


def _rightness(answers: Mapping[Item, str]) -> dict[Item, str]:
    return {item: _label(mark == Mark.RIGHT) for item, mark in answers.items()}


def _label(right: bool) -> str:
    return "right" if right else "not right"


def _compared(first: Mapping[Item, str], second: Mapping[Item, str]) -> Compared:
    found = agreement(first, second, group=lambda item: item[0])
    differences = tuple(Difference(*item[:2], first[item], second[item]) for item in found.disagreements)
    return Compared(found.n, found.raw, found.kappa, found.low, found.high, differences)
