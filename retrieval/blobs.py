"""Keep originals by the hash of their content. Knows nothing of what is in them."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BlobStore:
    folder: Path

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def keep(self, source: Path, sha256: str) -> None:
        """Copy a file under its hash, once. The copy is complete and on disk when this returns."""
        target = self.path(sha256)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as copy:
            try:
                with source.open("rb") as original:
                    shutil.copyfileobj(original, copy)
                copy.flush()
                os.fsync(copy.fileno())
                Path(copy.name).replace(target)
                _write_names(target.parent)
            except BaseException:
                Path(copy.name).unlink(missing_ok=True)
                raise


def _write_names(folder: Path) -> None:
    """The new name is on disk only when its folder is (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
