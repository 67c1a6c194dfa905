"""Two processes that write to one catalog at the same moment both succeed."""

from dataclasses import replace

from retrieval.access import Marking
from retrieval.catalog import Catalog, Corpus
from tests.processes import at_once
from tests.retrieval.catalog.storing import CHIEF, a_scope, a_version

ROUNDS = 12
CATEGORIES = [f"C{number}" for number in range(ROUNDS)]


def test_two_processes_that_write_at_once_lose_nothing(empty_url: str) -> None:
    Catalog(empty_url).close()
    at_once(_write, [(empty_url, "plans"), (empty_url, "law")])
    catalog = Catalog(empty_url)
    keys = [f"{number:02}.md" for number in range(ROUNDS)]
    reader = replace(CHIEF, access=frozenset(CATEGORIES))
    scope = a_scope("plans", "law", "shared", markings=catalog.markings(), principal=reader)
    assert [(one.corpus.name, one.documents, one.passages) for one in catalog.status(scope=scope)] == [
        ("law", ROUNDS, 2 * ROUNDS),
        ("plans", ROUNDS, 2 * ROUNDS),
        ("shared", 0, 0),
    ]
    for corpus in ("plans", "law"):
        assert [document.key for document in catalog.documents(corpus, scope=scope)] == keys
    # Two processes saw the same markings, facts and refusals first; each is there once.
    assert len(catalog.markings()) == len(set(catalog.markings())) == 1 + ROUNDS
    assert catalog.fact("index_made_by") in {"plans", "law"}
    assert len(catalog.refusals("shared")) == ROUNDS
    catalog.close()


def _write(url: str, name: str) -> None:
    catalog = Catalog(url)
    marking = Marking("NLD", "Ongerubriceerd")
    for corpus in (name, "shared"):
        catalog.ensure_corpus(Corpus(corpus, corpus, "S3", marking))
    for number in range(ROUNDS):
        restricted = Marking("NLD", "Ongerubriceerd", categories=frozenset({CATEGORIES[number]}))
        stored = a_version(f"{number:02}.md", f"One {number}.", f"Two {number}.", corpus=name, marking=restricted)
        catalog.stage([stored])
        catalog.go_live([stored])
        catalog.set_fact("index_made_by", name)
        catalog.refuse("shared", f"{number}.pdf", f"Refused for {name}.")
        catalog.end_job(catalog.start_job(name, "/documents"), {"added": 1})
    catalog.close()
