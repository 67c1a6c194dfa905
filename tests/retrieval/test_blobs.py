"""Originals are kept whole, once, under the hash of their content."""

import hashlib
import multiprocessing
import os
from pathlib import Path

import pytest

from retrieval.blobs import BlobStore, OriginalChanged

CONTENT = b"The order.\n" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "order.txt"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def test_an_original_is_kept_byte_for_byte(store: BlobStore, original: Path) -> None:
    store.keep(original, SHA256)
    original.unlink()
    assert store.path(SHA256).read_bytes() == CONTENT
    assert store.path(SHA256).parent.name == SHA256[:2]


def test_the_same_content_is_kept_once(store: BlobStore, original: Path) -> None:
    store.keep(original, SHA256)
    before = store.path(SHA256).stat()
    store.keep(original, SHA256)
    assert store.path(SHA256).stat() == before


def test_only_the_owner_may_read_what_is_kept(store: BlobStore, original: Path) -> None:
    store.keep(original, SHA256)
    assert store.path(SHA256).stat().st_mode & 0o077 == 0


def test_a_copy_that_fails_leaves_nothing(store: BlobStore, tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    for source in (folder, tmp_path / "missing"):
        with pytest.raises(OSError, match="directory"):
            store.keep(source, SHA256)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_process_killed_while_it_copies_leaves_no_half_original(
    store: BlobStore, original: Path, tmp_path: Path
) -> None:
    # A pipe stands still half way for as long as the test needs.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    copier = multiprocessing.get_context("fork").Process(target=store.keep, args=(pipe, SHA256))
    copier.start()
    with pipe.open("wb") as half:
        half.write(CONTENT[:4000])
        half.flush()
        copier.kill()
        copier.join()
    assert not store.path(SHA256).exists()
    store.keep(original, SHA256)
    assert store.path(SHA256).read_bytes() == CONTENT


def test_a_file_that_no_longer_has_its_hash_is_not_kept(store: BlobStore, original: Path) -> None:
    original.write_bytes(CONTENT + b"More.")
    with pytest.raises(OriginalChanged):
        store.keep(original, SHA256)
    assert list(store.names()) == []


def test_a_damaged_original_is_noticed_and_replaced_when_asked(store: BlobStore, original: Path) -> None:
    store.keep(original, SHA256)
    store.path(SHA256).write_bytes(b"damaged")
    assert not store.is_whole(SHA256)
    store.keep(original, SHA256)
    assert not store.is_whole(SHA256)
    store.keep(original, SHA256, anew=True)
    assert store.is_whole(SHA256)


def test_what_is_removed_is_gone_and_removing_twice_is_fine(store: BlobStore, original: Path) -> None:
    store.keep(original, SHA256)
    assert [store.remove(SHA256), store.remove(SHA256)] == [True, False]
    assert not store.is_whole(SHA256)


def test_strays_go_and_originals_stay(store: BlobStore, original: Path) -> None:
    store.keep(original, SHA256)
    (store.path(SHA256).parent / "tmpabc").write_bytes(b"half")
    assert store.remove_strays({SHA256}) == 1
    assert list(store.names()) == [SHA256]
