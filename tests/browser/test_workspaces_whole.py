"""One example problem from the beginning to a memo on paper: the installed product, its own models, a real browser."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from playwright.sync_api import Page, expect

from retrieval.index import stop_owner
from tests.browser.conftest import Served, Visit, _first_line, _free_port

pytestmark = [pytest.mark.models, pytest.mark.browser]
_ROOT = Path(__file__).resolve().parents[2]
_RUN = "import sys; from assistant.entrypoints.cli import main; sys.exit(main())"
_STEP_MILLISECONDS = 120_000


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Served]:
    """The chat as `stafwijzer chat` starts it, over the example corpus."""
    home, here = tmp_path / "home", tmp_path / "here"
    here.mkdir()
    told = {**os.environ, "PYTHONPATH": str(_ROOT), "STAFWIJZER_HOME": str(home)}
    command = [sys.executable, "-c", _RUN]
    add = ["corpus", "add", "examples", str(_ROOT / "examples/corpus"), "--owner", "exercise staff"]
    subprocess.run([*command, *add], cwd=here, env=told, check=True, capture_output=True)
    with (here / "out").open("w") as out, (here / "log").open("w") as log:
        chat = [*command, "chat", "--json", "--port", str(_free_port())]
        process = subprocess.Popen(chat, cwd=here, env=told, stdout=out, stderr=log, text=True)
    said = _first_line(process, here)
    served = Served(said["address"], said["user"], said["password"], home, here, process)
    try:
        yield served
    finally:
        served.stop()
        for index in (home / "index").glob("*"):
            stop_owner(index)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_problem_becomes_a_memo_on_paper(product: Served, visit: Callable[..., Visit], tmp_path: Path) -> None:
    one = visit(product, "nl-NL")
    one.sign_in()
    page = one.page
    page.set_default_timeout(_STEP_MILLISECONDS)
    expect.set_options(timeout=_STEP_MILLISECONDS)
    try:
        _worked_out(page, product.address)
        courses = _compared(page)
        _decided(page, courses[0])
    finally:
        expect.set_options(timeout=5_000)
    expect(page.get_by_role("button", name="Vaststelling opheffen")).to_have_count(0)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=tmp_path / f"{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 840})
    page.screenshot(path=tmp_path / "narrow.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    _read(page, tmp_path)


def _worked_out(page: Page, address: str) -> None:
    (problem,) = (
        one["problem"]
        for one in map(json.loads, (_ROOT / "examples/coa.jsonl").read_text(encoding="utf-8").splitlines())
        if one["id"] == "evacuation-lageraelm"
    )
    page.goto(f"{address}/coa")
    page.get_by_label("Beschrijf het probleem").fill(problem)
    page.get_by_role("button", name="Werkruimte maken").click()
    page.get_by_role("button", name="Probleemstelling vaststellen").click()
    page.get_by_role("button", name="Handelwijzen uitwerken").click()
    page.get_by_role("button", name="Verder uitwerken").wait_for()


def _compared(page: Page) -> list[str]:
    """Set one criterion, give each course a value, and return the ids of the courses, the best first."""
    page.get_by_role("button", name="Criterium toevoegen").click()
    form = page.locator(".criterion")
    for part, text in (("title", "Tijd"), ("unit", "hour"), ("benchmark", "6 hour"), ("weight", "2")):
        form.locator(f"[data-part={part}]").fill(text)
    page.get_by_role("button", name="Criteria en gewichten vaststellen").click()
    cells = page.locator("#criteria td input")
    cells.first.wait_for()
    names = [str(cell.get_attribute("id")) for cell in cells.all()]
    for hours, name in enumerate(names, start=3):
        with page.expect_response("**/values") as saved:
            page.locator(f"#{name}").fill(f"{hours} hour")
            page.locator(f"#{name}").blur()
        assert saved.value.ok
    return [name.removeprefix("value-").rpartition("-")[0] for name in names]


def _decided(page: Page, course: str) -> None:
    page.get_by_label("Gekozen handelwijze").select_option(course)
    page.get_by_label("Reden", exact=True).fill("Het dorp is dan voor de top leeg.")
    page.get_by_role("button", name="Besluit vastleggen").click()
    expect(page.locator(".decided")).to_contain_text("Het dorp is dan voor de top leeg.")


def _read(page: Page, folder: Path) -> None:
    """Take the memo as DOCX and as PDF: the first names what was decided, the second has pages."""
    for format in ("docx", "pdf"):
        with page.expect_download() as taken:
            page.get_by_role("button", name=f"Beslisnota: {format.upper()}").click()
        taken.value.save_as(folder / f"memo.{format}")
    text = "\n".join(paragraph.text for paragraph in Document(str(folder / "memo.docx")).paragraphs)
    assert "Nota ter beslissing" in text
    assert "Het dorp is dan voor de top leeg." in text
    assert len(pypdfium2.PdfDocument(folder / "memo.pdf")) > 0
