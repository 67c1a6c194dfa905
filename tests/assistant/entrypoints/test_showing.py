"""The Markdown of sources, passages, claims and answers."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from assistant.answers import (
    Abstention,
    Answer,
    Citation,
    Claim,
    Conflict,
    Evidence,
    Origin,
    Question,
    Side,
    Tokens,
    Trace,
    Understood,
    Verdict,
)
from assistant.entrypoints import showing, sourcing
from assistant.entrypoints.phrases import counted
from retrieval.access import Marking, Principal
from retrieval.documents import Document, Passage

_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_ENDS = ("open", "close")
TEXT = "Kop\nDe brug is dicht. Wielvoertuigen mogen over.\nEinde."


def test_a_quote_is_a_quotation_with_its_label_and_place() -> None:
    one = evidence(1, page=3)
    citation = quoted(one, "De brug is dicht.")
    claim = Claim("De brug is dicht.", (citation,), Verdict.SUPPORTED, (), Origin.QUOTE)
    written = showing.write_claim(claim, "nl")
    assert _READER.parse(written)[0].type == "blockquote_open"
    assert _shown(written).split("\n") == ["De brug is dicht.", "[1] Bevel 01, blz. 3 ✓ geverifieerd"]


def test_a_statement_of_the_model_is_a_sentence_with_each_label_once() -> None:
    one, two = evidence(1), evidence(2)
    citations = (quoted(one, "brug"), quoted(two, "dicht"), quoted(one, "Einde."))
    written = showing.write_claim(Claim("Dicht.", citations, Verdict.SUPPORTED, (), Origin.MODEL), "nl")
    assert _shown(written) == "Dicht. [1][2] ✓ geverifieerd"
    # Written as they are, because the chat looks for the name of an element.
    assert "[1][2]" in written


def test_a_contradicted_claim_says_so_in_words() -> None:
    claim = Claim("Dicht.", (quoted(evidence(1), "dicht"),), Verdict.CONFLICTING, (), Origin.QUOTE)
    assert _shown(showing.write_claim(claim, "nl")).endswith(
        "[1] Bevel 01 ⇄ tegengesproken een andere bron spreekt dit tegen"
    )


def test_what_is_searched_for_is_told_only_when_it_is_not_the_question_itself() -> None:
    assert showing.write_understood(Understood("Wie?", (), rewritten=False), "nl") == ""
    rewritten = showing.write_understood(Understood("Wie keurt het plan goed?", (), rewritten=True), "nl")
    assert _shown(rewritten) == "Gezocht naar: Wie keurt het plan goed?"
    parts = showing.write_understood(Understood("Who and when?", ("Who?", "When?"), rewritten=False), "en")
    assert _shown(parts).split("\n") == ["Searched for: Who and when?", "Also searched for: Who? · When?"]


def test_a_conflict_is_a_table_of_all_its_sides_with_the_rule_that_decides() -> None:
    told = conflict(prevails=1, rule="newer")
    rows = _rows(showing.write_conflict(told, "nl"))
    assert rows == [
        ["Waarde", "Document", "Datum", "Rubricering", "Status"],
        ["05:15", "[1] Bevel 01, blz. 3", "ongedateerd", "Departementaal Vertrouwelijk", "van kracht"],
        ["06:00", "[2] Bevel 01", "2026-02-03", "Departementaal Vertrouwelijk", "van kracht, gaat voor"],
    ]
    assert showing.rule_of(told, "nl") == "[2] gaat voor: het is het nieuwste document."
    assert "authority" in showing.rule_of(conflict(prevails=0, rule="authority"), "en")
    assert showing.rule_of(conflict(), "nl") == "Geen regel geeft de doorslag; de keuze is aan u."


def test_a_bar_in_a_value_makes_no_other_cell() -> None:
    hostile = "1 | 2 [9] ~~x~~ <b>"
    told = conflict()
    sides = (replace(told.sides[0], value=hostile), told.sides[1])
    rows = _rows(showing.write_conflict(replace(told, sides=sides, about=hostile), "en"))
    assert rows[1][0] == hostile
    assert [len(row) for row in rows] == [5, 5, 5]


def test_an_abstention_quotes_what_the_documents_do_say() -> None:
    one = evidence(1, page=3)
    told = Abstention(("staf",), ("G3",), (), (quoted(one, "De brug is dicht."),))
    written = showing.write_abstention(replace(answer(evidence=(one,), text="Nee."), abstention=told), "nl")
    assert _shown(written).split("\n") == [
        "Nee.",
        "Wat de documenten er wel over zeggen",
        "De brug is dicht.",
        "[1] Bevel 01, blz. 3",
        "De bronnen hierboven zijn de dichtstbijzijnde; zij beantwoorden de vraag niet.",
    ]


def test_what_is_not_supported_is_struck_through_with_the_reason_only_where_that_is_wanted() -> None:
    one = evidence(1)
    unsupported = Claim("Roze.", (quoted(one, "brug"),), Verdict.UNSUPPORTED, ("it says dicht",), Origin.MODEL)
    partly = replace(answer(withheld=(unsupported,)), unanswered=("Hoe lang?",))
    assert _shown(showing.write_remainder(partly, "nl")).endswith("geen antwoord: Hoe lang?")
    written = showing.write_remainder(replace(partly, strikes=True), "nl")
    assert _shown(written).split("\n")[1:] == [
        "Kon niet worden geverifieerd",
        "Roze. [1] ✗ niet te verifiëren (it says dicht)",
    ]
    assert _struck(written) == ["Roze."]
    small = _shown(showing.write_small_print(replace(partly, strikes=True), "nl"))
    assert "✗ niet te verifiëren niet gesteund" in small
    assert "bewering" not in small


def test_an_empty_text_that_is_struck_through_opens_no_block_of_code() -> None:
    empty = Claim("", (), Verdict.UNSUPPORTED, (), Origin.MODEL)
    written = showing.write_remainder(replace(answer(withheld=(empty,)), strikes=True), "nl")
    assert "fence" not in {block.type for block in _READER.parse(written)}


def test_the_legend_explains_the_marks_that_are_shown_and_no_others() -> None:
    shown = [Claim("x", (), verdict, (), Origin.QUOTE) for verdict in (Verdict.CONFLICTING, Verdict.SUPPORTED)]
    written = showing.legend(replace(answer(), claims=tuple(shown)), "en")
    assert written == "✓ supported by the source named · ⇄ another source contradicts this"


def test_the_small_print_tells_the_total_time() -> None:
    told = answer()
    told = replace(told, trace=replace(told.trace, timings={"answered": 2.345}))
    assert _shown(showing.write_small_print(told, "nl")).split("\n")[0].endswith(" · Beantwoord in 2.3 s")


def test_an_abstention_lists_the_nearest_passages_as_nearest() -> None:
    written = showing.write_abstention(answer(evidence=(evidence(1, page=3),), text="Dit staat er niet."), "nl")
    assert _shown(written).split("\n") == [
        "Dit staat er niet.",
        "De bronnen hierboven zijn de dichtstbijzijnde; zij beantwoorden de vraag niet.",
    ]
    assert _shown(showing.write_abstention(answer(text="Niets."), "nl")) == "Niets."


def test_the_small_print_counts_what_is_not_shown() -> None:
    unsupported = Claim("Roze.", (), Verdict.UNSUPPORTED, (), Origin.MODEL)
    written = showing.write_small_print(answer(withheld=(unsupported,), unresolved=2, notes=("x",)), "en")
    assert _shown(written).split("\n") == [
        "1 statement by the model could not be verified and is not shown.",
        "2 references by the model point at no source.",
        "Marking of this answer: Departementaal Vertrouwelijk",
        "Take along: Word (DOCX) · OpenDocument (ODT) · PDF · Markdown",
    ]
    assert "Roze" not in written


def test_the_small_print_says_that_the_model_failed() -> None:
    written = showing.write_small_print(answer(notes=("the language model failed: secret",)), "nl")
    assert "Het taalmodel gaf geen antwoord" in _shown(written)
    assert "secret" not in written


def test_what_can_be_taken_along_is_said_in_any_case() -> None:
    written = showing.write_small_print(replace(answer(), marking=None), "nl")
    assert _shown(written) == "Meenemen: Word (DOCX) · OpenDocument (ODT) · PDF · Markdown"


def test_the_banner_holds_the_highest_of_each_policy() -> None:
    nato = Marking("NATO", "NATO SECRET")
    low, high = Marking("NLD", "Ongerubriceerd"), Marking("NLD", "Stg. Geheim")
    assert _shown(showing.write_banner([low, high, low])) == "Stg. Geheim"
    assert _shown(showing.write_banner([nato, high])) == "NATO SECRET + Stg. Geheim"
    assert showing.write_banner([]) == ""
    assert _READER.parse(showing.write_banner([low]))[0].tag == "h6"


def test_what_a_question_is_limited_to_is_told_and_else_nothing() -> None:
    today = date(2026, 2, 4)
    asked = Question("?", Principal("a", (), "NLD"), frozenset(), today)
    assert showing.write_choice(asked, [], today=today, language="nl") == ""
    limited = showing.write_choice(replace(asked, on_date=date(2026, 1, 1)), ["law"], today=today, language="en")
    assert _shown(limited).split("\n") == ["Searched only in: law", "As in force on 2026-01-01"]


def test_counting_knows_one_from_more() -> None:
    assert counted("withheld", 1, "nl").startswith("1 bewering van")
    assert counted("withheld", 3, "nl").startswith("3 beweringen van")


@pytest.mark.parametrize(
    "hostile",
    ["~~x~~", "| a | b |", "![x](https://evil.example/)", "<img src=x>", "# kop", "[1]: https://evil.example"],
)
def test_nothing_from_outside_has_an_effect(hostile: str) -> None:
    one = replace(evidence(1, heading=hostile, text=hostile), document=Document("d", hostile, hostile, hostile, "v"))
    claim = Claim(hostile, (quoted(one, hostile),), Verdict.SUPPORTED, (), Origin.QUOTE)
    gone = answer(evidence=(one,), text=hostile)
    gone = replace(gone, abstention=Abstention((), (), (), claim.citations), unanswered=(hostile,), strikes=True)
    gone = replace(gone, withheld=(replace(claim, verdict=Verdict.UNSUPPORTED, reasons=(hostile,)),))
    asked = Question(hostile, Principal("a", (), "NLD"), frozenset(), date(2026, 2, 3))
    sides = tuple(replace(side, value=hostile, citation=claim.citations[0]) for side in conflict().sides)
    for written in (
        sourcing.list_cards([one], "nl"),
        sourcing.open_passage(one, claim.citations, "nl", on_date=None),
        showing.write_claim(claim, "nl"),
        showing.write_claim(replace(claim, origin=Origin.MODEL), "nl"),
        showing.write_abstention(gone, "nl"),
        showing.write_understood(Understood(hostile, (hostile,), rewritten=True), "nl"),
        showing.write_conflict(Conflict(hostile, sides), "nl"),
        showing.write_remainder(gone, "nl"),
        showing.write_request(hostile),
        showing.write_draft(hostile),
        showing.write_problem(hostile, "1234", "nl"),
        showing.write_choice(asked, [hostile], today=date(2026, 2, 4), language="nl"),
        showing.write_again(asked, "nl"),
    ):
        assert hostile in _shown(written)
        inside = [child for block in _READER.parse(written) for child in block.children or []]
        ours = {f"{tag}_{end}" for tag in ("strong", "em", "s", "link") for end in _ENDS}
        assert {child.type for child in inside} <= {"text", "softbreak", *ours}
        # The only links are ours, to our own page.
        assert all(str(one.attrs["href"]).startswith("/documents/of/v?") for one in inside if one.type == "link_open")
        assert _struck(written) in ([], [hostile])
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
    trace = Trace("", "", (), {}, None, "", {}, Tokens(), 0.0, notes)
    return Answer(
        id="id",
        question="?",
        language="nl",
        claims=(),
        text=text,
        citations=(),
        evidence=evidence,
        abstained=True,
        abstention=None,
        unanswered=(),
        conflicts=(),
        marking=marking,
        withheld=withheld,
        strikes=False,
        unresolved=unresolved,
        trace=trace,
    )


def conflict(*, prevails: int | None = None, rule: str = "") -> Conflict:
    one, two = evidence(1, page=3), evidence(2)
    sides = (
        Side("05:15", quoted(one, "dicht"), one.marking, None, 0),
        Side("06:00", quoted(two, "dicht"), two.marking, date(2026, 2, 3), 0),
    )
    return Conflict("brug", sides, prevails, rule)


def _shown(written: str) -> str:
    """Return the text of each block on a line of its own."""
    blocks = (block.children or [] for block in _READER.parse(written) if block.type == "inline")
    return "\n".join("".join(child.content for child in children) for children in blocks)


def _rows(written: str) -> list[list[str]]:
    """Return the text of each cell of the one table."""
    blocks = _READER.parse(written)
    rows: list[list[str]] = []
    for block, inside in pairwise(blocks):
        if block.type == "tr_open":
            rows.append([])
        elif block.type in ("th_open", "td_open"):
            rows[-1].append("".join(child.content for child in inside.children or []))
    return rows


def _struck(written: str) -> list[str]:
    return _between(written, "s_")


def _bold(written: str) -> list[str]:
    return _between(written, "strong_")


def _between(written: str, kind: str) -> list[str]:
    found: list[str] = []
    inside = False
    for block in _READER.parse(written):
        for child in block.children or []:
            if child.type.startswith(kind):
                inside = child.type.endswith("open")
                found += [""] if inside else []
            elif inside:
                found[-1] += child.content
    return found
