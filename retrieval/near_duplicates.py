"""Find documents that are nearly the same text: drafts beside their final, a law beside its next version.

MinHash over shingles of words finds candidates without comparing all with all (Broder 1997; Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, chapter 3), and the true overlap of their shingles decides. A signature is made of
one text and can be stored: what is added later is compared with signatures, not with texts. Knows nothing of catalogs,
and refuses to say which of two is the better."""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from retrieval.folding import fold

SIGNATURE_VERSION = b"1"
"""The first byte of a signature: those made by another rule cannot be compared and are made again."""

# Five words: phrases that documents of one kind share ('de Minister van Defensie') are shorter.
_WORDS_IN_SHINGLE = 5
_HASHES = 128
# Nine in a thousand pairs that are as alike as the threshold may be missed; more alike, fewer.
_RECALL_AT_THRESHOLD = 0.99
_WORD = re.compile(r"[^\W_]+")
_STEP = 4096

_Shingles = NDArray[np.uint64]
"""Hashes of the shingles of one text, each once, in order."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents that are nearly the same."""

    a: str
    b: str
    jaccard: float
    """Shingles in both as a share of shingles in either: 1.0 for the same words in the same order."""


class SignatureOutdated(ValueError):
    """A signature was made by another version of the rule: make it again from the text."""


def near_duplicates(texts: Iterable[tuple[str, str]], *, threshold: float = 0.7) -> list[Pair]:
    """Return the pairs of documents, given as key and text, whose overlap is `threshold` (0-1) or more, the closest
    first. Reads each text once; holds 8 bytes for each of its words. Raises ValueError for a threshold outside 0-1."""
    shingles = {key: _shingles(text) for key, text in texts}
    signatures = {key: _signature(found) for key, found in shingles.items()}
    pairs = (Pair(a, b, _overlap(shingles[a], shingles[b])) for a, b in candidates(signatures, threshold=threshold))
    return sorted(
        (pair for pair in pairs if pair.jaccard >= threshold), key=lambda pair: (-pair.jaccard, pair.a, pair.b)
    )


def signature(text: str) -> bytes:
    """Return 513 bytes that stand for a text among others. Empty for a text without words: it is like no other."""
    return _signature(_shingles(text))


def jaccard(a: str, b: str) -> float:
    """Return the share of shingles of two texts that are in both, 0-1."""
    return _overlap(_shingles(a), _shingles(b))


def candidates(signatures: Mapping[str, bytes], *, threshold: float = 0.7) -> Iterator[tuple[str, str]]:
    """Yield the pairs of keys, each once and in order, that may overlap by `threshold` or more: `jaccard` of their
    texts decides. Raises SignatureOutdated."""
    seen: set[tuple[str, str]] = set()
    for keys in _buckets(signatures, threshold).values():
        ordered = sorted(keys)
        for position, a in enumerate(ordered):
            for b in ordered[position + 1 :]:
                if (a, b) not in seen:
                    seen.add((a, b))
                    yield a, b


def candidates_for(one: bytes, signatures: Mapping[str, bytes], *, threshold: float = 0.7) -> list[str]:
    """Return the keys, in order, whose texts may overlap with that of `one` by `threshold` or more: what to read when
    a document is added. Raises SignatureOutdated."""
    if not one:
        return []
    bands = set(_bands(one, threshold))
    return sorted(key for key, other in signatures.items() if other and not bands.isdisjoint(_bands(other, threshold)))


def _shingles(text: str) -> _Shingles:
    numbers: dict[str, int] = defaultdict(int)
    words = _WORD.findall(fold(text))
    for word in set(words):
        encoded = word.encode()
        numbers[word] = zlib.crc32(encoded) << 32 | zlib.adler32(encoded)
    hashes = np.fromiter((numbers[word] for word in words), np.uint64, len(words))
    if len(hashes) == 0:
        return hashes
    size = min(_WORDS_IN_SHINGLE, len(hashes))
    mixed = np.zeros(len(hashes) - size + 1, np.uint64)
    for offset in range(size):
        # Order counts: each step multiplies what came before by an odd number (overflow is meant).
        mixed = _mixed(mixed * np.uint64(0x9E3779B97F4A7C15) + hashes[offset : len(hashes) - size + 1 + offset])
    return np.unique(mixed)


def _mixed(values: _Shingles) -> _Shingles:
    # The finalizer of MurmurHash3: neighbouring numbers end up far apart.
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


def _signature(shingles: _Shingles) -> bytes:
    if len(shingles) == 0:
        return b""
    factors, summands = _permutations()
    least = np.full(_HASHES, 0xFFFFFFFF, np.uint64)
    for at in range(0, len(shingles), _STEP):
        # Multiply-shift hashing: of each product the high half (Dietzfelbinger et al. 1997).
        products = shingles[at : at + _STEP, None] * factors + summands
        least = np.minimum(least, (products >> np.uint64(32)).min(axis=0))
    return SIGNATURE_VERSION + least.astype("<u4").tobytes()


@cache
def _permutations() -> tuple[_Shingles, _Shingles]:
    # PCG64 with a seed yields the same numbers on every machine; other numbers would need another version.
    generator = np.random.Generator(np.random.PCG64(20250101))
    numbers = generator.integers(1, 2**63, (2, _HASHES), np.uint64)
    return numbers[0] | np.uint64(1), numbers[1]


def _overlap(a: _Shingles, b: _Shingles) -> float:
    if len(a) == 0 or len(b) == 0:
        return 0.0
    both = len(np.intersect1d(a, b, assume_unique=True))
    return both / (len(a) + len(b) - both)


def _buckets(signatures: Mapping[str, bytes], threshold: float) -> dict[tuple[int, bytes], list[str]]:
    buckets: dict[tuple[int, bytes], list[str]] = defaultdict(list)
    for key, one in signatures.items():
        for band in _bands(one, threshold) if one else ():
            buckets[band].append(key)
    return buckets


def _bands(one: bytes, threshold: float) -> Iterator[tuple[int, bytes]]:
    """Parts of a signature: two texts are candidates if they share one."""
    if one[:1] != SIGNATURE_VERSION or len(one) != 1 + 4 * _HASHES:
        raise SignatureOutdated
    width = 4 * _rows(threshold)
    for number, at in enumerate(range(1, len(one) - width + 1, width)):
        yield number, one[at : at + width]


@cache
def _rows(threshold: float) -> int:
    """How many hashes a band has: as many as leave the recall at the threshold, since more mean fewer candidates."""
    if not 0 < threshold <= 1:
        raise ValueError("a threshold lies above 0, and is 1 at most")
    fitting = (
        rows for rows in range(32, 0, -1) if 1 - (1 - threshold**rows) ** (_HASHES // rows) >= _RECALL_AT_THRESHOLD
    )
    return next(fitting, 1)
