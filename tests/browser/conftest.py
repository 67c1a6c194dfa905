"""A server in a process of its own, and pages in a real browser that watch what they ask and of whom."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

_ROOT = Path(__file__).resolve().parents[2]
# Nothing of this is needed here, and all of it asks other hosts or a graphics card.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
USER = '[data-step-type="user_message"]'
ANSWER = '[data-step-type="assistant_message"]'
STEP = '[data-step-type="tool"]'


@dataclass
class Served:
    """A running chat."""

    address: str
    user: str
    password: str
    home: Path
    started_in: Path
    process: "subprocess.Popen[str]"

    @property
    def log(self) -> str:
        return (self.started_in / "log").read_text(encoding="utf-8")

    @property
    def said(self) -> str:
        """What it printed after its address."""
        return (self.started_in / "out").read_text(encoding="utf-8").partition("\n")[2]

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(20)


@contextmanager
def serving(folder: Path, play: str, *, home: Path | None = None) -> Iterator[Served]:
    """Start a server in an empty folder that tempts it with a `.env`, and end it afterwards.

    `home`: that of an earlier one, whose state it goes on with."""
    started_in, home = folder / "here", home or folder / "home"
    started_in.mkdir()
    (started_in / ".env").write_text("LITERAL_API_KEY=from-the-current-folder\nCHAINLIT_CUSTOM_AUTH=1\n")
    told = {**os.environ, "PYTHONPATH": str(_ROOT), "DATABASE_URL": "postgresql://127.0.0.1:1/none"}
    command = [sys.executable, "-m", "tests.browser.server", str(home), str(_free_port()), play]
    with (started_in / "out").open("w") as out, (started_in / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=started_in, env=told, stdout=out, stderr=log, text=True)
    try:
        said = _first_line(process, started_in)
        yield Served(said["address"], said["user"], said["password"], home, started_in, process)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A chat whose assistant plays a part for each question."""
    with serving(tmp_path_factory.mktemp("served"), "parts") as one:
        yield one


@dataclass
class Visit:
    """A page, and what it asked of whom."""

    page: Page
    served: Served
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, password: str | None = None) -> None:
        self.page.goto(self.served.address)
        self.page.fill("#email", self.served.user)
        self.page.fill("#password", self.served.password if password is None else password)
        self.page.click("button[type=submit]")
        if password is None:
            self.page.wait_for_selector("#chat-input")

    def ask(self, question: str, *, wait: bool = True) -> Locator:
        """Ask, and return the message that answers. Short answers can be there before this looks."""
        answers = self.page.locator(ANSWER).count()
        self.page.click("#chat-input")
        self.page.keyboard.insert_text(question)
        self.page.click("#chat-submit")
        answer = self.page.locator(ANSWER).nth(answers)
        if wait:
            answer.wait_for()
            self.page.wait_for_selector("#stop-button", state="detached")
        return answer

    def open_passage(self, answer: Locator, label: str) -> Locator:
        answer.locator("a.element-link", has_text=label).first.click()
        panel = self.page.locator("#side-view-content")
        panel.locator(".side-text").wait_for()
        return panel


# Not for the session: while Playwright runs, no other test of this thread can run an event loop.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open pages; afterwards none of them has asked another host for anything or broken the page's policy."""
    visits: list[Visit] = []

    def open_page(served: Served, language: str = "en-GB") -> Visit:
        context = chromium.new_context(locale=language, viewport={"width": 1360, "height": 860})
        one = Visit(context.new_page(), served)
        one.page.set_default_timeout(20_000)
        one.page.on("request", lambda request: one.requests.append(request.url))
        one.page.on("websocket", lambda socket: one.requests.append(socket.url))
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.on("dialog", lambda dialog: one.complaints.append(f"a dialog: {dialog.message}"))
        one.page.on(
            "console",
            lambda message: one.complaints.append(message.text) if "Content Security Policy" in message.text else None,
        )
        visits.append(one)
        return one

    yield open_page
    for one in visits:
        own = one.served.address.partition("://")[2]
        foreign = {url for url in one.requests if url.partition("://")[2].partition("/")[0] not in ("", own)}
        one.page.context.close()
        assert not foreign
        assert not one.complaints


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _first_line(process: "subprocess.Popen[str]", started_in: Path) -> dict[str, str]:
    """Wait until the server says where it is."""
    for _ in range(600):
        if line := (started_in / "out").read_text(encoding="utf-8").partition("\n")[0]:
            said: dict[str, str] = json.loads(line)
            return said
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(f"the server did not start: {(started_in / 'log').read_text(encoding='utf-8')}")
