"""A reader judges an answer in a real browser, and what a forged judgement comes to."""

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from assistant.journal import Journal
from retrieval.catalog.database import open_engine
from tests.browser.conftest import ANSWER, Served, Visit, serving
from tests.browser.test_doors import SESSION, Socket, message, sign_in, sign_on

pytestmark = pytest.mark.browser

Visiting = Callable[..., Visit]
OTHER_SESSION = "1d7f5a0a-52f0-4a2c-9a55-0d6a9f6a1b11"


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.address, headers={"origin": served.address}) as client:
        yield client


def test_a_reader_judges_each_answer_once_and_says_why_by_keyboard(tmp_path: Path, visit: Visiting) -> None:
    with serving(tmp_path, "real") as real:
        one = visit(real, "nl-NL")
        one.sign_in()
        first = one.ask("Until when is the bridge closed to tracked vehicles?")
        one.ask("When is snow expected?")
        right, wrong = (one.page.get_by_role("button", name=name, exact=True) for name in ("Klopt", "Klopt niet"))
        expect(right).to_have_count(2)
        right.last.click()
        expect(one.page.get_by_text("Dank u. Uw oordeel is bewaard.")).to_be_visible()
        expect(right).to_have_count(1)
        wrong.focus()
        one.page.keyboard.press("Enter")
        expect(wrong).to_have_count(0)
        expect(right).to_have_count(0)
        why = one.page.get_by_role("button", name="Toelichten")
        why.focus()
        one.page.keyboard.press("Space")
        expect(one.page.locator(ANSWER).last).to_contain_text("Wat klopt er niet?")
        expect(one.page.get_by_role("button", name="Toch niet")).to_be_visible()
        answers = one.page.locator(ANSWER).count()
        one.page.click("#chat-input")
        one.page.keyboard.insert_text(' De brug is open tot 081800A; "zie" LOGORD. ')
        one.page.click("#chat-submit")
        expect(one.page.get_by_role("button", name="Toch niet")).to_have_count(0)
        assert one.page.locator(ANSWER).count() == answers
        # What follows is a question again.
        expect(one.ask("When is snow expected?")).to_contain_text("5 February")
        expect(first).to_be_visible()
        records = list(Journal(open_engine(f"sqlite:///{real.home / 'catalog.sqlite'}")).read())
    asked = [record.body["id"] for record in records if record.kind == "answer"]
    said = [record.body for record in records if record.kind == "feedback"]
    assert len(asked) == 3
    assert said == [
        {"answer": asked[1], "verdict": "up", "comment": "", "by": "officer"},
        {"answer": asked[0], "verdict": "down", "comment": "", "by": "officer"},
        {
            "answer": asked[0],
            "verdict": "down",
            "comment": 'De brug is open tot 081800A; "zie" LOGORD.',
            "by": "officer",
        },
    ]


def test_a_reader_who_thinks_better_of_it_asks_on(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    one.ask("quick bridge")
    for name in ("Not right", "Say why", "Never mind"):
        one.page.get_by_role("button", name=name).click()
    expect(one.page.get_by_role("button", name="Never mind")).to_have_count(0)
    expect(one.ask("recall")).to_contain_text("Before: quick bridge")
    assert kept(served)[-1]["comment"] == ""


def test_a_judgement_that_cannot_be_kept_is_told_and_can_be_given_again(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    one.ask("recall full disk")
    before = len(kept(served))
    button = one.page.get_by_role("button", name="Not right")
    button.click()
    shown = one.page.locator(ANSWER).last
    expect(shown).to_contain_text("Something went wrong in the program.")
    assert "secret" not in shown.inner_text()
    assert (reference := re.search(r"Reference ([0-9A-F-]{9})", shown.inner_text()))
    assert reference[1] in served.log
    expect(button).to_have_count(1)
    assert len(kept(served)) == before


def test_only_an_answer_that_this_session_was_given_is_judged_and_once(client: httpx.Client, served: Served) -> None:
    sign_in(client, served)
    _, answer = given(client, "quick bridge")
    before = len(kept(served))
    assert press(client, "right", "made-up").status_code == 200
    assert press(client, "right", answer, session=OTHER_SESSION).status_code == 404
    assert press(client, "explain", answer).status_code == 200
    assert press(client, "never mind", answer).status_code == 200
    assert len(kept(served)) == before
    for name in ("not right", "not right", "right"):
        assert press(client, name, answer).status_code == 200
    (said,) = kept(served)[before:]
    assert said == {"kind": "feedback", "answer": answer, "verdict": "down", "comment": "", "by": "officer"}
    # Another session of the same reader was not given it.
    Socket(client, sign_on(OTHER_SESSION)).say("connection_successful")
    press(client, "explain", answer, session=OTHER_SESSION)
    assert len(kept(served)) == before + 1


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"name": "judge", "payload": {"answer": "x"}},
        {"name": ["right"], "payload": {"answer": "x"}},
        {"name": "right", "payload": ["x"]},
        {"name": "right", "payload": {"answer": {"x": 1}}},
        {"name": "right"},
    ],
)
def test_what_is_no_button_of_ours_is_refused(client: httpx.Client, served: Served, action: dict[str, Any]) -> None:
    sign_in(client, served)
    given(client, "recall")
    before = served.log
    assert client.post("/project/action", json={"sessionId": SESSION, "action": action}).status_code == 404
    assert served.log == before


def test_nobody_judges_without_signing_in_or_from_elsewhere(client: httpx.Client, served: Served) -> None:
    assert press(client, "right", "x").status_code == 401
    sign_in(client, served)
    client.headers["origin"] = "https://evil.example"
    assert press(client, "right", "x").status_code == 403


def test_a_remark_that_is_too_long_is_refused_and_can_be_made_shorter(client: httpx.Client, served: Served) -> None:
    sign_in(client, served)
    one, answer = given(client, "recall")
    press(client, "not right", answer)
    press(client, "explain", answer)
    one.say("client_message", {"message": message("x" * 4001)})
    assert "The remark is 4,001 characters long" in html.unescape(one.read_until("4&#44;001"))
    one.say("client_message", {"message": message("shorter")})
    one.read_until("Thank you")
    assert kept(served)[-1]["comment"] == "shorter"


def given(client: httpx.Client, question: str) -> tuple[Socket, str]:
    """Ask in the session, and return its socket and the id of the answer that can be judged."""
    one = Socket(client, sign_on())
    one.say("connection_successful")
    one.say("client_message", {"message": message(question)})
    seen = one.read_until('"name":"not right"')
    answer = re.search(r'42\["action",.*?"answer": ?"([0-9a-f-]{36})"', seen)
    assert answer is not None
    return one, answer[1]


def press(client: httpx.Client, name: str, answer: str, *, session: str = SESSION) -> httpx.Response:
    action = {"name": name, "payload": {"answer": answer}, "id": "x", "forId": "x", "label": "", "tooltip": ""}
    return client.post("/project/action", json={"sessionId": session, "action": action})


def kept(served: Served) -> list[dict[str, Any]]:
    return [json.loads(line) for line in served.said.splitlines() if line.startswith('{"kind": "feedback"')]
