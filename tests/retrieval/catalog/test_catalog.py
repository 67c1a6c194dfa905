"""The catalog: what is stored, what is live, and what a scope may read of it. On SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, inspect

from retrieval.access import Marking
from retrieval.catalog import Catalog, Corpus, CorpusUnknown, StoredVersion
from retrieval.documents import text_sha256
from tests.making import CONFIDENTIAL, OPEN
from tests.retrieval.catalog.storing import TODAY, a_scope, a_version

ORDER = a_version("order.md", "Cross the bridge.", "Halt at 14:30.")
NEWER = a_version("order.md", "Cross the ford.", title="Order, amended")
LAW = a_version("law.md", "The minister decides.", corpus="law")


def put_live(catalog: Catalog, *stored: StoredVersion) -> None:
    catalog.stage(stored)
    catalog.go_live(stored)


def texts(catalog: Catalog, *stored: StoredVersion) -> list[str]:
    """Return the texts of these versions' passages that everybody's scope finds, in order."""
    ids = [passage.id for one in stored for passage in one.passages]
    found = catalog.passages(ids, scope=a_scope())
    return [found[identifier].passage.text for identifier in ids if identifier in found]


# Corpora


def test_a_corpus_is_made_once_and_stays_as_it_was_made(catalog: Catalog) -> None:
    made = Corpus("ops", "Operations", "S3", CONFIDENTIAL)
    assert catalog.ensure_corpus(made) == made
    assert catalog.ensure_corpus(replace(made, title="Other", marking=OPEN)) == made
    assert [corpus.name for corpus in catalog.corpora()] == ["law", "ops", "plans"]


def test_an_unknown_corpus_is_refused_with_the_names_that_there_are(catalog: Catalog) -> None:
    with pytest.raises(CorpusUnknown, match=r"no corpus named 'plan' \(there is: law, plans\)"):
        catalog.corpus("plan")


def test_what_is_found_tells_how_much_its_corpus_weighs_and_from_when_it_dates(catalog: Catalog) -> None:
    catalog.set_authority("plans", 3)
    told = replace(a_version("mail.eml", "Halt."), metadata={"Modified": "2026-01-02", "Date": "2025-12-31T10:00"})
    given = replace(a_version("order.md", "Go.", valid_from=date(2026, 2, 1)), metadata={"date": "2025-01-01"})
    silent = replace(a_version("note.md", "Wait."), metadata={"date": "last week"})
    put_live(catalog, told, given, silent)
    ids = [one.passages[0].id for one in (told, given, silent)]
    found = catalog.passages(ids, scope=a_scope())
    assert [found[one].authority for one in ids] == [3, 3, 3]
    assert [found[one].dated for one in ids] == [date(2025, 12, 31), date(2026, 2, 1), None]


@pytest.mark.parametrize(
    "marking",
    [
        OPEN,
        Marking("NATO", "NATO SECRET", frozenset({"NLD", "DEU"}), frozenset({"ATOMAL"}), frozenset({"G2", "G4"})),
    ],
    ids=str,
)
def test_a_marking_comes_back_as_it_was_stored(catalog: Catalog, marking: Marking) -> None:
    stored = a_version("secret.md", "Text.", marking=marking)
    put_live(catalog, stored)
    assert marking in catalog.markings()
    (found,) = catalog.passages([stored.passages[0].id], scope=a_scope(markings=[marking])).values() or [None]
    assert found is None or found.marking == marking
    assert [one.marking for one in catalog.live_passages()] == [marking]


# From staged to live to retired


def test_a_staged_version_is_never_returned(catalog: Catalog) -> None:
    catalog.stage([ORDER])
    scope = a_scope()
    assert texts(catalog, ORDER) == []
    assert catalog.documents("plans", scope=scope) == []
    assert catalog.version_text(ORDER.version.id, scope=scope) is None
    assert not catalog.has_passages(scope=scope)
    assert list(catalog.live_passages()) == []
    assert catalog.live_passage_count() == 0
    assert catalog.twins(ORDER.searchable) == {}
    assert catalog.contents("plans") == {}
    assert [one.documents + one.passages for one in catalog.status(scope=scope)] == [0, 0]
    assert catalog.not_live_in_index() == {ORDER.version.id}


def test_a_live_version_is_returned_as_it_was_stored(catalog: Catalog) -> None:
    put_live(catalog, ORDER)
    document = replace(ORDER.document, current=ORDER.version.id)
    found = catalog.passages([passage.id for passage in ORDER.passages], scope=a_scope())
    assert {one.passage for one in found.values()} == set(ORDER.passages)
    assert {(one.document, one.marking, one.language) for one in found.values()} == {(document, OPEN, "en")}
    assert catalog.documents("plans", scope=a_scope()) == [document]
    assert catalog.version_text(ORDER.version.id, scope=a_scope()) == ORDER.text
    assert catalog.has_passages(scope=a_scope())
    assert [one.passage for one in catalog.live_passages()] == list(ORDER.passages)
    assert catalog.live_passage_count() == 2
    assert catalog.contents("plans") == {"order.md": (ORDER.version.sha256, "load-1")}
    assert catalog.not_live_in_index() == frozenset()


def test_a_retired_version_is_never_returned(catalog: Catalog) -> None:
    put_live(catalog, ORDER)
    put_live(catalog, NEWER)
    assert texts(catalog, ORDER, NEWER) == ["Cross the ford."]
    assert catalog.version_text(ORDER.version.id, scope=a_scope()) is None
    assert [one.passage for one in catalog.live_passages()] == list(NEWER.passages)
    assert catalog.live_passage_count() == 1
    assert set(catalog.twins([*ORDER.searchable, *NEWER.searchable])) == set(NEWER.searchable)
    assert [(one.title, one.current) for one in catalog.documents("plans", scope=a_scope())] == [
        ("Order, amended", NEWER.version.id)
    ]
    assert catalog.not_live_in_index() == {ORDER.version.id}


def test_until_the_newer_version_goes_live_the_older_is_returned(catalog: Catalog) -> None:
    put_live(catalog, ORDER)
    catalog.stage([NEWER])
    assert texts(catalog, ORDER, NEWER) == ["Cross the bridge.", "Halt at 14:30."]
    assert [one.title for one in catalog.documents("plans", scope=a_scope())] == ["order.md"]


def test_a_document_may_go_back_to_what_it_was(catalog: Catalog) -> None:
    put_live(catalog, ORDER)
    put_live(catalog, NEWER)
    put_live(catalog, ORDER)
    assert texts(catalog, ORDER, NEWER) == ["Cross the bridge.", "Halt at 14:30."]
    assert catalog.not_live_in_index() == {NEWER.version.id}


def test_staging_again_replaces_what_was_staged(catalog: Catalog) -> None:
    catalog.stage([ORDER])
    shorter = replace(ORDER, passages=ORDER.passages[:1], searchable=ORDER.searchable[:1])
    put_live(catalog, shorter)
    assert texts(catalog, ORDER) == ["Cross the bridge."]


def test_other_documents_are_not_retired(catalog: Catalog) -> None:
    put_live(catalog, ORDER, a_version("annex.md", "Annex."))
    put_live(catalog, NEWER)
    assert catalog.contents("plans").keys() == {"order.md", "annex.md"}


def test_an_error_while_going_live_changes_nothing(catalog: Catalog) -> None:
    put_live(catalog, ORDER)
    catalog.refuse("plans", "order.md", "It was damaged.")
    catalog.stage([NEWER])

    def fail(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("DELETE FROM refusals"):
            raise RuntimeError("power cut")

    event.listen(catalog.engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        catalog.go_live([NEWER])
    event.remove(catalog.engine, "before_cursor_execute", fail)
    assert texts(catalog, ORDER, NEWER) == ["Cross the bridge.", "Halt at 14:30."]
    assert [one.title for one in catalog.documents("plans", scope=a_scope())] == ["order.md"]
    assert catalog.refusals("plans") == [("order.md", "It was damaged.")]


def test_an_error_while_staging_changes_nothing(catalog: Catalog) -> None:
    put_live(catalog, ORDER)
    broken = replace(LAW, passages=(LAW.passages[0], LAW.passages[0]), searchable=LAW.searchable * 2)
    with pytest.raises(Exception, match=r"(?i)unique"):
        catalog.stage([NEWER, broken])
    assert catalog.not_live_in_index() == frozenset()


# What is left behind in the index


def test_versions_that_are_not_live_are_abandoned_until_they_are_out_of_the_index(catalog: Catalog) -> None:
    put_live(catalog, ORDER)
    put_live(catalog, NEWER)
    catalog.stage([LAW])
    assert catalog.abandoned("plans") == [ORDER.version.id]
    assert catalog.abandoned("law") == [LAW.version.id]
    catalog.out_of_index([ORDER.version.id, LAW.version.id])
    assert catalog.abandoned("plans") == catalog.abandoned("law") == []
    assert catalog.not_live_in_index() == frozenset()


def test_a_retired_version_is_kept_and_an_unfinished_one_is_forgotten(catalog: Catalog) -> None:
    put_live(catalog, ORDER)
    put_live(catalog, NEWER)
    catalog.stage([LAW])
    catalog.out_of_index([ORDER.version.id, LAW.version.id])
    with catalog.engine.connect() as connection:
        versions = set(connection.exec_driver_sql("SELECT id FROM versions").scalars())
        passages = set(connection.exec_driver_sql("SELECT version FROM passages").scalars())
    assert versions == passages == {ORDER.version.id, NEWER.version.id}


def test_a_forgotten_version_can_be_added_again(catalog: Catalog) -> None:
    catalog.stage([ORDER])
    catalog.out_of_index([ORDER.version.id])
    put_live(catalog, ORDER)
    assert len(texts(catalog, ORDER)) == 2


def test_a_live_version_stays_when_it_is_said_to_be_out_of_the_index(catalog: Catalog) -> None:
    put_live(catalog, ORDER)
    catalog.out_of_index([ORDER.version.id])
    assert len(texts(catalog, ORDER)) == 2


def test_a_twin_is_a_live_passage_with_the_same_searchable_text(catalog: Catalog) -> None:
    copy = a_version("copy.md", "Halt at 14:30.", corpus="law")
    put_live(catalog, ORDER)
    put_live(catalog, copy)
    asked = [*ORDER.searchable, text_sha256("something else")]
    twins = catalog.twins(asked)
    assert twins.keys() == set(ORDER.searchable)
    assert twins[ORDER.searchable[0]] == ORDER.passages[0].id
    assert twins[ORDER.searchable[1]] in {ORDER.passages[1].id, copy.passages[0].id}


def test_more_twins_can_be_asked_for_than_a_statement_takes(catalog: Catalog) -> None:
    put_live(catalog, ORDER)
    asked = [text_sha256(str(number)) for number in range(40_000)]
    assert catalog.twins([*asked, ORDER.searchable[0]]) == {ORDER.searchable[0]: ORDER.passages[0].id}
    assert catalog.twins([]) == {}


# Validity


@pytest.mark.parametrize(
    ("days_from", "days_until", "returned"),
    [(None, None, True), (0, None, True), (1, None, False), (None, 0, False), (None, 1, True), (-5, 5, True)],
)
def test_a_version_holds_from_its_first_day_until_the_day_before_its_end(
    catalog: Catalog, days_from: int | None, days_until: int | None, returned: bool
) -> None:
    def day(days: int | None) -> date | None:
        return None if days is None else TODAY + timedelta(days)

    stored = a_version("order.md", "Text.", valid_from=day(days_from), valid_until=day(days_until))
    put_live(catalog, stored)
    assert bool(texts(catalog, stored)) is returned
    assert [(one.valid_from, one.valid_until) for one in catalog.live_passages()] == [(day(days_from), day(days_until))]


# Counts


def test_status_counts_documents_and_passages_of_each_corpus_in_scope(catalog: Catalog) -> None:
    before = datetime.now(UTC)
    put_live(catalog, ORDER, a_version("annex.md", "Annex."))
    put_live(catalog, NEWER)
    catalog.refuse("plans", "broken.pdf", "It is damaged.")
    law, plans = catalog.status(scope=a_scope())
    assert (law.corpus.name, law.documents, law.passages, law.refusals, law.last_added) == ("law", 0, 0, 0, None)
    assert (plans.corpus.name, plans.documents, plans.passages, plans.refusals) == ("plans", 2, 2, 1)
    assert plans.last_added is not None
    assert before <= plans.last_added <= datetime.now(UTC)
    assert [one.corpus.name for one in catalog.status(scope=a_scope("law"))] == ["law"]


def test_more_passages_than_one_read_holds_are_all_yielded(catalog: Catalog) -> None:
    large = a_version("large.md", *(f"Sentence {number}." for number in range(4500)))
    put_live(catalog, large)
    assert [one.passage.ordinal for one in catalog.live_passages()] == list(range(4500))


# Refusals, jobs, facts


def test_a_refusal_is_cleared_when_the_file_becomes_readable(catalog: Catalog) -> None:
    catalog.refuse("plans", "order.md", "It is damaged.")
    catalog.refuse("plans", "other.md", "It is empty.")
    catalog.refuse("law", "order.md", "It is damaged.")
    put_live(catalog, ORDER)
    assert catalog.refusals("plans") == [("other.md", "It is empty.")]
    assert catalog.refusals("law") == [("order.md", "It is damaged.")]


def test_the_latest_refusal_of_a_file_counts(catalog: Catalog) -> None:
    catalog.refuse("plans", "order.md", "It is damaged.")
    catalog.refuse("plans", "order.md", "It is empty.")
    assert catalog.refusals("plans") == [("order.md", "It is empty.")]


def test_a_job_keeps_its_report(catalog: Catalog) -> None:
    first, second = catalog.start_job("plans", "/documents"), catalog.start_job("law", "/laws")
    assert first != second
    catalog.end_job(second, {"added": 3, "refused": ["a.pdf"]})
    with catalog.engine.connect() as connection:
        ended = connection.exec_driver_sql("SELECT id, corpus FROM jobs WHERE ended_at IS NOT NULL").all()
    assert [tuple(row) for row in ended] == [(second, "law")]


def test_a_fact_is_what_it_was_last_set_to(catalog: Catalog) -> None:
    assert catalog.fact("index_made_by") is None
    catalog.set_fact("index_made_by", "hash-64")
    catalog.set_fact("index_made_by", "hash-128")
    assert catalog.fact("index_made_by") == "hash-128"


# Text


@pytest.mark.parametrize(
    "text", ["Één brug: ‘open’ – 60 ton €", "\U0001f6a7 work ahead", "a\tb\nc", "100 % 'quoted' \\"]
)
def test_text_comes_back_character_by_character(catalog: Catalog, text: str) -> None:
    stored = a_version("text.md", text, title=text.replace("\n", " "))
    put_live(catalog, stored)
    assert texts(catalog, stored) == [text]
    assert catalog.version_text(stored.version.id, scope=a_scope()) == text


def test_every_table_of_the_catalog_is_there(catalog: Catalog) -> None:
    assert {
        *("alembic_version", "corpora", "documents", "facts", "jobs", "markings", "passages", "refusals", "versions"),
    } <= set(inspect(catalog.engine).get_table_names())
