"""Workspaces of courses of action in a real browser, from the chat to a decision, over a double of the service."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.assistant.entrypoints.workspaces.double import CRITERIA, QUOTE
from tests.browser.conftest import Served, Visit, serving

pytestmark = pytest.mark.browser
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
_VECTORS = Path(__file__).parents[1] / "assistant/courses/matrix-vectors.json"
_PREPARE = """async (criteria) => {
    const here = location.pathname.replace("/coa/", "/coa/api/workspaces/");
    let revision = (await (await fetch(here)).json()).workspace.revision;
    const post = async (path, body) => {
        const response = await fetch(here + path, {
            method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify({revision, ...body})});
        revision = (await response.json()).workspace.revision;
    };
    await post("/criteria", {criteria});
    await post("/criteria/lock", {});
    const values = [["coa-1", "c1", "4 hour"], ["coa-2", "c1", "9 hour"], ["coa-3", "c1", "14 hour"],
                    ["coa-0", "c1", "30 hour"], ["coa-1", "c2", "4 count"], ["coa-2", "c2", "1 count"]];
    for (const [course, criterion, value] of values) await post("/values", {course, criterion, value});
}"""
Visiting = Callable[..., Visit]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path, "courses") as one:
        yield one


def _framed(served: Served, visit: Visiting) -> Page:
    """Begin in the chat, and return the page of a workspace that was framed."""
    one = visit(served)
    one.sign_in()
    answer = one.ask("/coa How does the company cross the river in time?")
    address = answer.get_by_role("link", name="open it").get_attribute("href")
    page = one.page
    page.goto(f"{served.address}{address}")
    page.get_by_role("button", name="Draft from documents").click()
    expect(page.get_by_role("button", name="Lock the framing")).to_be_visible()
    return page


def _compared(served: Served, visit: Visiting) -> Page:
    page = _framed(served, visit)
    page.get_by_role("button", name="Lock the framing").click()
    page.get_by_role("button", name="Develop courses of action").click()
    expect(page.locator("#card-coa-0")).to_be_visible()
    expect(page.get_by_role("button", name="Continue developing")).to_be_visible()
    page.evaluate(_PREPARE, [asdict(one) for one in CRITERIA])
    page.reload()
    expect(page.locator(".matrix")).to_be_visible()
    return page


def test_an_answer_has_a_button_that_begins_a_workspace(served: Served, visit: Visiting) -> None:
    one = visit(served, "nl-NL")
    one.sign_in()
    one.ask("quick bridge")
    one.page.get_by_role("button", name="Handelwijzen uitwerken").click()
    expect(one.page.get_by_role("link", name="openen")).to_have_attribute("href", "/coa/w1")
    one.page.goto(f"{served.address}/coa/w1")
    expect(one.page.get_by_role("heading", name="Probleemstelling")).to_be_visible()
    expect(one.page.locator("html")).to_have_attribute("lang", "nl")


def test_a_page_is_for_who_is_signed_in(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.page.goto(f"{served.address}/coa")
    one.page.wait_for_selector("#email")


def test_a_citation_opens_its_quote_with_its_place_by_keyboard(served: Served, visit: Visiting) -> None:
    page = _framed(served, visit)
    page.get_by_role("button", name="Route card AMBER, p. 3").first.focus()
    page.keyboard.press("Enter")
    quote = page.get_by_role("dialog")
    expect(quote).to_contain_text(QUOTE)
    expect(quote).to_contain_text("route-card.md, p. 3")
    page.keyboard.press("Escape")
    expect(quote).to_have_count(0)


def test_a_line_that_another_officer_changed_shows_both_texts(served: Served, visit: Visiting) -> None:
    page = _framed(served, visit)
    page.get_by_role("button", name="Edit: The company crosses").click()
    page.get_by_label("Text", exact=True).fill("Mine: hold the bridge.")
    (served.home / "interfere").touch()
    page.wait_for_timeout(400)
    page.get_by_role("button", name="Save", exact=True).click()
    conflict = page.get_by_role("dialog", name="Somebody else changed this")
    expect(conflict).to_contain_text("Theirs: hold the western dyke.")
    expect(conflict).to_contain_text("Mine: hold the bridge.")
    conflict.get_by_role("button", name="Save mine").click()
    mission = page.locator('[data-statement="f-m"]')
    expect(mission).to_contain_text("Mine: hold the bridge.")
    expect(mission.locator(".badge")).to_have_text("Stated")


def test_work_can_be_stopped_and_goes_on_after_a_reload(served: Served, visit: Visiting) -> None:
    page = _framed(served, visit)
    page.get_by_role("button", name="Lock the framing").click()
    page.get_by_role("button", name="Develop courses of action").click()
    expect(page.locator("#card-coa-1")).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Continue developing")).to_be_visible()
    assert page.locator(".card").count() < 4
    page.reload()
    page.get_by_role("button", name="Continue developing").click()
    expect(page.locator(".card")).to_have_count(4)


def test_a_moved_weight_counts_at_once_and_the_server_computes_the_same(served: Served, visit: Visiting) -> None:
    page = _compared(served, visit)
    ferry = page.locator('.matrix tr[data-course="coa-1"]')
    expect(ferry.locator(".rank")).to_have_text("2")
    weight = page.get_by_role("spinbutton", name="Weight: Risk").last
    with page.expect_response("**/trial") as trial:
        weight.fill("0")
        assert ferry.locator(".rank").inner_text() == "1"
        shown = page.locator(".matrix .total strong").all_inner_texts()
    totals = trial.value.json()["matrix"]["totals"]
    for words, total in zip(shown, totals, strict=True):
        bounds = [float(part) for part in words.split(" – ")]
        assert [bounds[0], bounds[-1]] == [
            pytest.approx(total["low"], abs=0.006),
            pytest.approx(total["high"], abs=0.006),
        ]
    page.get_by_role("button", name="Save weights").click()
    expect(page.get_by_text("Weights were changed")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("spinbutton", name="Weight: Risk").last).to_have_value("0")


def test_a_decision_that_deviates_needs_a_reason_and_is_recorded_with_who(served: Served, visit: Visiting) -> None:
    page = _compared(served, visit)
    page.get_by_label("Course that is chosen").select_option("coa-1")
    expect(page.get_by_text("a reason is required")).to_be_visible()
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator(".decided")).to_have_count(0)
    page.get_by_label("Reason", exact=True).fill("The ferry is needed elsewhere.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator(".decided")).to_contain_text("officer decided on")
    expect(page.locator(".decided")).to_contain_text("Departs from the recommendation (Detour by BRAVO)")


def test_everybody_can_read_it_in_light_and_dark_and_on_a_telephone(served: Served, visit: Visiting) -> None:
    page = _compared(served, visit)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found: dict[str, Any] = Axe().run(page, options={"runOnly": _RULES, "resultTypes": ["violations"]}).response
        assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found["violations"]] == []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 840})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_text_from_documents_stays_text(served: Served, visit: Visiting) -> None:
    page = _compared(served, visit)
    expect(page.get_by_role("button", name="Ferry <b>table</b>, p. 1").first).to_be_visible()
    assert page.locator(".cite b").count() == 0


def test_the_arithmetic_of_the_page_is_that_of_the_server(served: Served, visit: Visiting) -> None:
    one = visit(served)
    one.sign_in()
    cases = json.loads(_VECTORS.read_text(encoding="utf-8"))["cases"]
    computed = one.page.evaluate(
        """async (cases) => {
            const {weigh, flips} = await import("/static/courses-arithmetic.js");
            return cases.map((one) => { const matrix = weigh(one); return {...matrix, flips: flips(matrix)}; });
        }""",
        cases,
    )
    for wanted, got in zip(cases, computed, strict=True):
        assert got["weights"] == pytest.approx(wanted["weights"], abs=1e-6)
        for total, (low, high) in zip(got["totals"], wanted["totals"], strict=True):
            assert (total["low"], total["high"]) == pytest.approx((low, high), abs=1e-6)
        assert got["ranking"] == wanted["ranking"]
        for mine, theirs in zip(got["flips"], wanted["flips"], strict=True):
            assert mine["to"] == theirs["to"]
            assert (mine["weight"] is None) == (theirs["weight"] is None)
            if theirs["weight"] is not None:
                assert (mine["weight"], mine["share"]) == pytest.approx((theirs["weight"], theirs["share"]), abs=1e-6)


def test_an_officer_overrules_a_screen_and_the_card_says_who(served: Served, visit: Visiting) -> None:
    page = _compared(served, visit)
    card = page.locator("article.card", has=page.locator("#card-coa-3"))
    feasible = card.locator("details.screen").nth(1)
    feasible.locator("summary").click()
    feasible.get_by_role("button", name="Judge: Feasible of Wait for the bridge").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Outcome").select_option("passed")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("Reason").fill("The bridge opens earlier.")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(feasible.locator("summary")).to_contain_text("passed (by officer)")
    expect(feasible).to_contain_text("The bridge opens earlier.")
    expect(feasible.locator(".calculation")).to_contain_text("14 vehicles / 12 per hour")


def test_what_is_not_public_is_ticked_at_the_line_and_listed_with_its_motivation(
    served: Served, visit: Visiting
) -> None:
    page = _compared(served, visit)
    card = page.locator("article.card", has=page.locator("#card-coa-1"))
    card.get_by_text("Worked out (5 fields)").click()
    card.get_by_role("button", name="Not public: How many recovery vehicles").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("Motivation").fill("Security of the State.")
    dialog.get_by_role("button", name="Save").click()
    expect(card.locator('[data-statement="c-1-res"]')).to_contain_text("Not public Security of the State. (by officer)")
    listed = page.locator("#confidential")
    listed.get_by_label("Part").select_option("wargame")
    listed.get_by_role("button", name="Keep it back").click()
    dialog.get_by_role("button", name="Save").click()
    expect(listed.locator("li")).to_have_count(2)
    listed.get_by_role("button", name="Not public: Decision memo: Wargame").click()
    dialog.get_by_role("button", name="Make it public").click()
    expect(listed.locator("li")).to_have_count(1)


def test_a_framing_is_unlocked_with_the_consequence_told_and_cards_say_it_changed(
    served: Served, visit: Visiting
) -> None:
    page = _compared(served, visit)
    framing = page.locator("#framing")
    framing.get_by_role("button", name="Unlock").click()
    dialog = page.get_by_role("dialog", name="Unlock")
    expect(dialog).to_contain_text("developed on an earlier one")
    dialog.get_by_role("button", name="Unlock").click()
    framing.get_by_role("button", name="Edit: The company crosses").click()
    page.get_by_label("Text", exact=True).fill("Hold the western dyke.")
    page.get_by_role("button", name="Save", exact=True).click()
    framing.get_by_role("button", name="Lock the framing").click()
    card = page.locator("article.card", has=page.locator("#card-coa-1"))
    expect(card).to_contain_text("Developed on an earlier framing")
    page.locator("#criteria").get_by_role("button", name="Unlock").click()
    expect(page.locator("#criteria").get_by_role("button", name="Lock criteria and weights")).to_be_visible()


def test_two_officers_at_once_lose_nothing(served: Served, visit: Visiting) -> None:
    """Two sessions with cookies and pages of their own; the second to save is shown what the first saved."""
    first = _framed(served, visit)
    other = visit(served)
    other.sign_in()
    second = other.page
    second.goto(first.url)
    for page, text in ((first, "First: hold the dyke."), (second, "Second: hold the bridge.")):
        page.get_by_role("button", name="Edit: The company crosses").click()
        page.get_by_label("Text", exact=True).fill(text)
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator('[data-statement="f-m"]')).to_contain_text("First: hold the dyke.")
    with second.expect_response("**/statements") as refused:
        second.get_by_role("button", name="Save", exact=True).click()
    assert refused.value.status == 409
    conflict = second.get_by_role("dialog", name="Somebody else changed this")
    expect(conflict.locator(".theirs")).to_have_text("First: hold the dyke.")
    expect(conflict.locator(".yours")).to_have_text("Second: hold the bridge.")
    conflict.get_by_role("button", name="Keep theirs").click()
    expect(second.locator('[data-statement="f-m"]')).to_contain_text("First: hold the dyke.")
    first.reload()
    expect(first.locator('[data-statement="f-m"]')).to_contain_text("First: hold the dyke.")
