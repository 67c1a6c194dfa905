"""Bytes become the characters their writer meant, and doubt is said."""

import pytest

from retrieval.loading.decoding import decode
from retrieval.loading.loaded import NotLoaded

DUTCH = "De coördinatie van het bataljon kost € 1.200 per dag; één officier is genoeg – ‘privé’ niet.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_without_a_warning(encoding: str) -> None:
    decoded = decode("a.txt", DUTCH.encode(encoding))
    assert decoded.text == DUTCH
    assert decoded.warnings == ()


@pytest.mark.parametrize(
    "sentence",
    [
        DUTCH,
        "Het beleid is ‘nieuw’ – zegt men.",
        "Général de brigade Françoise à l'état-major",
        "Über die Maßnahmen der Truppe – größer",
    ],
)
def test_western_text_outside_utf8_is_windows_1252(sentence: str) -> None:
    decoded = decode("a.txt", sentence.encode("cp1252"))
    assert decoded.text == sentence
    assert "cp1252" in decoded.warnings[0]


def test_cyrillic_is_not_taken_for_western() -> None:
    text = "Командир батальона приказал занять высоту до рассвета и удерживать её до прихода подкрепления."
    assert decode("a.txt", text.encode("cp1251")).text == text


def test_a_declared_encoding_is_believed_where_the_bytes_allow_it() -> None:
    assert decode("a.html", "Łódź".encode("iso-8859-2"), declared="iso-8859-2").text == "Łódź"
    assert decode("a.html", "één".encode(), declared="iso-8859-2").text == "één"
    assert decode("a.html", "één".encode("cp1252"), declared="no-such-encoding").text == "één"
    assert decode("a.eml", "部隊".encode("iso-2022-jp"), declared="iso-2022-jp").text == "部隊"


def test_a_few_stray_bytes_do_not_turn_utf8_into_something_else() -> None:
    decoded = decode("a.txt", "één officier, ".encode() * 5 + b"\xff kapot")
    assert decoded.text == "één officier, " * 5 + "\ufffd kapot"
    assert "1 characters" in decoded.warnings[0]


def test_newlines_are_those_of_python() -> None:
    assert decode("a.txt", b"a\r\nb\rc\nd\x0be\xc2\x85f").text == "a\nb\nc\nd\x0be\x85f"


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(NotLoaded, match=r"^a\.txt holds bytes that are not text; .*\.$"):
        decode("a.txt", b"text, then\0a record")
