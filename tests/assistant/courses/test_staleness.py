"""A workspace says at the line concerned that the document below it no longer stands, and why."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.courses.staleness import stale
from assistant.courses.workspace import (
    Basis,
    Calculation,
    CourseOfAction,
    FramingField,
    Outcome,
    RawValue,
    Screen,
    Screened,
    Workspace,
)
from retrieval.access import Principal, Scope, scope_for
from retrieval.ingesting import Ingestion
from retrieval.lifecycle.curating import Curation
from tests.assistant.courses.planning import asker, documents, framed
from tests.installations import OFFICER, SECRET, TODAY, a_corpus

_INTENT = "intent.1"


@pytest.fixture
def ingestion(tmp_path: Path) -> Ingestion:
    return documents(tmp_path)


def a_scope(ingestion: Ingestion, *, on_date: date = TODAY, principal: Principal = OFFICER) -> Scope:
    return scope_for(principal, markings=ingestion.catalog.markings(), corpora=("plans",), on_date=on_date)


def told(workspace: Workspace, ingestion: Ingestion, *, on_date: date = TODAY) -> dict[str, tuple[str, ...]]:
    return stale(workspace, catalog=ingestion.catalog, scope=a_scope(ingestion, on_date=on_date))


def add(ingestion: Ingestion, home: Path, name: str, text: str) -> None:
    (home / "documents" / name).write_text(text)
    ingestion.add(home / "documents", a_corpus())


def test_nothing_is_stale_while_the_documents_stand(ingestion: Ingestion) -> None:
    assert told(framed(asker(ingestion)), ingestion) == {}


def test_a_superseded_document_names_its_successor(ingestion: Ingestion, tmp_path: Path) -> None:
    workspace = framed(asker(ingestion))
    add(ingestion, tmp_path, "later.md", "# Operation Order 8\n\nThe brigade withdraws from the River Morle.")
    Curation(ingestion).supersede("plans", "order.md", "later.md", on=TODAY)
    assert told(workspace, ingestion)[_INTENT] == ("Operation Order 7 is superseded by Operation Order 8",)


def test_a_retired_document_is_told(ingestion: Ingestion) -> None:
    workspace = framed(asker(ingestion))
    Curation(ingestion).retire("plans", "order.md")
    assert told(workspace, ingestion)[_INTENT] == ("Operation Order 7 was retired by its owner",)


def test_an_expired_document_is_told_from_the_day_on_which_it_no_longer_holds(ingestion: Ingestion) -> None:
    workspace = framed(asker(ingestion))
    Curation(ingestion).set_validity("plans", "order.md", valid_until=date(2026, 2, 10))
    assert told(workspace, ingestion, on_date=date(2026, 2, 9)) == {}
    late = told(workspace, ingestion, on_date=date(2026, 2, 10))
    assert late[_INTENT] == ("Operation Order 7 expired on 2026-02-10",)


def test_a_deleted_document_is_told_with_the_day(ingestion: Ingestion) -> None:
    workspace = framed(asker(ingestion))
    Curation(ingestion).delete("plans", "order.md", by="owner")
    (reason,) = told(workspace, ingestion)[_INTENT]
    assert reason.startswith("Operation Order 7 was deleted on 20")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("The purpose is to hand over.", "a newer version of Operation Order 7 is live, and it no longer says this"),
        (None, "a newer version of Operation Order 7 is live; it still says this word for word"),
    ],
)
def test_a_newer_version_is_told_with_whether_it_still_says_this(
    ingestion: Ingestion, tmp_path: Path, change: str | None, reason: str
) -> None:
    workspace = framed(asker(ingestion))
    intent = workspace.frame(FramingField.INTENT).statements[0].text
    before = (tmp_path / "documents" / "order.md").read_text()
    after = before.replace(intent, change) if change else before.replace("31 kilometres", "33 kilometres")
    add(ingestion, tmp_path, "order.md", after + "\n\nChanged.")
    assert told(workspace, ingestion)[_INTENT] == (reason,)


def test_who_may_no_longer_read_a_source_is_told_neither_its_title_nor_why(ingestion: Ingestion) -> None:
    workspace = framed(asker(ingestion))
    Curation(ingestion).mark("plans", "order.md", SECRET)
    (reason,) = told(workspace, ingestion)[_INTENT]
    assert reason == "a source of this is no longer readable for you"


def test_a_corpus_outside_the_scope_is_not_readable(ingestion: Ingestion) -> None:
    workspace = framed(asker(ingestion))
    elsewhere = scope_for(OFFICER, markings=ingestion.catalog.markings(), corpora=(), on_date=TODAY)
    assert stale(workspace, catalog=ingestion.catalog, scope=elsewhere)[_INTENT] == (
        "a source of this is no longer readable for you",
    )


def test_values_and_screenings_are_told_by_course_and_criterion(ingestion: Ingestion) -> None:
    workspace = framed(asker(ingestion))
    cited = workspace.frame(FramingField.INTENT).statements[0].citations
    screened = Screened(Screen.FEASIBLE, Outcome.PASSED, "", calculations=(Calculation("1 < 2", True, cited),))
    course = CourseOfAction("coa-1", "ferry", (), screening=(screened,))
    value = RawValue("coa-1", "cost", "31500 EUR", Basis.FACT, cited)
    Curation(ingestion).retire("plans", "order.md")
    found = told(replace(workspace, courses=(course,), values=(value,)), ingestion)
    assert {"coa-1/feasible", "coa-1/cost"} <= set(found)


def test_reasons_are_in_the_language_of_the_workspace(ingestion: Ingestion) -> None:
    workspace = replace(framed(asker(ingestion)), language="nl")
    Curation(ingestion).retire("plans", "order.md")
    assert told(workspace, ingestion)[_INTENT] == ("Operation Order 7 is door de eigenaar ingetrokken",)
