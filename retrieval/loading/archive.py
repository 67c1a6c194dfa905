"""Take a ZIP archive apart: hand out its files one by one, within bounds, or say why one of them is not handed out.

Nothing is ever written where a member's name says, so a name can not lead out of anywhere; one that tries is refused
all the same. Refuses to guess passwords, to follow links and to know what the files hold."""

import mmap
import stat
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from retrieval.identifying import MAX_ARCHIVE_MEMBERS, MAX_FILE_BYTES
from retrieval.loading.composing import one_line
from retrieval.loading.loaded import NotLoaded
from retrieval.loading.unpacking import DAMAGED, HARMLESS_BYTES, MAX_RATIO, MAX_UNPACKED_BYTES

_DAMAGED = (*DAMAGED, ValueError, LookupError)
_DIRECTORY_ENTRY = b"PK\x01\x02"
_STEP_BYTES = 256 * 1024
# Folders in which programs keep what is nobody's document.
_BOOKKEEPING = frozenset({"__MACOSX"})


@dataclass(slots=True)
class Allowance:
    """What one file may still unpack to, with everything in the archives and messages inside it."""

    bytes_left: int = MAX_UNPACKED_BYTES
    members_left: int = MAX_ARCHIVE_MEMBERS

    def take(self, name: str, size_bytes: int) -> None:
        """Take the room for one more file out of what holds it, called `name`. Raises NotLoaded when there is none."""
        self.bytes_left -= size_bytes
        self.members_left -= 1
        if self.bytes_left < 0 or self.members_left < 0:
            raise NotLoaded(
                f"{name} unpacks to more than {MAX_UNPACKED_BYTES // 2**20} MiB or {MAX_ARCHIVE_MEMBERS:,} files, as a "
                "decompression bomb does; the rest of it was not read; if it is genuine, split it and add the parts."
            )


@dataclass(frozen=True, slots=True)
class Member:
    """A file out of another one."""

    name: str
    """Its path within what held it, with slashes."""
    content: bytes


@dataclass(frozen=True, slots=True)
class BadMember:
    """One that is not handed out."""

    name: str
    reason: str
    """One sentence, with the remedy."""


def members(name: str, path: Path, allowance: Allowance) -> Iterator[Member | BadMember]:
    """Yield the files in the archive at `path`, called `name`. Hidden files are left out, as in a folder.

    Raises NotLoaded if the archive is damaged or the allowance is used up; OSError if it cannot be opened."""
    if _entries(path) > MAX_ARCHIVE_MEMBERS:
        raise NotLoaded(f"{name} holds more than {MAX_ARCHIVE_MEMBERS:,} files; split it and add the parts.")
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGED as error:
        raise NotLoaded(f"{name} is damaged or cut off; ask for a whole copy and add that.") from error
    with archive:
        seen: set[str] = set()
        for entry in archive.infolist():
            inside = _name(entry)
            if entry.is_dir() or _is_bookkeeping(inside):
                continue
            problem = _problem(entry, inside) or ("is in the archive twice" if inside in seen else "")
            seen.add(inside)
            if problem:
                yield BadMember(inside, f"{inside} in {name} {problem}; unpack it and add the file by itself.")
                continue
            allowance.take(name, entry.file_size)
            try:
                yield Member(inside, _content(archive, entry))
            except _DAMAGED:
                yield BadMember(inside, f"{inside} in {name} is damaged; ask for a whole copy of the archive.")


def _entries(path: Path) -> int:
    """How many files an archive says it holds, before the zip module spends half a kilobyte on each."""
    if not path.stat().st_size:
        return 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        count, at = 0, content.find(_DIRECTORY_ENTRY)
        while at != -1 and count <= MAX_ARCHIVE_MEMBERS:
            count, at = count + 1, content.find(_DIRECTORY_ENTRY, at + 4)
    return count


def _name(entry: zipfile.ZipInfo) -> str:
    """Names that are not marked as UTF-8 are so all the same, or in the code page of DOS (APPNOTE.TXT, appendix D)."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return one_line(name.replace("\\", "/"))


def _is_bookkeeping(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in _BOOKKEEPING or (part.startswith(".") and part != "..") for part in parts)


def _problem(entry: zipfile.ZipInfo, name: str) -> str:
    """Why a member is not read, to follow its name, or ''."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or parts[0].endswith(":"):
        return "has a name that leads out of its archive, as an attack does"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link to another file"
    if entry.flag_bits & 0x1:
        return "is encrypted"
    if entry.file_size > MAX_FILE_BYTES:
        return f"is larger than {MAX_FILE_BYTES // 2**20} MiB"
    if entry.file_size > HARMLESS_BYTES and entry.file_size > MAX_RATIO * entry.compress_size:
        return "unpacks to far more than its size, as a decompression bomb does"
    return ""


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack in steps: a member that lies about its size is found out before it is in memory."""
    content = bytearray()
    with archive.open(entry) as part:
        while step := part.read(_STEP_BYTES):
            content += step
            if len(content) > entry.file_size:
                raise zipfile.BadZipFile(entry.filename)
    return bytes(content)
