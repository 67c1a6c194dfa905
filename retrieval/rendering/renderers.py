"""Have pages drawn and read by worker processes, a few at a time, and keep what came of it last in memory.

What a worker says is not trusted: what does not look like a page or a picture is refused. Nothing is written to disk.
Knows nothing of who may see a page: whoever asks has made sure of that."""

import json
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import TypeVar, cast

from retrieval.errors import StafwijzerError
from retrieval.limits import Limits
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.parsing import Readers
from retrieval.rendering.pages import NO_SUCH_PAGE, Page, Rectangle

WORKER = "retrieval.rendering.worker"
# An ordinary page takes a tenth of a second, the slowest map seen 4.
_LIMITS = Limits(wall_seconds=15, cpu_seconds=15, memory_bytes=1024**3, pixels=8_000_000, unpacked_bytes=2**20)
_AT_ONCE = 2
_PATIENCE_SECONDS = 20
# Some 400 pages of 150 kB.
_KEPT_BYTES = 64 * 2**20
# A box is four numbers and a tuple.
_BYTES_PER_BOX = 250
_WEBP = (b"RIFF", b"WEBP")

Kept = bytes | Page
Checked = TypeVar("Checked")
_Key = tuple[str, str]


class PageNotDrawn(StafwijzerError):
    """A page cannot be drawn or read: it is damaged, takes too long or too much, or too many are asked for."""


class PageMissing(PageNotDrawn):
    """The document has no such page."""


class Renderers:
    """Workers that draw pages. Any thread may ask; it waits while others are being served."""

    def __init__(self, *, limits: Limits = _LIMITS, kept_bytes: int = _KEPT_BYTES, module: str = WORKER) -> None:
        """Start nothing yet: a worker starts with the first page."""
        self._readers = Readers(limits=limits, module=module)
        self._turns = BoundedSemaphore(_AT_ONCE)
        self._kept: OrderedDict[_Key, tuple[Kept, int]] = OrderedDict()
        self._kept_bytes, self._most_bytes = 0, kept_bytes
        self._keeping = Lock()

    def picture(self, original: Path, sha256: str, *, number: int, width: int) -> bytes:
        """Return a page of the PDF document at `original`, whose hash is given, as a WebP picture of so many pixels
        across. Raises PageMissing and PageNotDrawn."""

        def drawn() -> tuple[bytes, int]:
            told = self._ask(original, f"draw {number} {width}").metadata.get("picture", "")
            picture = _checked(lambda: b64decode(told, validate=True))
            if (picture[:4], picture[8:12]) != _WEBP:
                raise _not_drawn()
            return picture, len(picture)

        return cast("bytes", self._remembered((sha256, f"draw {number} {width}"), drawn))

    def page(self, original: Path, sha256: str, *, number: int) -> Page:
        """Return what is written on a page of the PDF document at `original`. Raises PageMissing and PageNotDrawn."""

        def read() -> tuple[Page, int]:
            page = _checked(lambda: _page(number, self._ask(original, f"read {number}")))
            return page, _BYTES_PER_BOX * len(page.boxes)

        return cast("Page", self._remembered((sha256, f"read {number}"), read))

    def close(self) -> None:
        """End the workers and forget all pages."""
        self._readers.close()
        with self._keeping:
            self._kept.clear()
            self._kept_bytes = 0

    def _remembered(self, key: _Key, make: Callable[[], tuple[Kept, int]]) -> Kept:
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        made, size = make()
        with self._keeping:
            if key not in self._kept:
                self._kept[key] = made, size
                self._kept_bytes += size
            while self._kept_bytes > self._most_bytes:
                _, (_, left) = self._kept.popitem(last=False)
                self._kept_bytes -= left
        return made

    def _ask(self, original: Path, wanted: str) -> Loaded:
        with self._turn():
            try:
                return self._readers.load(original, name=wanted)
            except NotLoaded as error:
                if error.reason == NO_SUCH_PAGE:
                    raise PageMissing("The document has no such page.", hint="Choose another.") from error
                raise _not_drawn() from error
            except OSError as error:
                raise PageNotDrawn(
                    "The original of this document is not there.", hint="Have its owner add it again."
                ) from error

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_PATIENCE_SECONDS):
            raise PageNotDrawn("Too many pages are being drawn just now.", hint="Try again in a moment.")
        try:
            yield
        finally:
            self._turns.release()


def _page(number: int, told: Loaded) -> Page:
    of, width, height = map(int, json.loads(told.metadata["size"]))
    boxes = tuple(box and Rectangle(*map(int, box)) for box in json.loads(told.metadata["boxes"]))
    if len(boxes) != len(told.text) or not 1 <= number <= of or min(width, height) < 1:
        raise ValueError("no page")
    return Page(number, of, width, height, told.text, boxes)


def _checked(check: Callable[[], Checked]) -> Checked:
    try:
        return check()
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _not_drawn() from error


def _not_drawn() -> PageNotDrawn:
    return PageNotDrawn("This page cannot be drawn.", hint="Read its text, or have its owner look at the original.")
