"""Marking words are noticed where markings stand, and only suggested."""

import pytest

from retrieval.access import Marking
from retrieval.loading import Kind, Loaded, Span
from retrieval.marking.suggesting import Suggestion, above, suggest


def page(*lines: str, **metadata: str) -> Loaded:
    text, spans = "", []
    for line in lines or ("The bridge is closed.",):
        spans.append(Span(len(text), len(text) + len(line), Kind.PARAGRAPH))
        text += f"{line}\n\n"
    return Loaded(text, tuple(spans), "", {key.replace("_", " "): value for key, value in metadata.items()})


@pytest.mark.parametrize(
    ("loaded", "suggestion"),
    [
        (page(header="Ministerie / Departementaal VERTROUWELIJK"), ("NLD", "Departementaal Vertrouwelijk", "header")),
        (page(footer="NATO RESTRICTED - Releasable to SWE"), ("NATO", "NATO RESTRICTED", "footer")),
        (page(running_lines="Order 3 Stg. GEHEIM 1"), ("NLD", "Stg. Geheim", "running lines")),
        (page("STG. ZEER GEHEIM", "Bevel 3"), ("NLD", "Stg. Zeer Geheim", "first lines")),
        (page("Order", *["x"] * 9, "NATO SECRET REL NLD/DEU"), ("NATO", "NATO SECRET", "last lines")),
        (page("TRES SECRET UE/EU TOP SECRET"), ("EU", "TRÈS SECRET UE/EU TOP SECRET", "first lines")),
        (page("NATO RESTRICTED", header="NATO SECRET"), ("NATO", "NATO SECRET", "header")),
    ],
)
def test_the_highest_level_that_stands_on_it_is_suggested(loaded: Loaded, suggestion: tuple[str, str, str]) -> None:
    assert suggest(loaded) == Suggestion(*suggestion)


@pytest.mark.parametrize(
    "loaded",
    [
        page(),
        page("NATO SECRET documents are kept in a safe, says the regulation, and are destroyed after use."),
        page(*["x"] * 6, "NATO SECRET", *["x"] * 4),
        page("A secret", "Geheim", "Confidential"),
        page(header="Stgeheim"),
        page(author="NATO SECRET"),
    ],
)
def test_text_about_markings_is_not_taken_for_one(loaded: Loaded) -> None:
    assert suggest(loaded) is None


def test_what_asks_for_more_than_the_marking_is_told_once() -> None:
    loaded = page("NATO SECRET", header="NATO SECRET", footer="Ongerubriceerd")
    secret = Suggestion("NATO", "NATO SECRET", "header")
    assert above(loaded, Marking("NATO", "NATO RESTRICTED")) == [secret]
    assert above(loaded, Marking("NATO", "NATO SECRET")) == []
    assert above(loaded, Marking("NLD", "Stg. Geheim")) == [secret]


def test_words_within_the_words_of_a_level_are_not_a_second_one() -> None:
    found = above(page("TRÈS SECRET UE"), Marking("EU", "RESTREINT UE/EU RESTRICTED"))
    assert [one.level for one in found] == ["TRÈS SECRET UE/EU TOP SECRET"]
    found = above(page(header="TRÈS SECRET UE"), Marking("EU", "RESTREINT UE/EU RESTRICTED"))
    assert [one.level for one in found] == ["TRÈS SECRET UE/EU TOP SECRET"]
