"""Quantities are read across notations, by hand and on the tables of TAT-QA."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.quantities import Quantity, quantities


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "C-130, M1A1, 4x4, COVID-19, section 3.2.1, 10.0.0.1", set()),
        ("en", "The unit may march 10 km.", {("km", "10")}),
        ("en", "In May 2024", {("date", "2024 5 ")}),
        ("en", "5-10 km", {("", "5"), ("km", "10")}),
        ("nl", "in 2026 de brug", {("", "2026")}),
        ("nl", "de 2e compagnie", {("ordinal", "2")}),
        ("en", "02/06/2026 and 13/06/2026", {("date", "2026 2 6"), ("date", "2026 6 13")}),
        ("nl", "02-06-2026", {("date", "2026 6 2")}),
        ("en", "29 February", {("date", " 2 29")}),
        ("en", "12 am, 12 pm", {("time", "0 0 "), ("time", "12 0 ")}),
        ("nl", "ten noorden van twee bruggen", {("", "2")}),
        ("en", "060515Z", {("date", "  6"), ("time", "5 15 Z")}),
        ("en", "Of 200000 I saw none.", {("", "200000")}),
        ("en", "0.125 or 1,000,000", {("", "0.125"), ("", "1000000")}),
    ],
)
def test_a_text_is_read_as_these_quantities(language: str, text: str, found: set[tuple[str, str]]) -> None:
    assert {(one.unit, " ".join(one.parts)) for one in quantities(text, language=language)} == found


@given(st.decimals(0, 10**9, places=2), st.sampled_from(["km", "%", ""]))
def test_a_number_is_the_same_in_dutch_and_english_notation(value: Decimal, unit: str) -> None:
    english = f"{value:,.2f} {unit}"
    dutch = english.translate(str.maketrans(",.", ".,"))
    assert quantities(english, language="en") == quantities(dutch, language="nl")


def test_the_figures_of_financial_tables_are_read_as_they_stand(data_folder: Path) -> None:
    path = data_folder / "sets" / "tatqa_en" / "tatqa_dataset_dev.json"
    if not path.exists():
        pytest.skip(f"there is no TAT-QA at {path}")
    cells = {
        cell.strip()
        for one in json.loads(path.read_text(encoding="utf-8"))
        for row in one["table"]["table"]
        for cell in row
    }
    figures = [cell for cell in cells if re.fullmatch(r"-?\$?\d{1,3}(,\d{3})*(\.\d+)?%?", cell)]
    assert len(figures) > 2000
    for cell in figures:
        unit = "USD" if "$" in cell else "%" if "%" in cell else ""
        value = Decimal(re.sub(r"[$,%]", "", cell))
        (read,) = quantities(cell)
        assert (read.unit, Decimal(read.parts[0])) == (unit, value), cell


def test_quantities_are_values() -> None:
    assert quantities("60 tonnes") == {Quantity("t", ("60",))}
