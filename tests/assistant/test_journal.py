"""The journal keeps every record in a chain that shows what was changed."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from assistant.journal import Journal, records
from retrieval.catalog import Catalog
from retrieval.catalog.database import open_engine, writing
from tests.processes import at_once

BODIES: list[dict[str, Any]] = [{"question": f"Vraag {number}: één?", "labels": [number, None]} for number in range(5)]


@pytest.fixture
def journal(catalog: Catalog) -> Journal:
    """An empty journal, in the database of a catalog as it is in an installation."""
    journal = Journal(catalog.engine)
    _change(journal, delete(records))
    return journal


def fill(journal: Journal, count: int = 5) -> None:
    _change(journal, delete(records))
    for body in BODIES[:count]:
        journal.append("answer", body)


def test_an_empty_journal_is_whole(journal: Journal) -> None:
    assert journal.check() is None
    assert list(journal.read()) == []


def test_records_are_numbered_from_1_and_read_back_as_they_were_written(journal: Journal) -> None:
    assert [journal.append("answer", body) for body in BODIES] == [1, 2, 3, 4, 5]
    kept = list(journal.read())
    assert [(record.number, record.kind, record.body) for record in kept] == [
        (number, "answer", body) for number, body in enumerate(BODIES, start=1)
    ]
    assert len({record.hash for record in kept}) == 5
    assert [record.at for record in kept] == sorted(record.at for record in kept)
    assert all(record.at.endswith("+00:00") for record in kept)
    assert journal.check() is None


def test_a_journal_that_is_opened_again_goes_on(empty_url: str) -> None:
    for number in (1, 2):
        engine = open_engine(empty_url)
        assert Journal(engine).append("answer", {}) == number
        assert Journal(engine).check() is None
        engine.dispose()


@pytest.mark.parametrize(
    "text", ["é € \U0001f6a7", "line\nline\u2028line", 'quote " \\ \\u0041', "null \0 byte", "half \ud83d"]
)
def test_any_text_can_be_journalled(journal: Journal, text: str) -> None:
    journal.append("answer", {"question": text})
    assert [record.body for record in journal.read()] == [{"question": text}]
    assert journal.check() is None


def test_what_is_no_json_is_refused_and_leaves_nothing(journal: Journal) -> None:
    with pytest.raises(TypeError):
        journal.append("answer", {"question": object()})
    assert list(journal.read()) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(number=st.integers(1, 5), column=st.sampled_from(["at", "kind", "body", "hash"]))
def test_an_edit_is_found_where_it_was_made(journal: Journal, number: int, column: str) -> None:
    fill(journal)
    edited = json.dumps({"question": "another"}) if column == "body" else "x"
    _change(journal, update(records).where(records.c.number == number).values({column: edited}))
    assert journal.check() == number


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(number=st.integers(1, 4))
def test_a_record_that_was_removed_is_found(journal: Journal, number: int) -> None:
    fill(journal)
    _change(journal, delete(records).where(records.c.number == number))
    assert journal.check() == number


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(number=st.integers(1, 4))
def test_a_record_that_was_removed_with_the_others_moved_up_is_found(journal: Journal, number: int) -> None:
    fill(journal)
    _change(journal, delete(records).where(records.c.number == number))
    for later in range(number + 1, 6):
        _change(journal, update(records).where(records.c.number == later).values(number=later - 1))
    assert journal.check() == number


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(places=st.lists(st.integers(1, 5), min_size=2, max_size=2, unique=True))
def test_records_in_each_others_place_are_found(journal: Journal, places: list[int]) -> None:
    fill(journal)
    one, other = sorted(places)
    for before, after in ((one, 99), (other, one), (99, other)):
        _change(journal, update(records).where(records.c.number == before).values(number=after))
    assert journal.check() == one


def test_a_record_that_was_edited_with_its_hash_is_found_at_the_next(journal: Journal) -> None:
    fill(journal)
    _, before, record, *_ = journal.read()
    body = json.dumps({"question": "another"})
    chained = "\0".join((before.hash, str(record.number), record.at, record.kind, body))
    forged = {"body": body, "hash": hashlib.sha256(chained.encode()).hexdigest()}
    _change(journal, update(records).where(records.c.number == record.number).values(forged))
    assert journal.check() == record.number + 1


def test_processes_that_append_at_once_keep_the_chain(empty_url: str) -> None:
    Journal(open_engine(empty_url))
    numbers = at_once(_append, [(empty_url, "one"), (empty_url, "other")])
    assert sorted(number for some in numbers for number in some) == list(range(1, 41))
    journal = Journal(open_engine(empty_url))
    assert journal.check() is None
    assert sorted({record.kind for record in journal.read()}) == ["one", "other"]


def _append(url: str, kind: str) -> list[int]:
    journal = Journal(open_engine(url))
    return [journal.append(kind, {"number": number}) for number in range(20)]


def _change(journal: Journal, statement: Any) -> None:
    with writing(journal._engine) as connection:
        connection.execute(statement)
