"""Make documents, passages and evidence out of little more than their text."""

from collections.abc import Sequence

from assistant.answers import Evidence
from retrieval.access import Marking
from retrieval.documents import Document, Passage, document_id, passage_id
from retrieval.languages import Language

OPEN = Marking("NLD", "Ongerubriceerd")
CONFIDENTIAL = Marking("NLD", "Stg. Confidentieel")


def a_document(key: str = "order.md", *, corpus: str = "plans", title: str = "") -> Document:
    return Document(document_id(corpus, key), corpus, key, title, None)


def a_passage(
    text: str, *, version: str = "version", ordinal: int = 0, heading: str = "", page: int | None = None, start: int = 0
) -> Passage:
    end = start + len(text)
    return Passage(passage_id(version, start, end, text), version, ordinal, heading, page, start, end, text)


def some_evidence(
    texts: Sequence[str], *, language: Language = "en", title: str = "", heading: str = "", start: int = 0
) -> list[Evidence]:
    """Return one piece of evidence for each text, labelled from 1."""
    return [
        Evidence(
            label,
            a_passage(text, ordinal=label - 1, heading=heading, page=label, start=start),
            a_document(title=title),
            OPEN,
            language,
            1.0 / label,
        )
        for label, text in enumerate(texts, start=1)
    ]
