"""Know a program when it is seen: by its first bytes, or by the name it would be started under.

Knows no container. Runs nothing."""

import re
from pathlib import PurePath

_WINDOWS = re.compile(rb"MZ.{58}(.{4})", re.DOTALL)
_MAGIC = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"#!/",
    b"\xca\xfe\xba\xbe\x00\x00\x00",
)
_STUB = b"This program cannot be run in DOS mode"
# What Windows runs on a double click, and what opens something else in disguise.
_STARTABLE = frozenset(
    ".exe .com .scr .pif .bat .cmd .ps1 .vbs .vbe .js .jse .wsf .wsh .hta .msi .msp .dll .cpl .lnk .jar .reg .chm "
    ".iso .img .vhd .scf .url .application .appref-ms .settingcontent-ms .library-ms .sh .elf .apk .dmg .pkg".split()
)


def is_program(content: bytes, name: str = "") -> bool:
    """Return whether bytes, or a file of this name, can be started as a program or script."""
    return PurePath(name.strip().rstrip("\0. ")).suffix.lower() in _STARTABLE or _begins_as_program(content)


def holds_program(content: bytes) -> bool:
    """Return whether a Windows or Linux program stands anywhere within these bytes, as an OLE package holds it."""
    return _begins_as_program(content) or _STUB in content or b"\x7fELF\x02\x01\x01" in content


def _begins_as_program(content: bytes) -> bool:
    if found := _WINDOWS.match(content):
        at = int.from_bytes(found[1], "little")
        return content[at : at + 2] in (b"PE", b"NE", b"LE") or _STUB in content[:1024]
    return content.startswith(_MAGIC)
