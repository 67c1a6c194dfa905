"""Take one file that a program sends into a corpus, as `stafwijzer corpus add` takes one from a folder.

It is kept in a folder of the corpus below the state folder, which is a source like any other: the same name again is a
new version. What it is, its bytes say. Knows nothing of who may send one."""

import contextlib
import os
import shutil
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from assistant.bootstrap import Installation
from retrieval.errors import StafwijzerError
from retrieval.lifecycle.outcomes import Became, Outcome
from retrieval.loading.mapping import SIDECAR_SUFFIX
from retrieval.marking import is_sidecar

_SERVED = frozenset({Became.ADDED, Became.CHANGED, Became.MOVED})
# What ext4 and most other file systems take, in bytes.
_LONGEST_NAME_BYTES = 200


class NameUnusable(StafwijzerError):
    """A file cannot be kept under the name that it was sent with."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of a file and of the documents in it."""

    name: str
    outcomes: tuple[Outcome, ...]
    """Of what is not as it was before. Empty: all of it was in the corpus already."""

    @property
    def served(self) -> bool:
        """Whether something new can be found."""
        return any(one.became in _SERVED for one in self.outcomes)

    @property
    def held_back(self) -> bool:
        return any(one.became is Became.HELD_BACK for one in self.outcomes)


def take_in(file: IO[bytes], name: str, corpus: str, installation: Installation) -> Uploaded:
    """Take a file into a corpus that is there. Blocks until its documents can be found or are refused.

    What is refused altogether is not kept, and what was there under its name stays. Raises NameUnusable, CorpusUnknown
    and what `Ingestion.sync_paths` raises."""
    folder = installation.settings.home / "uploads" / f"corpus-{quote(corpus, safe='')}"
    path, outcomes = folder / usable_name(name), list[Outcome]()
    kept = installation.catalog.corpus(corpus)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _replaced(path, file) as undo:
        if is_sidecar(path):
            undo()
            raise NameUnusable("A label or a manifest is no document.", hint="The operator can add those.")
        installation.ingestion.sync_paths(folder, kept, [path], on_outcome=outcomes.append)
        told = Uploaded(path.name, tuple(outcomes))
        if outcomes and not told.served and not told.held_back:
            undo()
    return told


def usable_name(name: str) -> str:
    """Return the last part of a name, in one way of writing. Raises NameUnusable."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2]).strip()
    if not last or last.startswith(".") or not last.isprintable() or last.casefold().endswith(SIDECAR_SUFFIX):
        raise NameUnusable("The file has no name that a document can have.", hint="Send it as 'report.pdf', say.")
    if len(last.encode("utf-8", "surrogatepass")) > _LONGEST_NAME_BYTES:
        raise NameUnusable("The file's name is too long.", hint=f"At most {_LONGEST_NAME_BYTES} bytes.")
    return last


@contextlib.contextmanager
def _replaced(path: Path, file: IO[bytes]) -> "Iterator[_Undo]":
    """Put a file in the place of another, and the other back when told so or when something goes wrong."""
    # Hidden: an intake passes them by.
    mark = uuid.uuid4().hex
    arriving, before = path.with_name(f".{mark}.new"), path.with_name(f".{mark}.old")
    undo = _Undo(path, before)
    try:
        with arriving.open("xb") as written:
            shutil.copyfileobj(file, written, 1 << 20)
            written.flush()
            os.fsync(written.fileno())
        if path.exists():
            os.link(path, before)
        arriving.replace(path)
        yield undo
    except BaseException:
        undo()
        raise
    finally:
        arriving.unlink(missing_ok=True)
        before.unlink(missing_ok=True)


@dataclass(slots=True)
class _Undo:
    path: Path
    before: Path

    def __call__(self) -> None:
        if self.before.exists():
            self.before.replace(self.path)
        else:
            self.path.unlink(missing_ok=True)
