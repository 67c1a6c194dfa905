"""A request for information is written to a new file, or not at all."""

from pathlib import Path

import pytest

from assistant.entrypoints.drafting import RequestNotWritten, check_request_file, write_request
from tests.installations import an_assistant, an_ingestion, asking


def test_an_abstention_is_written_to_a_new_file_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    silence = an_assistant(an_ingestion(tmp_path)).ask(asking("Welke helikopters vliegen er vannacht?"))
    file = tmp_path / "verzoek.txt"
    write_request(str(file), silence, asker="officer", to_stderr=False)
    assert "Vraag: Welke helikopters vliegen er vannacht?" in file.read_text(encoding="utf-8")
    assert f"Een verzoek om informatie staat in {file}." in capsys.readouterr().out
    with pytest.raises(RequestNotWritten, match="File exists"):
        write_request(str(file), silence, asker="officer", to_stderr=False)


def test_a_dash_is_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    silence = an_assistant(an_ingestion(tmp_path)).ask(asking("Which helicopters fly \x1b[2Jtonight?"))
    write_request("-", silence, asker="officer", to_stderr=False)
    told = capsys.readouterr().out
    assert "REQUEST FOR INFORMATION" in told
    assert "\x1b" not in told


def test_a_file_that_exists_or_cannot_be_made_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "there.txt"
    file.write_text("mine")
    with pytest.raises(RequestNotWritten, match="is not overwritten"):
        check_request_file(str(file))
    check_request_file("-")
    silence = an_assistant(an_ingestion(tmp_path)).ask(asking("Which helicopters fly tonight?"))
    with pytest.raises(RequestNotWritten, match="cannot be written: No such file"):
        write_request(str(tmp_path / "no" / "folder.txt"), silence, asker="officer", to_stderr=False)
    assert file.read_text() == "mine"
