"""Open the ZIP archive of an Office file to look at its parts, within bounds on how many and how large.

Refuses to unpack a bomb. More forgiving than a loader: a part that declares entities is looked at, since the parser
resolves none and such a part is what screening is for."""

import io
import zipfile

from retrieval.identifying import MAX_ARCHIVE_MEMBERS
from retrieval.loading.unpacking import MAX_PART_BYTES, MAX_UNPACKED_BYTES


class TooMuch(Exception):
    """An archive or a part of it is larger than anything genuine."""


class Parts:
    """The parts of one archive. Raises what `retrieval.loading.unpacking.DAMAGED` names for a damaged one."""

    def __init__(self, content: bytes) -> None:
        """Raises TooMuch for more members than a genuine file has."""
        if content.count(b"PK\x01\x02") > MAX_ARCHIVE_MEMBERS:
            raise TooMuch(f"more than {MAX_ARCHIVE_MEMBERS:,} parts")
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._left = MAX_UNPACKED_BYTES
        self.names = [one.filename for one in self._archive.infolist() if not one.is_dir()]
        self.encrypted = [one.filename for one in self._archive.infolist() if one.flag_bits & 0x1]

    def read(self, name: str, *, limit: int = MAX_PART_BYTES) -> bytes:
        """Return a part, or its first `limit` bytes. Raises TooMuch if a whole part is larger than one can be."""
        with self._archive.open(name) as part:
            # One step reads no further than it is told, whatever the member says of its size.
            content = part.read(min(limit, self._left) + 1)
        self._left -= len(content)
        if self._left < 0 or (limit == MAX_PART_BYTES and len(content) > limit):
            raise TooMuch(f"{name} unpacks to more than {MAX_PART_BYTES // 2**20} MiB")
        return content[:limit]
