"""Passages in a language that the embedder cannot read lie near what they mean."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.embedding import HashEmbedder, between
from retrieval.glossing import GlossingEmbedder

INSIDE = HashEmbedder()
GLOSSING = GlossingEmbedder(INSIDE, languages=frozenset({"en"}))


def test_a_dutch_passage_comes_nearer_to_the_same_in_english() -> None:
    english = INSIDE.embed_query("The bridge over the river is closed")
    dutch = ["De brug over de rivier is gesloten voor het verkeer"]
    assert GLOSSING.embed_passages(dutch)[0] @ english > INSIDE.embed_passages(dutch)[0] @ english


def test_what_the_embedder_reads_is_left_as_it_is() -> None:
    texts = ["The bridge over the river is closed", "Fuel is short in the northern district"]
    assert np.array_equal(GLOSSING.embed_passages(texts), INSIDE.embed_passages(texts))
    assert np.array_equal(GLOSSING.embed_query("Welke brug?"), INSIDE.embed_query("Welke brug?"))


def test_its_vectors_are_never_mixed_with_those_of_the_one_inside() -> None:
    assert GLOSSING.fingerprint != INSIDE.fingerprint
    assert GLOSSING.fingerprint == GlossingEmbedder(HashEmbedder(), languages=frozenset({"en"})).fingerprint
    assert GLOSSING.fingerprint != GlossingEmbedder(INSIDE, languages=frozenset({"nl"})).fingerprint


def test_no_passages_are_no_rows() -> None:
    assert GLOSSING.embed_passages([]).shape == (0, INSIDE.dimensions)


@given(st.lists(st.text(max_size=80), max_size=4))
def test_each_text_has_a_unit_vector_of_its_own_whatever_is_beside_it(texts: list[str]) -> None:
    vectors = GLOSSING.embed_passages(texts)
    assert vectors.dtype == np.float32
    for row, text in zip(vectors, texts, strict=True):
        assert np.array_equal(row, GLOSSING.embed_passages([text])[0])
        assert abs(float(np.linalg.norm(row)) - 1) < 1e-4


def test_opposite_vectors_have_no_middle_and_are_no_error() -> None:
    one = INSIDE.embed_query("bridge")
    assert not between(one, -one).any()
