"""Whatever an id names, whoever may not see it is told what they are told of nothing: every route, two users."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from tests.assistant.entrypoints.programs.house import a_client, an_application, an_installation

THEIRS, MINE = "token-a", "token-b"
# What is sent so that a request gets past its form.
FORMS: dict[str, dict[str, Any]] = {
    "give_feedback": {"json": {"verdict": "up"}},
    "add_a_document": {"files": {"file": ("ford.md", b"# Ford\n\nOpen.\n")}},
}
# These take no id. What they give is looked through instead.
LISTS: dict[str, dict[str, Any]] = {
    "ask_a_question": {"json": {"text": "Where does the reserve crossing DIPPER lie?"}},
    "search": {"json": {"query": "reserve crossing DIPPER"}},
    "list_documents": {},
    "list_corpora": {},
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> ASGIApp:
    return an_application(an_installation(tmp_path_factory.mktemp("home")))


async def ask(app: ASGIApp, token: str, method: str, path: str, **more: Any) -> httpx.Response:
    async with a_client(app, token) as client:
        return await client.request(method, f"/api/v1{path}", **more)


async def things(app: ASGIApp) -> dict[str, str]:
    """Return an id of what only the other may see, by the path that leads to it."""
    asked = await ask(app, THEIRS, "POST", "/questions", json={"text": "When is the bridge closed?"})
    found = await ask(app, THEIRS, "POST", "/searches", json={"query": "DIPPER", "corpora": ["secrets"]})
    passage = found.json()["hits"][0]["passage"]
    return {
        "/answers": asked.json()["id"],
        "/passages": passage["id"],
        "/documents": passage["document"]["id"],
        "/corpora": "secrets",
    }


def test_every_route_tells_of_anothers_thing_what_it_tells_of_nothing(app: ASGIApp) -> None:
    async def walk() -> list[str]:
        document = (await ask(app, MINE, "GET", "/openapi.json")).json()
        theirs, walked = await things(app), []
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                name = operation["operationId"]
                walked.append(name)
                if "{" not in path:
                    listed = await ask(app, MINE, method.upper(), path, **LISTS[name])
                    assert listed.status_code == 200, name
                    assert not any(word in listed.text for word in ("ferry ramp", "secrets", *theirs.values())), name
                    continue
                begin, _, rest = path.partition("/{")
                after = rest.partition("}")[2]
                nothing = "nothing" if begin == "/corpora" else str(uuid.uuid4())
                more = FORMS.get(name, {})
                seen = await ask(app, THEIRS, method.upper(), f"{begin}/{theirs[begin]}{after}", **more)
                told = await ask(app, MINE, method.upper(), f"{begin}/{theirs[begin]}{after}", **more)
                absent = await ask(app, MINE, method.upper(), f"{begin}/{nothing}{after}", **more)
                malformed = await ask(app, MINE, method.upper(), f"{begin}/x{after}", **more)
                assert seen.status_code in (200, 201), name
                assert told.status_code == absent.status_code == 404, name
                assert told.content == absent.content == malformed.content, name
                assert list(told.headers.items()) == list(absent.headers.items()), name
        return walked

    # Anything that is added to the API is walked too, or this fails.
    assert len(asyncio.run(walk())) == 11


def test_no_route_tells_anything_to_a_token_that_is_for_nothing(app: ASGIApp) -> None:
    async def walk() -> None:
        document = (await ask(app, MINE, "GET", "/openapi.json")).json()
        theirs = await things(app)
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                name, begin = operation["operationId"], path.partition("/{")[0]
                filled = path.replace("{id}", theirs.get(begin, "")).replace("{name}", "orders")
                more = {**FORMS, **LISTS}.get(name, {})
                assert (await ask(app, "token-nothing", method.upper(), filled, **more)).status_code == 403, name

    asyncio.run(walk())
