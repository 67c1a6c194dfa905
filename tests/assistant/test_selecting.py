"""Evidence is as many whole passages as fit, in order of rank, numbered from 1."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.selecting import select
from retrieval.documents import Hit
from tests.making import OPEN, a_document, a_passage

_SIZES = st.lists(st.integers(1, 50), max_size=12)


def words(text: str) -> int:
    return len(text.split())


def hits(*sizes: int) -> list[Hit]:
    """Return a hit for each number of words."""
    return [
        Hit(a_passage("word " * size, ordinal=rank), a_document(f"{rank}.md"), OPEN, "en", 1.0 / rank, rank, ())
        for rank, size in enumerate(sizes, start=1)
    ]


def chosen(sizes: list[int], budget: int) -> list[int]:
    return [words(one.passage.text) for one in select(hits(*sizes), budget_tokens=budget, count_tokens=words)]


def test_passages_that_fit_are_all_taken() -> None:
    assert chosen([10, 20, 30], 60) == [10, 20, 30]


def test_a_passage_that_does_not_fit_is_passed_over_for_a_shorter_one() -> None:
    assert chosen([10, 60, 20], 35) == [10, 20]


def test_the_first_is_taken_even_when_it_does_not_fit() -> None:
    assert chosen([100, 10], 50) == [100]


def test_nothing_found_is_no_evidence() -> None:
    assert chosen([], 50) == []


@given(_SIZES, st.integers(1, 120))
def test_the_budget_is_kept_but_for_the_first(sizes: list[int], budget: int) -> None:
    taken = chosen(sizes, budget)
    assert taken[:1] == sizes[:1]
    assert len(taken) <= 1 or sum(taken) <= budget


@given(_SIZES, st.integers(1, 120))
def test_labels_count_from_1_and_passages_keep_their_order(sizes: list[int], budget: int) -> None:
    found = hits(*sizes)
    evidence = select(found, budget_tokens=budget, count_tokens=words)
    assert [one.label for one in evidence] == list(range(1, len(evidence) + 1))
    ranks = [next(hit.rank for hit in found if hit.passage is one.passage) for one in evidence]
    assert ranks == sorted(set(ranks))


def test_a_hit_is_copied_into_evidence() -> None:
    (hit,) = hits(5)
    (one,) = select([hit], budget_tokens=50, count_tokens=words)
    assert (one.passage, one.document, one.marking, one.language, one.score) == (
        *(hit.passage, hit.document, hit.marking, hit.language, hit.score),
    )
