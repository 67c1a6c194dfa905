"""Gather what an operator wants to see at once: program, models, load and disk. Changes and loads nothing."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from assistant.bootstrap import Installation

_PARTS = ("index", "blobs", "chat", "evals", "exports", "locks")


@dataclass(frozen=True, slots=True)
class Occupied:
    """What a part of the state folder takes on the disk."""

    part: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Overview:
    version: str
    settings_fingerprint: str
    model: str
    """Its kind, and the name of its file or of the model at its endpoint."""
    model_sha256: str
    """'' until it is loaded, and for an endpoint."""
    embedder: str
    index: str
    """Its kind, and where it is served when that is elsewhere."""
    catalog: str
    """The kind of its database."""
    queue: int | None
    """Those whom the model is answering or who wait for it; None until there is a model."""
    memory_bytes: int
    """Of this process."""
    free_bytes: int
    occupied: tuple[Occupied, ...]
    """Of the state folder, largest first."""


def look(installation: Installation) -> Overview:
    """Return what is so now. What was not made yet is told by its settings, not made for this."""
    settings = installation.settings
    made = vars(installation).get("model")
    return Overview(
        version=version("stafwijzer"),
        settings_fingerprint=settings.fingerprint,
        model=_model(installation),
        model_sha256=(made.sha256 or "") if made else "",
        embedder=settings.embedder.path.name if settings.embedder.path else "all-MiniLM-L6-v2",
        index=settings.index.kind + (f" · {settings.index.url}" if settings.index.kind == "server" else ""),
        catalog=settings.catalog_url.partition(":")[0].partition("+")[0],
        queue=made.queue.length if made else None,
        memory_bytes=memory_bytes(),
        free_bytes=shutil.disk_usage(settings.home).free,
        occupied=tuple(sorted(_occupied(settings.home), key=lambda one: -one.bytes)),
    )


def memory_bytes() -> int:
    """Return what this process holds in memory; its most so far where the system does not tell what it holds now."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # Kibibytes, but on macOS bytes (getrusage(2)).
        return most if sys.platform == "darwin" else most * 1024


def _model(installation: Installation) -> str:
    told = installation.settings.model
    if told.kind == "none":
        return "none"
    name = told.name if told.kind == "openai" else told.path.name if told.path else "SmolLM2-135M-Instruct"
    return f"{told.kind} · {name}"


def _occupied(home: Path) -> Iterator[Occupied]:
    for part in _PARTS:
        if (home / part).is_dir():
            yield Occupied(part, sum(_sizes(home / part)))
    # The database has files beside it while it is written.
    yield Occupied("catalog", sum(_size(path) for path in home.glob("catalog.sqlite*")))


def _sizes(folder: Path) -> Iterator[int]:
    for place, _, names in os.walk(folder):
        yield from (_size(Path(place) / name) for name in names)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        # Deleted since it was listed.
        return 0
