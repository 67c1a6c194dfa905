"""Which answers cite a version is told from the journal, to whoever asked."""

from collections.abc import Iterator
from typing import Any

import pytest

from assistant.cited import Cited
from assistant.journal import Journal
from retrieval.catalog import Catalog


def _answer(asker: str, *versions: str) -> dict[str, Any]:
    return {
        "question": f"of {asker}",
        "asked": {"principal": {"name": asker}},
        "citations": [{"version_id": version} for version in versions],
    }


@pytest.fixture
def catalog(empty_url: str) -> Iterator[Catalog]:
    one = Catalog(empty_url)
    yield one
    one.close()


def test_answers_are_found_newest_first_and_only_the_askers(catalog: Catalog) -> None:
    cited, journal = Cited(catalog.engine), Journal(catalog.engine)
    for body in (_answer("a", "v1", "v1", "v2"), _answer("b", "v1"), _answer("a", "v3"), _answer("a", "v2")):
        journal.append("answer", body)
    journal.append("feedback", {"asked": "something else"})
    assert [one.number for one in cited.answers(["v1", "v2"], asker="a")] == [4, 1]
    assert [one.number for one in cited.answers(["v1"], asker="b")] == [2]
    assert cited.answers(["v9"], asker="a") == []
    assert cited.answers([], asker="a") == []


def test_what_is_asked_later_is_found_too(catalog: Catalog) -> None:
    cited, journal = Cited(catalog.engine), Journal(catalog.engine)
    journal.append("answer", _answer("a", "v1"))
    assert len(cited.answers(["v1"], asker="a")) == 1
    journal.append("answer", _answer("a", "v1"))
    assert len(Cited(catalog.engine).answers(["v1"], asker="a")) == 2
    assert len(cited.answers(["v1"], asker="a")) == 2


def test_a_long_journal_is_read_to_its_end(catalog: Catalog) -> None:
    journal = Journal(catalog.engine)
    for number in range(505):
        journal.append("answer", _answer("a", "v1" if number == 504 else "v2"))
    cited = Cited(catalog.engine)
    assert [one.number for one in cited.answers(["v1"], asker="a")] == [505]
    assert len(cited.answers(["v2"], asker="a", limit=20)) == 20


def test_asking_leaves_the_journal_whole(catalog: Catalog) -> None:
    journal = Journal(catalog.engine)
    journal.append("answer", _answer("a", "v1"))
    Cited(catalog.engine).answers(["v1"], asker="a")
    assert journal.check() is None
