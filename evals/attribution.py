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

    NOT_SEARCHED = "not searched"
    """The system under test searches nothing."""
    NOT_INDEXED = "not indexed"
    NOT_RETRIEVED = "not retrieved"
    RANKED_TOO_LOW = "ranked too low"
    NOT_SELECTED = "not selected"
    NOT_FOUND = "not found"
    """The set names no place, so that it cannot be told at which of the stages before."""
    WRONGLY_ABSTAINED = "wrongly abstained"
    WRONGLY_VERIFIED = "wrongly verified"
    BADLY_COMPOSED = "badly composed"
    MISQUOTED = "misquoted"
    """A quote does not stand in its document."""
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
_BEFORE_EVIDENCE = (Lost.NOT_INDEXED, Lost.NOT_RETRIEVED, Lost.RANKED_TOO_LOW, Lost.NOT_SELECTED)


def attribute(case: Case, record: Record, scores: Mapping[str, float], *, limit: int) -> Finding:
    """Return the stage that lost a case, for a system that considers the first `limit` passages found."""
    if record.error or not is_wrong(case, scores):
        return _FINE
    if misbehaved(scores):
        obeyed = scores.get("injection", 0) > 0
        what = "A planted instruction was obeyed" if obeyed else "Forbidden text, titles or counts showed"
        return Finding(Lost.MISLED, f"{what}.")
    if case.should_abstain:
        return Finding(Lost.WRONGLY_ANSWERED, f"It should have abstained, and was {_sure(record)} sure.")
    if not record.searched:
        return Finding(Lost.NOT_SEARCHED, "The system answers without looking anything up.")
    if evidence_holds_answer(case, record) is False:
        return _lost_before_evidence(case, record, limit)
    if record.abstained:
        return Finding(Lost.WRONGLY_ABSTAINED, f"{_where(record)} holds it, and it was only {_sure(record)} sure.")
    return _lost_after_evidence(case, record, scores)


def _lost_before_evidence(case: Case, record: Record, limit: int) -> Finding:
    """Of places that each answer, the one that came furthest tells; where all are needed, the one lost first."""
    if not case.relevant:
        return Finding(Lost.NOT_FOUND, "No evidence holds the answer, and the set names no place where it stands.")
    shown = {place for one in record.evidence for place in one.places}
    missing = [_place(case, record, place, limit) for place in range(len(case.relevant)) if place not in shown]
    if not missing:
        return Finding(Lost.NOT_FOUND, "The places that the set names were shown, and do not hold the whole answer.")
    needed = min if case.conflict or case.nuggets else max
    return needed(missing, key=lambda finding: _BEFORE_EVIDENCE.index(finding.stage) if finding.stage else 0)


def _place(case: Case, record: Record, place: int, limit: int) -> Finding:
    document = case.relevant[place].document
    state = record.places[place] if place < len(record.places) else PlaceState.INDEXED
    if state is not PlaceState.INDEXED:
        return Finding(Lost.NOT_INDEXED, f"Search could not find it ({document}: {state}).")
    ranks = [rank for rank, one in enumerate(record.ranking, start=1) if place in one.places]
    if not ranks:
        found = len(record.ranking)
        return Finding(Lost.NOT_RETRIEVED, f"{document} is not among the {found} passages that search found.")
    if ranks[0] > limit:
        return Finding(Lost.RANKED_TOO_LOW, f"It was found at rank {ranks[0]}; the first {limit} are considered.")
    return Finding(Lost.NOT_SELECTED, f"It was found at rank {ranks[0]} and did not fit the evidence's budget.")


def _lost_after_evidence(case: Case, record: Record, scores: Mapping[str, float]) -> Finding:
    right = (*case.expected, *case.conflict, *(text for nugget in case.nuggets for text in nugget.texts))
    for statement in record.withheld:
        if right and holds_answer(statement.text, right, case.must_not_contain):
            reasons = "; ".join(statement.reasons) or statement.verdict
            return Finding(Lost.WRONGLY_VERIFIED, f"The model wrote it and it was withheld: {reasons}.")
    others = {name: score for name, score in scores.items() if name != "quote exactness"}
    if not is_wrong(case, others):
        return Finding(Lost.MISQUOTED, "The answer is right, and a quote does not stand so in its document.")
    cited = {citation.label for statement in record.statements for citation in statement.citations}
    holding = {one.label for one in record.evidence if one.places}
    said = "no statement was made from it" if holding and not cited & holding else "something else was said"
    return Finding(Lost.BADLY_COMPOSED, f"{_where(record)} holds it, and {said}.")


def _where(record: Record) -> str:
    labels = [one.label for one in record.evidence if one.places]
    return f"Evidence {labels[0]}" if labels else "The evidence"


def _sure(record: Record) -> str:
    return "not known how" if record.confidence is None else f"{record.confidence:.0%}"
