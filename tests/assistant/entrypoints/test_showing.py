"""The Markdown of sources, passages, claims and answers."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from assistant.answers import Answer, Citation, Claim, Evidence, Origin, Tokens, Trace, Verdict
from assistant.entrypoints import showing
from assistant.entrypoints.phrases import counted
from retrieval.access import Marking
from retrieval.documents import Document, Passage

_READER = MarkdownIt("commonmark")
TEXT = "Kop\nDe brug is dicht. Wielvoertuigen mogen over.\nEinde."


def test_sources_name_label_title_page_and_marking() -> None:
    written = showing.list_sources([evidence(1, page=3), evidence(2, page=None)], "nl")
    assert _shown(written).split("\n") == [
        "[1] Bevel 01, blz. 3 · Departementaal Vertrouwelijk",
        "[2] Bevel 01 · Departementaal Vertrouwelijk",
    ]


def test_a_passage_opens_with_its_place_and_all_that_is_quoted_in_bold() -> None:
    one = evidence(1, page=3, heading="Uitvoering > Brug")
    written = showing.open_passage(one, [quoted(one, "De brug is dicht."), quoted(one, "Einde.")], "nl")
    assert _shown(written).split("\n", 3)[:3] == [
        "Bevel 01, blz. 3",
        "staf/bevelen/bevel-01.pdf · Departementaal Vertrouwelijk",
        "Uitvoering > Brug",
    ]
    assert _shown(written).endswith(TEXT)
    assert _bold(written) == ["De brug is dicht.", "Einde."]


def test_quotes_that_touch_or_overlap_are_marked_as_one() -> None:
    one = evidence(1)
    written = showing.open_passage(one, [quoted(one, "De brug is"), quoted(one, "brug is dicht.")], "nl")
    assert _bold(written) == ["De brug is dicht."]


@pytest.mark.parametrize("shift", [-1, 1, 1000, -1000])
def test_a_citation_that_does_not_match_word_for_word_marks_nothing(shift: int) -> None:
    one = evidence(1)
    citation = quoted(one, "De brug is dicht.")
    moved = replace(citation, start=citation.start + shift, end=citation.end + shift)
    written = showing.open_passage(one, [moved, replace(citation, quote="De brug is open.")], "nl")
    assert _bold(written) == []
    assert _shown(written).endswith(TEXT)


def test_a_quote_is_a_quotation_with_its_label_and_place() -> None:
    one = evidence(1, page=3)
    citation = quoted(one, "De brug is dicht.")
    claim = Claim("De brug is dicht.", (citation,), Verdict.SUPPORTED, (), Origin.QUOTE)
    written = showing.write_claim(claim, "nl")
    assert _READER.parse(written)[0].type == "blockquote_open"
    assert _shown(written).split("\n") == ["De brug is dicht.", "[1] Bevel 01, blz. 3"]


def test_a_statement_of_the_model_is_a_sentence_with_each_label_once() -> None:
    one, two = evidence(1), evidence(2)
    citations = (quoted(one, "brug"), quoted(two, "dicht"), quoted(one, "Einde."))
    written = showing.write_claim(Claim("Dicht.", citations, Verdict.SUPPORTED, (), Origin.MODEL), "nl")
    assert _shown(written) == "Dicht. [1][2]"
    # Written as they are, because the chat looks for the name of an element.
    assert "[1][2]" in written


def test_an_abstention_lists_the_nearest_passages_as_nearest() -> None:
    written = showing.write_abstention(answer(evidence=(evidence(1, page=3),), text="Dit staat er niet."), "nl")
    assert _shown(written).split("\n") == [
        "Dit staat er niet.",
        "Dichtstbijzijnde passages, die de vraag niet beantwoorden",
        "[1] Bevel 01, blz. 3 · Departementaal Vertrouwelijk",
    ]
    assert _shown(showing.write_abstention(answer(text="Niets."), "nl")) == "Niets."


def test_the_small_print_counts_what_is_not_shown() -> None:
    unsupported = Claim("Roze.", (), Verdict.UNSUPPORTED, (), Origin.MODEL)
    written = showing.write_small_print(answer(withheld=(unsupported,), unresolved=2, notes=("x",)), "en")
    assert _shown(written).split("\n") == [
        "1 statement by the model could not be verified and is not shown.",
        "2 references by the model point at no source.",
        "Marking of this answer: Departementaal Vertrouwelijk",
    ]
    assert "Roze" not in written


def test_the_small_print_says_that_the_model_failed() -> None:
    written = showing.write_small_print(answer(notes=("the language model failed: secret",)), "nl")
    assert "Het taalmodel gaf geen antwoord" in _shown(written)
    assert "secret" not in written


def test_there_is_no_small_print_when_there_is_nothing_to_say() -> None:
    assert showing.write_small_print(replace(answer(), marking=None), "nl") == ""


def test_counting_knows_one_from_more() -> None:
    assert counted("withheld", 1, "nl").startswith("1 bewering van")
    assert counted("withheld", 3, "nl").startswith("3 beweringen van")


@pytest.mark.parametrize(
    "hostile", ["![x](https://evil.example/)", "<img src=x>", "# kop", "[1]: https://evil.example"]
)
def test_nothing_from_outside_has_an_effect(hostile: str) -> None:
    one = replace(evidence(1, heading=hostile, text=hostile), document=Document("d", hostile, hostile, hostile, "v"))
    claim = Claim(hostile, (quoted(one, hostile),), Verdict.SUPPORTED, (), Origin.QUOTE)
    gone = answer(evidence=(one,), text=hostile)
    for written in (
        showing.list_sources([one], "nl"),
        showing.open_passage(one, claim.citations, "nl"),
        showing.write_claim(claim, "nl"),
        showing.write_claim(replace(claim, origin=Origin.MODEL), "nl"),
        showing.write_abstention(gone, "nl"),
        showing.write_small_print(replace(gone, conflicts=(hostile,)), "nl"),
        showing.write_draft(hostile),
        showing.write_problem(hostile, "1234", "nl"),
    ):
        assert hostile in _shown(written)
        kinds = {child.type for block in _READER.parse(written) for child in block.children or []}
        assert kinds <= {"text", "softbreak", "strong_open", "strong_close", "em_open", "em_close"}
        assert "html_block" not in {block.type for block in _READER.parse(written)}


def evidence(label: int, *, page: int | None = None, heading: str = "", text: str = TEXT) -> Evidence:
    passage = Passage(f"p{label}", "v", 0, heading, page, 50, 50 + len(text), text)
    document = Document("d", "staf", "bevelen/bevel-01.pdf", "Bevel 01", "v")
    return Evidence(label, passage, document, Marking("NLD", "Departementaal Vertrouwelijk"), "nl", 1.0)


def quoted(one: Evidence, quote: str) -> Citation:
    passage, document = one.passage, one.document
    start = passage.start + passage.text.index(quote)
    place = (document.corpus, document.key, document.title, passage.page)
    return Citation(one.label, passage.id, passage.version, *place, start, start + len(quote), quote)


def answer(
    *,
    evidence: tuple[Evidence, ...] = (),
    text: str = "",
    withheld: tuple[Claim, ...] = (),
    unresolved: int = 0,
    notes: tuple[str, ...] = (),
) -> Answer:
    marking = Marking("NLD", "Departementaal Vertrouwelijk")
    trace = Trace("", "", {}, None, "", {}, Tokens(), 0.0, notes)
    return Answer("id", "?", "nl", (), text, (), evidence, True, (), marking, withheld, unresolved, trace)


def _shown(written: str) -> str:
    """Return the text of each block on a line of its own."""
    blocks = (block.children or [] for block in _READER.parse(written) if block.type == "inline")
    return "\n".join("".join(child.content for child in children) for children in blocks)


def _bold(written: str) -> list[str]:
    bold: list[str] = []
    inside = False
    for block in _READER.parse(written):
        for child in block.children or []:
            if child.type.startswith("strong"):
                inside = child.type == "strong_open"
                bold += [""] if inside else []
            elif inside:
                bold[-1] += child.content
    return bold
