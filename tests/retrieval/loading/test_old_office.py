"""Office files from before 2007 are read where something can convert them, and never open a connection or a lock."""

import http.server
import io
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest

from retrieval import libreoffice
from retrieval.loading import NotLoaded, load
from retrieval.loading.old_office import load_old_office

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def converted(folder: Path, source: Path, kind: str) -> Path:
    profile = (folder / "profile").as_uri()
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", kind, "--outdir", folder, source],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return folder / f"{source.stem}.{kind}"


@needs_libreoffice
def test_a_document_and_a_workbook_are_converted_and_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Opdracht", 1)
    document.add_paragraph("Ga naar de brug.")
    document.save(str(tmp_path / "a.docx"))
    loaded = load(converted(tmp_path, tmp_path / "a.docx", "doc"))
    assert loaded.text == "Opdracht\n\nGa naar de brug."
    assert loaded.warnings == ("a.doc was converted by LibreOffice to be read.",)
    book = openpyxl.Workbook()
    for row in (["eenheid", "saldo"], ["A", -12]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "b.xlsx")
    assert load(converted(tmp_path, tmp_path / "b.xlsx", "xls")).text.endswith(
        "eenheid | saldo\neenheid: A | saldo: -12"
    )


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, format: str, *arguments: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield found.server_port, asked
        found.shutdown()
        thread.join()


@needs_libreoffice
def test_a_linked_picture_is_not_fetched(tmp_path: Path, server: tuple[int, list[str]]) -> None:
    port, asked = server
    page = tmp_path / "a.html"
    page.write_text(f'<p>Tekst.</p><img src="http://127.0.0.1:{port}/volg.png" width="20" height="20">')
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={profile}", "--infilter=HTML (StarWriter)",
         "--convert-to", "doc:MS Word 97", "--outdir", tmp_path, page],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    asked.clear()
    content = (tmp_path / "a.doc").read_bytes()
    assert f"127.0.0.1:{port}".encode() in content or f"127.0.0.1:{port}".encode("utf-16-le") in content
    assert "Tekst." in load_old_office("a.doc", content).text
    assert asked == []


def test_without_libreoffice_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotLoaded) as caught:
        load_old_office("a.xls", OLE + "Workbook".encode("utf-16-le"))
    assert caught.value.reason == (
        "a.xls is an Office file in the format from before 2007; save it as .xlsx and add that, "
        "or have LibreOffice installed here."
    )


def test_a_converter_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(libreoffice, "MAX_SECONDS", 0.2)
    with pytest.raises(NotLoaded, match=r"^a\.doc took LibreOffice longer than"):
        load_old_office("a.doc", OLE + bytes(1000))


@pytest.mark.parametrize(
    "file",
    ["tika__testWORD_protected_passtika.doc", "poi__Password_Protected-hello.ppt", "tika__testWORD_protected_drm.doc"],
)
def test_a_lock_is_said(data_folder: Path, file: str) -> None:
    with pytest.raises(NotLoaded, match=r"protected by a password; remove the protection"):
        load(data_folder / "robustness" / "office_protected" / file)


@needs_libreoffice
def test_what_can_not_be_converted_is_refused() -> None:
    with pytest.raises(NotLoaded, match=r"^a\.doc is damaged"):
        load_old_office("a.doc", OLE + bytes(io.DEFAULT_BUFFER_SIZE))
