"""Read and write `index.json`, the note beside a shard that says which folder holds it and what made it.

Writing it is the one atomic step by which an index changes shard. Knows nothing of what is in a shard."""

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.index.protocol import IndexUnavailable

SCHEMA = 1
REINDEX = "Run `stafwijzer corpus reindex` to build it again from the catalog."

_NAME = "index.json"
_SHARD_NAME = re.compile(r"shard-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Manifest:
    dimensions: int
    engine: str
    """What wrote the shard, for example 'qdrant-edge 0.9.0'."""
    shard: str | None = None
    """The folder of the shard, or None while the first one is being made."""
    untidied: int = 0
    """How many points were written since the engine last built its graphs. A crash may lose some of this count."""
    schema: int = SCHEMA


def read_manifest(folder: Path) -> Manifest | None:
    """Return the note in `folder`, or None when there is none. Raises IndexUnavailable when it cannot be trusted."""
    path = folder / _NAME
    try:
        manifest = Manifest(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexUnavailable(f"{path} cannot be read: {error.strerror}.", hint="Check its permissions.") from error
    except (ValueError, TypeError) as error:
        raise IndexUnavailable(f"{path} is damaged.", hint=REINDEX) from error
    if manifest.schema != SCHEMA:
        raise IndexUnavailable(f"{path} has layout {manifest.schema}, this version reads {SCHEMA}.", hint=REINDEX)
    if manifest.shard is not None and not _SHARD_NAME.fullmatch(manifest.shard):
        raise IndexUnavailable(f"{path} is damaged.", hint=REINDEX)
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the note; after a crash or a power cut there is either the old one or the new one."""
    written = folder / f"{_NAME}.new"
    with written.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    written.replace(folder / _NAME)
    sync_folder(folder)


def new_shard_name() -> str:
    """Return a name no shard has had before, so that no stray process can still be writing in it."""
    return f"shard-{os.urandom(8).hex()}"


def shard_folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if _SHARD_NAME.fullmatch(path.name))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
