"""What `stafwijzer ask` makes of its arguments."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result

from assistant.answers import Answer, Answered, Event, Question, Turn
from assistant.entrypoints import asking
from assistant.entrypoints.drafting import RequestNotWritten
from assistant.service import ReadsNoText
from tests.assistant.entrypoints.test_showing import answer
from tests.installations import OFFICER, an_assistant, an_ingestion
from tests.installations import asking as of_officer

Asking = Callable[..., Result]


class Answering:
    """Keeps what it is asked, and answers as it was told."""

    def __init__(self, told: Answer) -> None:
        self.told = told
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        return self.told

    def stream(self, question: Question) -> Iterator[Event]:
        yield Answered(self.ask(question))


@pytest.fixture
def silent(tmp_path: Path) -> Answering:
    """An assistant that abstains."""
    return Answering(an_assistant(an_ingestion(tmp_path)).ask(of_officer("Which helicopters fly?")))


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Asking:
    def run(answering: Answering, *arguments: str) -> Result:
        @contextmanager
        def opened(context: click.Context) -> Iterator[SimpleNamespace]:
            yield SimpleNamespace(settings=SimpleNamespace(principal=OFFICER), assistant=answering)

        monkeypatch.setattr(asking, "installation_of", opened)
        return CliRunner().invoke(asking.ask, arguments)

    return run


def test_earlier_questions_and_a_query_go_along(silent: Answering, ask: Asking) -> None:
    assert (
        ask(silent, "--after", "Who writes it?", "--after", "When?", "--query", "the OPORD", "And who?").exit_code == 0
    )
    (question,) = silent.asked
    assert question.text == "And who?"
    assert question.history == (Turn("Who writes it?", ""), Turn("When?", ""))
    assert question.query == "the OPORD"


def test_a_question_on_its_own_has_no_history_and_no_query(silent: Answering, ask: Asking) -> None:
    ask(silent, "And", "who?")
    assert (silent.asked[0].text, silent.asked[0].history, silent.asked[0].query) == ("And who?", (), "")


def test_json_stays_json_while_a_request_is_written(silent: Answering, ask: Asking, tmp_path: Path) -> None:
    file = tmp_path / "request.txt"
    ran = ask(silent, "--json", "--request", str(file), "Which helicopters fly?")
    assert json.loads(ran.stdout)["abstained"]
    assert "REQUEST FOR INFORMATION" in file.read_text(encoding="utf-8")
    assert str(file) in ran.stderr


def test_json_and_a_request_on_the_screen_are_refused(silent: Answering, ask: Asking) -> None:
    assert ask(silent, "--json", "--request", "-", "Who?").exit_code == 2
    assert silent.asked == []


def test_a_request_over_a_file_that_is_there_is_refused_before_anything_is_asked(
    silent: Answering, ask: Asking, tmp_path: Path
) -> None:
    file = tmp_path / "there.txt"
    file.touch()
    assert isinstance(ask(silent, "--request", str(file), "Who?").exception, RequestNotWritten)
    assert silent.asked == []


def test_an_answer_needs_no_request_and_says_so(ask: Asking, tmp_path: Path) -> None:
    file = tmp_path / "request.txt"
    ran = ask(Answering(answer()), "--request", str(file), "Wie?")
    assert "De documenten geven antwoord" in ran.stdout
    assert not file.exists()


def test_search_tells_who_may_only_list_that_they_read_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFWIJZER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stafwijzer.toml").write_text('[access]\nroles = ["metadata-only"]\n')
    result = CliRunner().invoke(asking.search, ["bridge"])
    assert isinstance(result.exception, ReadsNoText)
