"""What a load came to."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.driving.driven import Asked, Failure, summarise, waits


def answered(user: int = 1, *, at: float = 0.0, seconds: float = 1.0) -> Asked:
    return Asked(user, "a", at, seconds, True, seconds / 4, seconds / 2)


def failed(sentence: str, reference: str = "", user: int = 1) -> Asked:
    return Asked(user, "a", 0.0, 0.5, False, error=sentence, reference=reference)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_percentiles_are_numpys_by_nearest_rank(seconds: list[float]) -> None:
    measured = waits(seconds)
    assert measured.p50 == numpy.percentile(seconds, 50, method="inverted_cdf")
    assert measured.p95 == numpy.percentile(seconds, 95, method="inverted_cdf")
    assert measured.max == max(seconds)


def test_what_never_came_is_unscored_and_no_zero() -> None:
    measured = waits([None, 2.0, None])
    assert (measured.n, measured.unscored, measured.p50) == (1, 2, 2.0)
    assert waits([None]).p50 is None


def test_questions_are_answered_failed_or_unfinished() -> None:
    summary = summarise([answered(), failed("x"), Asked(1, "a", 0.0, 3.0, False)], users=1)
    share = summary.everyone
    assert (share.questions, share.answered, share.errors, share.unfinished) == (3, 1, 1, 1)
    assert (share.complete.n, share.complete.unscored) == (1, 2)


def test_throughput_counts_whole_answers_from_the_first_question_to_the_last_end() -> None:
    asked = [answered(at=10.0, seconds=5.0), answered(at=20.0, seconds=20.0), failed("x")]
    assert summarise(asked[:2], users=1).answers_per_minute == pytest.approx(4.0)
    assert summarise([], users=2).answers_per_minute is None


def test_fairness_is_most_over_fewest_and_unknown_when_somebody_got_none() -> None:
    asked = [answered(1), answered(1), answered(1), answered(2), answered(2)]
    assert summarise(asked, users=2).fairness == 1.5
    summary = summarise(asked, users=3)
    assert (summary.fairness, summary.fewest_answers) == (None, 0)
    assert summary.users[3].questions == 0


def test_only_questions_that_were_seen_to_wait_count_for_the_queue() -> None:
    waited = Asked(1, "a", 0.0, 5.0, True, queue_seconds=2.0)
    queue = summarise([waited, answered()], users=1).everyone.queue
    assert (queue.n, queue.unscored, queue.p50) == (1, 1, 2.0)


def test_errors_are_counted_by_sentence_with_their_first_references() -> None:
    asked = [failed("rare", "R"), *(failed("often", f"O{number}") for number in range(7)), failed("lost")]
    failures = summarise(asked, users=1).failures
    assert failures[0] == Failure("often", 7, ("O0", "O1", "O2", "O3", "O4"))
    assert Failure("rare", 1, ("R",)) in failures
    assert Failure("lost", 1, ()) in failures
