"""No archive unpacks to more than its bound, whatever it declares."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from retrieval.identifying import MAX_ARCHIVE_MEMBERS
from retrieval.loading.loaded import NotLoaded
from retrieval.loading.unpacking import MAX_PART_BYTES, check_archive


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return buffer.getvalue()


def test_an_ordinary_archive_is_opened() -> None:
    with check_archive("a.docx", archive({"word/document.xml": b"<x/>" * 1000})) as opened:
        assert opened.read("word/document.xml") == b"<x/>" * 1000


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: archive({"a.xml": bytes(MAX_PART_BYTES + 1)}), "unpacks to far more"),
        (lambda: archive({"a.xml": bytes(20 * 2**20)}), "unpacks to far more"),
        (lambda: archive({f"{number}": b"" for number in range(MAX_ARCHIVE_MEMBERS + 1)}), "parts"),
        (lambda: archive({"a.xml": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}), "XML entities"),
        (lambda: archive({"a.xml": "<!DOCTYPE x><x/>".encode("utf-16")}), "XML entities"),
        (lambda: archive({"a.xml": b"x"})[:-30], "damaged or cut off"),
        (lambda: b"PK\x03\x04", "damaged or cut off"),
    ],
)
def test_a_bomb_is_refused_unopened(make: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(NotLoaded, match=rf"^a\.docx .*{reason}.*\.$"):
        check_archive("a.docx", make())


def test_a_member_that_lies_about_its_size_is_found_out_without_unpacking_it() -> None:
    content = bytearray(archive({"a.xml": bytes(100 * 2**20)}))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (1000).to_bytes(4, "little")
    tracemalloc.start()
    with pytest.raises(NotLoaded, match=r"is damaged in its part a\.xml"):
        check_archive("a.docx", bytes(content))
    assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    tracemalloc.stop()


def test_a_member_packed_otherwise_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as written:
        written.writestr("a.xml", b"x")
    with pytest.raises(NotLoaded, match="packed in a way"):
        check_archive("a.docx", buffer.getvalue())


def test_a_member_with_a_password_is_refused() -> None:
    content = bytearray(archive({"a.xml": b"x"}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(NotLoaded, match="is encrypted"):
        check_archive("a.docx", bytes(content))
