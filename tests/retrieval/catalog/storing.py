"""Make versions to put into a catalog, and scopes to read them with."""

from collections.abc import Iterable
from datetime import date

from retrieval.access import POLICIES, Marking, Principal, Scope, scope_for
from retrieval.catalog import StoredVersion
from retrieval.documents import Document, Passage, State, Version, document_id, passage_id, text_sha256, version_id
from tests.making import OPEN

TODAY = date(2026, 2, 4)
CHIEF = Principal("chief", tuple((policy, levels[-1]) for policy, levels in POLICIES.items()), "NLD")


def a_version(
    key: str,
    *texts: str,
    corpus: str = "plans",
    marking: Marking = OPEN,
    valid_from: date | None = None,
    valid_until: date | None = None,
    title: str = "",
) -> StoredVersion:
    """Return a version that was not stored yet; its text is its passages, a blank line between them."""
    text = "\n\n".join(texts)
    document = document_id(corpus, key)
    version = version_id(document, text_sha256(text), "load-1")
    passages, start = [], 0
    for ordinal, one in enumerate(texts):
        end = start + len(one)
        passages.append(Passage(passage_id(version, start, end, one), version, ordinal, "Head", 1, start, end, one))
        start = end + 2
    return StoredVersion(
        version=Version(version, document, text_sha256(text), marking.id, valid_from, valid_until, None, State.STAGED),
        document=Document(document, corpus, key, title or key, None),
        marking=marking,
        blob=text_sha256(text),
        pipeline="load-1",
        language="en",
        text=text,
        metadata={"author": "S3"},
        warnings=("One picture was not read.",),
        passages=tuple(passages),
        searchable=tuple(text_sha256(one) for one in texts),
    )


def a_scope(
    *corpora: str, markings: Iterable[Marking] = (OPEN,), on_date: date = TODAY, principal: Principal = CHIEF
) -> Scope:
    return scope_for(principal, markings=markings, corpora=corpora or ("plans", "law"), on_date=on_date)
