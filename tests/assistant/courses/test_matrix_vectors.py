"""The arithmetic of the matrix, written down for whoever computes it again: the page does, in its own language.

`python -m tests.assistant.courses.test_matrix_vectors` writes the file again; a reviewer reads the difference."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.courses.comparing import DecisionMatrix, matrix
from assistant.courses.sensitivity import Flip, sensitivity
from tests.assistant.courses.making import random_workspace

VECTORS = Path(__file__).with_name("matrix-vectors.json")
_METHOD = (
    "Given: courses, criteria, weights as set, scores 0 to 1 (courses x criteria, null: unknown). Wanted: weights as"
    " proportions; totals [low, high] with unknown scores as 0 and as 1; ranking by the middle of low and high, best"
    " first, those within 1e-9 of the one before them in one group, in the order of the courses; dominance [better,"
    " worse] over criteria with a weight above 0, unknown as 0 of the better and as 1 of the worse, at least as good by"
    " all and better by one (beyond 1e-9); flips: for each criterion the nearest weight above 0 (1e-9), the others as"
    " set, at which a course that is not first totals what the first does, an unknown score being 0.5; on the scale of"
    " the set weights, and as a share of all weights; null when there is none; the set weight itself where courses tie"
    " for the first place and differ by the criterion; 'to' are the courses that catch up. At equal distance the lower"
    " weight. What is wanted is rounded to 9 decimals: compare within 1e-6."
)


def vectors() -> dict[str, Any]:
    return {"method": _METHOD, "cases": [_case(matrix(random_workspace(seed))) for seed in range(50)]}


def _case(compared: DecisionMatrix) -> dict[str, Any]:
    return {
        "courses": compared.courses,
        "criteria": compared.criteria,
        "set_weights": compared.set_weights,
        "scores": compared.scores,
        "weights": [_round(weight) for weight in compared.weights],
        "totals": [[_round(total.low), _round(total.high)] for total in compared.totals],
        "ranking": compared.ranking,
        "dominance": compared.dominance,
        "flips": [_flip(flip) for flip in sensitivity(compared, samples=1).flips],
    }


def _flip(flip: Flip) -> dict[str, Any]:
    return {
        "criterion": flip.criterion,
        "weight": _round(flip.weight),
        "share": _round(flip.share),
        "to": flip.to,
    }


def _round(number: float | None) -> float | None:
    return None if number is None else round(number, 9)


def _written() -> str:
    told = vectors()
    cases = ",\n".join(json.dumps(case) for case in told["cases"])
    return f'{{"method": {json.dumps(told["method"])},\n"cases": [\n{cases}\n]}}\n'


def test_the_vectors_are_what_the_matrix_computes() -> None:
    assert json.loads(VECTORS.read_text(encoding="utf-8")) == json.loads(_written())


def test_the_vectors_hold_ties_unknown_values_flips_and_criteria_that_never_flip() -> None:
    cases = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
    flips = [flip for case in cases for flip in case["flips"]]
    assert any(len(group) > 1 for case in cases for group in case["ranking"])
    assert any(score is None for case in cases for row in case["scores"] for score in row)
    assert any(flip["weight"] is None for flip in flips)
    assert any(flip["weight"] is not None for flip in flips)
    assert any(case["dominance"] for case in cases)


@pytest.mark.parametrize("case", range(50))
def test_at_a_flip_the_courses_named_total_what_the_first_does(case: int) -> None:
    """Plain arithmetic on the file alone."""
    told = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"][case]
    leader = told["courses"].index(told["ranking"][0][0])
    for at, flip in enumerate(told["flips"]):
        if flip["weight"] is None:
            continue
        weights = [*told["set_weights"]]
        weights[at] = flip["weight"]
        totals = [
            sum(weight * (0.5 if score is None else score) for weight, score in zip(weights, row, strict=True))
            for row in told["scores"]
        ]
        for course in flip["to"]:
            assert totals[told["courses"].index(course)] == pytest.approx(totals[leader], abs=1e-6)
        assert max(totals) == pytest.approx(totals[leader], abs=1e-6)


if __name__ == "__main__":
    VECTORS.write_text(_written(), encoding="utf-8")
