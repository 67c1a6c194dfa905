"""Turn a DOCX into ODT or PDF by LibreOffice, where it is installed: in a profile of its own, without a way out."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from retrieval.errors import StafwijzerError

# A cold start takes some five seconds.
_MAX_SECONDS = 120
_PROGRAMS = ("soffice", "libreoffice")


class MemoFormatUnavailable(StafwijzerError):
    """The memo cannot be written in this format here."""


def convert(word: bytes, format: str) -> bytes:
    """Return a DOCX as 'odt' or 'pdf'. Raises MemoFormatUnavailable."""
    program = next((found for one in _PROGRAMS if (found := shutil.which(one))), None)
    if program is None:
        raise MemoFormatUnavailable(
            f"A memo as {format.upper()} needs LibreOffice, which is not installed here.",
            hint="Take the DOCX or Markdown, or have LibreOffice installed.",
        )
    with tempfile.TemporaryDirectory(prefix="stafwijzer-") as told:
        folder = Path(told)
        (folder / "memo.docx").write_bytes(word)
        command = [program, "--headless", "--norestore", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
        command += ["--convert-to", format, "--outdir", told, str(folder / "memo.docx")]
        try:
            subprocess.run(  # noqa: S603 (a program of this machine, with names that we chose)
                command, check=True, capture_output=True, timeout=_MAX_SECONDS, env={**os.environ, "HOME": told}
            )
            return (folder / f"memo.{format}").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise MemoFormatUnavailable(
                f"LibreOffice did not write the memo as {format.upper()}.", hint="Take the DOCX and convert it by hand."
            ) from error
