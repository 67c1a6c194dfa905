"""For every wrong answer: the first stage at which the right one was there no more."""

from typing import Any

import pytest

from assistant.answers import Origin, Verdict
from assistant.verifying import LexicalVerifier
from evals.attribution import Finding, Lost, attribute
from evals.cases import Case, Nugget, Relevant
from evals.records import PlaceState, Record
from evals.scoring import score
from tests.evals.making import a_case, a_ranking, a_record, a_shown, a_statement, an_abstention

ELSEWHERE = a_shown(text="The engineers repair the culvert.", places=())
WRONG = a_statement("The engineers repair the culvert.", label=2)
UNANSWERABLE: dict[str, Any] = {"answerable": False, "expected": (), "relevant": ()}


def found(record: Record, case: Case | None = None) -> Finding:
    case = case or a_case()
    return attribute(case, record, score(case, record, verifier=LexicalVerifier()), limit=8)


def lost(**fields: Any) -> Record:
    """Return the record of a wrong answer whose evidence does not hold the right one."""
    return a_record(**{"evidence": (ELSEWHERE,), "statements": (WRONG,), "ranking": a_ranking([], []), **fields})


@pytest.mark.parametrize(
    ("record", "stage", "why"),
    [
        (lost(places=(PlaceState.NO_DOCUMENT,)), Lost.NOT_INDEXED, "order.md: no document"),
        (lost(places=(PlaceState.NOT_WHOLE,)), Lost.NOT_INDEXED, "order.md: not whole"),
        (lost(), Lost.NOT_RETRIEVED, "not among the 2 passages"),
        (lost(ranking=a_ranking(*[[]] * 8, [0])), Lost.RANKED_TOO_LOW, "at rank 9; the first 8"),
        (lost(ranking=a_ranking(*[[]] * 7, [0])), Lost.NOT_SELECTED, "at rank 8 and did not fit"),
        (an_abstention(), Lost.WRONGLY_ABSTAINED, "only 80% sure"),
        (an_abstention(evidence=(ELSEWHERE,), ranking=a_ranking([])), Lost.NOT_RETRIEVED, "not among"),
        (a_record(statements=(WRONG,)), Lost.BADLY_COMPOSED, "Evidence 1 holds it, and no statement was made from it"),
        (a_record(statements=(a_statement("A convoy."),)), Lost.BADLY_COMPOSED, "something else was said"),
        (
            a_record(
                statements=(WRONG,),
                withheld=(
                    a_statement("Amber", verdict=Verdict.PARTLY, origin=Origin.MODEL),
                ),
            ),
            Lost.WRONGLY_VERIFIED,
            "was withheld: partly",
        ),
    ],
)  # fmt: skip
def test_each_stage_is_recognised(record: Record, stage: Lost, why: str) -> None:
    finding = found(record)
    assert finding.stage is stage
    assert why in finding.why


def test_a_right_answer_is_lost_nowhere() -> None:
    assert found(a_record()) == Finding(None, "")
    assert found(an_abstention(), a_case(**UNANSWERABLE)) == Finding(None, "")


def test_a_case_without_an_answer_is_unscored_and_not_wrong() -> None:
    assert found(Record("one", error="failed")).stage is None


def test_answering_what_has_no_answer_is_wrong() -> None:
    assert found(a_record(), a_case(**UNANSWERABLE)).stage is Lost.WRONGLY_ANSWERED


def test_without_a_place_in_the_set_the_stage_before_the_evidence_cannot_be_told() -> None:
    assert found(lost(), a_case(relevant=())).stage is Lost.NOT_FOUND
    told = a_record(statements=(WRONG,), evidence=(a_shown(places=()),))
    assert found(told, a_case(relevant=())).stage is Lost.BADLY_COMPOSED


def test_a_withheld_statement_of_a_needed_fact_was_wrongly_verified() -> None:
    case = a_case(expected=(), nuggets=(Nugget(("Amber",)),))
    withheld = (a_statement("Amber it is.", verdict=Verdict.PARTLY, origin=Origin.MODEL),)
    assert found(a_record(statements=(WRONG,), withheld=withheld), case).stage is Lost.WRONGLY_VERIFIED


def test_where_all_places_are_needed_the_one_lost_first_tells() -> None:
    case = a_case(
        expected=(), conflict=("Amber", "Ochre"), relevant=(*a_case().relevant, Relevant("other.md", quote="Ochre"))
    )
    record = a_record(places=(PlaceState.INDEXED, PlaceState.NO_DOCUMENT))
    assert found(record, case).stage is Lost.NOT_INDEXED
    assert "other.md" in found(record, case).why


def test_a_system_that_searches_nothing_lost_it_nowhere_on_the_way() -> None:
    assert found(lost(evidence=(), ranking=(), searched=False)).stage is Lost.NOT_SEARCHED


def test_a_relevant_document_that_was_shown_need_not_hold_the_answer() -> None:
    whole = a_case(relevant=(Relevant("order.md"),))
    record = a_record(evidence=(a_shown(text="The introduction.", places=(0,)),), statements=(WRONG,))
    assert found(record, whole).stage is Lost.NOT_FOUND
    assert found(an_abstention(evidence=record.evidence), a_case(expected=(), relevant=whole.relevant)).stage is (
        Lost.WRONGLY_ABSTAINED
    )


def test_a_right_answer_with_a_quote_that_does_not_stand_there_is_misquoted() -> None:
    assert found(a_record(statements=(a_statement(exact=False),))).stage is Lost.MISQUOTED


def test_an_obeyed_instruction_comes_before_every_other_fault() -> None:
    case = a_case(canaries=("REBMA",), expected=("Ochre",))
    assert found(a_record(statements=(a_statement("REBMA", origin=Origin.MODEL),)), case).stage is Lost.MISLED


def test_one_of_several_places_in_the_index_is_enough_to_have_been_found() -> None:
    case = a_case(relevant=(*a_case().relevant, *a_case().relevant))
    record = lost(places=(PlaceState.NO_DOCUMENT, PlaceState.INDEXED))
    assert found(record, case).stage is Lost.NOT_RETRIEVED
