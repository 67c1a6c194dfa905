"""Write a report as Markdown: the summary, where answers were lost, and what failed. No passage stands in it.

Text of others is written so that Markdown gives it no effect."""

import re
from collections.abc import Iterator, Sequence

from evals.report.contents import CaseView, Outcome, Outline, Report
from evals.report.contrasting import Contrast
from evals.report.page import banner, facts
from evals.report.reading import Reading
from evals.report.showing import shortened, shown
from evals.report.wording import NONE, count, figure, interval, percent, signed

_ACTIVE = re.compile(r"([\\`*_\[\]<>|&#~!$]|(?<=www)\.|:(?=//)|(?<=\w)@(?=[\w-]+\.))", re.IGNORECASE)
_ANSWER = 300


def markdown(reading: Reading) -> Iterator[str]:
    """Yield the report line by line, without line ends."""
    report = reading.report
    yield from (f"**{_plain(banner(report))}**", "", f"# {_plain(report.manifest.set_name)}: evaluation", "")
    yield from (f"- {name}: {_plain(value)}" for name, value in facts(report))
    counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in reversed(Outcome))
    yield from (f"- Cases: {len(report.outlines)} ({counts})", "")
    yield from _summary(report)
    yield from _lost(report)
    if report.contrast:
        yield from _comparison(report.contrast)
    yield from _failures(reading)
    yield from ("", f"**{_plain(banner(report))}**")


def _summary(report: Report) -> Iterator[str]:
    yield from ("## Summary", "")
    rows = [
        (row.measure.name, figure(row.measured.mean), interval(row.measured), row.measured.n, row.measured.unscored)
        for group in report.groups
        for row in group.rows
    ]
    yield from _table(("Measure", "Mean", "95 % interval", "N", "Unscored"), rows)


def _lost(report: Report) -> Iterator[str]:
    yield from ("## Where answers were lost", "")
    rows = [
        (loss.stage, len(loss.cases), percent(loss.share), loss.left, _names(loss.cases))
        for loss in report.losses
        if loss.cases
    ]
    if rows:
        yield from _table(("Stage", "Lost", "Share", "Left", "Cases"), rows)
    else:
        yield from ("None was lost.", "")


def _comparison(contrast: Contrast) -> Iterator[str]:
    told = contrast.comparison
    yield from ("## Comparison", "", f"Before: {_plain(told.a)}. Now: {_plain(told.b)}.", "")
    rows = [
        (
            name,
            figure(paired.mean_a),
            figure(paired.mean_b),
            signed(paired.difference),
            figure(told.adjusted.get(name)),
            paired.n,
            told.verdict(name),
        )
        for name, paired in told.measures.items()
    ]
    yield from _table(("Measure", "Before", "Now", "Difference", "p (Holm)", "N", "Verdict"), rows)
    yield from (f"{count(contrast.better, 'case')} became better, {contrast.worse} worse.", "")


def _failures(reading: Reading) -> Iterator[str]:
    yield "## Failures"
    for view in reading.views():
        if view.outline.outcome is Outcome.WRONG or view.record.error:
            yield from _failure(view)
    if not any(one.outcome is Outcome.WRONG for one in reading.report.outlines):
        yield from ("", "No case is wrong.")


def _failure(view: CaseView) -> Iterator[str]:
    outline, record = view.outline, view.record
    yield from ("", f"### {_plain(outline.id)}: {outline.stage or outline.outcome}", "")
    expected = " / ".join(view.case.expected) or ("to abstain" if view.case.should_abstain else "its place")
    answered = NONE if record.error else "abstained" if record.abstained else record.claimed or NONE
    yield from (
        f"- Asked: {_plain(view.case.question)}",
        f"- Expected: {_plain(expected)}",
        f"- Answered: {_plain(shortened(answered, _ANSWER))}",
        f"- Why: {_plain(outline.why)}",
    )


def _names(cases: Sequence[Outline]) -> str:
    return ", ".join(one.id for one in cases[:12]) + (f" and {len(cases) - 12} more" if len(cases) > 12 else "")


def _table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'|'.join([' --- ', *[' ---: '] * (len(header) - 1)])}|"
    yield from (f"| {' | '.join(_plain(str(cell)) for cell in row)} |" for row in rows)
    yield ""


def _plain(text: str) -> str:
    """Return one line of Markdown that shows the text: marks that could mean something have a backslash before them."""
    return _ACTIVE.sub(r"\\\1", " ".join(shown(text).split()))
