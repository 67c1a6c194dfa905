"""The list beside the chat is of whoever is signed in, and an id of somebody else's is as unknown as any."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from assistant.entrypoints.remembering.routes import conversations_door
from assistant.entrypoints.remembering.underway import Questions
from assistant.history import ConversationStore, History, Outcome, Readable
from retrieval.access import METADATA_ONLY, Principal
from retrieval.catalog.database import open_engine
from tests.assistant.history.making import an_answer
from tests.installations import OFFICER, asking

ONE, TWO = (f"5a1f0c1e-0000-4000-8000-00000000000{number}" for number in (1, 2))
READERS = {
    "officer": OFFICER,
    "other": replace(OFFICER, name="other"),
    "supplier": replace(OFFICER, roles=frozenset({METADATA_ONLY})),
}


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    store = ConversationStore(open_engine(f"sqlite:///{tmp_path / 'history.sqlite'}"))
    for id, owner in ((ONE, "officer"), (TWO, "other")):
        number = store.ask(id, asking(f"What does {owner} ask?"), owner=owner)
        store.finish(id, number, Outcome.ANSWERED, an_answer("It is closed."), owner=owner)
    history = History(store, lambda principal, answers, on_date: Readable({}, frozenset()))

    async def identify(request: Request) -> Principal | None:
        return READERS.get(request.headers.get("x-reader", ""))

    app = FastAPI()
    app.include_router(conversations_door(identify, lambda: history, Questions(lambda: history)).router)
    return app


def ask(app: FastAPI, reader: str, method: str, path: str, body: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat") as client:
            return await client.request(method, path, json=body, headers={"x-reader": reader})

    return asyncio.run(send())


def titles(app: FastAPI, reader: str, search: str = "") -> list[str]:
    told = ask(app, reader, "POST", "/project/threads", {"pagination": {"first": 35}, "filter": {"search": search}})
    assert told.status_code == 200
    return [one["name"] for one in told.json()["data"]]


def test_a_list_holds_ones_own_conversations_with_their_marking(app: FastAPI) -> None:
    assert titles(app, "officer") == ["What does officer ask?\nOngerubriceerd"]
    assert titles(app, "officer", "OFFICER what") == titles(app, "officer")
    assert titles(app, "officer", "other") == []


def test_a_user_id_in_the_filter_means_nothing(app: FastAPI) -> None:
    body = {"pagination": {"first": 35}, "filter": {"userId": "other"}}
    (one,) = ask(app, "officer", "POST", "/project/threads", body).json()["data"]
    assert one["userIdentifier"] == "officer"


@pytest.mark.parametrize(("method", "body"), [("PUT", {"name": "mine"}), ("DELETE", {})])
def test_anothers_conversation_is_as_unknown_as_none(app: FastAPI, method: str, body: dict[str, str]) -> None:
    anothers = ask(app, "officer", method, "/project/thread", {"threadId": TWO, **body})
    none = ask(app, "officer", method, "/project/thread", {"threadId": TWO.replace("2", "3"), **body})
    assert (anothers.status_code, anothers.text) == (none.status_code, none.text) == (404, none.text)
    assert titles(app, "other") == ["What does other ask?\nOngerubriceerd"]


def test_a_title_is_changed_and_the_marking_stays(app: FastAPI) -> None:
    body = {"threadId": ONE, "name": "Bridges\nOpenbaar"}
    assert ask(app, "officer", "PUT", "/project/thread", body).status_code == 200
    assert titles(app, "officer") == ["Bridges\nOngerubriceerd"]


def test_a_deleted_conversation_is_gone(app: FastAPI) -> None:
    assert ask(app, "officer", "DELETE", "/project/thread", {"threadId": ONE}).json() == {"success": True}
    assert titles(app, "officer") == []


@pytest.mark.parametrize(("reader", "status"), [("nobody", 401), ("supplier", 403)])
def test_who_is_not_signed_in_or_reads_no_text_gets_nothing(app: FastAPI, reader: str, status: int) -> None:
    assert ask(app, reader, "POST", "/project/threads", {}).status_code == status
    assert ask(app, reader, "DELETE", "/project/thread", {"threadId": ONE}).status_code == status


@pytest.mark.parametrize("id", ["", "x' OR 1=1", "../1", ONE.upper(), None])
def test_an_id_of_another_form_is_refused(app: FastAPI, id: str | None) -> None:
    assert ask(app, "officer", "DELETE", "/project/thread", {"threadId": id}).status_code == 422
