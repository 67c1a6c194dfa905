"""Lists of terms are read, and what is wrong in one is named."""

from pathlib import Path

import pytest

from retrieval.terms import Term, TermsInvalid, packaged_terms, read_terms, read_terms_file


def test_a_line_is_dutch_forms_a_tab_and_english_forms() -> None:
    lines = ["# a comment", "", "operatiebevel\toperation order|OPORD", "weg | route\troad"]
    assert list(read_terms(lines, name="own")) == [
        Term(("operatiebevel",), ("operation order", "OPORD")),
        Term(("weg", "route"), ("road",)),
    ]


@pytest.mark.parametrize("line", ["brug", "brug\t", "brug|\tbridge", "brug\tbridge\tpont"])
def test_a_line_of_another_form_is_named(line: str) -> None:
    with pytest.raises(TermsInvalid, match="own, line 2"):
        list(read_terms(["weg\troad", line], name="own"))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(TermsInvalid, match=r"absent\.tsv"):
        read_terms_file(tmp_path / "absent.tsv")
    (tmp_path / "latin.tsv").write_bytes(b"caf\xe9\tcoffee")
    with pytest.raises(TermsInvalid, match=r"latin\.tsv"):
        read_terms_file(tmp_path / "latin.tsv")


def test_thousands_of_terms_come_with_the_program() -> None:
    assert len(packaged_terms()) > 3000
