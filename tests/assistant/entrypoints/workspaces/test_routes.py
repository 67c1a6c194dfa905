"""The interface of workspaces: who is let in, what is refused and in which words."""

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from assistant.courses.memo import FormatUnavailable
from assistant.entrypoints.pages import Frame
from assistant.entrypoints.workspaces.planner import PreparedPlanner
from assistant.entrypoints.workspaces.routes import add_workspaces
from assistant.entrypoints.workspaces.running import Runs
from retrieval.access import METADATA_ONLY, Principal
from tests.assistant.entrypoints.workspaces.double import CRITERIA, REFUSALS, MemoryPlanner

OFFICER = Principal("officer", (("NLD", "Ongerubriceerd"),), "NLD")
API = "/coa/api/workspaces"
PROBLEM = {"problem": "How does the company cross the river in time?", "language": "en"}


def _client(planner: MemoryPlanner, principal: Principal = OFFICER, *, known: bool = True) -> TestClient:
    app = FastAPI()

    async def identify(request: Request) -> Principal | None:
        return principal if known else None

    add_workspaces(app, PreparedPlanner(lambda: planner, REFUSALS), Runs(), identify=identify, frame=Frame([]))
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def planner() -> MemoryPlanner:
    return MemoryPlanner()


@pytest.fixture
def client(planner: MemoryPlanner) -> TestClient:
    return _client(planner)


def _until(done: Callable[[], bool]) -> None:
    for _ in range(200):
        if done():
            return
        time.sleep(0.02)
    raise AssertionError("it did not end")


def _framed(client: TestClient) -> int:
    """Make workspace w1 with a framing, and return its revision."""
    client.post(API, json=PROBLEM)
    client.post(f"{API}/w1/framing", json={})
    _until(lambda: client.get(f"{API}/w1/progress").json()["stage"] == "")
    return int(client.get(f"{API}/w1").json()["workspace"]["revision"])


def _developed(client: TestClient) -> int:
    client.post(f"{API}/w1/framing/lock", json={"revision": _framed(client)})
    client.post(f"{API}/w1/develop", json={})
    _until(lambda: client.get(f"{API}/w1/progress").json()["stage"] == "")
    return int(client.get(f"{API}/w1").json()["workspace"]["revision"])


@pytest.mark.parametrize("path", [API, f"{API}/w1", f"{API}/w1/progress", f"{API}/w1/memo/md/0"])
def test_who_is_not_signed_in_reads_nothing(planner: MemoryPlanner, path: str) -> None:
    assert _client(planner, known=False).get(path).status_code == 401


@pytest.mark.parametrize("path", ["/coa", "/coa/w1"])
def test_a_page_sends_its_reader_to_the_sign_in(planner: MemoryPlanner, path: str) -> None:
    sent = _client(planner, known=False).get(path)
    assert (sent.status_code, sent.headers["location"]) == (303, "/login")


def test_who_may_count_only_gets_no_text(planner: MemoryPlanner) -> None:
    assert _client(planner, replace(OFFICER, roles=frozenset({METADATA_ONLY}))).get(API).status_code == 403


def test_a_form_of_another_site_is_not_taken(client: TestClient, planner: MemoryPlanner) -> None:
    body = '{"problem": "x", "language": "en"}'
    for told in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert client.post(API, content=body, headers={"content-type": told}).status_code == 415
    assert planner.list(principal=OFFICER) == []


def test_what_may_not_be_known_is_not_there(client: TestClient, planner: MemoryPlanner) -> None:
    client.post(API, json=PROBLEM)
    other = _client(planner, replace(OFFICER, name="other"))
    for id in ("w1", "w9"):
        refused = other.get(f"{API}/{id}")
        assert (refused.status_code, refused.json()["problem"]) == (404, "There is no such workspace.")
        assert other.post(f"{API}/{id}/framing", json={}).status_code == 404
        assert other.get(f"{API}/{id}/memo/md/0").status_code == 404
    assert other.get(API).json() == []


def test_a_body_of_the_wrong_form_is_told_in_a_sentence(client: TestClient) -> None:
    refused = client.post(API, json={"problem": " ", "language": "en"})
    assert refused.status_code == 422
    assert refused.json()["problem"].startswith("problem: ")


def test_a_person_cannot_declare_a_fact(client: TestClient) -> None:
    told = {"revision": _framed(client), "field": "mission", "text": "We win.", "basis": "fact"}
    assert client.post(f"{API}/w1/statements", json=told).status_code == 422


def test_work_shows_itself_and_a_second_start_is_refused() -> None:
    client = _client(MemoryPlanner(step_seconds=0.4))
    client.post(API, json=PROBLEM)
    assert client.post(f"{API}/w1/framing", json={}).json()["stage"] == "framing"
    refused = client.post(f"{API}/w1/framing", json={})
    assert (refused.status_code, refused.json()["problem"]) == (409, "This workspace is being worked on.")
    client.post(f"{API}/w1/stop", json={})
    _until(lambda: client.get(f"{API}/w1/progress").json()["stage"] == "")
    assert len(client.get(f"{API}/w1").json()["workspace"]["framing"]) < 7


def test_why_work_ended_early_is_told(client: TestClient) -> None:
    client.post(API, json=PROBLEM)
    client.post(f"{API}/w1/develop", json={})
    _until(lambda: bool(client.get(f"{API}/w1/progress").json()["failure"]))
    assert client.get(f"{API}/w1").json()["progress"]["failure"] == "The framing is not locked. Lock it first."


def test_a_change_on_an_old_revision_gets_both_texts(client: TestClient, planner: MemoryPlanner) -> None:
    revision = _framed(client)
    planner.change_as_another("w1", "f-m", "Theirs.")
    told = {"revision": revision, "statement": "f-m", "field": "mission", "text": "Mine.", "basis": "stated"}
    refused = client.post(f"{API}/w1/statements", json=told)
    assert refused.status_code == 409
    assert refused.json()["by"] == "major Vos"
    theirs = refused.json()["theirs"]["workspace"]
    assert theirs["framing"][2]["statements"][0]["text"] == "Theirs."
    again = client.post(f"{API}/w1/statements", json={**told, "revision": theirs["revision"]})
    assert again.json()["workspace"]["framing"][2]["statements"][0]["text"] == "Mine."


def test_a_problem_is_worked_through_to_a_decision(client: TestClient) -> None:
    revision = _developed(client)
    told = {"revision": revision, "criteria": [asdict(one) for one in CRITERIA]}
    revision = client.post(f"{API}/w1/criteria", json=told).json()["workspace"]["revision"]
    shown = client.post(f"{API}/w1/criteria/lock", json={"revision": revision}).json()
    for course, hours in (("coa-1", "4 hour"), ("coa-2", "9 hour")):
        value = {"revision": shown["workspace"]["revision"], "course": course, "criterion": "c1", "value": hours}
        shown = client.post(f"{API}/w1/values", json=value).json()
    assert shown["workspace"]["values"][0]["by"] == "officer"
    assert shown["compared"]["recommendation"]["course"] == "coa-1"
    decision = {"revision": shown["workspace"]["revision"], "chosen": "coa-2", "reason": ""}
    refused = client.post(f"{API}/w1/decision", json=decision)
    assert (refused.status_code, refused.json()["hint"]) == (422, "Give the reason.")
    decided = client.post(f"{API}/w1/decision", json={**decision, "reason": "The ferry is needed elsewhere."}).json()
    assert decided["workspace"]["decision"]["by"] == "officer"
    assert client.get(f"{API}/w1/memo/md/0").text.startswith("# How does")
    assert client.get(f"{API}/w1/memo/md/1").status_code == 404


def test_a_trial_of_weights_saves_nothing_and_saved_weights_stay_locked(client: TestClient) -> None:
    revision = _developed(client)
    told = {"revision": revision, "criteria": [asdict(one) for one in CRITERIA]}
    revision = client.post(f"{API}/w1/criteria", json=told).json()["workspace"]["revision"]
    revision = client.post(f"{API}/w1/criteria/lock", json={"revision": revision}).json()["workspace"]["revision"]
    trial = client.post(f"{API}/w1/trial", json={"weights": {"c1": 0.0}}).json()
    assert trial["matrix"]["set_weights"] == [0.0, 2, 1]
    assert client.get(f"{API}/w1").json()["workspace"]["revision"] == revision
    saved = client.post(f"{API}/w1/weights", json={"revision": revision, "weights": {"c1": 5}}).json()["workspace"]
    assert (saved["criteria"][0]["weight"], saved["criteria_locked_by"]) == (5, "officer")
    for weight in (-1, "NaN", 1e9):
        body = {"revision": revision, "weights": {"c1": weight}}
        assert client.post(f"{API}/w1/weights", json=body).status_code == 422


def test_a_person_overrules_a_screen_with_a_reason_and_the_sums_stay(client: TestClient) -> None:
    told = {
        "about": "screen",
        "revision": _developed(client),
        "course": "coa-3",
        "screen": "feasible",
        "outcome": "passed",
    }
    refused = client.post(f"{API}/w1/statements", json=told)
    assert (refused.status_code, refused.json()["problem"]) == (422, "A judgement needs a reason and a name.")
    judged = client.post(f"{API}/w1/statements", json={**told, "reason": "The bridge opens earlier."}).json()
    (course,) = (one for one in judged["workspace"]["courses"] if one["id"] == "coa-3")
    assert [one["screen"] for one in course["screening"]][:2] == ["suitable", "feasible"]
    feasible = course["screening"][1]
    assert (feasible["outcome"], feasible["by"]) == ("passed", "officer")
    assert feasible["calculations"][0]["holds"] is False
    assert client.post(f"{API}/w1/statements", json={**told, "outcome": "maybe", "reason": "x"}).status_code == 422


def test_a_memo_is_written_once_for_all_of_its_parts_and_again_once_something_changed(
    client: TestClient, planner: MemoryPlanner
) -> None:
    _framed(client)
    for _ in range(2):
        assert client.get(f"{API}/w1/memo/odt").json()["parts"] == ["memo.odt"]
        assert client.get(f"{API}/w1/memo/odt/0").headers["content-type"] == "application/vnd.oasis.opendocument.text"
    assert planner.exports == ["odt"]
    planner.change_as_another("w1", "f-m", "Theirs.")
    client.get(f"{API}/w1/memo/odt/0")
    assert planner.exports == ["odt", "odt"]


def test_a_form_of_the_memo_that_cannot_be_written_here_says_so() -> None:
    class Without(MemoryPlanner):
        def export(self, id: str, *, format: str, principal: Principal) -> list[Path]:
            raise FormatUnavailable("It needs LibreOffice.", hint="Take the DOCX.")

    client = _client(Without())
    _framed(client)
    refused = client.get(f"{API}/w1/memo/odt")
    assert (refused.status_code, refused.json()) == (
        422,
        {"problem": "It needs LibreOffice.", "hint": "Take the DOCX."},
    )


def test_a_part_is_listed_as_not_public_with_a_motivation_and_taken_off_the_list(client: TestClient) -> None:
    told = {"about": "public", "revision": _framed(client), "part": "f-m", "motivation": "Security of the State."}
    listed = client.post(f"{API}/w1/statements", json=told).json()["workspace"]
    assert listed["withheld"] == [{"part": "f-m", "motivation": "Security of the State.", "by": "officer"}]
    told = {**told, "revision": listed["revision"], "motivation": ""}
    assert client.post(f"{API}/w1/statements", json=told).json()["workspace"]["withheld"] == []


def test_a_dutch_workspace_is_refused_in_dutch(client: TestClient) -> None:
    told = {"about": "screen", "revision": _developed(client), "course": "coa-3", "screen": "feasible"}
    dutch = {"accept-language": "nl"}
    refused = client.post(f"{API}/w1/statements", json={**told, "outcome": "passed"}, headers=dutch).json()
    assert refused == {
        "problem": "Een oordeel heeft een reden en een naam nodig.",
        "hint": "Zeg waarom, en wie oordeelt.",
    }
    assert client.get(f"{API}/w9", headers=dutch).json()["problem"] == "Die werkruimte is er niet."


def test_why_work_ended_early_is_told_in_the_language_of_the_workspace(client: TestClient) -> None:
    client.post(API, json={**PROBLEM, "language": "nl"})
    client.post(f"{API}/w1/develop", json={})
    _until(lambda: bool(client.get(f"{API}/w1/progress").json()["failure"]))
    assert client.get(f"{API}/w1").json()["progress"]["failure"].startswith("De probleemstelling is niet vastgesteld.")
