"""The first answer on a fresh machine: the installed command, the real models, the example corpus, nothing else."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retrieval.index import stop_owner

pytestmark = pytest.mark.models

_ROOT = Path(__file__).resolve().parents[1]
_CORPUS = _ROOT / "examples" / "corpus"
_COMMAND = Path(sys.executable).parent / "stafwijzer"


def _run(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STAFWIJZER_HOME": str(home)}
    return subprocess.run(
        [_COMMAND, *arguments], capture_output=True, text=True, env=environment, cwd=home, timeout=250, check=False
    )


def _json(home: Path, *arguments: str | Path) -> Any:
    ran = _run(home, *arguments, "--json")
    assert ran.returncode == 0, ran.stderr + ran.stdout
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("home")
    report = _json(home, "corpus", "add", "examples", _CORPUS, "--owner", "exercise staff")
    assert (report["added"], report["refused"]) == (26, [])
    yield home
    for index in (home / "index").glob("*"):
        stop_owner(index)


def test_an_answer_is_quoted_word_for_word_from_a_named_page(home: Path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext, the second reader of the PDF, is not installed (Debian: poppler-utils)")
    answer = _json(home, "ask", "At which bridge does FRAGO 02 cross the river Aelm?")
    assert not answer["abstained"]
    assert answer["citations"]
    checked = 0
    for citation in answer["citations"]:
        source = _CORPUS / citation["document"]
        if source.suffix == ".md":
            assert source.read_text()[citation["start"] : citation["end"]] == citation["quote"]
        elif source.suffix == ".pdf":
            page = str(citation["page"])
            told = subprocess.run(["pdftotext", "-f", page, "-l", page, source, "-"], capture_output=True, check=True)
            assert _letters(citation["quote"]) in _letters(told.stdout.decode())
        checked += source.suffix in {".md", ".pdf"}
    assert checked, "no quote was from a document that this test reads by itself"


def test_the_json_answer_has_the_fields_of_the_architecture(home: Path) -> None:
    answer = _json(home, "ask", "--corpus", "examples", "Hoe laat begint de oversteek?")
    assert {"id", "question", "claims", "text", "citations", "evidence", "abstained", "conflicts", "marking"} <= set(
        answer
    )
    trace = {"settings_fingerprint", "prompt_hashes", "model_sha256", "index_snapshot", "timings", "tokens"}
    assert trace <= set(answer["trace"])
    for claim in answer["claims"]:
        assert claim["verdict"] == "supported"
        for citation in claim["citations"]:
            assert {"document", "version_id", "page", "start", "end", "quote"} <= set(citation)


def test_search_says_which_search_found_each_passage(home: Path) -> None:
    hits = _json(home, "search", "Kruisvoorde Bridge load class")
    assert hits[0]["score"] > 0
    assert {via["search"] for hit in hits for via in hit["via"]} == {"dense", "bm25"}
    assert "Kruisvoorde" in _run(home, "search", "Kruisvoorde Bridge load class").stdout


def test_the_doctor_finds_everything_in_order(home: Path) -> None:
    checks = _json(home, "doctor")
    assert [check["part"] for check in checks if not check["in_order"]] in ([], ["port"])
    assert len(checks) == 9


def test_the_example_set_is_answered_with_exact_quotes(home: Path) -> None:
    told = _json(home, "eval", "run", "examples")
    metrics = told["metrics"]
    assert metrics["quote exactness"]["mean"] == 1.0
    assert metrics["abstention"]["n"] == 60
    assert metrics["recall@8"]["mean"] > 0.5
    assert (home / "evals" / told["run"] / "records.jsonl").read_text().count("\n") == 60


def test_an_owner_says_how_much_a_corpus_weighs_also_later(home: Path) -> None:
    assert _json(home, "corpus", "add", "examples", _CORPUS, "--authority", "3")["unchanged"] == 26
    _json(home, "corpus", "add", "examples", _CORPUS)
    assert _json(home, "corpus", "show", "examples")["corpus"]["authority"] == 3


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("ask", " "), 1, r"The question is empty"),
        (("ask", "waarom " * 15_000), 1, r"105,\d\d\d characters long; at most 4,000"),
        (("ask", "--corpus", "nowhere", "Who?"), 1, r"no corpus named 'nowhere' \(there is: examples\)"),
        (("corpus", "add", "more", "/no/such/folder"), 1, r"no file or folder /no/such/folder"),
        (("ask",), 2, r"Missing argument"),
        (("aks", "Who?"), 2, r"No such command 'aks'"),
        (("corpus", "add", "more", str(_CORPUS), "--policy", "NATO", "--level", "Secretish"), 2, r"NATO SECRET"),
        (
            ("corpus", "add", "examples", str(_CORPUS), "--level", "Stg. Geheim"),
            1,
            r"marked Ongerubriceerd, not Stg\. G",
        ),
        (("corpus", "add", "more", str(_CORPUS), "--valid-from", "soon"), 2, r"does not match the format '%Y-%m-%d'"),
        (("eval", "run", "no-such-set.jsonl"), 1, r"no-such-set.jsonl cannot be read"),
        (("model", "add", str(_CORPUS / "frago-02.pdf")), 1, r"frago-02.pdf is not a GGUF file"),
    ],
)
def test_bad_input_gets_a_sentence_and_an_exit_code(
    home: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    ran = _run(home, *arguments)
    assert ran.returncode == code
    assert re.search(says, ran.stderr), ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[model]\npaht = 'x'", r"no setting 'model.paht'; did you mean 'model.path'"),
        ("[model]\npath = 'broken.gguf'", r"broken.gguf cannot be loaded: it is damaged"),
        ("[model]\npath = 'absent.gguf'", r"absent.gguf cannot be read"),
        ("[embedder]\npath = 'absent'", r"absent is not a sentence-transformers folder"),
        ("[catalog]\nurl = 'nonsense'", r"catalog.url is not a database address"),
        ("[chat", r"not valid TOML"),
    ],
)
def test_a_setting_that_cannot_be_gets_a_sentence(home: Path, tmp_path: Path, toml: str, says: str) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF\x03\x00\x00\x00" + b"\xff" * 4000)
    settings = tmp_path / "stafwijzer.toml"
    settings.write_text(toml)
    ran = _run(home, "--settings", settings, "ask", "At which bridge does FRAGO 02 cross the river Aelm?")
    assert ran.returncode == 1
    assert re.search(says, ran.stderr), ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_deleted_index_folder_is_named_with_the_remedy_which_works(home: Path) -> None:
    (index,) = (home / "index").iterdir()
    shutil.rmtree(index)
    ran = _run(home, "ask", "At which bridge does FRAGO 02 cross the river Aelm?")
    assert ran.returncode == 1
    assert "stafwijzer corpus reindex" in ran.stderr
    assert _json(home, "corpus", "reindex")["passages"] > 200
    assert not _json(home, "ask", "At which bridge does FRAGO 02 cross the river Aelm?")["abstained"]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
