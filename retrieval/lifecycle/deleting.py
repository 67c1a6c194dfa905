"""Delete documents so that nothing of their text is left: in the catalog, the index, the originals or their files.

The order makes it safe to be killed: hidden and written down, then out of the index, then the originals, then the
rows. What it cannot reach (backups, blocks of a disk, a journal of answers) it does not promise: receipts say so."""

from collections.abc import Mapping
from dataclasses import replace

from retrieval.blobs import BlobStore
from retrieval.catalog import Receipt
from retrieval.lifecycle.pointing import PointWriter

_INDEX_LATER = "The index server clears deleted vectors from its files by its own settings, later."
_JOURNAL = "Answers given before stay in the journal, with the words that they quoted."


def delete(points: PointWriter, blobs: BlobStore, corpus: str, documents: Mapping[str, str], *, by: str) -> Receipt:
    """Delete documents, id to key, in all their versions; return the receipt.

    Originals and vectors that another document has as well stay for that one. Raises IndexUnavailable or
    DatabaseUnavailable: the documents are hidden then, and the next command that writes goes on."""
    vectors: dict[str, int] = {}
    for document in documents:
        for version, passages in points.catalog.versions_of(document).items():
            vectors[version] = len(points.index.vectors(passages))
    return _finish(points, blobs, points.catalog.begin_deletion(corpus, documents, vectors=vectors, by=by))


def finish_deletions(points: PointWriter, blobs: BlobStore) -> None:
    """Go on with deletions that were stopped half way."""
    for receipt in points.catalog.unfinished_deletions():
        _finish(points, blobs, receipt)


def _finish(points: PointWriter, blobs: BlobStore, receipt: Receipt) -> Receipt:
    versions = [version for document in receipt.documents for version in document.versions]
    points.index.delete_versions([version.id for version in versions])
    points.index.flush()
    remarks = [_JOURNAL] if points.index.purge() else [_JOURNAL, _INDEX_LATER]
    originals = sorted({version.blob for version in versions})
    kept = points.catalog.blobs_in_use(originals, without=receipt)
    for sha256 in originals:
        if sha256 not in kept:
            blobs.remove(sha256)
    removed = tuple(sha256 for sha256 in originals if sha256 not in kept)
    told = replace(receipt, blobs_removed=removed, blobs_kept=tuple(sorted(kept)), remarks=tuple(remarks))
    return points.catalog.end_deletion(told)
