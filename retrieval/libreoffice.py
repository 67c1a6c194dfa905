"""Convert a document by LibreOffice, where it is installed: in a profile without macros, links or a way out.

Knows no format and nothing of what becomes of the result."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

# A cold start takes some five seconds, a long report some ten.
MAX_SECONDS = 120
_PROGRAMS = ("soffice", "libreoffice")
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


class LibreOfficeMissing(Exception):
    """LibreOffice is not installed here."""


class ConversionTooSlow(Exception):
    """LibreOffice was stopped after MAX_SECONDS."""


class ConversionFailed(Exception):
    """LibreOffice ended without a result, or with one larger than was allowed."""


def converted(content: bytes, *, suffix: str, kind: str, most_bytes: int) -> bytes:
    """Return a document with this suffix as another kind ('docx', 'odt', 'pdf' …).

    Raises LibreOfficeMissing, ConversionTooSlow, ConversionFailed."""
    program = next((found for one in _PROGRAMS if (found := shutil.which(one))), None)
    if program is None:
        raise LibreOfficeMissing
    with tempfile.TemporaryDirectory(prefix="stafwijzer-") as told:
        folder = Path(told)
        source = folder / f"source.{suffix}"
        source.write_bytes(content)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
        _run([program, *_options(folder, kind), str(source)], folder)
        result = folder / "out" / f"source.{kind}"
        if not result.is_file() or result.stat().st_size > most_bytes:
            raise ConversionFailed
        return result.read_bytes()


def _options(folder: Path, kind: str) -> list[str]:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    modes = ["--headless", "--norestore", "--nolockcheck", "--nodefault", profile]
    return [*modes, "--convert-to", kind, "--outdir", str(folder / "out")]


def _run(command: list[str], folder: Path) -> None:
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
        raise ConversionTooSlow from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _profile() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, settings in _SETTINGS.items()
        for name, value in settings.items()
    )
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
