"""Look at the objects of a PDF file as they lie in its bytes, and at those in the object streams that can be unpacked.

Works on a file whose cross-reference table is broken, too (ISO 32000-1, 7.5.7). Lays nothing out and decrypts
nothing."""

import re
import zlib
from collections.abc import Iterator

_MOST_UNPACKED_BYTES = 64 * 1024 * 1024
_MOST_STREAM_BYTES = 8 * 1024 * 1024
_STREAM = re.compile(rb"stream\r?\n")
_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm\b")
_METADATA_STREAM = re.compile(rb"/Type\s*/Metadata\b")
_HEAD_BYTES = 512


def objects(content: bytes) -> Iterator[bytes]:
    """Yield the file without its streams, and the object streams unpacked, up to a limit."""
    budget = _MOST_UNPACKED_BYTES
    for head, stream in _divided(content):
        yield head
        if budget > 0 and _OBJECT_STREAM.search(head[-_HEAD_BYTES:]):
            unpacked = _inflated(stream, min(budget, _MOST_STREAM_BYTES))
            budget -= len(unpacked)
            yield unpacked


def metadata_streams(content: bytes) -> Iterator[bytes]:
    """Yield the XMP packets of the file and of the pictures in it (ISO 32000-1, 14.3.2), unpacked, up to a limit."""
    budget = _MOST_UNPACKED_BYTES
    for head, stream in _divided(content):
        if budget > 0 and _METADATA_STREAM.search(head[-_HEAD_BYTES:]):
            packed = b"/FlateDecode" in head[-_HEAD_BYTES:]
            found = _inflated(stream, min(budget, _MOST_STREAM_BYTES)) if packed else stream[:_MOST_STREAM_BYTES]
            budget -= len(found)
            yield found


def _divided(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield what stands before each stream with that stream, and what stands after the last with nothing."""
    at = 0
    while found := _STREAM.search(content, at):
        end = content.find(b"endstream", found.end())
        if end < 0:
            break
        yield content[at : found.start()], content[found.end() : end]
        at = end + len(b"endstream")
    yield content[at:], b""


def _inflated(packed: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, limit)
    except zlib.error:
        return b""
