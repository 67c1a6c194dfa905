"""Answers are written down as text, as JSON and as records, and nothing is decided on the way."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.answers import (
    Abstention,
    Answer,
    Answered,
    Claim,
    ClaimChecked,
    Conflict,
    ConflictFound,
    Drafted,
    Event,
    Origin,
    Question,
    Side,
    SourcesFound,
    Stage,
    StageName,
    Tokens,
    Trace,
    Turn,
    Understood,
    Verdict,
    Weighed,
)
from assistant.citing import as_json, as_record, as_text, conflict_line
from assistant.quoting import Sentence, cite
from retrieval.access import Marking, Principal
from tests.making import some_evidence

EVIDENCE = tuple(some_evidence(["The bridge is open.", "Een café, één brug."]))
CITATIONS = tuple(cite(Sentence(one, 0, 5, 0.5, 0.5, 0.5, 1.0)) for one in EVIDENCE)
CLAIM = Claim("The bridge is open.", CITATIONS[:1], Verdict.SUPPORTED, ("word for word",), Origin.QUOTE)
BOTH = Claim("Both.", (*CITATIONS, CITATIONS[0]), Verdict.PARTLY, (), Origin.MODEL)
MARKING = Marking("NATO", "NATO SECRET", frozenset({"NLD", "DEU"}), frozenset({"ATOMAL"}), frozenset({"G2"}))
CONFLICT = Conflict(
    "bridge",
    (Side("open", CITATIONS[0], MARKING, date(2026, 2, 4), 1), Side("dicht", CITATIONS[1], MARKING, None, 0)),
    prevails=0,
    rule="authority",
)
ABSTENTION = Abstention(("plans",), ("owner",), ("helicopter",), CITATIONS)
ANSWER = Answer(
    id="1",
    question="Open?",
    language="en",
    claims=(CLAIM, BOTH),
    text="text",
    citations=CITATIONS,
    evidence=EVIDENCE,
    abstained=False,
    abstention=None,
    unanswered=("And when?",),
    conflicts=(CONFLICT,),
    marking=MARKING,
    withheld=(BOTH,),
    strikes=True,
    unresolved=2,
    trace=Trace(
        "print", "Open?", (), {"compose.en.v1": "0"}, None, "index", {"searched": 0.1}, Tokens(3, 4), 0.9, ("note",)
    ),
)
EVENTS: list[Event] = [
    Stage(StageName.WAITING, 3),
    Understood("Open?", (), rewritten=False),
    SourcesFound(EVIDENCE),
    Weighed(0.9, abstaining=False),
    ConflictFound(CONFLICT),
    Drafted("piece"),
    ClaimChecked(CLAIM),
    Answered(ANSWER),
    Answered(replace(ANSWER, marking=None, claims=(), evidence=(), abstained=True, abstention=ABSTENTION)),
]
QUESTION = Question(
    "Open?",
    Principal("jansen", (("NLD", "Stg. Geheim"),), "NLD"),
    frozenset({"plans", "law"}),
    date(2026, 2, 4),
    (Turn("Where?", "There [1]."),),
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_can_be_written_as_json_and_read_back(event: Event) -> None:
    told = as_json(event)
    assert json.loads(json.dumps(told)) == told


def test_fields_keep_their_names_and_sets_are_sorted() -> None:
    assert as_json(MARKING) == {
        "policy": "NATO",
        "level": "NATO SECRET",
        "releasable_to": ["DEU", "NLD"],
        "categories": ["ATOMAL"],
        "need_to_know": ["G2"],
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 2, 4), "2026-02-04"),
        (datetime(2026, 2, 4, 14, 30, tzinfo=UTC), "2026-02-04T14:30:00+00:00"),
        (Path("/a/b"), "/a/b"),
        (Verdict.SUPPORTED, "supported"),
        ({1: (Path("x"), None)}, {"1": ["x", None]}),
        ("é", "é"),
        (1.5, 1.5),
        (True, True),
        (None, None),
    ],
)
def test_values_become_what_json_writes(value: object, expected: object) -> None:
    told = as_json(value)
    assert told == expected
    assert json.loads(json.dumps(told)) == expected


def test_text_has_a_line_for_each_claim_with_each_label_once() -> None:
    conflicting = replace(BOTH, verdict=Verdict.CONFLICTING)
    assert as_text([CLAIM, conflicting], "en") == "The bridge is open. [1] ✓\nBoth. [1][2] ⇄"
    assert as_text([], "en") == ""


def test_text_names_parts_without_an_answer_and_strikes_what_no_text_supports() -> None:
    told = as_text([CLAIM], "nl", unanswered=["En wanneer?"], struck=[BOTH])
    assert told.splitlines() == [
        "The bridge is open. [1] ✓",
        "Op dit deel van de vraag geven de documenten geen antwoord: En wanneer?",
        "",
        "Kon niet worden geverifieerd:",
        "~~Both. [1][2]~~ ≈",
    ]


def test_a_conflict_in_one_line_has_each_value_with_its_document_and_day() -> None:
    line = conflict_line(CONFLICT)
    assert line.startswith("bridge: open (")
    assert "2026-02-04) [1] ⇄ dicht (" in line
    assert line.endswith("[2]")


def test_a_record_names_passages_and_holds_who_asked_what() -> None:
    record = as_record(ANSWER, QUESTION)
    assert json.loads(json.dumps(record)) == record
    assert record["evidence"] == [
        {"label": one.label, "passage": one.passage.id, "version": one.passage.version} for one in EVIDENCE
    ]
    assert record["asked"]["principal"]["name"] == "jansen"
    assert record["asked"]["corpora"] == ["law", "plans"]
    assert record["asked"]["on_date"] == "2026-02-04"
    assert record["asked"]["history"] == [{"question": "Where?", "answer": "There [1]."}]
    assert record["marking"]["level"] == "NATO SECRET"
    assert record["trace"]["settings_fingerprint"] == "print"


def test_a_record_leaves_the_answer_as_it_was() -> None:
    before = as_json(ANSWER)
    as_record(ANSWER, QUESTION)
    assert as_json(ANSWER) == before
