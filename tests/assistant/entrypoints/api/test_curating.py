"""Documents that a program adds."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from assistant.entrypoints.programs.uploading import NameUnusable, usable_name
from tests.assistant.entrypoints.programs.house import WeightlessInstallation, a_client, an_application, an_installation

FORD = b"# Ford\n\nThe ford at Hoogwolde is passable for wheeled vehicles.\n"


@pytest.fixture
def installation(tmp_path: Path) -> WeightlessInstallation:
    return an_installation(tmp_path)


@pytest.fixture
def app(installation: WeightlessInstallation) -> ASGIApp:
    return an_application(installation)


def ask(app: ASGIApp, method: str, path: str, *, token: str = "token-b", **more: Any) -> httpx.Response:
    async def run() -> httpx.Response:
        async with a_client(app, token) as client:
            return await client.request(method, f"/api/v1{path}", **more)

    return asyncio.run(run())


def upload(
    app: ASGIApp, name: str, content: bytes, *, corpus: str = "orders", token: str = "token-b"
) -> httpx.Response:
    return ask(app, "POST", f"/corpora/{corpus}/documents", token=token, files={"file": (name, content)})


def test_what_an_owner_adds_can_be_found_at_once(app: ASGIApp) -> None:
    told = upload(app, "ford.md", FORD)
    assert told.status_code == 201
    (outcome,) = told.json()["outcomes"]
    assert outcome["became"] == "added"
    assert ask(app, "GET", f"/documents/{outcome['document']}").json()["title"] == "Ford"
    hit = ask(app, "POST", "/searches", json={"query": "ford Hoogwolde passable"}).json()["hits"][0]
    assert hit["passage"]["document"]["id"] == outcome["document"]


def test_the_same_name_again_is_a_new_version_and_the_same_content_nothing_new(app: ASGIApp) -> None:
    first = upload(app, "ford.md", FORD).json()["outcomes"][0]
    assert (upload(app, "ford.md", FORD).status_code, upload(app, "ford.md", FORD).json()["outcomes"]) == (200, [])
    second = upload(app, "ford.md", FORD + b"\nIt freezes in February.\n")
    assert (second.status_code, second.json()["outcomes"][0]["became"]) == (201, "changed")
    assert second.json()["outcomes"][0]["document"] == first["document"]
    assert len(ask(app, "GET", f"/documents/{first['document']}/versions").json()["versions"]) == 2


def test_what_cannot_be_read_is_refused_and_leaves_what_was_there(
    app: ASGIApp, installation: WeightlessInstallation
) -> None:
    upload(app, "ford.md", FORD)
    refused = upload(app, "ford.md", b"\x00\x01\x02" * 100)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert ask(app, "POST", "/searches", json={"query": "ford passable"}).json()["hits"][0]["passage"]["text"]
    kept = sorted(path for path in (installation.settings.home / "uploads").rglob("*") if path.is_file())
    assert [(path.name, path.read_bytes()) for path in kept] == [("ford.md", FORD)]


def test_only_an_owner_adds_and_only_where_they_may_look(app: ASGIApp) -> None:
    assert upload(app, "ford.md", FORD, token="token-reader").status_code == 403
    assert upload(app, "ford.md", FORD, token="token-nothing").status_code == 403
    above, nowhere = upload(app, "ford.md", FORD, corpus="secrets"), upload(app, "ford.md", FORD, corpus="nothing")
    assert (above.status_code, above.content) == (404, nowhere.content)
    assert upload(app, "ford.md", FORD, corpus="secrets", token="token-a").status_code == 201


def test_whoever_may_not_add_is_refused_before_the_body_is_read(app: ASGIApp) -> None:
    async def send() -> tuple[int, int]:
        sent = 0

        async def body() -> Any:
            nonlocal sent
            for _ in range(64):
                sent += 1
                yield b"x" * (1 << 16)

        headers = {"content-type": "multipart/form-data; boundary=b"}
        async with a_client(app, "token-reader") as client:
            answer = await client.post("/api/v1/corpora/orders/documents", content=body(), headers=headers)
        return answer.status_code, sent

    assert asyncio.run(send()) == (403, 0)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"json": {"file": "x"}}, 415),
        ({"files": {"other": ("x.md", b"x")}}, 422),
        ({"files": [("file", ("x.md", b"x")), ("file", ("y.md", b"y"))]}, 400),
        ({"files": {"file": ("x.md", b"x")}, "data": {"valid_from": "2026-01-01"}}, 400),
        ({"content": b"nonsense", "headers": {"content-type": "multipart/form-data; boundary=b"}}, 400),
        ({"content": b"nonsense", "headers": {"content-type": "multipart/form-data; x=b"}}, 400),
    ],
)
def test_a_form_that_is_not_as_described_is_refused(app: ASGIApp, more: dict[str, Any], status: int) -> None:
    answer = ask(app, "POST", "/corpora/orders/documents", **more)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.parametrize("name", ["corpus.toml", "x.mapping.toml", ".hidden.md", "..", "x" * 250 + ".md"])
def test_a_name_that_no_document_has_is_refused(app: ASGIApp, name: str) -> None:
    assert upload(app, name, FORD).status_code == 422


def test_a_name_is_only_its_last_part() -> None:
    assert usable_name("../../etc/passwd") == usable_name("C:\\temp\\passwd") == "passwd"
    for name in ("a/..", "a\nb.md", "a\u202egpj.md", ""):
        with pytest.raises(NameUnusable):
            usable_name(name)
