"""Evidence is the best passages, numbered from 1; the budget bounds the sentences that are read of them."""

from dataclasses import fields, replace
from datetime import date

import pytest
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


OLD, NEW = date(2017, 1, 1), date(2026, 1, 1)
_WORDING = "The bridge over the river is open for wheeled vehicles until {}."


def dated(text: str, score: float, day: date | None) -> Hit:
    return replace(hits(1)[0], passage=a_passage(text), score=score, dated=day)


@pytest.mark.parametrize(
    ("text", "score", "before", "after", "moved"),
    [
        (_WORDING.format("dusk"), 0.99, OLD, NEW, True),
        (_WORDING.format("dusk"), 0.9, OLD, NEW, False),
        (_WORDING.format("dusk"), 0.99, NEW, OLD, False),
        (_WORDING.format("dusk"), 0.99, OLD, OLD, False),
        (_WORDING.format("dusk"), 0.99, None, NEW, False),
        (_WORDING.format("dusk"), 0.99, OLD, None, False),
        ("Rations are issued to drivers at noon.", 0.99, OLD, NEW, False),
    ],
)
def test_a_newer_wording_goes_first_only_on_a_near_tie(
    text: str, score: float, before: date | None, after: date | None, moved: bool
) -> None:
    found = [dated(_WORDING.format("dawn"), 1.0, before), dated(text, score, after)]
    assert [one.passage for one in select(found, limit=8)] == [one.passage for one in (found[::-1] if moved else found)]


def test_the_newer_wording_takes_the_place_of_the_older_and_the_others_keep_their_order() -> None:
    texts = ("Drivers rest.", _WORDING.format("dawn"), "Rations are issued.", _WORDING.format("dusk"))
    found = [dated(text, 1.0 - place / 1000, NEW if place == 3 else OLD) for place, text in enumerate(texts)]
    evidence = select(found, limit=8)
    assert [one.passage.text for one in evidence] == [texts[place] for place in (0, 3, 1, 2)]
    assert [one.label for one in evidence] == [1, 2, 3, 4]


@pytest.mark.parametrize("score", [0.0, -1.0])
def test_scores_of_zero_and_below_can_tie(score: float) -> None:
    found = [dated(_WORDING.format("dawn"), score, OLD), dated(_WORDING.format("dusk"), score, NEW)]
    assert [one.dated for one in select(found, limit=8)] == [NEW, OLD]


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
