"""Every kind of damage is found, named and mended where it can be."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from retrieval.consistency import IndexMismatch
from retrieval.embedding import HashEmbedder
from retrieval.index import SparseVector
from retrieval.ingesting import Ingestion
from retrieval.lifecycle.curating import Curation
from retrieval.lifecycle.proving import Kind
from tests.installations import a_corpus, an_ingestion
from tests.retrieval.lifecycle.conftest import agree, found, ids


def _points(ingestion: Ingestion) -> list[str]:
    return sorted(ingestion.index.ids())


def _change(ingestion: Ingestion, statement: str) -> None:
    with ingestion.catalog.engine.begin() as connection:
        connection.execute(text(statement))


def _foreign(ingestion: Ingestion) -> None:
    first = next(iter(ingestion.index.points(_points(ingestion)[:1]).values()))
    ingestion.index.upsert([replace(first, id="00000000-0000-0000-0000-000000000001", version="unknown")])


def _second_in_a_live_version(ingestion: Ingestion) -> None:
    first = next(iter(ingestion.index.points(_points(ingestion)[:1]).values()))
    ingestion.index.upsert([replace(first, id="00000000-0000-0000-0000-000000000001")])


def _missing(ingestion: Ingestion) -> None:
    first = next(iter(ingestion.index.points(_points(ingestion)[:1]).values()))
    ingestion.index.delete_versions([first.version])


def _another(ingestion: Ingestion, **changes: object) -> None:
    first = next(iter(ingestion.index.points(_points(ingestion)[:1]).values()))
    ingestion.index.upsert([replace(first, **changes)])  # type: ignore[arg-type]


DAMAGES: dict[str, tuple[Kind, Callable[[Ingestion], None]]] = {
    "a foreign point": (Kind.ORPHAN, _foreign),
    "one too many": (Kind.ORPHAN, _second_in_a_live_version),
    "a lost version": (Kind.MISSING, _missing),
    "another marking": (Kind.FIELDS, lambda one: _another(one, marking="0" * 32)),
    "another end": (Kind.FIELDS, lambda one: _another(one, valid_until=5)),
    "another corpus": (Kind.FIELDS, lambda one: _another(one, corpus="law")),
    "a marking that was not told": (
        Kind.FIELDS,
        lambda one: _change(one, "UPDATE versions SET valid_until = '2020-01-01', pending = NULL"),
    ),
    "other terms": (
        Kind.VECTOR,
        lambda one: _another(one, sparse=replace(_sparse(one), values=(9.0,) * len(_sparse(one).values))),
    ),
    "a changed text": (Kind.PASSAGE, lambda one: _change(one, "UPDATE passages SET text = text || '!'")),
    "a changed hash": (Kind.PASSAGE, lambda one: _change(one, "UPDATE passages SET searchable_sha256 = ''")),
    "a lost original": (Kind.ORIGINAL, lambda one: one.blobs.path(_blob(one)).unlink()),
    "a damaged original": (Kind.ORIGINAL, lambda one: _damage(one.blobs.path(_blob(one)))),
    "a stray original": (Kind.STRAY, lambda one: _stray(one.blobs.folder / "ab" / "tmpabc")),
}


def _sparse(ingestion: Ingestion) -> SparseVector:
    return next(iter(ingestion.index.points(_points(ingestion)[:1]).values())).sparse


def _blob(ingestion: Ingestion) -> str:
    return sorted(ingestion.catalog.originals())[0]


def _damage(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b".")


def _stray(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("left by a copy that was never finished")


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_mended(filled: Ingestion, damage: str) -> None:
    kind, harm = DAMAGES[damage]
    before = found(filled, "convoy")
    assert agree(filled)
    harm(filled)
    proof = filled.verify()
    assert {fault.kind for fault in proof.faults} == {kind}
    assert not proof.holds
    assert filled.verify().faults == proof.faults, "looking changes nothing"
    repaired = filled.verify(repair=True)
    assert {fault.kind for fault in repaired.faults} == {kind}
    assert repaired.holds
    assert agree(filled)
    if "told" not in damage:
        assert found(filled, "convoy") == before


def test_an_original_without_its_file_cannot_be_mended_and_is_named(filled: Ingestion, folder: Path) -> None:
    for path in folder.rglob("*.*"):
        path.unlink()
    filled.blobs.path(_blob(filled)).unlink()
    proof = filled.verify(repair=True)
    assert [(fault.kind, fault.repaired) for fault in proof.faults] == [(Kind.ORIGINAL, False)]
    assert proof.faults[0].place.startswith("plans: ")
    assert not proof.holds


def test_a_text_that_no_hash_vouches_for_cannot_be_mended(filled: Ingestion) -> None:
    _change(filled, "UPDATE passages SET text = text || '!'")
    _change(filled, "UPDATE versions SET text = 'x' || text")
    proof = filled.verify(repair=True)
    assert {(fault.kind, fault.repaired) for fault in proof.faults} == {(Kind.PASSAGE, False)}


def test_all_is_counted(filled: Ingestion, folder: Path) -> None:
    (folder / "order.md").write_text("# Order\n\nThe convoy leaves at seven.\n")
    filled.add(folder, a_corpus())
    proof = filled.verify()
    assert (proof.passages, proof.points, proof.originals, proof.faults) == (2, 2, 3, ())


def test_points_of_retired_versions_are_removed(filled: Ingestion) -> None:
    filled.catalog.retire([ids(filled)["order.md"]], withdrawn=True)
    assert {fault.kind for fault in filled.verify().faults} == {Kind.ORPHAN}
    assert filled.verify(repair=True).holds
    assert filled.catalog.not_live_in_index() == frozenset()
    Curation(filled).restore("plans", "order.md")
    assert agree(filled)


def test_the_index_of_another_embedder_is_not_compared(tmp_path: Path, filled: Ingestion) -> None:
    other = HashEmbedder()
    other.fingerprint = "another-model"
    second = an_ingestion(tmp_path, index=filled.index, embedder=other)
    with pytest.raises(IndexMismatch, match="corpus reindex"):
        second.verify(repair=True)


def test_a_vector_that_was_mended_is_the_one_that_was_there(filled: Ingestion) -> None:
    before = filled.index.vectors(_points(filled))
    _missing(filled)
    filled.verify(repair=True)
    after = filled.index.vectors(_points(filled))
    assert before.keys() == after.keys()
    assert all(np.allclose(before[id], after[id], atol=1e-6) for id in before)
