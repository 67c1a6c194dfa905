"""Labels and manifests lie beside documents and are none themselves."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from retrieval.access import Marking
from retrieval.marking.labels import Label, write_label
from retrieval.marking.sidecars import is_sidecar, labels_beside

LABEL = write_label(
    Label(Marking("NATO", "NATO SECRET"), datetime(2026, 1, 5, tzinfo=UTC), datetime(2031, 1, 5, tzinfo=UTC))
)


@pytest.mark.parametrize(
    ("name", "content", "sidecar"),
    [
        ("corpus.toml", b"", True),
        ("order.pdf.label.xml", b"<broken", True),
        ("ORDER.LABEL.XML", b"", True),
        ("order.xml", LABEL, True),
        ("order.xml", LABEL[:-30], True),
        ("law.xml", b"<wet/>", False),
        ("pyproject.toml", b"", False),
        ("label.xml.md", LABEL, False),
    ],
)
def test_what_says_what_a_document_is_is_told_from_documents(
    tmp_path: Path, name: str, content: bytes, sidecar: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    assert is_sidecar(tmp_path / name) is sidecar


def test_every_label_of_a_document_is_found(tmp_path: Path) -> None:
    names = ["order.pdf.label.xml", "order.label.xml", "order.pdf.xml", "order.xml"]
    for name in names:
        (tmp_path / name).write_bytes(LABEL)
    (tmp_path / "order.docx.xml").write_bytes(b"<wet/>")
    assert [one.name for one in labels_beside(tmp_path / "order.pdf")] == names
    assert [one.name for one in labels_beside(tmp_path / "order.docx")] == ["order.label.xml", "order.xml"]


def test_a_document_in_xml_is_not_its_own_label(tmp_path: Path) -> None:
    (tmp_path / "order.xml").write_bytes(LABEL)
    assert labels_beside(tmp_path / "order.xml") == []
