"""The evaluators' pages over a bench that is played."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from assistant.entrypoints.evaluating import evaluations
from assistant.entrypoints.pages import Frame
from assistant.entrypoints.workspaces.running import Runs
from assistant.evaluations import (
    AnswerToJudge,
    Bench,
    Difference,
    EvaluationRun,
    JudgingTask,
    Measured,
    QuestionSet,
    Quoted,
    RunComparison,
    RunResults,
    Said,
)
from retrieval.access import Principal
from retrieval.errors import StafwijzerError

READER = Principal("k.jansen", (), "NLD", roles=frozenset({"evaluator"}))
RUN = EvaluationRun("examples-assistant-1", "examples", "assistant", "71f69a", "2026-02-05T10:00:00", True, 2, 2)
EVIL = "<script>alert(1)</script>"


@dataclass
class PlayedBench:
    step: threading.Event = field(default_factory=threading.Event)
    said: list[Said] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def sets(self, *, principal: Principal) -> list[QuestionSet]:
        return [QuestionSet("examples", 2, 1, 1, ("exercise",))]

    def keep_set(self, name: str, text: bytes, *, principal: Principal) -> QuestionSet:
        if not text:
            raise StafwijzerError("It holds no cases.", hint="Write one a line.")
        self.kept.append(name)
        return QuestionSet(name, 1, 1, 0, ())

    def runs(self, *, principal: Principal, on_date: date) -> list[EvaluationRun]:
        return [RUN, replace(RUN, name="examples-assistant-0", finished=False, done=1)]

    def results(self, name: str, *, principal: Principal, on_date: date) -> RunResults:
        self._check(name)
        measured = (Measured("answer", "answer", 0.754, 0.68, 0.83, 130, 2),)
        return RunResults(RUN, "Stg. Confidentieel", measured, {"retrieval": 3})

    def report(self, name: str, *, principal: Principal, on_date: date) -> Iterator[str]:
        self._check(name)
        return iter(["<!doctype html>", "<title>Report</title>"])

    def compare(self, a: str, b: str, *, principal: Principal, on_date: date) -> RunComparison:
        differences = (Difference("answer", 0.5, 0.75, 0.25, 0.1, 0.4, 0.01, 40, "better"),)
        return RunComparison(RUN, RUN, "", 40, ("model",), differences, ((EVIL, "answer", True),))

    def ask(
        self, test_set: str, *, sample: int | None, principal: Principal, cancelled: threading.Event
    ) -> Iterator[EvaluationRun]:
        if test_set != "examples":
            raise StafwijzerError(f"There is no set '{test_set}'.", hint="Choose one from the list.")
        yield replace(RUN, finished=False, done=1)
        while not self.step.is_set() and not cancelled.is_set():
            time.sleep(0.01)

    def task(self, names: Sequence[str], *, principal: Principal, on_date: date) -> JudgingTask | None:
        if self.said:
            return None
        quoted = (Quoted("closed until 071800A", "route-card.md"),)
        answer = AnswerToJudge(False, EVIL, ((EVIL, quoted), ("Another.", ())), (), True)
        return JudgingTask("k1", EVIL, (), ("Any of: 071800A",), (answer,), False, "Stg. Confidentieel", 1)

    def judge(self, names: Sequence[str], key: str, said: Said, *, principal: Principal, on_date: date) -> None:
        self.said.append(said)

    def _check(self, name: str) -> None:
        if name != RUN.name:
            raise StafwijzerError(f"There is no run '{name}'.", hint="Choose one from the list.")


@pytest.fixture
def bench() -> PlayedBench:
    return PlayedBench()


@pytest.fixture
def client(bench: PlayedBench) -> TestClient:
    return _client(bench, READER)


def _client(bench: Bench, reader: Principal | None) -> TestClient:
    app = FastAPI()

    async def identify(request: Request) -> Principal | None:
        return reader

    app.include_router(evaluations(lambda: bench, Frame([]), identify, Runs()))
    return TestClient(app, follow_redirects=False)


def _until_done(client: TestClient) -> None:
    for _ in range(200):
        if not client.get("/evaluations/progress").json()["stage"]:
            return
        time.sleep(0.02)
    raise AssertionError("it did not end")


PATHS = ["", "/examples-assistant-1", "/examples-assistant-1/report", "/compare?a=1&b=2", "/judge?a=1", "/progress"]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_for_evaluators_only(bench: PlayedBench, path: str) -> None:
    assert _client(bench, READER).get(f"/evaluations{path}").status_code == 200
    assert _client(bench, replace(READER, roles=frozenset({"operator"}))).get(f"/evaluations{path}").status_code == 403
    assert _client(bench, None).get(f"/evaluations{path}").status_code == 303


def test_a_set_is_asked_with_its_progress_shown_and_can_be_stopped(client: TestClient, bench: PlayedBench) -> None:
    assert client.post("/evaluations", data={"set": "examples", "sample": "2"}).status_code == 303
    for _ in range(100):
        told = client.get("/evaluations/progress").json()
        if told["done"]:
            break
        time.sleep(0.02)
    assert told == {"stage": "examples", "done": 1, "cases": 2}
    assert "1 of 2 questions" in client.get("/evaluations").text
    refused = client.post("/evaluations", data={"set": "examples"})
    assert (refused.status_code, "falsify" in refused.text) == (422, True)
    client.post("/evaluations/stop")
    _until_done(client)


def test_why_a_run_broke_off_is_told(client: TestClient) -> None:
    client.post("/evaluations", data={"set": "unknown"})
    _until_done(client)
    assert "There is no set &#39;unknown&#39;." in client.get("/evaluations").text


@pytest.mark.parametrize("sample", ["0", "-1", "many", "1.5"])
def test_a_number_of_cases_is_one(client: TestClient, sample: str) -> None:
    assert client.post("/evaluations", data={"set": "examples", "sample": sample}).status_code == 422


def test_a_set_can_be_sent(client: TestClient, bench: PlayedBench) -> None:
    client.post("/evaluations/sets", data={"name": "mine"}, files={"file": ("mine.jsonl", b"{}")})
    assert bench.kept == ["mine"]
    empty = client.post("/evaluations/sets", data={"name": "empty"}, files={"file": ("empty.jsonl", b"")})
    assert (empty.status_code, "It holds no cases." in empty.text) == (422, True)
    assert client.post("/evaluations/sets", data={"name": "none"}).status_code == 422


def test_figures_are_shown_with_their_interval_and_marking(client: TestClient) -> None:
    page = client.get(f"/evaluations/{RUN.name}").text
    for told in ("0.754", "0.680 – 0.830", "130", "Stg. Confidentieel", "retrieval"):
        assert told in page


def test_an_unknown_run_is_told(client: TestClient) -> None:
    assert client.get("/evaluations/nothing").status_code == 404
    assert client.get("/evaluations/nothing/report").status_code == 404


def test_an_answer_is_judged_by_claim_and_as_a_whole(client: TestClient, bench: PlayedBench) -> None:
    page = client.get("/evaluations/judge", params={"a": RUN.name})
    assert EVIL not in page.text
    said = {"a": RUN.name, "b": "", "key": "k1", "claim-0-0": "right", "claim-0-1": "wrong", "answer-0": "partly"}
    assert client.post("/evaluations/judge", data=said).status_code == 303
    assert bench.said == [Said((("right", "wrong"),), ("partly",))]
    assert "You judged all answers" in client.get("/evaluations/judge", params={"a": RUN.name}).text


def test_what_was_judged_must_be_what_is_asked(client: TestClient, bench: PlayedBench) -> None:
    client.post("/evaluations/judge", data={"a": RUN.name, "key": "another"})
    assert bench.said == []


def test_a_comparison_tells_what_is_more_than_chance(client: TestClient) -> None:
    page = client.get("/evaluations/compare", params={"a": "1", "b": "2"}).text
    assert "+0.250" in page
    assert "model" in page
    assert EVIL not in page
