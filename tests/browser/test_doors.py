"""What can be had from a running chat without its pages: over plain requests and a hand-made socket."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser.conftest import Served, serving

SESSION = "6c14e435-1099-4fba-90d9-26d57f394df2"
MESSAGE = "0f0c3f6e-53f3-4a43-8a3b-0c1d5f1f7a11"


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.address, headers={"origin": served.address}) as client:
        yield client


def sign_in(client: httpx.Client, served: Served, password: str | None = None) -> httpx.Response:
    form = {"username": served.user, "password": served.password if password is None else password}
    return client.post("/login", data=form)


class Socket:
    """A client of the web socket that speaks over plain requests (Engine.IO 4, Socket.IO 5)."""

    def __init__(self, client: httpx.Client, sign_on: object) -> None:
        self._client = client
        self._place = {"EIO": "4", "transport": "polling"}
        opened = client.get("/ws/socket.io/", params=self._place)
        self._place["sid"] = json.loads(opened.text[1:])["sid"]
        self._send(f"40{json.dumps(sign_on)}")
        # 40: taken on, 44: refused.
        self.taken_on = self.read().startswith("40")

    def say(self, event: str, *told: object) -> None:
        self._send(f"42{json.dumps([event, *told])}")

    def read(self) -> str:
        return self._client.get("/ws/socket.io/", params=self._place).text

    def read_until(self, word: str) -> str:
        seen = ""
        while word not in seen:
            seen += self.read()
        return seen

    def _send(self, packet: str) -> None:
        assert self._client.post("/ws/socket.io/", params=self._place, content=packet).text == "OK"


def sign_on(session: object = SESSION) -> dict[str, object]:
    return {"sessionId": session, "clientType": "webapp", "userEnv": "{}", "chatProfile": "", "threadId": ""}


def test_without_signing_in_there_are_no_settings_and_no_socket(client: httpx.Client, served: Served) -> None:
    assert client.get("/user").status_code == 401
    assert client.get("/project/settings").status_code == 401
    assert sign_in(client, served, "wrong").status_code == 401
    assert not Socket(client, sign_on()).taken_on


def test_the_page_refers_to_nothing_else(client: httpx.Client) -> None:
    page = client.get("/").text
    assert "https://" not in page
    assert page.count("http://") == page.count(str(client.base_url).rstrip("/"))


@pytest.mark.parametrize(
    "path", ["/docs", "/openapi.json", "/redoc", "/public/x", "/copilot/index.js", "/static/../web.py"]
)
def test_what_is_not_used_is_not_there(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_it_asks_the_assistant_as_the_user_and_shows_the_answer(client: httpx.Client, served: Served) -> None:
    sign_in(client, served)
    one = Socket(client, sign_on())
    assert one.taken_on
    one.say("connection_successful")
    one.say("client_message", {"message": message("quick bridge")})
    assert "closed to tracked vehicles" in one.read_until('42["task_end"')


@pytest.mark.parametrize("session", ["../../elsewhere", "{folder}", "", None, 5, SESSION.upper(), f"{SESSION}/.."])
def test_a_session_cannot_choose_its_folder(client: httpx.Client, served: Served, session: object) -> None:
    """Chainlit makes and deletes a folder under the name that a client gives its session."""
    folder = served.home / "precious"
    folder.mkdir(exist_ok=True)
    (folder / "file").touch()
    sign_in(client, served)
    assert not Socket(client, sign_on(str(folder) if session == "{folder}" else session)).taken_on
    assert (folder / "file").exists()


@pytest.mark.parametrize("odd", [None, [], "text", {"sessionId": {}}])
def test_an_odd_sign_on_is_refused(client: httpx.Client, served: Served, odd: object) -> None:
    sign_in(client, served)
    assert not Socket(client, odd).taken_on


def test_a_client_cannot_speak_for_the_assistant(client: httpx.Client, served: Served) -> None:
    sign_in(client, served)
    one = Socket(client, sign_on())
    one.say("connection_successful")
    for odd in (None, {}, {"message": None}, {"message": {"id": "x"}}, {"message": {**message("x"), "output": 5}}):
        one.say("client_message", odd)
    # Asks nobody and changes nothing: events that are not used.
    one.say("edit_message", {"message": message("x")})
    one.say("chat_settings_change", {"a": "b"})
    one.say("client_message", {"message": {**message("quick bridge"), "type": "assistant_message"}})
    seen = one.read_until('42["task_end"')
    assert '"type":"assistant_message"' in seen.replace(" ", "")
    assert "quick bridge" not in "".join(part for part in seen.split('42["') if '"assistant_message"' in part)
    assert "Traceback" not in served.log


def test_guessing_passwords_is_slowed_down(tmp_path: Path) -> None:
    with serving(tmp_path, "parts") as served, httpx.Client(base_url=served.address) as client:
        client.headers["origin"] = served.address
        statuses = [sign_in(client, served, f"guess {number}").status_code for number in range(7)]
        assert statuses == [401] * 5 + [429] * 2
        # Also for who has it right, or an answer would tell.
        assert sign_in(client, served).status_code == 429


def test_nothing_is_written_outside_its_home_and_the_password_nowhere(served: Served) -> None:
    assert {path.name for path in served.started_in.iterdir()} == {".env", "log", "out"}
    assert served.password not in served.log
    for path in served.home.rglob("*"):
        if path.is_file() and "pages-" not in str(path):
            assert served.password.encode() not in path.read_bytes()
    (folder,) = served.home.joinpath("chat").iterdir()
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_removes_the_passages(tmp_path: Path, how: signal.Signals) -> None:
    with serving(tmp_path, "parts") as served, httpx.Client(base_url=served.address) as client:
        client.headers["origin"] = served.address
        sign_in(client, served)
        one = Socket(client, sign_on())
        one.say("connection_successful")
        one.say("client_message", {"message": message("quick bridge")})
        one.read_until('42["task_end"')
        passages = list(served.home.rglob(".files/*/*"))
        assert passages
        assert served.stop(how) == 0
        assert not list(served.home.rglob(".files"))
        assert "Traceback" not in served.log
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(served.address.rpartition(":")[2]))) != 0


def test_it_ends_while_a_question_is_being_answered(tmp_path: Path) -> None:
    with serving(tmp_path, "parts") as served, httpx.Client(base_url=served.address) as client:
        client.headers["origin"] = served.address
        sign_in(client, served)
        one = Socket(client, sign_on())
        one.say("connection_successful")
        one.say("client_message", {"message": message("slow")})
        one.read_until("more")
        assert served.stop() == 0
        assert "the model stopped" in served.said


def test_it_connects_to_nobody(served: Served) -> None:
    """Of all its connections none goes anywhere but to its own port."""
    port = int(served.address.rpartition(":")[2])
    own = set()
    for name in os.listdir(f"/proc/{served.process.pid}/fd"):
        target = os.readlink(f"/proc/{served.process.pid}/fd/{name}")
        if target.startswith("socket:["):
            own.add(target[8:-1])
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{served.process.pid}/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[9] in own:
                assert int(columns[1].rpartition(":")[2], 16) == port


def message(text: str) -> dict[str, object]:
    return {
        "id": MESSAGE,
        "name": "officer",
        "type": "user_message",
        "output": text,
        "createdAt": "2026-01-01T00:00:00Z",
    }
