"""Say where in a corpus a file belongs: of which source it is, and what its document is called.

A file has one name in a corpus, whether it was added by itself, with its folder or with the folder above that. Two
folders never share a name by accident: the names of the second begin with its own. Reads paths, no contents."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path, PurePosixPath

from retrieval.catalog import Catalog, Holding, Source


@dataclass(frozen=True, slots=True)
class Place:
    """Where what is offered lies in its source."""

    source: Source
    below: str
    """The folders between the source and what is offered, each with a slash; '' for the source itself."""

    @property
    def begin(self) -> str:
        """What the names of its files begin with."""
        return self.source.prefix + self.below

    def path_of(self, file: str) -> Path:
        """Return where a file of this source lies."""
        return path_of(self.source, file)


def place(
    catalog: Catalog, corpus: str, path: Path, names: Sequence[str], holdings: Callable[[], Iterable[Holding]]
) -> Place:
    """Return the place of a file or folder in a corpus; it becomes a source unless it lies in one.

    `names`: of the files in it, from there. `holdings`: the documents of the corpus, asked for when it becomes one.
    Sources that lie in it become part of it."""
    real = path.resolve()
    sources = catalog.sources(corpus)
    for source in sources:
        if found := _within(source, real):
            return found
    inner = [source for source in sources if PurePosixPath(source.path).is_relative_to(written(real))]
    taken = {
        holding.file or ""
        for holding in holdings()
        if holding.source is not None and holding.source not in {source.id for source in inner}
    }
    prefix = _prefix(real, names, taken)
    moved = [(source, prefix + _begin(source, real)) for source in inner]
    return Place(catalog.add_source(corpus, written(real), prefix, within=moved), "")


def path_of(source: Source, file: str) -> Path:
    """Return where a file of a source lies."""
    name = file.removeprefix(source.prefix)
    root = Path(source.path)
    return root if name == root.name and not root.is_dir() else root / name


def closed_folders(source: Path) -> list[str]:
    """Return the folders below a source that may not be read, each with a slash, as its files would be named."""
    closed: list[OSError] = []
    for _, folders, _ in os.walk(source, onerror=closed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
    denied = (Path(error.filename) for error in closed if isinstance(error, PermissionError))
    return sorted(f"{written(path.relative_to(source))}/" for path in denied)


def is_gone(path: Path) -> bool:
    """Tell whether there is certainly nothing at a path: a folder that cannot be entered tells nothing."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def written(path: Path) -> str:
    """Return a path as text: the odd bytes of a name that is not UTF-8 are written out, as in keys."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _within(source: Source, real: Path) -> Place | None:
    told = PurePosixPath(written(real))
    if not told.is_relative_to(source.path):
        return None
    below = told.relative_to(source.path)
    if not real.is_dir():
        below = below.parent
    return Place(source, "" if below == PurePosixPath() else f"{below}/")


def _begin(source: Source, root: Path) -> str:
    """Return what the names of an inner source begin with, seen from the folder above."""
    below = PurePosixPath(source.path).relative_to(written(root))
    below = below if Path(source.path).is_dir() else below.parent
    return "" if below == PurePosixPath() else f"{below}/"


def _prefix(real: Path, names: Sequence[str], taken: set[str]) -> str:
    if taken.isdisjoint(names):
        return ""
    folder = real if real.is_dir() else real.parent
    name = written(Path(folder.name or "root"))
    tries = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(f"{one}/" for one in tries if taken.isdisjoint(f"{one}/{file}" for file in names))
