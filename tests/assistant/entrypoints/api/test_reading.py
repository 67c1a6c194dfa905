"""Search, passages, documents and corpora over HTTP."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from retrieval.lifecycle.curating import Curation
from tests.assistant.entrypoints.programs.house import WeightlessInstallation, a_client, an_application, an_installation


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> WeightlessInstallation:
    return an_installation(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def app(installation: WeightlessInstallation) -> ASGIApp:
    return an_application(installation)


def ask(app: ASGIApp, method: str, path: str, *, token: str = "token-b", **more: Any) -> httpx.Response:
    async def run() -> httpx.Response:
        async with a_client(app, token) as client:
            return await client.request(method, f"/api/v1{path}", **more)

    return asyncio.run(run())


def test_a_search_stays_within_the_holders_scope(app: ASGIApp) -> None:
    def corpora(token: str) -> set[str]:
        hits = ask(app, "POST", "/searches", json={"query": "ferry"}, token=token).json()["hits"]
        return {hit["passage"]["document"]["corpus"] for hit in hits}

    assert corpora("token-b") == {"orders"}
    assert corpora("token-a") == {"orders", "secrets"}


def test_a_passage_that_was_found_can_be_read(app: ASGIApp) -> None:
    passage = ask(app, "POST", "/searches", json={"query": "snow"}).json()["hits"][0]["passage"]
    assert ask(app, "GET", f"/passages/{passage['id']}").json() == passage


def test_documents_come_in_pages_that_lead_to_each_other(app: ASGIApp) -> None:
    path, seen = "/documents?limit=1", []
    while path:
        answer = ask(app, "GET", path, token="token-a")
        seen += [(one["corpus"], one["key"]) for one in answer.json()["documents"]]
        told = answer.links.get("next", {}).get("url", "")
        assert bool(told) == (answer.json()["next"] is not None)
        path = told.removeprefix("/api/v1")
    assert seen == [
        ("orders", "planted.md"),
        ("orders", "route-card.md"),
        ("orders", "weather.md"),
        ("secrets", "reserve.md"),
    ]


def test_documents_are_found_by_corpus_and_title(app: ASGIApp) -> None:
    def keys(query: str) -> list[str]:
        return [one["key"] for one in ask(app, "GET", f"/documents?{query}", token="token-a").json()["documents"]]

    assert keys("corpus=secrets") == ["reserve.md"]
    assert keys("title=AMBER") == ["route-card.md"]
    assert keys("corpus=secrets&title=AMBER") == keys("corpus=nothing") == []


@pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "é", "WyJhIiwgMV0"])
def test_a_cursor_that_is_not_ours_is_refused(app: ASGIApp, cursor: str) -> None:
    assert ask(app, "GET", "/documents", params={"cursor": cursor}).status_code == 422


def test_who_may_only_list_lists_and_reads_nothing(app: ASGIApp) -> None:
    assert len(ask(app, "GET", "/documents", token="token-lister").json()["documents"]) == 3
    assert ask(app, "GET", "/corpora/orders", token="token-lister").status_code == 200
    assert ask(app, "POST", "/searches", json={"query": "ferry"}, token="token-lister").status_code == 403


def test_versions_tell_what_came_after_what(app: ASGIApp, installation: WeightlessInstallation) -> None:
    path = installation.settings.home / "documents" / "orders" / "weather.md"
    path.write_text("# Weather\n\nThaw is expected on 6 February.\n", encoding="utf-8")
    installation.ingestion.add(path, installation.catalog.corpus("orders"))
    held = ask(app, "GET", "/documents?title=weather").json()["documents"][0]
    versions = ask(app, "GET", f"/documents/{held['id']}/versions").json()["versions"]
    assert [one["state"] for one in versions] == ["live", "retired"]
    assert versions[0]["id"] == held["version"] != versions[1]["id"]


def test_a_retired_document_is_listed_as_such(app: ASGIApp, installation: WeightlessInstallation) -> None:
    Curation(installation.ingestion).retire("orders", "planted.md")
    assert ask(app, "GET", "/documents?title=planted").json()["documents"][0]["state"] == "retired"
    Curation(installation.ingestion).restore("orders", "planted.md")


def test_a_corpus_tells_how_many_documents_are_in_force(app: ASGIApp) -> None:
    assert ask(app, "GET", "/corpora/orders").json()["documents"] == 3
    assert [one["name"] for one in ask(app, "GET", "/corpora").json()["corpora"]] == ["orders"]
