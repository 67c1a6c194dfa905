"""Read a run into a report: score it, say what lost each case, draw its figures, and yield its cases one by one.

Holds the scores and a line of each case; a record only while it is looked at."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from evals.judging import Judgement, OnDamaged, human_score, judged
from evals.marking import high_water
from evals.metrics import Aggregate, bootstrap, calibration_bins, risk_coverage
from evals.report.contents import CaseView, Group, Outcome, Outline, Report, Row
from evals.report.contrasting import contrast
from evals.report.outlining import losses, scores_at, survey
from evals.report.plotting import Figure, plot_by_label, plot_calibration, plot_risk_coverage, plot_waiting
from evals.report.viewing import view
from evals.runs import Run, markings_of
from evals.scoring import BY_NAME, Measure, Scores, scores_of
from evals.summaries import by_label, summarise
from retrieval.access import Marking

_GROUPS = {
    "people": "Judged by people",
    "retrieval": "Retrieval",
    "answer": "Answer",
    "citations": "Citations",
    "abstention": "Abstention and confidence",
    "access": "Access",
    "attacks": "Attacks",
    "speed": "Speed",
}
_PEOPLE = Measure("judged right", "people", "higher", "What people make of the answers: right 1, partly 0.5, wrong 0.")
_WAITING = {"first source": "first source", "first token": "first token", "seconds": "whole answer"}
_LABELLED = ("answer", "abstention", "recall@8")


@dataclass(frozen=True, slots=True)
class Reading:
    """A run that was read: its report, and what its cases are still to be shown with."""

    run: Run
    report: Report
    scores: Scores
    judgements: Mapping[str, list[Judgement]]

    def scores_of(self, outline: Outline) -> dict[str, float]:
        """Return what was measured of a case."""
        return scores_at(self.scores, outline.number - 1)

    def views(self) -> Iterator[CaseView]:
        """Yield the cases that the report shows: wrong, unscored, right. Goes through the records once for each."""
        outlines = {one.id: one for one in self.report.outlines if one.included}
        for outcome in Outcome:
            wanted = {case for case, outline in outlines.items() if outline.outcome is outcome}
            for case, record in self.run.pairs() if wanted else ():
                if case.id in wanted:
                    outline = outlines[case.id]
                    scores = self.scores_of(outline)
                    yield view(outline, case, record, scores=scores, judgements=self.judgements.get(case.id, ()))


def read(
    run: Run,
    *,
    against: Run | None = None,
    beside: Iterable[Run] = (),
    on_damaged: OnDamaged | None = None,
    all_cases: bool = False,
) -> Reading:
    """Score a run and gather its report, the cases aside.

    `beside`: runs in which the same answers may have been judged; of what is damaged there, `on_damaged` is told.
    Raises RunDamaged, RunClosed, RunsDiffer or JudgementsDamaged."""
    scores, seed = scores_of(run), run.manifest.seed
    found = survey(run.cases(), run.pairs(), scores, run.manifest, all_cases=all_cases)
    summary = summarise(scores, seed=seed)
    labelled = {name: by_label(scores, name, seed=seed) for name in _LABELLED if name in summary}
    judgements = judged(run, beside, on_damaged=on_damaged)
    report = Report(
        run.name,
        run.manifest,
        high_water(marking for one in (run, against) if one for marking in _markings(one)),
        found.models,
        found.outlines,
        tuple(_groups(summary, _people(scores, judgements, seed))),
        tuple(losses(found.outlines)),
        tuple(_figures(scores, summary, labelled)),
        labelled,
        contrast(run, against) if against else None,
    )
    return Reading(run, report, scores, judgements)


def _markings(run: Run) -> Iterator[Marking]:
    yield from run.markings()
    for case, record in run.pairs():
        yield from markings_of(case, record)


def _people(scores: Scores, judgements: Mapping[str, list[Judgement]], seed: int) -> Aggregate | None:
    given = [human_score(judgements.get(case, ())) for case in scores.ids]
    column = np.array([np.nan if one is None else one for one in given], dtype=np.float64)
    measured = bootstrap({"people": column}, {}, seed=seed)["people"]
    return measured if measured.n else None


def _groups(summary: Mapping[str, Aggregate], people: Aggregate | None) -> Iterator[Group]:
    rows = [Row(BY_NAME[name], measured) for name, measured in summary.items()]
    if people:
        rows.append(Row(_PEOPLE, people))
    for group, title in _GROUPS.items():
        if mine := tuple(row for row in rows if row.measure.group == group):
            yield Group(title, mine)


def _figures(
    scores: Scores, summary: Mapping[str, Aggregate], labelled: Mapping[str, Mapping[str, Aggregate]]
) -> Iterator[Figure]:
    number = 0
    right = scores.answered_right
    judged = ~np.isnan(right) & ~np.isnan(scores.confidence)
    if judged.any():
        coverage, risk = risk_coverage(scores.confidence[judged], 1 - right[judged])
        points = list(zip(coverage.tolist(), risk.tolist(), strict=True))
        yield plot_risk_coverage(points, area=_mean(summary, "aurc"), number=(number := number + 1))
    known = ~np.isnan(scores.answerable_here) & ~np.isnan(scores.confidence)
    if known.any():
        bins = calibration_bins(scores.confidence[known], scores.answerable_here[known])
        yield plot_calibration(bins, error=_mean(summary, "calibration error"), number=(number := number + 1))
    waited = {
        title: column[~np.isnan(column)].tolist()
        for name, title in _WAITING.items()
        for column in [scores.columns[name]]
    }
    if waited := {title: values for title, values in waited.items() if values}:
        yield plot_waiting(waited, number=(number := number + 1))
    for name, measured in labelled.items():
        if measured:
            yield plot_by_label(measured, measure=name, overall=_mean(summary, name), number=(number := number + 1))


def _mean(summary: Mapping[str, Aggregate], name: str) -> float | None:
    return summary[name].mean if name in summary else None
