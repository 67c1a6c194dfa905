"""How much one file may cost: seconds, memory, pages, pixels, unpacked bytes.

Loaders ask `in_force` and report their progress; a worker process sets both. Knows no format and no process."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds on reading one file. The defaults leave five times what the largest public file seen asks."""

    wall_seconds: float = 120
    """Without progress. A page that was recognised (OCR) counts as progress: a long scan is slow, not stuck."""
    cpu_seconds: int = 120
    """Of the process that reads, recognition apart."""
    memory_bytes: int = 2 * 1024**3
    """Address space of the process that reads, and of each program it starts."""
    pages: int = 10_000
    """Ten times the longest document seen (872 pages). Pages may share one content stream, so their number is what
    bounds the work."""
    scanned_pages: int = 1_000
    """Pages of one file that are recognised; what is beyond is said."""
    page_seconds: float = 60
    """For the recognition of one page. The slowest page seen, A4 at 300 dpi full of small type, takes 9."""
    pixels: int = 120_000_000
    """Of one picture: more than A3 at 600 dpi (70 million), less than a gigabyte while it is converted."""
    unpacked_bytes: int = 512 * 1024**2
    """Of everything in an archive together, and of any file that a program started by the reader writes."""


in_force: ContextVar[Limits] = ContextVar("in_force", default=Limits())  # noqa: B039 (it is frozen)
"""What loaders keep to."""

progress: ContextVar[Callable[[], None]] = ContextVar("progress", default=lambda: None)
"""What a loader calls when a slow step is done."""
