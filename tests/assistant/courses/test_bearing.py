"""From a short problem the facts that documents hold are found, and what they say is not known."""

from pathlib import Path

from assistant.courses.bearing import MOST_FACTS, collect, in_order
from assistant.courses.stating import Inquirer
from assistant.courses.workspace import Basis
from tests.assistant.courses.planning import asker, documents

GIVEN = ["The culvert at Pellgate collapsed.", "Troop HERON stands east of the River Morle without fuel."]
NOTE = """# Note on Pellgate

## Resources

The yard at Pellgate holds 40 metres of trackway. Troop HERON has fuel for 16 hours.

## What is not known

Who repairs the culvert at Pellgate nobody has said.

## Umpire notes

Troop HERON receives fuel by air if it asks for it.
"""
OTHER = "The depth of the Morle at Pellgate has not been\nmeasured. The library of Tallow opens at nine."


def found(tmp_path: Path) -> list[tuple[Basis, str]]:
    inquire = Inquirer(asker(documents(tmp_path, note=NOTE, other=OTHER)), ("owner",))
    bearing = collect("supply of Troop HERON", GIVEN, inquire=inquire, language="en")
    return [(one.statement.basis, one.statement.text) for one in in_order(bearing)]


def test_facts_that_bear_on_a_problem_are_found_and_cited(tmp_path: Path) -> None:
    texts = [text for basis, text in found(tmp_path) if basis is Basis.FACT]
    assert "Troop HERON has fuel for 16 hours." in texts
    assert "The yard at Pellgate holds 40 metres of trackway." in texts
    assert len(texts) <= MOST_FACTS


def test_what_stands_below_a_heading_of_unknowns_or_says_so_over_a_line_break_is_a_gap(tmp_path: Path) -> None:
    gaps = [text for basis, text in found(tmp_path) if basis is Basis.GAP]
    assert "Who repairs the culvert at Pellgate nobody has said." in gaps
    assert "The depth of the Morle at Pellgate has not been measured." in gaps


def test_notes_for_umpires_bear_on_nothing(tmp_path: Path) -> None:
    assert not any("by air" in text for _, text in found(tmp_path))


def test_what_is_not_known_comes_last(tmp_path: Path) -> None:
    bases = [basis for basis, _ in found(tmp_path)]
    assert bases == sorted(bases, key=lambda basis: basis is Basis.GAP)
