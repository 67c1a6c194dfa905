"""`stafwijzer eval load`, as its user meets it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from evals.driving.command import load
from retrieval.errors import StafwijzerError
from tests.evals.driving.chat_double import PASSWORD, PROBLEM, REFERENCE, ChatDouble, chat_double

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def double() -> Iterator[ChatDouble]:
    with chat_double() as one:
        yield one


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STAFWIJZER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("STAFWIJZER_SETTINGS", raising=False)
    monkeypatch.delenv("STAFWIJZER_CHAT_PASSWORD", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def a_set(*questions: str) -> str:
    lines = [json.dumps({"id": one, "question": one, "language": "en", "answerable": None}) for one in questions]
    Path("set.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return "set.jsonl"


def run(double: ChatDouble, *more: str) -> Result:
    told = [
        "--users",
        "2",
        "--minutes",
        "0.01",
        "--think",
        "0.05",
        "--url",
        double.address,
        "--set",
        a_set("one", "fail"),
    ]
    return CliRunner().invoke(load, [*told, *more])


def kept(home: Path) -> dict[str, Any]:
    (path,) = home.glob("evals/load-*.json")
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def test_what_users_met_is_printed_and_kept_without_the_password(double: ChatDouble, home: Path) -> None:
    result = run(double, "--password", PASSWORD)
    assert result.exit_code == 0, result.output
    for told in ("2 users for 0.01 min", "answers a minute", "to the first source", f"{PROBLEM} ({REFERENCE}"):
        assert told in result.output
    document = kept(home)
    everyone = document["summary"]["everyone"]
    assert len(document["asked"]) == everyone["questions"] == everyone["answered"] + everyone["errors"]
    assert document["broken_off"] == ""
    assert PASSWORD not in json.dumps(document) + result.output


def test_json_holds_the_same_with_its_numbers_of_cases(double: ChatDouble, home: Path) -> None:
    told = json.loads(run(double, "--password", PASSWORD, "--json").output)
    assert told["summary"] == kept(home)["summary"]
    assert Path(told["kept"]).is_file()
    share = told["summary"]["everyone"]
    assert share["complete"]["n"] + share["complete"]["unscored"] == share["questions"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_is_found_by_its_port(double: ChatDouble) -> None:
    told = json.loads(run(double, "--password", PASSWORD, "--json").output)
    assert told["usage"]["process"] == os.getpid()
    assert told["usage"]["memory_mebibytes"] > 10


def test_address_user_and_password_come_from_what_the_chat_printed(double: ChatDouble) -> None:
    announced = {"address": double.address, "user": "officer", "password": PASSWORD}
    Path("chat.json").write_text(json.dumps(announced) + "\n", encoding="utf-8")
    result = CliRunner().invoke(load, ["--chat", "chat.json", "--minutes", "0.005", "--set", a_set("one")])
    assert result.exit_code == 0, result.output
    assert double.questions


def test_the_chat_going_away_keeps_and_prints_what_was_measured(double: ChatDouble, home: Path) -> None:
    double.dies_at = 4
    result = run(double, "--password", PASSWORD, "--minutes", "1")
    assert result.exit_code == 1
    assert "answers a minute" in result.output
    assert f"The chat at {double.address} is no longer there." in result.output
    assert "no longer there" in kept(home)["broken_off"]


def test_a_chat_that_goes_away_is_one_json_document(double: ChatDouble) -> None:
    double.dies_at = 1
    result = run(double, "--password", PASSWORD, "--minutes", "1", "--json")
    assert result.exit_code == 1
    assert "no longer there" in json.loads(result.output)["broken_off"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--password", "wrong"), "does not know this user and password"),
        (("--password", PASSWORD, "--url", "http://other.example:80"), "'other.example' is another machine"),
        (("--password", PASSWORD, "--chat", "nothing.json"), "does not hold what `stafwijzer chat --json` prints"),
        (("--password", PASSWORD, "--pid", "4194304"), "There is no process 4194304"),
        ((), "The password of the chat is missing"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    double: ChatDouble, home: Path, more: tuple[str, ...], sentence: str
) -> None:
    result = run(double, *more)
    assert isinstance(result.exception, StafwijzerError)
    assert sentence in str(result.exception)
    assert not home.exists()


def test_a_set_without_questions_for_the_chat_is_refused(double: ChatDouble) -> None:
    draft = {"id": "a", "question": "q", "language": "en", "draft": True}
    Path("drafts.jsonl").write_text(json.dumps(draft), encoding="utf-8")
    result = run(double, "--password", PASSWORD, "--set", "drafts.jsonl")
    assert "No case of 'drafts.jsonl' can be asked in the chat." in str(result.exception)


@pytest.mark.parametrize("option", ["--minutes", "--think", "--patience"])
@pytest.mark.parametrize("value", ["nan", "-1", "inf"])
def test_times_without_an_end_are_refused(option: str, value: str) -> None:
    result = CliRunner().invoke(load, [option, value])
    assert result.exit_code == click.UsageError.exit_code


def test_ctrl_c_keeps_and_prints_what_was_measured(double: ChatDouble, home: Path) -> None:
    code = "from evals.driving.command import load; load()"
    command = [sys.executable, "-c", code, "--users", "2", "--minutes", "5", "--think", "0.1", "--url", double.address]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "STAFWIJZER_CHAT_PASSWORD": PASSWORD}
    process = subprocess.Popen(
        [*command, "--set", a_set("one", "two")],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background of a shell ignores the signal, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        for _ in range(300):
            if len(double.questions) > 3:
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert "answers a minute" in out
    assert "Stopped by Ctrl-C." in err
    assert "Traceback" not in err
    assert kept(home)["broken_off"] == "Stopped by Ctrl-C."
