"""`stafwijzer eval import` leaves a set to run and documents to add under the keys that the cases name, or nothing."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evals.importing import writing
from evals.importing.command import import_
from evals.importing.formats import FORMATS
from evals.importing.reading import SourceInvalid
from evals.importing.writing import NotWritten
from evals.placing import Places
from evals.records import PlaceState
from evals.sets import read_set
from retrieval.access import scope_for
from tests.evals.importing.samples import a_beir, a_bipia, a_spikee, a_squad
from tests.installations import OFFICER, TODAY, a_corpus, an_ingestion


def call(*arguments: object) -> Result:
    result = CliRunner().invoke(import_, [str(one) for one in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize(
    ("name", "make"), [("squad", a_squad), ("beir", a_beir), ("bipia", a_bipia), ("spikee", a_spikee)]
)
def test_the_catalog_knows_the_documents_by_the_keys_that_cases_name(tmp_path: Path, name: str, make: object) -> None:
    source = make(tmp_path / "source")  # type: ignore[operator]
    result = call(name, source, "--to", tmp_path / "my set")
    ingestion = an_ingestion(tmp_path)
    report = ingestion.add(tmp_path / "my set" / "documents", a_corpus("my set"))
    assert report.refused == ()
    scope = scope_for(OFFICER, markings=ingestion.catalog.markings(), corpora=["my set"], on_date=TODAY)
    places = Places(ingestion.catalog)
    cases = read_set(str(tmp_path / "my set" / "cases.jsonl"))
    states = [state for case in cases for state in places.states(case.relevant, found=(), scope=scope)]
    assert set(states) == {PlaceState.INDEXED}
    assert {case.corpora for case in cases} == {frozenset({"my set"})}
    assert f"stafwijzer corpus add 'my set' '{tmp_path / 'my set' / 'documents'}'" in result.output
    assert f"stafwijzer eval run '{tmp_path / 'my set' / 'cases.jsonl'}'" in result.output


def test_counts_and_reasons_are_told(tmp_path: Path) -> None:
    output = call("beir", a_beir(tmp_path / "source"), "--to", tmp_path / "set").output
    assert "2 cases (2 answerable), 2 documents" in output
    assert "1 left out because no document is judged relevant (4)" in output


def test_json_tells_the_same(tmp_path: Path) -> None:
    told = json.loads(
        call("beir", a_beir(tmp_path / "source"), "--to", tmp_path / "set", "--corpus", "b", "--json").output
    )
    assert (told["cases"], told["documents"], told["corpus"], len(told["left_out"])) == (2, 2, "b", 3)
    assert told["next"][0].startswith("stafwijzer corpus add b ")


def test_a_sample_has_the_documents_of_the_whole_set(tmp_path: Path) -> None:
    call("squad", a_squad(tmp_path / "dev.json"), "--to", tmp_path / "set", "--sample", 1, "--seed", 4)
    assert len(read_set(str(tmp_path / "set" / "cases.jsonl"))) == 1
    assert (tmp_path / "set" / "documents" / "corpus.jsonl").read_text().count("\n") == 1


def test_a_spreadsheet_brings_no_documents_and_asks_every_corpus_unless_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text("question,expected\nWie?,Jan\n")
    output = call("csv", tmp_path / "q.csv", "--to", tmp_path / "all").output
    assert "corpus add" not in output
    assert os.listdir(tmp_path / "all") == ["cases.jsonl"]
    call("csv", tmp_path / "q.csv", "--to", tmp_path / "one", "--corpus", "plans", "--language", "NL")
    (case,) = read_set(str(tmp_path / "one" / "cases.jsonl"))
    assert case.corpora == {"plans"}
    assert case.language == "nl"


def test_a_folder_that_is_in_use_is_left_alone(tmp_path: Path) -> None:
    source = a_squad(tmp_path / "dev.json")
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "note.txt").write_text("mine")
    for used, what in ((tmp_path / "used", "is not empty"), (source, "is no folder")):
        with pytest.raises(NotWritten, match=what):
            call("squad", source, "--to", used)
    assert os.listdir(tmp_path / "used") == ["note.txt"]
    (tmp_path / "empty").mkdir()
    assert call("squad", source, "--to", tmp_path / "empty").exit_code == 0


def test_nothing_is_left_when_writing_fails_halfway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_write_documents", fail)
    source = a_squad(tmp_path / "dev.json")
    with pytest.raises(NotWritten, match="No space left on device"):
        call("squad", source, "--to", tmp_path / "new" / "set")
    assert os.listdir(tmp_path / "new") == []


def test_a_set_of_which_nothing_can_be_asked_is_refused(tmp_path: Path) -> None:
    source = a_beir(tmp_path / "source")
    (source / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n")
    with pytest.raises(SourceInvalid, match=r"can be asked: .*no document is judged relevant"):
        call("beir", source, "--to", tmp_path / "set")
    assert not (tmp_path / "set").exists()


def test_a_language_is_two_letters(tmp_path: Path) -> None:
    result = call("squad", a_squad(tmp_path / "dev.json"), "--to", tmp_path / "set", "--language", "Dutch")
    assert result.exit_code == 2
    assert "two letters" in result.output


def test_the_help_names_every_format() -> None:
    output = call("--help").output
    assert all(f"{name} " in output for name in FORMATS)
