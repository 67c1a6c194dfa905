"""What operators see, and who is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from assistant.bootstrap import Installation
from assistant.entrypoints.metering import Meter
from assistant.entrypoints.operations import Machine, operations, probes
from assistant.entrypoints.pages import Frame
from assistant.settings import Settings
from retrieval.access import Principal

SECRET = "The bridge at Veldersloot is mined."


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(Settings(home=tmp_path / "home"))
    yield installation
    installation.close()


def _client(installation: Installation, *roles: str, ready: bool = True) -> TestClient:
    app, meter = FastAPI(), Meter()
    reader = Principal("operator", (), "NLD", roles=frozenset(roles))

    async def identify(request: Request) -> Principal | None:
        return reader if roles else None

    machine = Machine(installation, meter, lambda: ready)
    app.include_router(operations(machine, Frame([]), identify))
    app.include_router(probes(machine, may_scrape=lambda secret: secret == "right"))
    return TestClient(app, follow_redirects=False)


PAGES = ["/admin", "/admin/checks", "/admin/settings", "/admin/journal"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_for_operators_only(installation: Installation, path: str) -> None:
    assert _client(installation, "operator").get(path).status_code == 200
    assert _client(installation, "owner", "evaluator").get(path).status_code == 403
    assert _client(installation).get(path).headers["location"] == "/login"


def test_a_page_that_is_looked_at_makes_nothing(installation: Installation) -> None:
    _client(installation, "operator").get("/admin")
    assert not {"assistant", "model", "index", "embedder"} & vars(installation).keys()


def test_the_journal_tells_who_and_when_but_not_what_was_said(installation: Installation) -> None:
    asked = {"principal": {"name": "k.jansen"}}
    installation.journal.append("answer", {"id": "a-1", "question": SECRET, "text": SECRET, "asked": asked})
    installation.journal.append("coa", {"workspace": "w-1", "by": "p.devries", "what": SECRET})
    page = _client(installation, "operator").get("/admin/journal").text
    for told in ("k.jansen", "a-1", "p.devries", "w-1"):
        assert told in page
    assert SECRET not in page


def test_records_are_found_by_kind_person_and_day(installation: Installation) -> None:
    for name in ("k.jansen", "p.devries"):
        installation.journal.append("answer", {"id": f"of {name}", "asked": {"principal": {"name": name}}})
    client = _client(installation, "operator")
    page = client.get("/admin/journal", params={"person": "JANSEN"}).text
    assert "of k.jansen" in page
    assert "of p.devries" not in page
    assert "of k.jansen" not in client.get("/admin/journal", params={"kind": "coa"}).text
    assert "of k.jansen" not in client.get("/admin/journal", params={"until": "2020-01-01"}).text
    assert "of k.jansen" in client.get("/admin/journal", params={"since": "2020-01-01"}).text
    assert client.get("/admin/journal", params={"since": "yesterday"}).status_code == 422


def test_older_records_are_a_page_away(installation: Installation) -> None:
    for number in range(1, 53):
        installation.journal.append("answer", {"id": f"a-{number:03}"})
    client = _client(installation, "operator")
    first = client.get("/admin/journal").text
    assert "a-052" in first
    assert "a-002" not in first
    assert "a-003" in first
    assert "before=3" in first
    assert "a-002" in client.get("/admin/journal", params={"before": 3}).text


def test_a_record_that_was_altered_is_found(installation: Installation) -> None:
    installation.journal.append("answer", {"id": "a-1"})
    client = _client(installation, "operator")
    assert "is whole" in client.post("/admin/journal/check").text
    with installation.catalog.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE journal SET kind = 'coa'")
    assert "Record 1 was altered" in client.post("/admin/journal/check").text


def test_a_machine_tells_whether_it_is_alive_and_ready(installation: Installation) -> None:
    assert _client(installation).get("/healthz").status_code == 200
    assert _client(installation).get("/readyz").status_code == 200
    refused = _client(installation, ready=False).get("/readyz")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")


def test_figures_need_a_token(installation: Installation) -> None:
    client = _client(installation, "operator")
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 401
    answer = client.get("/metrics", headers={"authorization": "Bearer right"})
    assert answer.status_code == 200
    assert "stafwijzer_questions_total" in answer.text
