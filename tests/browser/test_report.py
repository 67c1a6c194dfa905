"""A report in a real browser: nothing is asked of anyone, everyone can read it, and paper holds all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from evals.report.page import html
from evals.report.reading import read
from tests.evals.report.staging import a_run, an_earlier_run, every_end

pytestmark = pytest.mark.browser
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report with everything in it; returns its address."""
    folder = tmp_path_factory.mktemp("report")
    reading = read(a_run(folder, every_end()), against=an_earlier_run(folder))
    path = folder / "report.html"
    path.write_text("".join(html(reading)), encoding="utf-8")
    return path.as_uri()


@contextmanager
def opened(chromium: Browser, address: str, **context: Any) -> Iterator[tuple[Page, list[str], list[str]]]:
    """Open the report; yield the page, what it asked for, and what the browser complained of."""
    requests: list[str] = []
    complaints: list[str] = []
    one = chromium.new_context(**context)
    page = one.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
    try:
        page.goto(address)
        yield page, requests, complaints
    finally:
        one.close()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


def test_it_asks_for_nothing_and_the_browser_has_no_complaint(chromium: Browser, report: str) -> None:
    with opened(chromium, report) as (page, requests, complaints):
        unfold(page)
        page.get_by_role("link", name="Where answers were lost").click()
        page.wait_for_timeout(200)
        assert {address.partition("#")[0] for address in requests} == {report}
        assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_against_wcag_2_1_aa(chromium: Browser, report: str, scheme: str) -> None:
    with opened(chromium, report, color_scheme=scheme) as (page, _, _):
        unfold(page)
        found = Axe().run(page, options={"runOnly": _RULES, "resultTypes": ["violations"]}).response
        assert len(found["passes"]) > 20
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def test_it_is_dark_where_the_reader_wants_dark(chromium: Browser, report: str) -> None:
    papers = []
    for scheme in ("light", "dark"):
        with opened(chromium, report, color_scheme=scheme) as (page, _, _):
            papers.append(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
    assert papers == ["rgb(255, 255, 255)", "rgb(18, 24, 30)"]


@pytest.mark.parametrize("width", [320, 768, 1600])
def test_it_does_not_scroll_sideways(chromium: Browser, report: str, width: int) -> None:
    with opened(chromium, report, viewport={"width": width, "height": 700}) as (page, _, _):
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        beyond = page.evaluate(
            """width => [...document.querySelectorAll("main *")]
            .filter(one => !one.closest(".scroll, .unseen, svg") && one.getBoundingClientRect().right > width + 1)
            .map(one => one.outerHTML.slice(0, 120))""",
            width,
        )
        assert beyond == []


def test_the_keyboard_reaches_and_shows_every_control(chromium: Browser, report: str) -> None:
    with opened(chromium, report) as (page, _, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the content"
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert page.evaluate("document.activeElement.textContent") == "Summary"
        assert outline == "solid"


def test_paper_holds_what_is_folded_on_the_screen_and_the_marking_on_every_page(
    chromium: Browser, report: str, tmp_path: Path
) -> None:
    with opened(chromium, report) as (page, _, _):
        page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    document.close()
    assert len(pages) > 5
    # At the top and at the bottom.
    assert [number for number, text in enumerate(pages, start=1) if text.count("Stg. Geheim") < 2] == []
    words = " ".join(" ".join(pages).split())
    # The evidence of a case that is right, folded on the screen.
    assert words.count("De verkeerspost staat bij de veiling van Kruisvoorde") > 8
    assert f"1 / {len(pages)}" in words
