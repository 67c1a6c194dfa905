"""Keep originals by the hash of their content. Knows nothing of what is in them."""

import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK_BYTES = 1 << 20
_HASH = re.compile(r"[0-9a-f]{64}")


class OriginalChanged(Exception):
    """A file does not hold (any more) the content whose hash was told."""


@dataclass(frozen=True, slots=True)
class BlobStore:
    folder: Path

    def path(self, sha256: str) -> Path:
        """Return where an original lies. Raises ValueError for what is no hash: it could lead out of the folder."""
        if not _HASH.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is no SHA-256")
        return self.folder / sha256[:2] / sha256

    def keep(self, source: Path, sha256: str, *, anew: bool = False) -> None:
        """Copy a file under its hash, once, or `anew` in the place of a damaged copy.

        The copy is complete and on disk when this returns.

        Raises OriginalChanged, and keeps nothing, when the file has another hash by now."""
        target = self.path(sha256)
        if target.exists() and not anew:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as copy:
            try:
                digest = hashlib.sha256()
                with source.open("rb") as original:
                    while block := original.read(_BLOCK_BYTES):
                        digest.update(block)
                        copy.write(block)
                if digest.hexdigest() != sha256:
                    raise OriginalChanged(source)
                copy.flush()
                os.fsync(copy.fileno())
                Path(copy.name).replace(target)
                _write_names(target.parent)
            except BaseException:
                Path(copy.name).unlink(missing_ok=True)
                raise

    def names(self) -> Iterator[str]:
        """Yield the name of every file that is kept, also of copies that were never finished."""
        for folder in sorted(self.folder.glob("*")):
            yield from sorted(path.name for path in folder.glob("*"))

    def is_whole(self, sha256: str) -> bool:
        """Read an original and tell whether it is there with the content that it is kept for."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def remove(self, sha256: str) -> bool:
        """Remove an original, for good when this returns; tell whether there was one."""
        path = self.path(sha256)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        _write_names(path.parent)
        return True

    def remove_strays(self, kept: Collection[str]) -> int:
        """Remove every file that is none of these originals; return how many. Nobody may be keeping one meanwhile."""
        strays = [path for path in self.folder.glob("*/*") if path.name not in kept]
        for path in strays:
            path.unlink()
        return len(strays)


def _write_names(folder: Path) -> None:
    """The new name is on disk only when its folder is (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
