"""Cases and documents get ids and keys of their own; what cannot be used is counted, not lost."""

from evals.cases import Relevant
from evals.importing.gathering import Gathering, LeftOut, content_id


def gathering() -> Gathering:
    return Gathering("squad", "dev.json", language="nl")


def test_a_case_has_an_id_of_its_format_and_a_source() -> None:
    collected = gathering()
    collected.case("7", "Wie?", expected=["Jan", "jan", " ", "Piet"])
    (case,) = collected.imported().cases
    assert (case.id, case.source, case.language, case.expected) == ("squad-7", "dev.json#7", "nl", ("Jan", "Piet"))


def test_what_cannot_be_asked_or_judged_is_left_out_with_its_reason() -> None:
    collected = gathering()
    collected.case("1", "  ", expected=["Jan"])
    collected.case("2", "Wie?")
    collected.case("3", "Wie?", expected=["Jan"])
    collected.case("3", "Wie dan?", expected=["Piet"])
    collected.case("4", "Wie?", answerable=False)
    imported = collected.imported()
    assert [case.id for case in imported.cases] == ["squad-3", "squad-4"]
    assert [(one.id, one.reason) for one in imported.left_out] == [
        ("1", "its question is empty"),
        ("2", "it says nothing of what a right answer holds"),
        ("3", "an earlier question has its id"),
    ]


def test_a_document_is_written_as_the_catalog_will_store_it() -> None:
    collected = gathering()
    key = collected.document(" a\n1 ", "soft\xadhyphen and\xa0space \ud800", title="Two\nlines")
    (document,) = collected.imported().documents
    assert key == document.key == "corpus.jsonl#a 1"
    assert (document.title, document.text) == ("Two lines", "softhyphen and space \ufffd")


def test_a_second_document_of_an_id_is_the_same_one_or_is_left_out() -> None:
    collected = gathering()
    for text in ("One.", "One.", "Two."):
        collected.document("a", text)
    collected.document("empty", " ")
    imported = collected.imported()
    assert [one.text for one in imported.documents] == ["One."]
    assert imported.left_out == (
        LeftOut("a", "an earlier document has its id and another text"),
        LeftOut("empty", "the document holds no text"),
    )


def test_a_document_that_two_cases_need_is_made_for_both() -> None:
    collected = gathering()
    collected.document("a", "One.", only_for=["1"])
    key = collected.document("a", "One.", only_for=["2"])
    collected.case("1", "Wie?", relevant=[Relevant(key), Relevant(key)])
    imported = collected.imported()
    assert imported.documents[0].only_for == {"squad-1", "squad-2"}
    assert imported.cases[0].relevant == (Relevant(key),)


def test_ids_of_contents_are_equal_for_equal_texts_only() -> None:
    assert content_id("a", "b") == content_id("a", "b") != content_id("ab")
    assert content_id("a", "b") != content_id("a\0", "b")
