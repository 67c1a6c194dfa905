"""A corpus goes out as a bag and comes back the same, on another machine and another index."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retrieval.access import UNMARKED, Marking
from retrieval.bagging import BagRefused, Payload, verify_bag, write_bag
from retrieval.catalog import CorpusUnknown
from retrieval.catalog.versions import DocumentTaken
from retrieval.documents import State
from retrieval.embedding import HashEmbedder
from retrieval.index import Vector
from retrieval.ingesting import Ingestion
from retrieval.lifecycle.curating import Curation
from retrieval.lifecycle.exporting import Exported, NothingReadable, export
from retrieval.lifecycle.importing import CorpusTaken, import_bag
from retrieval.marking import read_label
from retrieval.policies import establish_policies
from tests.installations import CLEARED, OFFICER, OPEN, SECRET, TODAY, a_corpus, an_ingestion
from tests.retrieval.lifecycle.conftest import agree, found, ids


@pytest.fixture
def lived(filled: Ingestion, folder: Path) -> Ingestion:
    """A corpus with a changed, a retired, a superseded, a deleted and a held back document."""
    (folder / "order.md").write_text("# Order\n\nThe convoy leaves at seven.\n")
    (folder / "rules.md").write_text("# Rules\n\nNobody crosses without a permit.\n")
    (folder / "gone.md").write_text("# Gone\n\nThis text was a mistake.\n")
    (folder / "empty.bin").write_bytes(b"\x00\x01\x02")
    (folder / "odd.md").write_text("---\nmarking: Nobody Knows\n---\n# Odd\n\nText under an odd marking.\n")
    filled.sync(folder, a_corpus())
    curation = Curation(filled)
    curation.supersede("plans", "annexes/guard.txt", "rules.md", on=date(2026, 1, 1))
    curation.delete("plans", "gone.md", by="owner")
    curation.mark("plans", "order.md", replace(OPEN, need_to_know=frozenset()))
    return filled


@pytest.fixture
def elsewhere(tmp_path: Path) -> Ingestion:
    (tmp_path / "elsewhere").mkdir()
    return an_ingestion(tmp_path / "elsewhere", embedder=_Other())


class _Other(HashEmbedder):
    """Another embedder, whose vectors are as long."""

    @property
    def name(self) -> str:
        return "another"


def _export(ingestion: Ingestion, folder: Path) -> Exported:
    return export(ingestion, "plans", folder, principal=CLEARED, on_date=TODAY)


def _rows(ingestion: Ingestion, corpus: str = "plans") -> tuple[list[Any], ...]:
    """All that an export carries of a corpus that holds."""
    catalog = ingestion.catalog
    passages = [(one.passage, one.marking, one.valid_from) for one in catalog.live_passages()]
    documents = catalog.carried_documents(corpus)
    receipts = [replace(one, number=0, documents=()) for one in catalog.receipts(corpus)]
    return documents, catalog.carried_versions(corpus), passages, receipts


def test_a_corpus_comes_back_the_same_on_another_index(lived: Ingestion, elsewhere: Ingestion, tmp_path: Path) -> None:
    done = _export(lived, tmp_path / "bag")
    kept = [one for one in lived.catalog.carried_documents("plans") if one.document.key != "odd.md"]
    imported = import_bag(elsewhere, tmp_path / "bag")
    assert (imported.documents, imported.versions) == (done.documents, done.versions)
    assert imported.documents == len(kept)
    assert _without_odd(_rows(elsewhere)) == _without_odd(_rows(lived))
    assert done.left_out == done.unmarked == 1
    question = "Who crosses without a permit?"
    assert found(elsewhere, question) == found(lived, question)
    before = date(2025, 6, 1)
    assert found(elsewhere, "Who guards?", on=before) == found(lived, "Who guards?", on=before)
    assert agree(elsewhere)


def _without_odd(rows: tuple[list[Any], ...]) -> tuple[list[Any], ...]:
    documents, versions, *rest = rows
    held = {one.document.id for one in documents if one.document.key == "odd.md"}
    return (
        [one for one in documents if one.document.id not in held],
        [one for one in versions if one.version.document not in held],
        *rest,
    )


def test_what_was_deleted_stays_out_after_an_import(
    lived: Ingestion, elsewhere: Ingestion, folder: Path, tmp_path: Path
) -> None:
    _export(lived, tmp_path / "bag")
    import_bag(elsewhere, tmp_path / "bag")
    elsewhere.add(folder / "gone.md", a_corpus())
    assert not found(elsewhere, "mistake") or "mistake" not in found(elsewhere, "mistake")[0]
    assert "gone.md" not in ids(elsewhere)


def test_the_same_corpus_makes_the_same_bag(lived: Ingestion, tmp_path: Path) -> None:
    for name in ("one", "two"):
        _export(lived, tmp_path / name)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_export_of_what_was_imported_is_the_same_bag(
    lived: Ingestion, elsewhere: Ingestion, tmp_path: Path
) -> None:
    _export(lived, tmp_path / "one")
    import_bag(elsewhere, tmp_path / "one")
    _export(elsewhere, tmp_path / "two")
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_an_import_under_another_name_is_another_corpus(lived: Ingestion, tmp_path: Path) -> None:
    _export(lived, tmp_path / "bag")
    imported = import_bag(lived, tmp_path / "bag", name="copy")
    assert imported.corpus == "copy"
    assert ids(lived, "copy").keys() == ids(lived).keys()
    assert not set(ids(lived, "copy").values()) & set(ids(lived).values())
    assert agree(lived)


def test_an_import_again_changes_nothing(lived: Ingestion, elsewhere: Ingestion, tmp_path: Path) -> None:
    _export(lived, tmp_path / "bag")
    import_bag(elsewhere, tmp_path / "bag")
    before = _rows(elsewhere)
    assert import_bag(elsewhere, tmp_path / "bag").was_here
    assert _rows(elsewhere) == before


def test_a_corpus_of_the_same_name_with_other_documents_is_left_alone(
    lived: Ingestion, elsewhere: Ingestion, tmp_path: Path
) -> None:
    _export(lived, tmp_path / "bag")
    (tmp_path / "other.md").write_text("# Other\n\nAnother plan.\n")
    elsewhere.add(tmp_path / "other.md", a_corpus())
    before = _rows(elsewhere)
    with pytest.raises(CorpusTaken, match="another one"):
        import_bag(elsewhere, tmp_path / "bag")
    assert _rows(elsewhere) == before


def test_what_the_user_may_not_read_stays_behind_and_is_counted(filled: Ingestion, tmp_path: Path) -> None:
    Curation(filled).mark("plans", "order.md", SECRET)
    done = export(filled, "plans", tmp_path / "bag", principal=OFFICER, on_date=TODAY)
    assert (done.documents, done.left_out, done.unmarked) == (1, 1, 0)
    told = b"".join(_bytes(tmp_path / "bag").values())
    assert b"convoy" not in told
    assert b"order.md" not in told
    assert "Marking: NLD: Ongerubriceerd" in (tmp_path / "bag" / "bag-info.txt").read_text()


def test_who_may_read_nothing_takes_nothing_out(filled: Ingestion, tmp_path: Path) -> None:
    Curation(filled).mark("plans", "*", SECRET)
    with pytest.raises(NothingReadable):
        export(filled, "plans", tmp_path / "bag", principal=OFFICER, on_date=TODAY)
    assert not (tmp_path / "bag").exists()


def test_a_corpus_that_is_not_there_is_named(filled: Ingestion, tmp_path: Path) -> None:
    with pytest.raises(CorpusUnknown):
        export(filled, "laws", tmp_path / "bag", principal=OFFICER, on_date=TODAY)


def test_every_version_has_a_label_that_others_can_read(lived: Ingestion, tmp_path: Path) -> None:
    done = _export(lived, tmp_path / "bag")
    labels = sorted((tmp_path / "bag" / "data" / "labels").rglob("*.xml"))
    assert len(labels) == done.versions
    assert {read_label(path.read_bytes()).marking for path in labels} == {OPEN}


@pytest.fixture
def ours() -> Iterator[str]:
    """A policy that is known where the corpus was made, and not where it goes."""
    establish_policies({"OURS": ("Low", "High")})
    yield "OURS"
    establish_policies({})


def test_a_policy_that_is_not_known_here_holds_its_documents_back(
    filled: Ingestion, elsewhere: Ingestion, ours: str, tmp_path: Path
) -> None:
    Curation(filled).mark("plans", "order.md", Marking(ours, "Low"))
    reader = replace(CLEARED, clearance=(*CLEARED.clearance, (ours, "High")))
    export(filled, "plans", tmp_path / "bag", principal=reader, on_date=TODAY)
    establish_policies({})
    imported = import_bag(elsewhere, tmp_path / "bag")
    assert [key for key, _ in imported.quarantined] == ["order.md"]
    assert "order.md" not in ids(elsewhere)
    states = set(elsewhere.catalog.version_states("plans").values())
    assert states == {State.LIVE, State.QUARANTINED}
    assert not [text for text in found(elsewhere, "When does the convoy leave?") if "convoy" in text]


def test_a_default_marking_that_is_not_known_here_marks_nothing(
    filled: Ingestion, elsewhere: Ingestion, ours: str, tmp_path: Path
) -> None:
    filled.catalog.ensure_corpus(a_corpus("empty", Marking(ours, "Low")))
    export(filled, "empty", tmp_path / "bag", principal=CLEARED, on_date=TODAY)
    establish_policies({})
    import_bag(elsewhere, tmp_path / "bag")
    assert elsewhere.catalog.corpus("empty").marking == UNMARKED


def test_a_file_that_was_changed_stops_the_import_before_anything_is_written(
    lived: Ingestion, elsewhere: Ingestion, tmp_path: Path
) -> None:
    _export(lived, tmp_path / "bag")
    victim = next((tmp_path / "bag" / "data" / "texts").iterdir())
    victim.write_text(victim.read_text()[::-1])
    with pytest.raises(BagRefused, match="checksum"):
        import_bag(elsewhere, tmp_path / "bag")
    assert elsewhere.catalog.corpora() == []


_LIES = {
    "the id": ('"id": "', '"id": "f0'),
    "the state": ('"state": "live"', '"state": "staged"'),
    "the pipeline": ('"pipeline": "load-', '"pipeline": "load-9'),
    "the document": ('"document": "', '"document": "f0'),
}


@pytest.mark.parametrize("lie", _LIES.values(), ids=_LIES.keys())
def test_a_whole_bag_that_contradicts_itself_is_refused(
    lie: tuple[str, str], lived: Ingestion, elsewhere: Ingestion, tmp_path: Path
) -> None:
    _export(lived, tmp_path / "bag")
    _rebagged(tmp_path, "catalog.jsonl", *lie)
    with pytest.raises(BagRefused):
        import_bag(elsewhere, tmp_path / "forged")
    assert elsewhere.catalog.corpora() == []


def test_a_deletion_that_did_not_end_is_refused_for_it_would_go_on_here(
    lived: Ingestion, elsewhere: Ingestion, tmp_path: Path
) -> None:
    _export(lived, tmp_path / "bag")
    told = (tmp_path / "bag" / "data" / "corpus.json").read_text()
    (ended,) = re.findall(r'"ended_at": "[^"]+"', told)
    _rebagged(tmp_path, "corpus.json", ended, '"ended_at": null')
    with pytest.raises(BagRefused, match="did not end"):
        import_bag(elsewhere, tmp_path / "forged")
    assert elsewhere.catalog.unfinished_deletions() == []


def _rebagged(home: Path, name: str, old: str, new: str) -> None:
    """Make a bag whose checksums are right, and one of whose files says something else."""
    bag = verify_bag(home / "bag")
    changed = bag.path(name).read_text().replace(old, new, 1)
    payload = [Payload(one, changed.encode() if one == name else bag.path(one)) for one in bag.files]
    write_bag(home / "forged", payload, bagged_on=TODAY, info={})


def _retold(home: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Make a bag with right checksums, one of whose texts was changed."""
    bag = verify_bag(home / "bag")
    victim = next(one for one in sorted(bag.files) if one.startswith("texts/"))
    told = json.loads(bag.path(victim).read_text())
    change(told)
    payload = [Payload(one, json.dumps(told).encode() if one == victim else bag.path(one)) for one in bag.files]
    write_bag(home / "forged", payload, bagged_on=TODAY, info={})


def _repeated(told: dict[str, Any]) -> None:
    told["passages"] *= 2


def _swollen(told: dict[str, Any]) -> None:
    told["text"] = "x" * 1000
    told["passages"] = [{"start": start, "end": 1000, "heading": "", "page": None} for start in range(900)]


def _empty(told: dict[str, Any]) -> None:
    told["passages"][0]["end"] = told["passages"][0]["start"]


def _paged(told: dict[str, Any]) -> None:
    told["passages"][0]["page"] = 10**30


@pytest.mark.parametrize("change", [_repeated, _swollen, _empty, _paged])
def test_passages_that_no_reading_makes_are_refused(
    change: Callable[[dict[str, Any]], None], lived: Ingestion, elsewhere: Ingestion, tmp_path: Path
) -> None:
    _export(lived, tmp_path / "bag")
    _retold(tmp_path, change)
    with pytest.raises(BagRefused):
        import_bag(elsewhere, tmp_path / "forged")
    assert elsewhere.catalog.corpora() == []


def test_a_marking_that_its_label_does_not_say_is_refused(
    filled: Ingestion, elsewhere: Ingestion, tmp_path: Path
) -> None:
    Curation(filled).mark("plans", "*", SECRET)
    _export(filled, tmp_path / "bag")
    _rebagged(tmp_path, "catalog.jsonl", SECRET.level, OPEN.level)
    with pytest.raises(BagRefused, match="label"):
        import_bag(elsewhere, tmp_path / "forged")


def test_an_empty_corpus_keeps_its_own_default_marking(filled: Ingestion, elsewhere: Ingestion, tmp_path: Path) -> None:
    elsewhere.catalog.ensure_corpus(a_corpus("plans", SECRET))
    _export(filled, tmp_path / "bag")
    with pytest.raises(CorpusTaken):
        import_bag(elsewhere, tmp_path / "bag")
    assert elsewhere.catalog.corpus("plans").marking == SECRET


def test_records_that_share_an_original_with_a_secret_one_stay_behind(ingestion: Ingestion, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"_id": "a", "text": "The open part of it."}\n{"_id": "b", "text": "The hidden mine field."}\n')
    ingestion.add(rows, a_corpus())
    (tmp_path / "other.md").write_text("# Other\n\nAnother document altogether.\n")
    ingestion.add(tmp_path / "other.md", a_corpus())
    Curation(ingestion).mark("plans", "*b", SECRET)
    done = export(ingestion, "plans", tmp_path / "bag", principal=OFFICER, on_date=TODAY)
    assert (done.documents, done.left_out) == (1, 2)
    assert b"mine field" not in b"".join(_bytes(tmp_path / "bag").values())


def test_names_of_what_was_deleted_stay_behind(lived: Ingestion, tmp_path: Path) -> None:
    _export(lived, tmp_path / "bag")
    assert b"gone.md" not in b"".join(_bytes(tmp_path / "bag").values())


def test_a_bag_is_for_who_made_it(lived: Ingestion, tmp_path: Path) -> None:
    _export(lived, tmp_path / "bag")
    assert (tmp_path / "bag").stat().st_mode & 0o077 == 0


def test_an_id_that_a_forged_corpus_claims_is_not_used_by_another(
    filled: Ingestion, elsewhere: Ingestion, folder: Path, tmp_path: Path
) -> None:
    filled.add(folder, a_corpus("mine"))
    (claimed,) = {id for key, id in ids(filled, "mine").items() if key == "order.md"}
    elsewhere.add(folder, a_corpus("foreign"))
    old = ids(elsewhere, "foreign")["order.md"]
    with elsewhere.catalog.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table, column in (("versions", "document"), ("documents", "id")):
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (claimed, old))
    with pytest.raises(DocumentTaken, match="foreign"):
        elsewhere.add(folder, a_corpus("mine"))


class _Dying(HashEmbedder):
    """Fails at the second batch, once."""

    calls = 0

    def embed_passages(self, texts: list[str]) -> Vector:  # type: ignore[override]
        self.calls += 1
        if self.calls == 1:
            raise RuntimeError("the power went")
        return super().embed_passages(texts)


def test_an_import_that_was_stopped_shows_nothing_and_goes_on(lived: Ingestion, tmp_path: Path) -> None:
    _export(lived, tmp_path / "bag")
    (tmp_path / "elsewhere").mkdir()
    target = an_ingestion(tmp_path / "elsewhere", embedder=_Dying())
    with pytest.raises(RuntimeError, match="power"):
        import_bag(target, tmp_path / "bag")
    assert found(target, "Who crosses without a permit?") == []
    import_bag(target, tmp_path / "bag")
    assert found(target, "Who crosses without a permit?") == found(lived, "Who crosses without a permit?")
    assert agree(target)


def test_a_bag_that_was_moved_is_the_same_bag(lived: Ingestion, elsewhere: Ingestion, tmp_path: Path) -> None:
    _export(lived, tmp_path / "bag")
    shutil.move(tmp_path / "bag", tmp_path / "moved")
    assert import_bag(elsewhere, tmp_path / "moved").documents
