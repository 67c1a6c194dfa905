"""The API as a whole: its description, its errors, its version."""

import asyncio
import re
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from assistant.entrypoints.api.application import VERSION
from assistant.entrypoints.programs.limiting import RateLimit
from tests.assistant.entrypoints.programs.house import a_client, an_application, an_installation


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> ASGIApp:
    return an_application(an_installation(tmp_path_factory.mktemp("home")))


def ask(app: ASGIApp, method: str, path: str, *, token: str = "token-b", **more: Any) -> httpx.Response:
    async def run() -> httpx.Response:
        async with a_client(app, token) as client:
            return await client.request(method, path, **more)

    return asyncio.run(run())


@pytest.fixture(scope="module")
def document(app: ASGIApp) -> dict[str, Any]:
    # Without a token: what there is to ask is no secret.
    told: dict[str, Any] = ask(app, "GET", "/api/v1/openapi.json", token="").json()
    return told


def test_the_document_says_what_the_design_rules_ask_for(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == VERSION
    assert document["info"]["license"]["identifier"] == "EUPL-1.2"
    assert document["info"]["contact"]
    assert document["servers"] == [{"url": "/api/v1", "description": "This installation"}]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["security"] == [{"token": []}]


def test_paths_are_plural_nouns_without_a_slash_at_the_end(document: dict[str, Any]) -> None:
    # A passage of an answer's life that has no plural.
    singular = {"feedback", "corpora"}
    for path in document["paths"]:
        nouns = [part for part in path.strip("/").split("/") if not part.startswith("{")]
        assert not path.endswith("/")
        assert all(re.fullmatch("[a-z]+s", noun) or noun in singular for noun in nouns), path


def test_every_operation_names_its_permission_and_its_problems(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["x-permission"], path
            for status in ("401", "403", "413", "422", "429", "500", "503"):
                assert "application/problem+json" in operation["responses"][status]["content"], (path, status)
            assert operation["description"]


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(document)))
    assert references <= document["components"]["schemas"].keys()
    assert {"Problem", "Fault", "AnswerShape"} <= references


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/documents/", 404),
        ("GET", "/api/v1/", 404),
        ("GET", "/api/v1/passages/%0A", 404),
        ("GET", "/api/v1/documents?other=1", 422),
        ("DELETE", "/api/v1/documents", 405),
        ("OPTIONS", "/api/v1/documents", 405),
        ("PUT", "/api/v1/questions", 405),
        ("GET", "/api/v1/documents?limit=0", 422),
    ],
)
def test_every_error_is_a_problem(app: ASGIApp, method: str, path: str, status: int) -> None:
    answer = ask(app, method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    assert answer.headers["api-version"] == VERSION
    assert "access-control-allow-origin" not in answer.headers
    if status == 405:
        assert answer.headers["allow"]


def test_without_a_token_that_is_in_force_nothing_is_told(app: ASGIApp, document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for method in operations:
            for token in ("", "wrong"):
                answer = ask(app, method.upper(), f"/api/v1{path}", token=token)
                assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
                assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_body_that_is_too_large_is_a_problem(app: ASGIApp) -> None:
    for content in (b"x" * ((1 << 20) + 1), _pieces()):
        answer = ask(app, "POST", "/api/v1/questions", content=content)
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


async def _pieces() -> Any:
    for _ in range(3):
        yield b"x" * (1 << 19)


def test_a_token_that_asks_too_often_is_told_so_over_all_doors(tmp_path_factory: pytest.TempPathFactory) -> None:
    installation = an_installation(tmp_path_factory.mktemp("home"))
    app = an_application(installation, limit=RateLimit(requests=1))
    assert ask(app, "GET", "/api/v1/corpora").status_code == 200
    told = ask(app, "GET", "/api/v1/corpora"), ask(app, "GET", "/v1/models"), ask(app, "POST", "/mcp")
    assert [answer.status_code for answer in told] == [429, 429, 429]
    assert all(int(answer.headers["retry-after"]) > 0 for answer in told)
    assert told[0].headers["content-type"] == "application/problem+json"


def test_another_sites_page_gets_nothing(app: ASGIApp) -> None:
    assert ask(app, "GET", "/api/v1/corpora", headers={"origin": "http://evil.example"}).status_code == 403
    assert ask(app, "GET", "/api/v1/corpora", headers={"host": "evil.example"}).status_code == 421


def test_a_defect_tells_nothing_of_itself(tmp_path_factory: pytest.TempPathFactory) -> None:
    installation = an_installation(tmp_path_factory.mktemp("home"))
    app = an_application(installation)
    installation.catalog.listed = _break  # type: ignore[method-assign,assignment]
    answer = ask(app, "GET", "/api/v1/corpora")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "secret path" not in answer.text


def _break(**told: object) -> None:
    raise RuntimeError("secret path")
