"""The packaged term lists keep the form that their reader expects."""

import unicodedata
from collections import Counter
from pathlib import Path

import pytest

import retrieval

FOLDER = Path(retrieval.__file__).parent / "wordlists"
NAMES = ("staff.tsv", "government.tsv", "general.tsv", "common.tsv")
SEPARATORS = frozenset(" -'’.")


def lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def entries(name: str) -> list[tuple[list[str], list[str]]]:
    """Give each entry's Dutch and English forms."""
    pairs = [line.split("\t") for line in lines(name) if not line.startswith("#")]
    return [(pair[0].split("|"), pair[1].split("|")) for pair in pairs]


def forms(name: str) -> list[str]:
    return [form for dutch, english in entries(name) for form in dutch + english]


def is_written_in_latin(form: str) -> bool:
    return all(
        character in SEPARATORS
        or character.isdecimal()
        or (character.isalpha() and unicodedata.name(character).startswith("LATIN "))
        for character in form
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_first_line_says_what_the_file_is_and_its_licence(name: str) -> None:
    first = lines(name)[0]
    assert first.startswith("# ")
    assert first.endswith("Licence: EUPL-1.2.")


@pytest.mark.parametrize("name", NAMES)
def test_each_line_is_a_comment_or_two_fields(name: str) -> None:
    wrong = [line for line in lines(name) if not line.startswith("#") and line.count("\t") != 1]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_no_form_is_empty_or_padded(name: str) -> None:
    wrong = [form for form in forms(name) if not form or form != " ".join(form.split())]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_a_dutch_form_stands_once_in_a_file(name: str) -> None:
    counts = Counter(form.casefold() for dutch, _ in entries(name) for form in dutch)
    assert [form for form, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_english_form_stands_once_in_an_entry(name: str) -> None:
    wrong = [english for _, english in entries(name) if len(set(english)) < len(english)]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_forms_are_latin_words_in_composed_letters(name: str) -> None:
    wrong = [
        form for form in forms(name) if not is_written_in_latin(form) or not unicodedata.is_normalized("NFC", form)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_a_file_holds_hundreds_of_entries(name: str) -> None:
    assert len(entries(name)) >= 240


@pytest.mark.parametrize(
    ("form", "latin"),
    [("financiën", True), ("commander's intent", True), ("stage-2", True), ("a\u200bb", False), ("b\u0435vel", False)],
)
def test_another_script_and_invisible_characters_are_told_from_latin(form: str, latin: bool) -> None:
    assert is_written_in_latin(form) is latin
