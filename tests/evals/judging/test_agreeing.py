"""Evaluators are set beside each other on what both of them judged, and beside the automatic measure."""

from collections.abc import Sequence

from evals.judging.agreeing import Difference, compare_evaluators, compare_with_measure, evaluators
from evals.judging.judgements import Better, Judgement, Mark

R, P, W, U = Mark.RIGHT, Mark.PARTLY, Mark.WRONG, Mark.UNSURE


def of(
    evaluator: str, case: str, answer: Mark, *claims: Mark, better: Better | None = None, other: str = "b"
) -> Judgement:
    return Judgement(case, "a", evaluator, "", claims, answer, better, other if better else None)


JUDGEMENTS = [
    of("ann", "1", R, R, W, better=Better.THIS),
    of("ann", "2", W, W),
    of("ann", "3", R, R, better=Better.EQUAL),
    of("bob", "1", R, R, P, better=Better.OTHER),
    of("bob", "2", W, U),
    of("bob", "4", R, R, better=Better.THIS),
]


def test_a_pair_is_compared_on_answers_claims_and_preferences() -> None:
    (pair,) = compare_evaluators(JUDGEMENTS)
    assert (pair.first, pair.second) == ("ann", "bob")
    assert (pair.answers.n, pair.answers.raw, pair.answers.kappa, pair.answers.differences) == (2, 1.0, 1.0, ())
    assert (pair.claims.n, pair.claims.raw) == (3, 1 / 3)
    assert pair.claims.differences == (
        Difference("1", "claim 2", "wrong", "partly"),
        Difference("2", "claim 1", "wrong", "cannot tell"),
    )
    assert pair.preferences.n == 1
    assert pair.preferences.differences == (Difference("1", "preference", "this", "other"),)


def test_the_last_word_is_compared() -> None:
    (pair,) = compare_evaluators([*JUDGEMENTS, of("ann", "2", P, U)])
    assert pair.answers.differences == (Difference("2", "answer", "partly", "wrong"),)
    assert [one.case for one in pair.claims.differences] == ["1"]


def test_preferences_against_different_answers_are_not_compared() -> None:
    given = [of("ann", "1", R, better=Better.THIS, other="b"), of("bob", "1", R, better=Better.THIS, other="c")]
    assert compare_evaluators(given)[0].preferences.n == 0


def test_every_pair_of_evaluators_is_compared_once() -> None:
    given = [of(name, "1", R) for name in ("cor", "ann", "bob")]
    assert evaluators(given) == ["ann", "bob", "cor"]
    assert [(one.first, one.second) for one in compare_evaluators(given)] == [
        ("ann", "bob"),
        ("ann", "cor"),
        ("bob", "cor"),
    ]
    assert compare_evaluators(given[:1]) == []
    assert compare_evaluators([]) == []


def _with(given: Sequence[Judgement], scores: dict[str, float]) -> tuple[int, float | None, list[tuple[str, str, str]]]:
    (compared,) = compare_with_measure(given, scores)
    differences = [(one.case, one.first, one.second) for one in compared.answers.differences]
    return compared.answers.n, compared.answers.raw, differences


def test_a_measure_and_a_person_agree_on_what_is_right_and_what_is_not() -> None:
    given = [of("ann", "1", R), of("ann", "2", P), of("ann", "3", W), of("ann", "4", R), of("ann", "5", P)]
    scores = {"1": 1.0, "2": 0.0, "3": 0.9, "4": 0.0, "5": 1.0, "6": 1.0}
    assert _with(given, scores) == (
        5,
        0.6,
        [("4", "right", "not right"), ("5", "not right", "right")],
    )


def test_cases_that_the_measure_does_not_score_are_left_out() -> None:
    assert _with([of("ann", "1", R), of("ann", "2", R)], {"2": 1.0}) == (1, 1.0, [])
    assert _with([of("ann", "1", R)], {}) == (0, None, [])
