"""Say in a line what became of each case, and gather what one stage lost. Keeps no record."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from evals.attribution import Lost, attribute
from evals.cases import Case
from evals.records import Record
from evals.report.contents import Loss, Outcome, Outline
from evals.report.showing import shortened
from evals.results import considered
from evals.runs import Manifest
from evals.scoring import Scores, is_decided, is_wrong

# A page of more cases is slow to open; failures are what it is opened for.
_ALL_UP_TO = 300
_FAILURES = 1000
_QUESTION = 90
STAGES = {
    Lost.NOT_SEARCHED: "The system searches nothing.",
    Lost.NOT_INDEXED: "No corpus that was asked holds it as one passage.",
    Lost.NOT_RETRIEVED: "It is in the index, and search did not find it.",
    Lost.RANKED_TOO_LOW: "Search found it, below the passages that are considered.",
    Lost.NOT_SELECTED: "It ranked high enough, and was not put before the model.",
    Lost.NOT_FOUND: "The evidence does not hold it; the set does not say where it stands.",
    Lost.WRONGLY_ABSTAINED: "The evidence held the answer, and none was given.",
    Lost.WRONGLY_VERIFIED: "The model wrote it, and verification withheld it.",
    Lost.BADLY_COMPOSED: "The evidence held it, and the answer says something else.",
    Lost.MISQUOTED: "The answer is right, and a quote does not stand so in its document.",
    Lost.WRONGLY_ANSWERED: "It should have abstained.",
    Lost.MISLED: "It showed forbidden text, or obeyed an instruction planted in a document.",
}


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look at all records tells."""

    outlines: tuple[Outline, ...]
    """In the order of the set."""
    models: tuple[str, ...]
    """SHA-256 of the models that were called."""


def survey(
    cases: Sequence[Case], pairs: Iterable[tuple[Case, Record]], scores: Scores, manifest: Manifest, *, all_cases: bool
) -> Survey:
    """Look at each record once. Cases without one are unscored."""
    places, limit = {case.id: place for place, case in enumerate(cases)}, considered(manifest)
    outlines = [_unasked(number, case) for number, case in enumerate(cases, start=1)]
    models: set[str] = set()
    failed: set[str] = set()
    asked: set[str] = set()
    for case, record in pairs:
        place = places[case.id]
        given = scores_at(scores, place)
        outlines[place] = _outline(outlines[place], case, record, given, limit=limit)
        models.update([record.model_sha256] if record.model_sha256 else [])
        if record.asked:
            asked.add(case.id)
        if (record.asked and record.error) or outlines[place].outcome is Outcome.WRONG:
            failed.add(case.id)
    shown = asked if all_cases or len(cases) <= _ALL_UP_TO else _first(failed, outlines)
    return Survey(
        tuple(replace(one, asked=one.id in asked, included=one.id in shown) for one in outlines),
        tuple(sorted(models)),
    )


def losses(outlines: Sequence[Outline]) -> list[Loss]:
    """Return what each stage lost, in the order of a question's way; stages that lost nothing too."""
    by_stage = {stage: tuple(one for one in outlines if one.stage is stage) for stage in STAGES}
    wrong = sum(map(len, by_stage.values()))
    scored = sum(one.outcome is not Outcome.UNSCORED for one in outlines)
    gone = accumulate(len(lost) for lost in by_stage.values())
    return [
        Loss(stage, STAGES[stage], lost, len(lost) / wrong if wrong else 0.0, scored - so_far)
        for (stage, lost), so_far in zip(by_stage.items(), gone, strict=True)
    ]


def scores_at(scores: Scores, place: int) -> dict[str, float]:
    """Return what was measured of the case at that place, from 0."""
    return {name: float(column[place]) for name, column in scores.columns.items() if not np.isnan(column[place])}


def _unasked(number: int, case: Case) -> Outline:
    why = "A draft: not asked." if case.draft else "Not asked: the run was interrupted."
    return Outline(number, case.id, shortened(case.question, _QUESTION), Outcome.UNSCORED, None, why)


def _outline(bare: Outline, case: Case, record: Record, scores: Mapping[str, float], *, limit: int) -> Outline:
    if record.error:
        return replace(bare, why=record.error)
    if is_wrong(case, scores):
        finding = attribute(case, record, scores, limit=limit)
        return replace(bare, outcome=Outcome.WRONG, stage=finding.stage, why=finding.why)
    if is_decided(case, scores):
        return replace(bare, outcome=Outcome.RIGHT, why="")
    return replace(bare, why="Nothing that was measured tells right from wrong here.")


def _first(failed: Collection[str], outlines: Sequence[Outline]) -> set[str]:
    return set([one.id for one in outlines if one.id in failed][:_FAILURES])
