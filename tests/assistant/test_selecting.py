"""Evidence is the best passages, numbered from 1; the budget bounds the sentences that are read of them."""

from dataclasses import fields, replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from assistant.quoting import Sentence
from assistant.selecting import select, within_budget
from retrieval.documents import Hit, Via
from tests.making import OPEN, a_document, a_passage, some_evidence

_SIZES = st.lists(st.integers(1, 50), max_size=12)


def words(text: str) -> int:
    return len(text.split())


def hits(count: int) -> list[Hit]:
    return [
        Hit(
            a_passage(f"Passage {rank}.", ordinal=rank),
            a_document(f"{rank}.md"),
            OPEN,
            "en",
            1.0 / rank,
            rank,
            (Via("dense", rank, 0.5),),
        )
        for rank in range(1, count + 1)
    ]


def chosen(sizes: list[int], budget: int) -> list[int]:
    evidence = some_evidence(["word " * size for size in sizes])
    sentences = [Sentence(one, 0, len(one.passage.text), 0.0, 0.0, 0.0, 1.0) for one in evidence]
    return [words(one.text) for one in within_budget(sentences, budget_tokens=budget, count_tokens=words)]


@given(st.integers(0, 12), st.integers(1, 10))
def test_evidence_is_the_best_hits_labelled_from_1(count: int, limit: int) -> None:
    found = hits(count)
    evidence = select(found, limit=limit)
    assert [one.passage for one in evidence] == [hit.passage for hit in found[:limit]]
    assert [one.label for one in evidence] == list(range(1, min(count, limit) + 1))


def test_a_hit_is_copied_into_evidence() -> None:
    (hit,) = (replace(one, dated=date(2026, 1, 1), authority=3) for one in hits(1))
    (one,) = select([hit], limit=8)
    copied = {field.name for field in fields(one)} - {"label"}
    assert {name: getattr(one, name) for name in copied} == {name: getattr(hit, name) for name in copied}


def test_sentences_that_fit_are_all_taken() -> None:
    assert chosen([10, 20, 30], 60) == [10, 20, 30]


def test_a_sentence_that_does_not_fit_is_passed_over_for_a_shorter_one() -> None:
    assert chosen([10, 60, 20], 35) == [10, 20]


def test_the_first_is_taken_even_when_it_does_not_fit() -> None:
    assert chosen([100, 10], 50) == [100]


def test_no_sentences_fit_any_budget() -> None:
    assert chosen([], 50) == []


@given(_SIZES, st.integers(1, 120))
def test_the_budget_is_kept_but_for_the_first(sizes: list[int], budget: int) -> None:
    taken = chosen(sizes, budget)
    assert taken[:1] == sizes[:1]
    assert len(taken) <= 1 or sum(taken) <= budget
