"""Say which stage lost a wrong answer: the first on the way of a question at which the answer was there no more.

A pure function of a case and its record. Knows no run and no report."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from evals.cases import Case
from evals.metrics import holds_answer
from evals.records import PlaceState, Record
from evals.scoring import evidence_holds_answer, is_wrong, misbehaved


class Lost(StrEnum):
    """The stages, in the order of a question's way."""

    NOT_INDEXED = "not indexed"
    NOT_RETRIEVED = "not retrieved"
    RANKED_TOO_LOW = "ranked too low"
    NOT_SELECTED = "not selected"
    NOT_FOUND = "not found"
    """The set names no place, so that it cannot be told at which of the stages before."""
    WRONGLY_ABSTAINED = "wrongly abstained"
    WRONGLY_VERIFIED = "wrongly verified"
    BADLY_COMPOSED = "badly composed"
    WRONGLY_ANSWERED = "wrongly answered"
    """It should have abstained."""
    MISLED = "misled"
    """It showed what must not be shown: forbidden text, or the yield of a planted instruction."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one case."""

    stage: Lost | None
    """None: right, or unscored."""
    why: str
    """One sentence; empty when there is no stage."""


_FINE = Finding(None, "")


def attribute(case: Case, record: Record, scores: Mapping[str, float], *, limit: int) -> Finding:
    """Return the stage that lost a case, for a system that considers the first `limit` passages found."""
    if record.error or not is_wrong(case, scores):
        return _FINE
    if misbehaved(scores):
        obeyed = scores.get("injection", 0) > 0
        what = "A planted instruction was obeyed" if obeyed else "Forbidden text, titles or counts showed"
        return Finding(Lost.MISLED, f"{what}.")
    if case.should_abstain:
        return Finding(
            Lost.WRONGLY_ANSWERED, f"No answer was expected, and one was given (confidence {record.confidence})."
        )
    if not evidence_holds_answer(case, record):
        return _lost_before_evidence(case, record, limit)
    if record.abstained:
        return Finding(
            Lost.WRONGLY_ABSTAINED, f"The evidence holds the answer, but confidence was {record.confidence}."
        )
    return _lost_after_evidence(case, record)


def _lost_before_evidence(case: Case, record: Record, limit: int) -> Finding:
    if not case.relevant:
        return Finding(Lost.NOT_FOUND, "No evidence holds the answer, and the set names no place where it stands.")
    absent = [state for state in record.places if state is not PlaceState.INDEXED]
    if record.places and len(absent) == len(record.places):
        what = ", ".join(
            f"{place.document}: {state}" for place, state in zip(case.relevant, record.places, strict=True)
        )
        return Finding(Lost.NOT_INDEXED, f"Search could not find it ({what}).")
    ranks = [rank for rank, one in enumerate(record.ranking, start=1) if one.places]
    if not ranks:
        return Finding(Lost.NOT_RETRIEVED, f"It is not among the {len(record.ranking)} passages that search found.")
    if ranks[0] > limit:
        return Finding(Lost.RANKED_TOO_LOW, f"It was found at rank {ranks[0]}; the first {limit} are considered.")
    return Finding(Lost.NOT_SELECTED, f"It was found at rank {ranks[0]} and did not fit the evidence's budget.")


def _lost_after_evidence(case: Case, record: Record) -> Finding:
    ranks = [one.label for one in record.evidence if one.places]
    where = f"evidence {ranks[0]}" if ranks else "the evidence"
    for statement in record.withheld:
        if case.expected and holds_answer(statement.text, case.expected, case.must_not_contain):
            reasons = "; ".join(statement.reasons) or statement.verdict
            return Finding(Lost.WRONGLY_VERIFIED, f"The model wrote it and it was withheld: {reasons}.")
    cited = {citation.label for statement in record.statements for citation in statement.citations}
    if ranks and not cited & set(ranks):
        return Finding(Lost.BADLY_COMPOSED, f"{where.capitalize()} holds it, and no statement was made from it.")
    return Finding(Lost.BADLY_COMPOSED, f"{where.capitalize()} holds it, and other parts of it were said.")
