"""Ties are ordered by id, wherever the engine would have cut them."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from retrieval.index import Scored
from retrieval.index.ties import best


@given(
    searches=st.lists(st.lists(st.sampled_from([0.1, 0.2, 0.3]), max_size=200), min_size=1, max_size=2),
    limit=st.integers(1, 40),
)
def test_the_order_of_the_engine_does_not_matter(searches: list[list[float]], limit: int) -> None:
    contents = [
        [Scored(f"{number * 7919 % 1009:04}", score) for number, score in enumerate(scores)] for scores in searches
    ]

    def ask(numbers: Sequence[int], count: int) -> list[list[Scored]]:
        return [sorted(contents[number], key=lambda scored: -scored.score)[:count] for number in numbers]

    expected = [tuple(sorted(content, key=lambda scored: (-scored.score, scored.id))[:limit]) for content in contents]
    assert best(ask, searches=len(searches), limit=limit) == expected


def test_only_the_search_with_a_cut_tie_is_asked_again() -> None:
    asked: list[tuple[tuple[int, ...], int]] = []

    def ask(numbers: Sequence[int], count: int) -> list[list[Scored]]:
        asked.append((tuple(numbers), count))
        clear = [Scored(f"{number:04}", -float(number)) for number in range(count)]
        tied = [Scored(f"{number:04}", 1.0) for number in range(min(count, 100))]
        return [[clear, tied][number] for number in numbers]

    best(ask, searches=2, limit=10)
    assert asked == [((0, 1), 26), ((1,), 104)]


def test_a_tie_without_end_is_given_up() -> None:
    def ask(numbers: Sequence[int], count: int) -> list[list[Scored]]:
        assert count < 1_000
        return [[Scored(f"{number:04}", 1.0) for number in range(count)] for _ in numbers]

    assert [scored.id for scored in best(ask, searches=1, limit=2)[0]] == ["0000", "0001"]
