"""What `stafwijzer ask` prints of the events of an answer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.answers import (
    Abstention,
    Answer,
    Answered,
    Claim,
    ClaimChecked,
    ConflictFound,
    Event,
    Origin,
    SourcesFound,
    Stage,
    StageName,
    Understood,
    Verdict,
    Weighed,
)
from assistant.entrypoints.printing import print_answer
from retrieval.languages import Language
from tests.assistant.entrypoints.test_showing import answer, conflict, evidence, quoted

ONE = evidence(1, page=3)
CLAIM = Claim("De brug is dicht.", (quoted(ONE, "De brug is dicht."),), Verdict.SUPPORTED, (), Origin.QUOTE)
MODEL = replace(CLAIM, text="Dicht.", origin=Origin.MODEL)
WRONG = replace(CLAIM, text="Roze.", verdict=Verdict.UNSUPPORTED, reasons=("it says dicht",))


def answered() -> Answer:
    told = answer(evidence=(ONE,), withheld=(WRONG,))
    trace = replace(told.trace, timings={"answered": 2.3})
    return replace(told, abstained=False, claims=(CLAIM, MODEL), citations=CLAIM.citations, trace=trace)


def printed(capsys: pytest.CaptureFixture[str], *events: Event, language: Language = "nl") -> str:
    print_answer(iter(events), language)
    return capsys.readouterr().out


def test_an_answer_is_printed_from_its_sources_to_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(
        capsys,
        Stage(StageName.SEARCHING),
        Understood("?", (), rewritten=False),
        SourcesFound((ONE,)),
        Weighed(0.9, abstaining=False),
        ClaimChecked(CLAIM),
        Stage(StageName.COMPOSING),
        ClaimChecked(MODEL),
        Answered(answered()),
    )
    assert told.splitlines() == [
        "Bronnen (1)",
        "  [1] Bevel 01, blz. 3 (staf: bevelen/bevel-01.pdf) · Departementaal Vertrouwelijk",
        "",
        "Antwoord",
        "  De brug is dicht. [1] ✓",
        "",
        "Kort gezegd (gecontroleerd)",
        "  Dicht. [1] ✓",
        "",
        "Citaten",
        "  [1] “De brug is dicht.”",
        "      bevelen/bevel-01.pdf, blz. 3, tekens 54-71",
        "",
        "✓ gesteund door de genoemde bron",
        "1 bewering van het model kon niet worden gecontroleerd en wordt niet getoond.",
        "Rubricering van dit antwoord: Departementaal Vertrouwelijk · Beantwoord in 2.3 s",
    ]


def test_sources_are_printed_before_anything_is_written() -> None:
    seen: list[str] = []

    def events() -> Iterator[Event]:
        yield SourcesFound((ONE,))
        seen.append("asked for more")
        yield Answered(answered())

    print_answer(events(), "nl")
    assert seen


def test_what_is_searched_for_is_printed_when_it_is_not_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, Understood("Wie keurt het goed?", ("Wie?",), rewritten=True), Answered(answered()))
    assert told.splitlines()[:2] == ["  Gezocht naar: Wie keurt het goed?", "  Ook apart gezocht: Wie?"]


@pytest.mark.parametrize("announced", [True, False])
def test_a_conflict_is_printed_once_side_by_side_with_its_rule(
    capsys: pytest.CaptureFixture[str], announced: bool
) -> None:
    found = conflict(prevails=1, rule="authority")
    told = replace(answered(), conflicts=(found,))
    told_before = [ConflictFound(found)] if announced else []
    lines = printed(capsys, *told_before, Answered(told), language="en").splitlines()
    assert lines.count("Sources contradict each other") == 1
    assert "    05:15  [1] Bevel 01, p. 3 · undated · Departementaal Vertrouwelijk · in force" in lines
    assert "    06:00  [2] Bevel 01 · 2026-02-03 · Departementaal Vertrouwelijk · in force, prevails" in lines
    assert "  [2] prevails: its owner gives that source more authority." in lines


def test_an_abstention_quotes_what_the_documents_do_say(capsys: pytest.CaptureFixture[str]) -> None:
    nearest = Abstention(("staf",), ("G3",), (), CLAIM.citations)
    told = replace(answer(evidence=(ONE,), text="Dit staat er niet."), abstention=nearest)
    lines = printed(capsys, SourcesFound((ONE,)), Weighed(0.1, abstaining=True), Answered(told)).splitlines()
    assert lines[3:7] == [
        "Dit staat er niet.",
        "",
        "Wat de documenten er wel over zeggen",
        "  [1] “De brug is dicht.”",
    ]
    assert "De bronnen hierboven zijn de dichtstbijzijnde; zij beantwoorden de vraag niet." in lines
    assert "Antwoord" not in lines


def test_what_failed_its_check_is_struck_through_only_where_that_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    told = replace(answered(), unanswered=("Hoe lang?",))
    lines = printed(capsys, Answered(replace(told, strikes=True))).splitlines()
    assert "  Op dit deel van de vraag geven de documenten geen antwoord: Hoe lang?" in lines
    assert lines[lines.index("Kon niet worden geverifieerd") + 1] == "  ~~Roze. [1]~~ ✗ (it says dicht)"
    assert "Roze" not in printed(capsys, Answered(told))


def test_nothing_in_an_answer_acts_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    bad = "\x1b[2J\x07"
    found = conflict()
    sides = tuple(replace(side, value=bad) for side in found.sides)
    claim, wrong = replace(CLAIM, text=bad), replace(WRONG, text=bad, reasons=(bad,))
    told = replace(answered(), withheld=(wrong,), strikes=True, unanswered=(bad,))
    told = replace(told, trace=replace(told.trace, notes=(bad,)))
    everything = printed(
        capsys,
        Understood(bad, (bad,), rewritten=True),
        SourcesFound((replace(ONE, document=replace(ONE.document, title=bad)),)),
        ConflictFound(replace(found, about=bad, sides=sides)),
        ClaimChecked(claim),
        Answered(told),
    )
    assert "\x1b" not in everything
    assert "\x07" not in everything
    assert everything.count("\ufffd[2J\ufffd") == 11
