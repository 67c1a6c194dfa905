"""`stafwijzer corpus`: what an owner types, what comes back as words and as JSON, and the exit codes."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from qdrant_client import QdrantClient

from assistant.bootstrap import Installation
from assistant.entrypoints.curating import corpus
from assistant.entrypoints.curating.changing import SeveralMeant
from assistant.entrypoints.curating.options import TitlesOnly
from retrieval.embedding import HashEmbedder
from retrieval.errors import StafwijzerError
from retrieval.index import QdrantIndex

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "old.md").write_text("# Law\n\nA duty takes eight hours.\n")
    (folder / "new.md").write_text("# Law\n\nA duty takes six hours.\n")
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as at a terminal, over an installation without models or processes."""

    class Kept(QdrantIndex):
        def close(self) -> None:
            """Stay open for the next command."""

    index = Kept(QdrantClient(":memory:"), "tests", dimensions=64)
    monkeypatch.setenv("STAFWIJZER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Installation, "embedder", HashEmbedder())
    monkeypatch.setattr(Installation, "index", index)

    def run(*arguments: str | Path, said: str | None = None, code: int = 0) -> Result:
        result = CliRunner().invoke(corpus, list(map(str, arguments)), input=said)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


def _json(run: Run, *arguments: str | Path, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code).stdout)


def test_a_corpus_is_made_filled_compared_and_summed_up(run: Run, folder: Path) -> None:
    assert _json(run, "create", "law", "--owner", "S1", "--authority", "2")["authority"] == 2
    assert _json(run, "add", "law", folder)["added"] == 2
    (folder / "old.md").unlink()
    report = _json(run, "sync", "law")
    assert (report["retired"], report["unchanged"]) == (1, 1)
    status = _json(run, "status", "law")
    assert (status["in_force"], status["retired"], status["withdrawn"], status["unfinished"]) == (1, 1, 0, 0)
    (source,) = status["sources"]
    assert (source["path"], source["reachable"]) == (str(folder), True)
    assert source["synced_at"].startswith(str(date.today().year))
    assert "retired: its file is gone" in run("show", "law").output


def test_a_corpus_without_a_folder_cannot_be_compared(run: Run) -> None:
    run("create", "law")
    with pytest.raises(StafwijzerError, match="has no folder yet"):
        run("sync", "law")


def test_an_owner_supersedes_and_dates(run: Run, folder: Path) -> None:
    run("add", "law", folder)
    assert _json(run, "supersede", "law", "old.md", "new.md", "--on", "2026-01-01")["on"] == "2026-01-01"
    shown = {one["key"]: one for one in _json(run, "show", "law")["documents"]}
    assert (shown["old.md"]["valid_until"], shown["old.md"]["superseded_by"]) == ("2026-01-01", "new.md")
    assert shown["new.md"]["valid_from"] == "2026-01-01"
    dates = _json(run, "validity", "law", "new.md", "--until", "2030-01-01")
    assert (dates["valid_from"], dates["valid_until"]) == ("2026-01-01", "2030-01-01")
    assert _json(run, "validity", "law", "old.md", "--until", "open")["valid_until"] is None
    with pytest.raises(StafwijzerError, match="would hold from 2026-01-01"):
        run("validity", "law", "new.md", "--until", "2025-01-01")
    assert "is no day" in run("validity", "law", "new.md", "--until", "soon", code=2).output


def test_an_owner_marks_and_what_is_marked_above_him_is_not_listed(run: Run, folder: Path) -> None:
    run("add", "law", folder)
    told = _json(run, "mark", "law", "o*", "--policy", "NLD", "--level", "Stg. Geheim", "--releasable-to", "nld,deu")
    assert told == {"marked": ["old.md"], "marking": "Stg. Geheim REL DEU/NLD"}
    assert [one["key"] for one in _json(run, "show", "law")["documents"]] == ["new.md"]
    assert _json(run, "status", "law")["live"] == 1
    assert "has the levels" in run("mark", "law", "o*", "--policy", "NLD", "--level", "Secretish", code=2).output


def test_an_owner_retires_restores_and_sees_the_versions(run: Run, folder: Path) -> None:
    run("add", "law", folder)
    assert _json(run, "retire", "law", "old.md") == {"retired": ["old.md"]}
    assert "retired by its owner" in run("show", "law").output
    assert [one["key"] for one in _json(run, "sync", "law")["withheld"]] == ["old.md"]
    assert _json(run, "restore", "law", "*") == {"restored": ["old.md"]}
    (folder / "old.md").write_text("# Law\n\nA duty takes nine hours.\n")
    run("sync", "law")
    versions = _json(run, "show", "law", "old.md")["versions"]
    assert [one["version"]["state"] for one in versions] == ["live", "retired"]


def test_a_deletion_asks_and_leaves_a_receipt(run: Run, folder: Path, tmp_path: Path) -> None:
    run("add", "law", folder)
    assert "Aborted" in run("delete", "law", "old.md", said="n\n", code=1).output
    assert "add --yes" in run("delete", "law", "old.md", "--json", code=2).output
    output = run("delete", "law", "old.md", "--receipt", tmp_path / "receipt.json", said="y\n").output
    assert "1 documents, 1 versions, 1 passages, 1 vectors, 1 originals" in output
    receipt = json.loads((tmp_path / "receipt.json").read_text())
    assert [receipt] == _json(run, "receipts")
    assert "eight" not in json.dumps(receipt)
    assert [one["key"] for one in _json(run, "show", "law")["documents"]] == ["new.md"]
    assert (
        "is there already"
        in run("delete", "law", "new.md", "--yes", "--receipt", tmp_path / "receipt.json", code=2).output
    )


def test_duplicates_are_shown_across_corpora(run: Run, folder: Path) -> None:
    run("add", "law", folder)
    run("add", "archive", folder / "old.md")
    expected = [[{"corpus": "archive", "key": "old.md"}, {"corpus": "law", "key": "old.md"}]]
    assert _json(run, "duplicates") == _json(run, "duplicates", "archive") == expected
    run("create", "empty")
    assert "No two documents" in run("duplicates", "empty").output


def test_what_does_not_agree_is_named_with_exit_code_1_until_it_is_mended(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    run("add", "law", folder)
    assert _json(run, "verify")["holds"]
    blob = next(path for path in (tmp_path / "home" / "blobs").rglob("*") if path.is_file())
    blob.write_bytes(b"damaged")
    assert "wrong original: law: " in run("verify", code=1).output
    assert [one["kind"] for one in _json(run, "verify", code=1)["faults"]] == ["wrong original"]
    assert "mended" in run("verify", "--repair").output
    assert "agree" in run("verify").output


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "nowhere"),
        ("show", "nowhere"),
        ("sync", "nowhere"),
        ("retire", "nowhere", "*"),
        ("duplicates", "nowhere"),
        ("delete", "nowhere", "*", "--yes"),
    ],
)
def test_a_corpus_that_is_not_there_is_named(run: Run, arguments: tuple[str, ...]) -> None:
    with pytest.raises(StafwijzerError, match="no corpus named 'nowhere'"):
        run(*arguments)


def test_health_tells_what_to_look_at(run: Run, folder: Path) -> None:
    text = " ".join(f"word{number}" for number in range(300))
    (folder / "draft.md").write_text(f"# Order\n\n{text} last\n")
    (folder / "final.md").write_text(f"# Order\n\n{text} first\n")
    (folder / "copy.md").write_text((folder / "old.md").read_text())
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n cut off")
    run("add", "law", folder)
    found = _json(run, "health", "law")
    topics = {(one["topic"], one["key"]) for one in found["findings"]}
    assert {("exact duplicates", "copy.md"), ("near-duplicates", "draft.md"), ("not read", "picture.png")} <= topics
    assert (found["documents"], found["not_read"]) == (5, {".png": 1})
    output = run("health", "law").output
    assert "The same content, byte for byte: old.md." in output
    assert "draft.md: 9" in output


def test_who_may_only_list_is_told_titles_and_no_more(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "copy.md").write_text((folder / "old.md").read_text())
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n cut off")
    run("add", "law", folder)
    (tmp_path / "stafwijzer.toml").write_text('[access]\nroles = ["metadata-only"]\n')
    (counted,) = _json(run, "list")
    assert counted["documents"] == 3
    shown = _json(run, "show", "law")
    assert [one["key"] for one in shown["documents"]] == ["copy.md", "new.md", "old.md"]
    assert (shown["refused"], shown["quarantined"]) == ([], [])
    assert _json(run, "status", "law")["in_force"] == 3
    assert "eight hours" not in run("show", "law", "old.md").output


@pytest.mark.parametrize("command", sorted(set(corpus.commands) - {"list", "status", "show"}))
def test_who_may_only_list_is_refused_every_other_command(run: Run, folder: Path, tmp_path: Path, command: str) -> None:
    run("add", "law", folder)
    (tmp_path / "stafwijzer.toml").write_text('[access]\nroles = ["metadata-only"]\n')
    wanted = sum(isinstance(one, click.Argument) and one.required for one in corpus.commands[command].params)
    arguments = ["law", str(folder), "new.md"][:wanted]
    more = ["--yes"] if any(one.name == "yes" for one in corpus.commands[command].params) else []
    with pytest.raises(TitlesOnly, match=f"corpus {command}"):
        run(command, *arguments, *more)


def test_who_may_only_list_does_not_hear_of_a_corpus_without_a_marking(run: Run, folder: Path, tmp_path: Path) -> None:
    run("create", "secret", "--unmarked")
    (tmp_path / "stafwijzer.toml").write_text('[access]\nroles = ["metadata-only"]\n')
    assert _json(run, "list") == []


def test_a_validity_is_not_set_for_the_first_of_several_documents(run: Run, folder: Path) -> None:
    run("add", "law", folder)
    with pytest.raises(SeveralMeant, match="2 documents"):
        run("validity", "law", "*.md", "--until", "2020-01-01")
    assert _json(run, "status", "law")["in_force"] == 2


def test_a_corpus_is_taken_out_and_brought_in_under_another_name(run: Run, folder: Path, tmp_path: Path) -> None:
    run("add", "law", folder)
    done = _json(run, "export", "law", tmp_path / "bag")
    assert (done["documents"], done["left_out"], done["marking"]) == (2, 0, "NLD: Ongerubriceerd")
    assert (tmp_path / "bag" / "bagit.txt").is_file()
    assert "2 documents in 2 versions" in run("import", tmp_path / "bag", "--name", "copy").stdout
    assert _json(run, "import", tmp_path / "bag")["was_here"]
    assert {row["corpus"]["name"] for row in _json(run, "list")} == {"law", "copy"}


def test_a_folder_that_is_there_is_not_written_over(run: Run, folder: Path) -> None:
    run("add", "law", folder)
    with pytest.raises(StafwijzerError, match="exists already"):
        run("export", "law", folder)
