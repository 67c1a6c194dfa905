"""Walk what an owner adds: a file, or all files below a folder, as documents and records with stable keys.

Reads bytes to hash them; parsing is the loaders' work. Knows no catalog and no index."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from retrieval.documents import text_sha256
from retrieval.errors import StafwijzerError
from retrieval.identifying import HEAD_BYTES, Format, identify
from retrieval.loading import BadRecord, Loaded, load, records


class SourceMissing(StafwijzerError):
    """The file or folder to add is not there, or may not be read."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not in the corpus, or not all of it, and why, in plain words."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A document as it lies in the source, not yet read."""

    key: str
    sha256: str
    """Of the file's bytes, or of a record's title and text."""
    blob: str
    """SHA-256 of the file that holds it."""
    path: Path
    load: Callable[[], Loaded] = field(compare=False)


def files(source: Path) -> list[tuple[str, Path]]:
    """Return (key, path) in a fixed order. Hidden files and folders are not documents; links are not followed.

    Raises SourceMissing."""
    if source.is_file():
        return [(source.name, source)]
    if not source.is_dir():
        raise SourceMissing(f"There is no file or folder {source}.", hint="Check the path and try again.")
    if not os.access(source, os.R_OK | os.X_OK):
        raise SourceMissing(f"The folder {source} cannot be read.", hint="Give yourself the right to read it.")
    return list(_below(source))


def documents(key: str, path: Path) -> Iterator[Offered | Refusal]:
    """Yield the documents of a file: one, or one for each record. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(0)
        blob = hashlib.file_digest(file, "sha256").hexdigest()
    if identify(path.name, head) is not Format.BEIR:
        yield Offered(key, blob, blob, path, partial(load, path))
        return
    for record in records(path):
        if isinstance(record, BadRecord):
            yield Refusal(f"{key}:{record.line}", record.reason)
        else:
            content = json.dumps([record.loaded.title, record.loaded.text], ensure_ascii=False)
            yield Offered(f"{key}#{record.id}", text_sha256(content), blob, path, partial(_itself, record.loaded))


def _below(source: Path) -> Iterator[tuple[str, Path]]:
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not name.startswith(".") and not path.is_symlink():
                # A name that is not UTF-8 (an old share) must not stop the others: its odd bytes are written out.
                key = os.fsencode(path.relative_to(source).as_posix()).decode("utf-8", "backslashreplace")
                yield key, path


def _itself(loaded: Loaded) -> Loaded:
    return loaded
