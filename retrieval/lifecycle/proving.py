"""Prove that the catalog, the index and the originals say the same, and mend what does not.

Looks at every live passage and every original. The catalog is believed, except where its own hashes say otherwise.
Shows no text."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

from retrieval.blobs import BlobStore, OriginalChanged
from retrieval.catalog import Found
from retrieval.documents import passage_id, text_sha256
from retrieval.index.protocol import Point
from retrieval.lifecycle.placing import path_of
from retrieval.lifecycle.pointing import PointWriter, batches, point_of, searchable_text

# The engine keeps 32 bits of what was handed over in 64.
_TOLERANCE = 1e-4
_ASKED = 1000


class Kind(StrEnum):
    """What can be wrong."""

    ORPHAN = "orphan"
    """The index has a point that is no live passage."""
    MISSING = "missing vector"
    """A live passage has no point."""
    FIELDS = "wrong fields"
    """A point says another marking, date, corpus or version."""
    VECTOR = "wrong vector"
    """A point's vector is not of unit length, or its terms are not those of the text."""
    PASSAGE = "wrong passage"
    """A passage's text or hash is not what its id says."""
    ORIGINAL = "wrong original"
    """An original is gone or damaged."""
    STRAY = "stray original"
    """A file among the originals that no version is of."""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Kind
    place: str
    """The corpus and key of the document, or what else names it."""
    count: int
    """Of passages, points or files there."""
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    passages: int
    points: int
    originals: int
    """How many of each were looked at."""
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong any more."""
        return all(fault.repaired for fault in self.faults)


@dataclass(slots=True)
class _Tally:
    """Faults by kind and place, and the versions whose points are to be written again."""

    counts: dict[tuple[Kind, str], int] = field(default_factory=dict)
    lost: set[tuple[Kind, str]] = field(default_factory=set)
    """Those that cannot be mended here."""
    rewrite: set[str] = field(default_factory=set)
    anew: set[str] = field(default_factory=set)
    """Of these the vectors are made again."""

    def add(self, kind: Kind, place: str, *, count: int = 1, lost: bool = False) -> None:
        self.counts[kind, place] = self.counts.get((kind, place), 0) + count
        if lost:
            self.lost.add((kind, place))

    def faults(self, *, repaired: bool) -> tuple[Fault, ...]:
        told = sorted(self.counts.items())
        return tuple(Fault(*name, count, repaired and name not in self.lost) for name, count in told)


def prove(
    points: PointWriter,
    blobs: BlobStore,
    *,
    repair: bool,
    on_batch: Callable[[int], None] = lambda passages: None,
) -> Proof:
    """Compare everything; with `repair`, mend what can be mended. The caller keeps other writers out.

    `on_batch` is told the number of passages of each batch that was compared."""
    tally = _Tally()
    live = _prove_passages(points, tally, repair=repair, on_batch=on_batch)
    held = points.index.ids()
    orphaned = _prove_orphans(points, tally, sorted(held - live.keys()))
    originals = _prove_originals(points, blobs, tally, repair=repair)
    if repair:
        if orphaned:
            points.index.delete_versions(sorted(orphaned))
        points.rewrite(sorted((tally.rewrite | (orphaned & set(live.values()))) - tally.anew))
        points.rewrite(sorted(tally.anew), anew=True)
        points.catalog.out_of_index(sorted(orphaned & points.catalog.not_live_in_index()))
        points.catalog.told_index(sorted(points.catalog.pending()))
    return Proof(len(live), len(held), originals, tally.faults(repaired=repair))


def _prove_passages(
    points: PointWriter, tally: _Tally, *, repair: bool, on_batch: Callable[[int], None]
) -> dict[str, str]:
    """Compare every live passage with its own hashes and with its point; return the versions by passage."""
    live: dict[str, str] = {}
    for batch in batches(points.catalog.live_passages()):
        live.update((found.passage.id, found.passage.version) for found in batch)
        sound = _prove_texts(points, tally, batch, repair=repair)
        held = points.index.points([found.passage.id for found in batch])
        for found in sound:
            if kind := _wrong_with(held.get(found.passage.id), found):
                tally.add(kind, _place(found))
                (tally.anew if kind is Kind.VECTOR else tally.rewrite).add(found.passage.version)
        on_batch(len(batch))
    return live


def _prove_texts(points: PointWriter, tally: _Tally, batch: Sequence[Found], *, repair: bool) -> list[Found]:
    """Compare passages with their ids and their version's text; return those that are sound or can be made so."""
    texts = points.catalog.kept_texts(sorted({found.passage.version for found in batch}))
    hashes = points.catalog.searchable_hashes([found.passage.id for found in batch])
    mended: dict[str, tuple[str, str]] = {}
    sound = []
    for found in batch:
        told = _believed(found, texts)
        if told is None:
            tally.add(Kind.PASSAGE, _place(found), lost=True)
            continue
        sound.append(told)
        digest = text_sha256(searchable_text(told))
        if told is not found or hashes[found.passage.id] != digest:
            tally.add(Kind.PASSAGE, _place(found))
            mended[found.passage.id] = (told.passage.text, digest)
            tally.anew.add(found.passage.version)
    if repair and mended:
        points.catalog.mend_passages(mended)
    return sound


def _believed(found: Found, texts: Mapping[str, str]) -> Found | None:
    """Return a passage with the text that its id vouches for: its own, or that in its version; None when neither is."""
    passage = found.passage
    inside = texts[passage.version][passage.start : passage.end]
    if inside == passage.text and _vouches(found, inside):
        return found
    return replace(found, passage=replace(passage, text=inside)) if _vouches(found, inside) else None


def _vouches(found: Found, text: str) -> bool:
    passage = found.passage
    return passage.id == passage_id(passage.version, passage.start, passage.end, text)


def _wrong_with(held: Point | None, found: Found) -> Kind | None:
    if held is None:
        return Kind.MISSING
    wanted = point_of(found, held.dense)
    if replace(held, sparse=wanted.sparse) != replace(wanted, dense=held.dense):
        return Kind.FIELDS
    terms = dict(zip(held.sparse.indices, held.sparse.values, strict=True))
    same = terms.keys() == set(wanted.sparse.indices) and all(
        math.isclose(terms[index], value, rel_tol=_TOLERANCE)
        for index, value in zip(wanted.sparse.indices, wanted.sparse.values, strict=True)
    )
    unit = math.isclose(float(np.linalg.norm(held.dense)), 1.0, abs_tol=1e-3)
    return None if same and unit else Kind.VECTOR


def _prove_orphans(points: PointWriter, tally: _Tally, orphans: Sequence[str]) -> set[str]:
    """Count points that are no live passage; return their versions."""
    versions: set[str] = set()
    for start in range(0, len(orphans), _ASKED):
        for point in points.index.points(orphans[start : start + _ASKED]).values():
            tally.add(Kind.ORPHAN, f"version {point.version} in {point.corpus}")
            versions.add(point.version)
    return versions


def _prove_originals(points: PointWriter, blobs: BlobStore, tally: _Tally, *, repair: bool) -> int:
    originals = points.catalog.originals()
    sources = {source.id: source for one in points.catalog.corpora() for source in points.catalog.sources(one.name)}
    for sha256, documents in originals.items():
        if blobs.is_whole(sha256):
            continue
        files = [path_of(sources[source], file) for _, _, source, file in documents if file and source in sources]
        corpus, key, _, _ = documents[0]
        lost = not (repair and any(_kept_again(blobs, path, sha256) for path in files))
        tally.add(Kind.ORIGINAL, f"{corpus}: {key}", lost=lost)
    if strays := [name for name in blobs.names() if name not in originals]:
        tally.add(Kind.STRAY, "the originals", count=len(strays))
        if repair:
            blobs.remove_strays(originals.keys())
    return len(originals)


def _kept_again(blobs: BlobStore, path: Path, sha256: str) -> bool:
    try:
        blobs.keep(path, sha256, anew=True)
    except (OSError, OriginalChanged):
        return False
    return True


def _place(found: Found) -> str:
    return f"{found.document.corpus}: {found.document.key}"
