"""A corpus comes out of a bag as it went in, whatever its documents are called."""

import hashlib
import json
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.access import Marking
from retrieval.bagged_corpora import BaggedCorpus, BaggedVersion, export_corpus, import_corpus, portable
from retrieval.bagging import ALGORITHMS, BagRefused, same_name

DAY = date(2026, 3, 1)
MARKING = Marking("NLD", "Departementaal Vertrouwelijk", frozenset({"NLD", "DEU"}), frozenset({"ATOMAL"}))
CORPUS = BaggedCorpus("plans", "Plannen", "S3", MARKING, 2, {"created": "2025-01-01"})


def a_version(folder: Path, key: str, content: bytes, **more: object) -> tuple[BaggedVersion, Path]:
    sha256 = hashlib.sha256(content).hexdigest()
    original = folder / sha256
    original.write_bytes(content)
    fields: dict[str, object] = {"state": "live", "current": True, "marking": MARKING} | more
    return BaggedVersion(id=f"{key} {sha256[:8]}", key=key, title=key, sha256=sha256, **fields), original  # type: ignore[arg-type]


def some_versions(folder: Path) -> list[tuple[BaggedVersion, Path]]:
    old, _ = first = a_version(folder, "orders/één.md", b"old", state="retired", current=False, valid_until=DAY)
    return [
        first,
        a_version(folder, "orders/één.md", b"new", supersedes=old.id, valid_from=DAY, label="<label/>"),
        a_version(folder, "orders/ÉÉN.md", b"another", marking=None, state="staged", current=False),
        a_version(folder, "orders", b"a file with the name of a folder"),
        a_version(folder, "../etc/passwd", b"x", details={"language": "nl"}),
        a_version(folder, "records.jsonl#a:1?", b"{}"),
        a_version(folder, "copy.md", b"new"),
    ]


def test_a_corpus_comes_back_equal(tmp_path: Path) -> None:
    versions = some_versions(tmp_path)
    export_corpus(tmp_path / "bag", CORPUS, versions, bagged_on=DAY, info={"Security-Label": "DV"})
    corpus, read = import_corpus(tmp_path / "bag")
    assert corpus == CORPUS
    assert [version for version, _ in read] == [version for version, _ in versions]
    assert [path.read_bytes() for _, path in read] == [path.read_bytes() for _, path in versions]


def test_the_current_version_has_the_name_of_its_document(tmp_path: Path) -> None:
    export_corpus(tmp_path / "bag", CORPUS, some_versions(tmp_path)[:2], bagged_on=DAY)
    assert (tmp_path / "bag/data/documents/orders/één.md").read_bytes() == b"new"
    assert (tmp_path / "bag/data/labels/orders/één.md.xml").read_text() == "<label/>"


def test_an_original_that_was_changed_is_not_exported(tmp_path: Path) -> None:
    version, original = a_version(tmp_path, "a.md", b"x")
    original.write_bytes(b"y")
    with pytest.raises(BagRefused, match="not what its hash says"):
        export_corpus(tmp_path / "bag", CORPUS, [(version, original)], bagged_on=DAY)
    assert not (tmp_path / "bag").exists()


def _rewrite(bag: Path, name: str, content: str) -> None:
    """Change a payload file as someone would who keeps the checksums right."""
    (bag / "data" / name).write_text(content)
    for algorithm in ALGORITHMS:
        manifest = bag / f"manifest-{algorithm}.txt"
        paths = [line.split("  ", 1)[1] for line in manifest.read_text().splitlines()]
        sums = {path: hashlib.new(algorithm, (bag / path).read_bytes()).hexdigest() for path in paths}
        manifest.write_text("".join(f"{sums[path]}  {path}\n" for path in paths))
        (bag / f"tagmanifest-{algorithm}.txt").unlink()
    (bag / "bag-info.txt").unlink()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sha256": "0" * 64}, "another hash"),
        ({"path": "documents/other.md"}, "not in it"),
        ({"path": "corpus.json"}, "not in it"),
        ({"valid_from": "yesterday"}, "valid_from"),
        ({"current": "yes"}, "current"),
        ({"marking": {"policy": "NLD"}}, "level"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_catalog_line_that_is_not_right_is_refused_by_its_number(
    changed: dict[str, object], said: str, tmp_path: Path
) -> None:
    export_corpus(tmp_path / "bag", CORPUS, [a_version(tmp_path, "a.md", b"x")], bagged_on=DAY)
    row = json.loads((tmp_path / "bag/data/catalog.jsonl").read_text())
    _rewrite(tmp_path / "bag", "catalog.jsonl", json.dumps(row | changed))
    with pytest.raises(BagRefused, match=f"line 1 .*{said}"):
        import_corpus(tmp_path / "bag")


def test_a_version_that_stands_in_it_twice_is_refused(tmp_path: Path) -> None:
    export_corpus(tmp_path / "bag", CORPUS, [a_version(tmp_path, "a.md", b"x")], bagged_on=DAY)
    line = (tmp_path / "bag/data/catalog.jsonl").read_text()
    _rewrite(tmp_path / "bag", "catalog.jsonl", line + line)
    with pytest.raises(BagRefused, match="same id"):
        import_corpus(tmp_path / "bag")


def test_a_bag_of_a_later_format_is_refused(tmp_path: Path) -> None:
    export_corpus(tmp_path / "bag", CORPUS, [], bagged_on=DAY)
    _rewrite(tmp_path / "bag", "corpus.json", '{"format": 2}')
    with pytest.raises(BagRefused, match="newer release"):
        import_corpus(tmp_path / "bag")


@given(st.lists(st.text(max_size=12), max_size=6, unique=True))
def test_any_keys_can_be_bagged(keys: list[str]) -> None:
    keys = [key for key in keys if not any("\ud800" <= one <= "\udfff" for one in key)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        versions = [a_version(folder, key, key.encode()) for key in keys]
        export_corpus(folder / "bag", CORPUS, versions, bagged_on=DAY)
        assert [version for version, _ in import_corpus(folder / "bag")[1]] == [version for version, _ in versions]


def test_long_names_are_cut_and_stay_apart(tmp_path: Path) -> None:
    versions = [a_version(tmp_path, "é" * 300 + end, end.encode()) for end in ("a", "b")]
    export_corpus(tmp_path / "bag", CORPUS, versions, bagged_on=DAY)
    assert [version for version, _ in import_corpus(tmp_path / "bag")[1]] == [version for version, _ in versions]


@given(st.text(max_size=20))
def test_a_portable_key_leads_nowhere_else(key: str) -> None:
    parts = portable(key).split("/")
    assert not {"", ".", ".."} & {*parts}
    assert same_name(portable(key)) == same_name(portable(key).strip())
