"""Conversations in the list beside the chat: there after a reload and a restart, searched, followed up, deleted."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import ANSWER, STEP, USER, Served, Visit, serving
from tests.browser.player import CLOSED

pytestmark = pytest.mark.browser

Visiting = Callable[..., Visit]
QUESTION = "Until when is the bridge closed to tracked vehicles?"
LISTED = "#thread-history [data-sidebar='menu-button']"


@pytest.fixture(autouse=True)
def _patient() -> Iterator[None]:
    """A question takes seconds here on purpose, and more on a busy machine."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def remembering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("remembering"), "remembering") as one:
        yield one


def test_a_conversation_outlives_its_page_and_its_server(tmp_path: Path, visit: Visiting) -> None:
    with serving(tmp_path, "remembering") as first:
        one = visit(first, "nl-NL")
        one.sign_in()
        one.ask(QUESTION)
        expect(one.page.locator(LISTED)).to_have_text(f"{QUESTION}\nOngerubriceerd")
        address = re.sub(".*/thread/", "/thread/", one.page.url)
        one.page.reload()
        expect(one.page.locator(ANSWER)).to_contain_text(CLOSED)
        # Not asked again: it went from the record to the screen.
        assert first.stop() == 0
        assert "1 in the journal" in first.said
        home = first.home
    (tmp_path / "again").mkdir()
    with serving(tmp_path / "again", "remembering", home=home) as second:
        two = visit(second, "nl-NL")
        two.sign_in()
        two.page.goto(second.address + address)
        answer = two.page.locator(ANSWER)
        expect(answer).to_contain_text(CLOSED)
        expect(answer).to_contain_text("✓")
        expect(two.page.locator(STEP)).to_contain_text("Bronnen (2)")
        assert CLOSED in two.open_passage(answer, "[1]").locator(".font-bold").all_inner_texts()
        # A follow-up knows what was spoken of.
        expect(two.ask("And wheeled vehicles?")).to_contain_text(
            "Gezocht naar: Until when is the bridge closed to wheeled"
        )
        two.page.click("#new-chat-button")
        two.page.click("#confirm")
        two.ask("Is there snow on the dyke?")
        expect(two.page.locator(LISTED)).to_have_count(2)
        # By a word of an answer.
        two.page.click("#search-chats-button")
        two.page.keyboard.insert_text("drifts")
        found = two.page.locator("[cmdk-item]")
        expect(found).to_have_count(1)
        expect(found).to_contain_text("Is there snow")
        two.page.keyboard.press("Escape")
        # By the keyboard alone.
        two.page.locator(f"{LISTED} #thread-options").last.focus()
        two.page.keyboard.press("Enter")
        two.page.locator("#delete-thread").wait_for()
        two.page.locator("#delete-thread").focus()
        two.page.keyboard.press("Enter")
        two.page.get_by_role("button", name="Bevestigen").click()
        expect(two.page.locator(LISTED)).to_have_count(1)
        two.page.goto(second.address + address)
        two.page.wait_for_url(second.address + "/")
        expect(two.page.locator(ANSWER)).to_have_count(0)


def test_an_answer_goes_on_without_its_page_and_is_followed_by_the_next(remembering: Served, visit: Visiting) -> None:
    one = visit(remembering)
    one.sign_in()
    one.ask(f"Slowly: {QUESTION}", wait=False)
    one.page.wait_for_url("**/thread/*")
    one.page.reload()
    expect(one.page.locator(USER)).to_have_count(1)
    expect(one.page.locator("#stop-button")).to_be_visible()
    expect(one.page.locator(ANSWER)).to_contain_text("Marking of this answer")
    expect(one.page.locator(ANSWER)).to_have_count(1)
    # And without any page: it is in the list for who comes back.
    one.page.click("#new-chat-button")
    one.page.click("#confirm")
    one.ask("Slowly: snow on the dyke?", wait=False)
    one.page.wait_for_url("**/thread/*")
    address = one.page.url
    one.page.goto("about:blank")
    one.page.goto(address)
    expect(one.page.locator(ANSWER)).to_contain_text("Snow is expected on 5 February")
    expect(one.page.locator("#stop-button")).to_have_count(0)


def test_an_answer_goes_on_when_its_asker_is_signed_out_and_is_there_after_signing_in(
    remembering: Served, visit: Visiting
) -> None:
    one = visit(remembering)
    one.sign_in()
    one.ask(f"Slowly, signed out: {QUESTION}", wait=False)
    one.page.wait_for_url("**/thread/*")
    address = one.page.url
    other = one.page.context.new_page()
    other.goto(remembering.address)
    other.evaluate("fetch('/logout', {method: 'POST'})")
    one.page.reload()
    one.page.wait_for_selector("#email")
    one.sign_in()
    one.page.goto(address)
    expect(one.page.locator(ANSWER)).to_contain_text("Marking of this answer")


def test_stop_works_on_a_page_that_came_later_and_is_remembered(remembering: Served, visit: Visiting) -> None:
    one = visit(remembering)
    one.sign_in()
    one.ask(f"Slowly, once more: {QUESTION}", wait=False)
    one.page.wait_for_url("**/thread/*")
    one.page.reload()
    one.page.click("#stop-button")
    stopped = one.page.locator(ANSWER, has_text="Stopped at your request")
    expect(stopped).to_be_visible()
    one.page.reload()
    expect(stopped).to_be_visible()
    expect(one.page.locator(STEP)).to_contain_text("Sources (2)")


def test_what_breaks_off_keeps_its_quotes_and_says_so_again(remembering: Served, visit: Visiting) -> None:
    one = visit(remembering)
    one.sign_in()
    one.ask(f"It breaks: {QUESTION}")
    for _ in range(2):
        expect(one.page.locator(ANSWER).first).to_contain_text(CLOSED)
        expect(one.page.locator(ANSWER).last).to_contain_text("Something went wrong in the program.")
        expect(one.page.locator("body")).not_to_contain_text("secret inside")
        one.page.reload()


def test_a_full_disk_does_not_take_the_answer_away(remembering: Served, visit: Visiting) -> None:
    one = visit(remembering, "nl-NL")
    one.sign_in()
    full = remembering.home / "full"
    full.touch()
    try:
        one.ask(QUESTION)
    finally:
        full.unlink()
    expect(one.page.locator(ANSWER).first).to_contain_text(CLOSED)
    expect(one.page.locator(ANSWER).last).to_contain_text("konden niet worden bewaard")
    # What was not kept is still what the next question is about.
    expect(one.ask("And wheeled vehicles?")).to_contain_text("Gezocht naar: Until when")


def test_what_a_browser_forges_is_not_kept(remembering: Served, visit: Visiting) -> None:
    one = visit(remembering)
    one.sign_in()
    one.ask(QUESTION)
    thread = one.page.url.rpartition("/")[2]
    ask = """async ([method, path, body]) => (await fetch(path, {method, body: JSON.stringify(body),
             headers: {"content-type": "application/json"}})).status"""
    for method, path, body in [
        ("PUT", "/project/element", {"element": {"id": thread}, "sessionId": thread}),
        ("DELETE", "/project/element", {"element": {"id": thread}, "sessionId": thread}),
        ("PUT", "/feedback", {"feedback": {"forId": thread, "value": 0}, "sessionId": thread}),
        ("DELETE", "/feedback", {"feedbackId": thread}),
        ("PUT", "/project/thread/share", {"threadId": thread, "isShared": True}),
        ("GET", f"/project/thread/{thread}", None),
        ("DELETE", "/project/thread", {"threadId": "5a1f0c1e-0000-4000-8000-000000000001"}),
    ]:
        told = [method, path, body] if body else [method, path]
        assert one.page.evaluate(ask, told) == 404, (method, path)
    one.page.reload()
    expect(one.page.locator(ANSWER)).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_list(remembering: Served, visit: Visiting, scheme: str) -> None:
    one = visit(remembering)
    one.sign_in()
    one.ask(QUESTION)
    one.page.evaluate(f"localStorage.setItem('vite-ui-theme', {json.dumps(scheme)})")
    one.page.reload()
    one.page.locator(LISTED).first.wait_for()
    found = Axe().run(one.page, context={"include": [["[data-sidebar='sidebar']"]]}).response["violations"]
    assert [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ] == []


def test_a_server_that_is_killed_says_that_there_was_no_answer(tmp_path: Path, visit: Visiting) -> None:
    with serving(tmp_path, "remembering") as first:
        one = visit(first)
        one.sign_in()
        one.ask(f"Slowly: {QUESTION}", wait=False)
        one.page.wait_for_url("**/thread/*")
        address = re.sub(".*/thread/", "/thread/", one.page.url)
        first.stop(signal.SIGKILL)
        home = first.home
    (tmp_path / "again").mkdir()
    with serving(tmp_path / "again", "remembering", home=home) as second:
        two = visit(second)
        two.sign_in()
        two.page.goto(second.address + address)
        expect(two.page.locator(ANSWER)).to_contain_text("This question was not answered")
