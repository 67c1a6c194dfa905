"""Answers are written down as text, as JSON and as records, and nothing is decided on the way."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.answers import (
    Answer,
    Answered,
    Claim,
    ClaimChecked,
    Drafted,
    Event,
    Origin,
    Question,
    SourcesFound,
    Stage,
    StageName,
    Tokens,
    Trace,
    Turn,
    Verdict,
)
from assistant.citing import as_json, as_record, as_text
from assistant.quoting import Sentence, cite
from retrieval.access import Marking, Principal
from tests.making import some_evidence

EVIDENCE = tuple(some_evidence(["The bridge is open.", "Een café, één brug."]))
CITATIONS = tuple(cite(Sentence(one, 0, 5, 0.5, 0.5, 0.5, 1.0)) for one in EVIDENCE)
CLAIM = Claim("The bridge is open.", CITATIONS[:1], Verdict.SUPPORTED, ("word for word",), Origin.QUOTE)
BOTH = Claim("Both.", (*CITATIONS, CITATIONS[0]), Verdict.PARTLY, (), Origin.MODEL)
MARKING = Marking("NATO", "NATO SECRET", frozenset({"NLD", "DEU"}), frozenset({"ATOMAL"}), frozenset({"G2"}))
ANSWER = Answer(
    id="1",
    question="Open?",
    language="en",
    claims=(CLAIM, BOTH),
    text="text",
    citations=CITATIONS,
    evidence=EVIDENCE,
    abstained=False,
    conflicts=("one", "other"),
    marking=MARKING,
    withheld=(BOTH,),
    unresolved=2,
    trace=Trace(
        "print", "Open?", {"compose.en.v1": "0"}, None, "index", {"searched": 0.1}, Tokens(3, 4), 0.9, ("note",)
    ),
)
EVENTS: list[Event] = [
    Stage(StageName.WAITING, 3),
    SourcesFound(EVIDENCE, abstaining=False),
    Drafted("piece"),
    ClaimChecked(CLAIM),
    Answered(ANSWER),
    Answered(replace(ANSWER, marking=None, claims=(), evidence=(), abstained=True)),
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
    assert as_text([CLAIM, BOTH]) == "The bridge is open. [1]\nBoth. [1][2]"
    assert as_text([]) == ""


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
