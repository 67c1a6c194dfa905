"""The Markdown of sources as cards and of passages with what is quoted from them."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.entrypoints import sourcing
from assistant.entrypoints.documents.addresses import text_address
from tests.assistant.entrypoints.test_showing import TEXT, _bold, _shown, evidence, quoted

DAY = date(2026, 2, 4)


def test_a_card_tells_title_page_date_marking_key_and_how_it_begins() -> None:
    dated = replace(evidence(1, page=3, heading="Kop"), dated=date(2026, 1, 1))
    written = sourcing.list_cards([dated, evidence(2, text="woord " * 60)], "nl")
    first, second = _shown(written).split("[2]")
    assert first.strip().split("\n") == [
        "[1] Bevel 01",
        "blz. 3 · datum 2026-01-01 · Departementaal Vertrouwelijk",
        "staf/bevelen/bevel-01.pdf",
        "De brug is dicht. Wielvoertuigen mogen over. Einde.",
    ]
    assert "ongedateerd" in second
    assert second.endswith("woord …")


def test_a_passage_leads_to_the_page_with_its_first_quote() -> None:
    one = evidence(1)
    citation = quoted(one, "De brug is dicht.")
    assert "](/documents/of/v?start=54&end=71#quote)" in sourcing.open_passage(one, [citation], "nl", on_date=DAY)
    assert "](/documents/of/v?start=50&end=" in sourcing.open_passage(one, [], "nl", on_date=DAY)
    assert text_address("a/b)", 1, 2) == "/documents/of/a%2Fb%29?start=1&end=2#quote"


def test_a_passage_opens_with_its_place_and_all_that_is_quoted_in_bold() -> None:
    one = evidence(1, page=3, heading="Uitvoering > Brug")
    written = sourcing.open_passage(one, [quoted(one, "De brug is dicht."), quoted(one, "Einde.")], "nl", on_date=DAY)
    assert _shown(written).split("\n", 3)[:3] == [
        "Bevel 01, blz. 3",
        "staf/bevelen/bevel-01.pdf · versie v · ongedateerd · van kracht op 2026-02-04 · Departementaal Vertrouwelijk",
        "Uitvoering > Brug",
    ]
    assert _shown(written).endswith(TEXT)
    assert _bold(written) == ["De brug is dicht.", "Einde."]


def test_quotes_that_touch_or_overlap_are_marked_as_one() -> None:
    one = evidence(1)
    written = sourcing.open_passage(one, [quoted(one, "De brug is"), quoted(one, "brug is dicht.")], "nl", on_date=DAY)
    assert _bold(written) == ["De brug is dicht."]


@pytest.mark.parametrize("shift", [-1, 1, 1000, -1000])
def test_a_citation_that_does_not_match_word_for_word_marks_nothing(shift: int) -> None:
    one = evidence(1)
    citation = quoted(one, "De brug is dicht.")
    moved = replace(citation, start=citation.start + shift, end=citation.end + shift)
    written = sourcing.open_passage(one, [moved, replace(citation, quote="De brug is open.")], "nl", on_date=DAY)
    assert _bold(written) == []
    assert _shown(written).endswith(TEXT)
