"""Questions, answers and feedback over HTTP."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from assistant.citing import as_record
from assistant.entrypoints.programs.shapes import answer_shape
from retrieval.lifecycle.curating import Curation
from tests.assistant.entrypoints.programs.house import WeightlessInstallation, a_client, an_application, an_installation
from tests.installations import SECRET, asking

QUESTION = "When is the bridge at Kruisvoorde closed to tracked vehicles?"


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


def test_an_answer_has_claims_with_quotes_and_a_marking(app: ASGIApp) -> None:
    answer = ask(app, "POST", "/questions", json={"text": QUESTION}).json()
    assert answer["citations"][0]["quote"].startswith("The bridge at Kruisvoorde is closed")
    assert answer["marking"]["level"] == "Ongerubriceerd"
    assert [claim["verdict"] for claim in answer["claims"]] == ["supported", "supported"]
    assert "pink" not in answer["text"]


def test_the_form_of_an_answer_is_that_of_the_journal(installation: WeightlessInstallation) -> None:
    question = asking(QUESTION)
    answer = installation.assistant.ask(question)
    record = as_record(answer, question)
    # Who asked is whose token it is.
    del record["asked"]["principal"]
    assert answer_shape(answer, question).model_dump(mode="json") == json.loads(json.dumps(record))


def test_the_events_come_in_order_and_end_with_the_answer(app: ASGIApp) -> None:
    answer = ask(app, "POST", "/questions", json={"text": QUESTION}, headers={"accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [block.split("\n") for block in answer.text.strip().split("\n\n")]
    names = [event[0].removeprefix("event: ") for event in events]
    assert names[:5] == ["stage", "understood", "searched", "sources_found", "weighed"]
    assert names[-1] == "answered"
    assert names.index("claim_checked") > names.index("sources_found")
    told = json.loads(events[-1][1].removeprefix("data: "))
    kept = ask(app, "GET", f"/answers/{told['id']}").json()
    assert {**kept, "answered_at": None} == {**told, "answered_at": None}


def test_what_is_refused_at_once_has_its_status_in_a_stream_too(app: ASGIApp) -> None:
    headers = {"accept": "text/event-stream"}
    assert ask(app, "POST", "/questions", json={"text": " "}, headers=headers).status_code == 422
    assert ask(app, "POST", "/questions", json={"text": "x" * 5000}, headers=headers).status_code == 422


def test_an_answer_is_its_askers_own(app: ASGIApp) -> None:
    id = ask(app, "POST", "/questions", json={"text": QUESTION}).json()["id"]
    assert ask(app, "GET", f"/answers/{id}").json()["question"] == QUESTION
    others, nobodys = ask(app, "GET", f"/answers/{id}", token="token-a"), ask(app, "GET", f"/answers/{id[:-4]}0000")
    assert (others.status_code, others.content) == (404, nobodys.content)


def test_an_answer_is_gone_when_its_evidence_may_not_be_read_any_more(tmp_path: Path) -> None:
    installation = an_installation(tmp_path)
    app = an_application(installation)
    id = ask(app, "POST", "/questions", json={"text": QUESTION}).json()["id"]
    Curation(installation.ingestion).mark("orders", "route-card.md", SECRET)
    assert ask(app, "GET", f"/answers/{id}").status_code == 404


def test_feedback_on_ones_own_answer_is_kept(app: ASGIApp, installation: WeightlessInstallation) -> None:
    id = ask(app, "POST", "/questions", json={"text": QUESTION}).json()["id"]
    told = {"verdict": "down", "comment": "It was opened."}
    assert ask(app, "POST", f"/answers/{id}/feedback", json=told).status_code == 201
    assert ask(app, "POST", f"/answers/{id}/feedback", json=told, token="token-a").status_code == 404
    records = [dict(one.body) for one in installation.journal.read() if one.kind == "feedback"]
    assert records == [{"answer": id, "by": "officer", **told}]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": 3},
        {"text": "x", "principal": {"name": "cleared"}},
        {"text": "x", "corpora": "orders"},
        {"text": "x", "on_date": 20260204},
        {"text": "x", "on_date": "2026-13-01"},
        {"text": "x", "history": [{"question": "y", "extra": 1}]},
        [],
    ],
)
def test_a_body_that_is_not_as_described_is_refused(app: ASGIApp, body: object) -> None:
    answer = ask(app, "POST", "/questions", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["faults"]


def test_half_a_character_is_refused_without_being_sent_back(app: ASGIApp) -> None:
    answer = ask(
        app, "POST", "/questions", content=b'{"text": "\\ud800"}', headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["status"]) == (422, 422)


def test_an_unknown_corpus_and_one_above_the_clearance_are_told_alike(app: ASGIApp) -> None:
    told = [
        ask(app, "POST", path, json={**body, "corpora": [name]}).text.replace(name, "NAME")
        for name in ("secrets", "nothing")
        for path, body in (("/questions", {"text": "Where?"}), ("/searches", {"query": "ferry"}))
    ]
    assert told[:2] == told[2:]
    assert all("'NAME' (there is: orders)" in one for one in told)


@pytest.mark.parametrize("accept", ["text/html", "image/png"])
def test_an_answer_is_told_in_no_other_form(app: ASGIApp, accept: str) -> None:
    assert ask(app, "POST", "/questions", json={"text": "x"}, headers={"accept": accept}).status_code == 406


def test_a_token_without_the_permission_is_refused(app: ASGIApp) -> None:
    assert ask(app, "POST", "/questions", json={"text": "x"}, token="token-nothing").status_code == 403
    assert ask(app, "POST", "/questions", json={"text": "x"}, token="token-lister").status_code == 403
