"""An owner's way through their pages in a browser: send a folder, mark what waits, delete, and find the receipt."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser

from tests.assistant.entrypoints.corpora.served import OWNER, Served
from tests.browser.conftest import _free_port

pytestmark = pytest.mark.browser


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Served]:
    port = _free_port()
    made = Served(tmp_path / "home", origin=f"http://127.0.0.1:{port}")
    made.fill(tmp_path / "documents")
    made.who = OWNER
    server = uvicorn.Server(uvicorn.Config(made.app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield made
    server.should_exit = True
    thread.join()
    made.uploads.wait(20)
    made.installation.close()


def test_a_folder_is_sent_marked_and_deleted(one: Served, chromium: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "sent" / "annexes"
    folder.mkdir(parents=True)
    (folder / "fuel.md").write_text("# Fuel\n\nThe depot holds diesel.\n")
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{one.origin}/corpora/plans/add")
    page.set_input_files("#folder", str(tmp_path / "sent"))
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("text=sent/annexes/fuel.md")
    page.get_by_role("link", name="Waiting for you").click()
    page.get_by_label("Select sent/annexes/fuel.md").check()
    page.select_option("#action", "mark")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Set marking").click()
    page.wait_for_selector("text=1 documents have the new marking")
    page.get_by_label("Select sent/annexes/fuel.md").check()
    page.select_option("#action", "delete")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Delete").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the receipt").click()
    assert download.value.suggested_filename == "receipt-1.json"
    assert complaints == []
    context.close()
