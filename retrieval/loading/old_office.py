"""Read a Word, Excel or PowerPoint file from before 2007 by having LibreOffice convert it, where that is installed.

LibreOffice runs beside this process, with a profile of its own that is thrown away, without a screen and within a
bounded time; the profile forbids macros and connections. Refuses to read the old formats itself, beyond seeing whether
a file is locked."""

import io
import os
import shutil
import signal
import struct
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import olefile

from retrieval.identifying import Format, identify
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.sheet import load_sheet
from retrieval.loading.slides import load_slides
from retrieval.loading.unpacking import MAX_UNPACKED_BYTES
from retrieval.loading.word import load_word

# A cold start takes some five seconds, a long report some ten.
MAX_SECONDS = 120
_PROGRAMS = ("soffice", "libreoffice")
_LOADERS: dict[Format, Callable[[str, bytes], Loaded]] = {
    Format.DOCX: load_word,
    Format.XLSX: load_sheet,
    Format.PPTX: load_slides,
}
# The path and value of each setting: no macros, no links followed, and a proxy that is not there for what still would.
_SETTINGS = {
    "Office.Common/Security/Scripting": {"DisableMacrosExecution": "true", "BlockUntrustedRefererLinks": "true"},
    "Office.Writer/Content/Update": {"Link": "2"},
    "Office.Calc/Content/Update": {"Link": "2"},
    "Inet/Settings": {
        "ooInetProxyType": "2", "ooInetHTTPProxyName": "127.0.0.1", "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1", "ooInetHTTPSProxyPort": "9", "ooInetNoProxy": "",
    },
}  # fmt: skip
_FILE_ENCRYPTION = 0x002F
_FIRST_RECORDS_BYTES = 4096


def load_old_office(name: str, content: bytes) -> Loaded:
    """Read the bytes of the file called `name`. Raises NotLoaded, also where LibreOffice is not installed."""
    kind = _kind(content)
    if _is_locked(content):
        raise NotLoaded(f"{name} is protected by a password; remove the protection in Office and add it again.")
    program = next((found for one in _PROGRAMS if (found := shutil.which(one))), None)
    if program is None:
        raise NotLoaded(
            f"{name} is an Office file in the format from before 2007; save it as .{kind} and add that, "
            "or have LibreOffice installed here."
        )
    with tempfile.TemporaryDirectory(prefix="stafwijzer-") as folder:
        converted = _converted(name, content, kind, program, Path(folder))
    found = identify(f"converted.{kind}", converted)
    if found not in _LOADERS:
        raise _refused(name)
    loaded = _LOADERS[found](name, converted)
    return replace(loaded, warnings=(*loaded.warnings, f"{name} was converted by LibreOffice to be read."))


def _kind(content: bytes) -> str:
    """What to convert to, by the stream that each program writes (MS-XLS, MS-PPT, MS-DOC)."""
    for kind, streams in (
        ("pptx", ("PowerPoint Document",)),
        ("docx", ("WordDocument",)),
        ("xlsx", ("Workbook", "Book")),
    ):
        if any(stream.encode("utf-16-le") in content for stream in streams):
            return kind
    return "docx"


def _is_locked(content: bytes) -> bool:
    """Whether there is a password on it: MS-DOC 2.5.2 (fEncrypted), MS-XLS 2.4.117 (FilePass), MS-PPT 2.3.2."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            word, workbook, slides = (
                file.openstream(found).read(_FIRST_RECORDS_BYTES) if found else b""
                for found in (
                    _stream(file, names) for names in (("WordDocument",), ("Workbook", "Book"), ("Current User",))
                )
            )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error):
        return False  # LibreOffice may know better; it says so if it does not.
    encrypted_word = len(word) > 11 and bool(word[11] & 0x01)
    return encrypted_word or _FILE_ENCRYPTION in _records(workbook) or slides[12:16] == b"\xdf\xc4\xd1\xf3"


def _stream(file: olefile.OleFileIO, names: tuple[str, ...]) -> str:
    return next((name for name in names if file.exists(name)), "")


def _records(workbook: bytes) -> Iterator[int]:
    at = 0
    while at + 4 <= len(workbook):
        kind, size = struct.unpack_from("<HH", workbook, at)
        yield kind
        at += 4 + size


def _profile() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, settings in _SETTINGS.items()
        for name, value in settings.items()
    )
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def _converted(name: str, content: bytes, kind: str, program: str, folder: Path) -> bytes:
    source = folder / f"source.{kind[:-1]}"
    source.write_bytes(content)
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    command = [
        program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", kind, "--outdir", str(folder / "out"), str(source),
    ]  # fmt: skip
    # A group of its own: the program is a script that starts the one that converts.
    process = subprocess.Popen(  # noqa: S603 - no shell; nothing in it is the file's own
        command,
        cwd=folder,
        env={"HOME": str(folder), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(MAX_SECONDS)
    except subprocess.TimeoutExpired:
        raise NotLoaded(
            f"{name} took LibreOffice longer than {MAX_SECONDS} s to convert; save it as .{kind} and add that."
        ) from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    result = folder / "out" / f"source.{kind}"
    if not result.is_file() or result.stat().st_size > MAX_UNPACKED_BYTES:
        raise _refused(name)
    return result.read_bytes()


def _refused(name: str) -> NotLoaded:
    return NotLoaded(f"{name} is damaged, or no Office file that LibreOffice can convert; save it as .docx or .pdf.")
