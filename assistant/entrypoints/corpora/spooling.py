"""Keep files that are being sent to a corpus in a folder of the home that only its user may enter, until they are read.

Bounds each file and all together; refuses paths that lead out. Knows nothing of requests, corpora or pages."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from retrieval.errors import StafwijzerError
from retrieval.identifying import MAX_FILE_BYTES

MOST_BYTES = 1 << 30
"""Of all files of one upload together."""
MOST_FILES = 2_000
_LONGEST_PATH = 400
_LONGEST_NAME_BYTES = 255
_MOST_FOLDERS = 20
# So much stays free: the catalog and the index must be able to write.
_SPARE_BYTES = 256 << 20
_MEBIBYTE = 1 << 20


class UploadRefused(StafwijzerError):
    """An upload is too large, broken off, or there is no room for it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was sent and is not taken."""

    key: str
    reason: str
    """A key of the words of these pages."""


@dataclass(slots=True)
class Spool:
    """The files of one upload."""

    folder: Path
    names: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    size: int = 0

    @contextmanager
    def file(self, name: str) -> Iterator["Incoming | None"]:
        """Take in a file; None: it is refused, and what is sent of it is passed over. Raises UploadRefused."""
        if len(self.names) + len(self.refused) >= MOST_FILES:
            raise UploadRefused(f"This is more than {MOST_FILES:,} files.", hint="Send them in parts.")
        path = placed(name)
        if path is None or path in self.names:
            self.refused.append(Refused(name, "path refused" if path is None else "sent twice"))
            yield None
            return
        target = self.folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with target.open("xb") as written:
                incoming = Incoming(self, written)
                yield incoming
        except FileExistsError:
            # A file of this name is a folder of another, or they differ in what this disk does not tell apart.
            self.refused.append(Refused(name, "sent twice"))
            return
        except OSError as error:
            raise _no_room(error) from error
        if incoming.too_large:
            target.unlink()
            self.refused.append(Refused(name, "file too large"))
        else:
            self.names.append(path)

    def count(self, more: int) -> None:
        self.size += more
        if self.size > MOST_BYTES:
            raise too_large(self.size)


@dataclass(slots=True)
class Incoming:
    """A file as it comes in."""

    spool: Spool
    written: BinaryIO
    size: int = 0
    too_large: bool = False

    def write(self, block: bytes) -> None:
        """Raises UploadRefused."""
        self.spool.count(len(block))
        self.size += len(block)
        if self.size > MAX_FILE_BYTES:
            self.too_large = True
            return
        try:
            self.written.write(block)
        except OSError as error:
            raise _no_room(error) from error


def placed(name: str) -> str | None:
    """Return where a file of this name belongs below the upload, or None: it leads out, is hidden or no name."""
    name = name.replace("\\", "/")
    path = PurePosixPath(name)
    parts = name.split("/")
    if not name or len(name) > _LONGEST_PATH or path.is_absolute() or len(parts) > _MOST_FOLDERS:
        return None
    if any(not one.strip() or one.startswith(".") or len(os.fsencode(one)) > _LONGEST_NAME_BYTES for one in parts):
        return None
    drive = len(parts[0]) > 1 and parts[0][1] == ":"
    return None if drive or not name.isprintable() else str(path)


def check_room(home: Path, announced_bytes: int | None) -> None:
    """Refuse early what is announced as too large, or does not fit this disk. Raises UploadRefused."""
    if announced_bytes is not None and announced_bytes > MOST_BYTES + _MEBIBYTE:
        raise too_large(announced_bytes)
    # Once as it is sent and once as the original that is kept.
    if shutil.disk_usage(home).free < 2 * (announced_bytes or 0) + _SPARE_BYTES:
        raise UploadRefused(
            "There is not enough room on this machine for these files.", hint="Ask its administrator for disk space."
        )


def too_large(size: int) -> UploadRefused:
    return UploadRefused(
        f"These files are {size // _MEBIBYTE:,} MiB together; at most {MOST_BYTES // _MEBIBYTE:,} MiB is taken.",
        hint="Send them in parts; nothing of this was kept.",
    )


def _no_room(error: OSError) -> UploadRefused:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    told = "The disk of this machine is full" if full else f"The files cannot be kept ({error.strerror})"
    return UploadRefused(f"{told}; nothing was kept.", hint="Ask its administrator to mend that, and send them again.")
