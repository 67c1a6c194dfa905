"""Look at an Office file's ZIP archive before anything opens it, and refuse one that would unpack to too much.

Knows nothing of what its members mean. `ZipFile.read` unpacks a whole member before it notices that the member lied
about its size, so every member is first unpacked in small steps here, and thrown away."""

import io
import struct
import zipfile
import zlib

from retrieval.identifying import MAX_ARCHIVE_MEMBERS
from retrieval.loading.loaded import NotLoaded

# lxml keeps 5-8 bytes in memory for each byte of XML. The longest real part seen, an 872 page handbook, is 5 MB.
MAX_PART_BYTES = 64 * 1024 * 1024
MAX_UNPACKED_BYTES = 512 * 1024 * 1024

# Office XML packs 10-30 to one; DEFLATE can reach 1032. Below the harmless size a blank picture may do so too.
MAX_RATIO = 200
HARMLESS_BYTES = 16 * 1024 * 1024

_DOCUMENT_TYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_STEP_BYTES = 64 * 1024

# What zipfile and the decompressors raise on an archive that was cut off, fuzzed or encrypted.
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OSError)


def check_archive(name: str, content: bytes, *, allow_document_types: bool = False) -> zipfile.ZipFile:
    """Open the archive of the file called `name`, or raise NotLoaded if it is damaged, encrypted or unpacks to more
    than the bounds above. `allow_document_types` is for formats other than Office's, parsed without entities."""
    if content.count(b"PK\x01\x02") > MAX_ARCHIVE_MEMBERS:
        raise NotLoaded(f"{name} is an archive of more than {MAX_ARCHIVE_MEMBERS:,} parts; it was not opened.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (*DAMAGED, ValueError) as error:
        raise NotLoaded(f"{name} is damaged or cut off; ask for a whole copy and add that.") from error
    if any(member.flag_bits & 0x1 for member in members):
        raise NotLoaded(f"{name} is encrypted; remove the password and add it again.")
    unpacked = sum(member.file_size for member in members)
    bomb = any(
        member.file_size > MAX_PART_BYTES
        or (member.file_size > HARMLESS_BYTES and member.file_size > MAX_RATIO * member.compress_size)
        for member in members
    )
    if bomb or unpacked > MAX_UNPACKED_BYTES:
        raise NotLoaded(
            f"{name} unpacks to far more than its size ({unpacked // 2**20:,} MiB), as a decompression bomb does; "
            "if it is genuine, split it and add the parts."
        )
    # Office uses no other methods, and the zip module cannot unpack those in steps.
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise NotLoaded(f"{name} is packed in a way that Office does not use; open it in Office and save it again.")
    for member in members:
        _check_member(name, archive, member, allow_document_types=allow_document_types)
    return archive


def _check_member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, allow_document_types: bool) -> None:
    is_first = not allow_document_types and member.filename.lower().endswith((".xml", ".rels"))
    try:
        with archive.open(member) as part:
            while step := part.read(_STEP_BYTES):
                # A document type is forbidden in a part (ECMA-376 part 2, 9.1.4). The parsers resolve no entities
                # either; this is the check that can say why.
                if is_first and any(mark in step for mark in _DOCUMENT_TYPES):
                    raise NotLoaded(f"{name} declares XML entities, as an attack does and Office never; not opened.")
                is_first = False
    except (*DAMAGED, ValueError) as error:
        raise NotLoaded(f"{name} is damaged in its part {member.filename}; ask for a whole copy.") from error
