"""Texts that are nearly the same are found whatever else there is, and no others."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.near_duplicates import (
    SignatureOutdated,
    candidates,
    candidates_for,
    jaccard,
    near_duplicates,
    signature,
)

WORDS = [f"word{number}" for number in range(3000)]


def a_text(seed: int, *, words: int = 600) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def edited(text: str, *, every: int) -> str:
    return " ".join("other" if position % every == 0 else word for position, word in enumerate(text.split(), start=1))


def test_near_copies_are_found_and_nothing_else() -> None:
    texts = {f"d{seed:03}": a_text(seed) for seed in range(100)}
    texts |= {f"{key} copy": edited(text, every=100) for key, text in list(texts.items())[:40]}
    pairs = near_duplicates(texts.items(), threshold=0.7)
    assert {(pair.a, pair.b) for pair in pairs} == {(f"d{seed:03}", f"d{seed:03} copy") for seed in range(40)}
    assert all(pair.jaccard == jaccard(texts[pair.a], texts[pair.b]) for pair in pairs)


def test_the_closest_come_first_and_case_and_layout_do_not_count() -> None:
    text = a_text(1)
    texts = [("a", text), ("b", text.upper().replace(" ", ",\n")), ("c", edited(text, every=150))]
    pairs = near_duplicates(texts, threshold=0.5)
    assert [(pair.a, pair.b) for pair in pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert pairs[0].jaccard == 1.0


def test_the_overlap_decides_and_not_the_estimate() -> None:
    text = a_text(1)
    other = edited(text, every=20)
    overlap = jaccard(text, other)
    assert near_duplicates([("a", text), ("b", other)], threshold=overlap)
    assert near_duplicates([("a", text), ("b", other)], threshold=overlap + 0.001) == []


def test_an_added_text_is_compared_with_stored_signatures_only() -> None:
    stored = {f"d{seed}": signature(a_text(seed)) for seed in range(50)}
    assert candidates_for(signature(edited(a_text(7), every=100)), stored, threshold=0.7) == ["d7"]
    assert list(candidates(stored, threshold=0.7)) == []


def test_a_signature_is_the_same_everywhere() -> None:
    # Stored signatures must outlive a release: a change here needs another SIGNATURE_VERSION.
    assert signature("The bridge at Zutphen is closed until noon.")[:9].hex() == "31abbf2204b09ec002"
    assert len(signature(a_text(1))) == 513


def test_a_signature_of_another_version_is_refused() -> None:
    old = b"0" + signature("one two three")[1:]
    with pytest.raises(SignatureOutdated):
        candidates_for(signature("one two three"), {"a": old})


def test_texts_without_words_are_like_no_other() -> None:
    assert near_duplicates([("a", ""), ("b", " - "), ("c", "")], threshold=0.1) == []
    assert candidates_for(signature(""), {"a": signature("one")}) == []


def test_short_texts_are_compared_whole() -> None:
    assert [pair.jaccard for pair in near_duplicates([("a", "Closed."), ("b", "closed")])] == [1.0]
    assert near_duplicates([("a", "Closed."), ("b", "Open.")]) == []


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.5])
def test_a_threshold_that_means_nothing_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        near_duplicates([("a", "one two"), ("b", "one two")], threshold=threshold)


@given(st.lists(st.sampled_from("een twee drie vier vijf zes".split()), max_size=30), st.randoms())
def test_overlap_is_symmetric_and_whole_with_itself(words: list[str], chance: random.Random) -> None:
    other = words.copy()
    chance.shuffle(other)
    a, b = " ".join(words), " ".join(other)
    assert jaccard(a, b) == jaccard(b, a)
    assert jaccard(a, a) == (1.0 if words else 0.0)
