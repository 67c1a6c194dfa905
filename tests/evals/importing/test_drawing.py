"""A sample keeps the shares of what can be answered and the whole corpus."""

from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Case
from evals.importing.drawing import drawn
from evals.importing.gathering import Document, Imported


def a_set(*kinds: bool | None) -> Imported:
    cases = tuple(
        Case(id=str(n), question="?", language="en", answerable=kind, expected=("x",)) for n, kind in enumerate(kinds)
    )
    shared = (Document("all", "", "x"), Document("two", "", "x", frozenset({"0", "1"})))
    return Imported(cases, (*shared, *(Document(f"of {case.id}", "", "x", frozenset({case.id})) for case in cases)), ())


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=40), st.integers(1, 50), st.integers(0, 5))
def test_a_sample_has_its_size_its_order_and_the_shares_of_the_set(
    kinds: list[bool | None], count: int, seed: int
) -> None:
    whole = a_set(*kinds)
    some = drawn(whole, count, seed=seed)
    assert len(some.cases) == min(count, len(kinds))
    assert list(some.cases) == [case for case in whole.cases if case in some.cases]
    for kind in (True, False, None):
        share = kinds.count(kind) * len(some.cases) / len(kinds)
        assert abs(sum(case.answerable is kind for case in some.cases) - share) < 1


def test_documents_stay_but_for_those_made_for_cases_that_are_not_drawn() -> None:
    some = drawn(a_set(True, True, True, True), 1, seed=3)
    (case,) = some.cases
    kept = {one.id for one in some.documents}
    assert kept == {"all", f"of {case.id}"} | ({"two"} if case.id in "01" else set())


def test_the_same_seed_draws_the_same() -> None:
    whole = a_set(*[True, False] * 20)
    assert drawn(whole, 7, seed=1) == drawn(whole, 7, seed=1)
    assert len({drawn(whole, 7, seed=seed).cases for seed in range(5)}) > 1
