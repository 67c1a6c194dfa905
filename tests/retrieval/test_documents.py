"""Ids say what they identify: the same thing has the same id everywhere, another thing another."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from retrieval.documents import document_id, passage_id, text_sha256, version_id

NAMES = st.text(max_size=20)


def test_ids_stay_what_they_are_in_stored_catalogs() -> None:
    assert document_id("plans", "order.md") == "ece642ff-fcff-5ef7-a9e5-41b2df5b3051"


@given(NAMES, NAMES, NAMES)
def test_ids_are_uuids(corpus: str, key: str, text: str) -> None:
    document = document_id(corpus, key)
    version = version_id(document, text_sha256(text), "load-1")
    passage = passage_id(version, 0, len(text), text)
    assert len({uuid.UUID(document), uuid.UUID(version), uuid.UUID(passage)}) == 3


@given(
    st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), st.tuples(st.sampled_from("abc"), st.sampled_from("abc"))
)
def test_documents_have_the_same_id_only_when_corpus_and_key_are_the_same(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert (document_id(*one) == document_id(*other)) == (one == other)


def test_a_version_is_another_one_for_other_bytes_or_another_pipeline() -> None:
    ids = {version_id("d", "1", "load-1"), version_id("d", "2", "load-1"), version_id("d", "1", "load-2")}
    assert len(ids | {version_id("e", "1", "load-1")}) == 4


def test_a_passage_is_another_one_at_another_place_or_with_another_text() -> None:
    ids = {passage_id("v", 0, 4, "text"), passage_id("v", 1, 5, "text"), passage_id("v", 0, 4, "Text")}
    assert len(ids | {passage_id("w", 0, 4, "text")}) == 4


def test_half_a_character_can_be_hashed() -> None:
    assert text_sha256("\ud800") != text_sha256("\ud801")
