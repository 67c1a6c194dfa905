"""How an answer looks and is taken along: cards, marks, banner, choices, starters, files; by keyboard and by ear."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWER, STEP, USER, Served, Visit, serving
from tests.browser.player import ANSWERED, CLOSED, LETTERS

pytestmark = pytest.mark.browser

Visiting = Callable[..., Visit]
BANNER = "#marking-banner"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("real"), "real") as one:
        yield one


def test_a_card_opens_its_passage_wherever_it_is_pressed(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    one.ask("quick bridge")
    card = one.page.locator(f"{STEP} li").first
    expect(card).to_contain_text("orders/opord-01.pdf")
    card.click(position={"x": 120, "y": 70})
    expect(one.page.locator("#side-view-content")).to_contain_text("OPORD 01 WINTERGRUTTO, p. 3")
    expect(one.page.locator("#side-view-content .font-bold").first).to_have_text(CLOSED)
    one.page.keyboard.press("Escape")
    expect(one.page.locator("#side-view-content")).to_have_count(0)


def test_the_marking_stays_in_sight_until_a_new_conversation(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    expect(one.page.locator(BANNER)).to_have_count(0)
    one.ask("long")
    for _ in range(2):
        expect(one.page.locator(BANNER)).to_have_text("Ongerubriceerd")
        expect(one.page.locator(BANNER)).to_be_in_viewport()
        # Folding the sources away takes nothing back.
        one.page.get_by_role("button", name="Sources (1)").click()
    expect(one.page.locator(BANNER)).to_have_attribute("role", "status")
    one.page.click("#new-chat-button")
    one.page.click("#confirm")
    expect(one.page.locator(BANNER)).to_have_count(0)


def test_each_claim_carries_its_mark_in_a_word_and_all_are_explained(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    answer = one.ask("contradict")
    assert answer.locator("blockquote [data-mark]").all_inner_texts() == ["⇄ contradicted"] * 2
    for word in ("✓ verified", "≈ partly", "✗ not verifiable", "⇄ contradicted"):
        expect(answer.get_by_text(word).last).to_be_visible()


def test_coordinates_times_code_and_pipes_survive(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    answer = one.ask(f"quick letters {LETTERS}")
    assert one.page.locator(USER).inner_text().strip() == f"quick letters {LETTERS}"
    assert answer.locator("blockquote > div").first.inner_text() == LETTERS
    assert LETTERS in one.page.locator(f"{STEP} li > div").first.inner_text()
    panel = one.open_passage(answer, "[1]")
    assert panel.locator(".side-text > div").last.inner_text() == LETTERS
    assert panel.locator("h4").inner_text() == LETTERS


def test_a_question_is_asked_again_and_can_be_stopped(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    one.ask("slow", wait=False)
    one.page.locator(STEP, has_text="Draft").wait_for()
    one.page.click("#stop-button")
    one.ask("quick <b>bridge</b>")
    one.page.get_by_role("button", name="Ask again").click()
    again = one.page.locator(ANSWER).last
    expect(again).to_contain_text("Asked again: quick <b>bridge</b>")
    expect(again).to_contain_text(ANSWERED)
    expect(one.page.locator(BANNER)).to_have_text("Ongerubriceerd")


def test_corpora_and_a_day_are_chosen_and_told_above_the_answer(real: Served, visit: Visiting) -> None:
    one = visit(real)
    one.sign_in()
    one.page.click("#chat-settings-open-modal")
    one.page.locator("[role=dialog] input").last.fill("yesterday")
    one.page.click("#confirm")
    expect(one.page.get_by_text("That is no date.")).to_be_visible()
    one.page.click("#chat-settings-open-modal")
    one.page.locator("[role=dialog] input").last.fill("2025-01-01")
    one.page.click("#confirm")
    expect(one.page.get_by_text("Holds from your next question on.")).to_be_visible()
    for question in ("Until when is the bridge closed?", "When is snow expected?"):
        expect(one.ask(question)).to_contain_text("As in force on 2025-01-01")


def test_a_starter_asks_what_the_documents_answer(real: Served, visit: Visiting) -> None:
    one = visit(real, "nl-NL")
    one.sign_in()
    one.page.get_by_role("button", name="Wat zegt Route card AMBER over Bridges?").click()
    expect(one.page.locator(ANSWER)).to_contain_text(CLOSED)


def test_an_answer_and_a_conversation_are_taken_along(real: Served, visit: Visiting) -> None:
    one = visit(real)
    one.sign_in()
    answer = one.ask("Until when is the bridge closed to tracked vehicles?")
    href = answer.get_by_role("link", name="Markdown").get_attribute("href")
    response = one.page.request.get(f"{real.address}{href}")
    assert (response.status, response.text().splitlines()[0]) == (200, "**Marking: Ongerubriceerd**")
    assert "31U:FT 4523 1198" in response.text()
    one.ask("When is snow expected?")
    links = one.ask("/export")
    expect(links).to_contain_text("the whole conversation (2 answers)")
    whole = links.get_by_role("link", name="Word (DOCX)").get_attribute("href")
    assert one.page.request.get(f"{real.address}{whole}").body().startswith(b"PK")
    assert one.page.request.get(f"{real.address}/answers/nothing/export/md").status == 404


def test_the_keyboard_leads_from_question_to_source_panel_feedback_and_file(real: Served, visit: Visiting) -> None:
    one = visit(real)
    one.sign_in()
    page = one.page
    page.focus("#chat-input")
    page.keyboard.insert_text("Until when is the bridge closed to tracked vehicles?")
    page.wait_for_selector("#chat-submit:enabled")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Not right", exact=True).wait_for()
    tab_to(page, f"{STEP} li a.element-link", back=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Close the passage")).to_be_focused()
    tab_to(page, "#side-view-content a")
    page.keyboard.press("Escape")
    expect(page.locator("#side-view-content")).to_have_count(0)
    tab_to(page, f"{ANSWER} a.element-link")
    page.keyboard.press("Enter")
    expect(page.locator("#side-view-content .font-bold").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"{ANSWER} a.element-link").first).to_be_focused()
    tab_to(page, f'{ANSWER} a[href$="/export/md"]')
    with page.context.expect_event("page") as opened, page.context.expect_event("response") as answered:
        page.keyboard.press("Enter")
    assert answered.value.headers["content-disposition"].startswith("attachment")
    opened.value.close()
    tab_to(page, "button:has(svg.lucide-thumbs-up)")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your judgement is kept.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_an_answer_with_its_panel(served: Served, visit: Visiting, theme: str) -> None:
    one = visit(served)
    one.sign_in()
    one.page.evaluate("theme => localStorage.setItem('vite-ui-theme', theme)", theme)
    one.page.reload()
    one.page.wait_for_selector("#chat-input")
    answer = one.ask("contradict")
    one.open_passage(answer, "[1]")
    # Colours that fade in are no violation.
    one.page.mouse.move(700, 400)
    one.page.wait_for_timeout(500)
    found = Axe().run(one.page).response["violations"]
    grave = [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
    assert grave == []


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until the first of these has the focus."""
    wanted = page.locator(selector).first
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {selector}")
