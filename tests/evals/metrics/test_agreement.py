"""Agreement is what two judges share beyond chance, and none where that has no meaning."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from evals.metrics.agreement import agreement, cohen_kappa, raw_agreement

LABELS = st.sampled_from(["right", "partly", "wrong"])


def labels(*counted: tuple[int, str, str]) -> tuple[list[str], list[str]]:
    pairs = [(one, other) for count, one, other in counted for _ in range(count)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def test_kappa_of_a_table_worked_by_hand() -> None:
    # 35 of 50 alike: 0.7. By chance 25/50 * 30/50 + 25/50 * 20/50 = 0.5. So (0.7 - 0.5) / (1 - 0.5).
    one, other = labels((20, "yes", "yes"), (5, "yes", "no"), (10, "no", "yes"), (15, "no", "no"))
    assert raw_agreement(one, other) == pytest.approx(0.7)
    assert cohen_kappa(one, other) == pytest.approx(0.4)


def test_kappa_is_below_zero_when_judges_agree_less_than_chance() -> None:
    assert cohen_kappa(["a", "b"], ["b", "a"]) == pytest.approx(-1.0)


@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=40))
def test_kappa_equals_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    one, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ours = cohen_kappa(one, other)
    if len({*one, *other}) == 1:
        assert ours is None
    else:
        assert ours == pytest.approx(cohen_kappa_score(one, other), abs=1e-12)


@given(st.lists(st.tuples(LABELS, LABELS), max_size=40))
def test_the_order_of_the_judges_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    one, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    assert cohen_kappa(one, other) == cohen_kappa(other, one)


def test_kappa_is_undefined_without_items_and_when_both_give_one_label_only() -> None:
    assert cohen_kappa([], []) is None
    assert raw_agreement([], []) is None
    assert cohen_kappa(["right"] * 5, ["right"] * 5) is None
    assert cohen_kappa(["right"] * 5, ["wrong"] * 5) == 0.0


def test_judges_of_unlike_numbers_of_items_are_refused() -> None:
    for function in (cohen_kappa, raw_agreement):
        for one, other in ((["a"], []), ([], ["a"]), (["a", "b"], ["a"])):
            with pytest.raises(ValueError, match=r"shorter|longer"):
                function(one, other)


def test_only_what_both_judged_counts_and_what_they_differ_on_is_named() -> None:
    first = {"1": "right", "2": "wrong", "3": "right", "4": "wrong"}
    second = {"9": "right", "4": "wrong", "2": "right", "3": "right"}
    found = agreement(first, second, group=str)
    assert (found.n, found.raw, found.disagreements) == (3, 2 / 3, ("2",))
    assert found.kappa == pytest.approx(cohen_kappa(["wrong", "right", "wrong"], ["right", "right", "wrong"]))


def test_the_interval_holds_kappa_and_is_repeated_by_its_seed() -> None:
    one, other = labels((20, "yes", "yes"), (5, "yes", "no"), (10, "no", "yes"), (15, "no", "no"))
    first, second = dict(enumerate(one)), dict(enumerate(other))
    found = agreement(first, second, group=lambda item: item, seed=3)
    assert found.low is not None
    assert found.high is not None
    # The normal interval of Cohen 1960 for this table: 0.4 +- 1.96 * sqrt(0.7 * 0.3 / (50 * 0.5 ** 2)) = 0.4 +- 0.254.
    assert found.low == pytest.approx(0.4 - 0.254, abs=0.06)
    assert found.high == pytest.approx(0.4 + 0.254, abs=0.06)
    assert agreement(first, second, group=lambda item: item, seed=3) == found


def test_items_of_one_group_are_resampled_together() -> None:
    one, other = labels((4, "yes", "yes"), (2, "yes", "no"), (2, "no", "yes"), (4, "no", "no"))
    single = agreement(dict(enumerate(one)), dict(enumerate(other)), group=lambda item: item)
    copied_one = {(item, copy): label for item, label in enumerate(one) for copy in range(10)}
    copied_other = {(item, copy): label for item, label in enumerate(other) for copy in range(10)}
    copied = agreement(copied_one, copied_other, group=lambda item: item[0])
    assert copied.n == 120
    # Saying everything ten times teaches nothing: the interval stays as wide.
    assert [copied.low, copied.high] == pytest.approx([single.low, single.high])


def test_there_is_no_interval_where_resampling_cannot_tell() -> None:
    alike = agreement({"1": "a", "2": "b"}, {"1": "a", "2": "b"}, group=str)
    assert (alike.kappa, alike.low, alike.high) == (1.0, None, None)
    undefined = agreement({"1": "a"}, {"1": "a"}, group=str)
    assert (undefined.n, undefined.raw, undefined.kappa, undefined.low) == (1, 1.0, None, None)
    lone = agreement({"1": "a"}, {"1": "b"}, group=str)
    assert lone.kappa is not None
    assert math.isclose(lone.kappa, 0.0)
