"""Write a report as JSON: all that the page tells, figures unrounded, cases with their record. A case at a time."""

import json
from collections.abc import Iterator
from typing import Any

from assistant.citing import as_json
from evals.report.contents import CaseView, Outline
from evals.report.page import banner
from evals.report.reading import Reading


def machine_readable(reading: Reading) -> Iterator[str]:
    """Yield one JSON object in pieces. 'cases' holds each case of the set; one that is not shown lacks its record."""
    told = json.dumps(_told(reading), ensure_ascii=False, indent=1)
    yield f'{told[: -len("}")].rstrip()},\n "cases": ['
    separator = "\n"
    for view in reading.views():
        yield separator + json.dumps(_case(reading, view.outline, view), ensure_ascii=False)
        separator = ",\n"
    for outline in reading.report.outlines:
        if not outline.included:
            yield separator + json.dumps(_case(reading, outline, None), ensure_ascii=False)
            separator = ",\n"
    yield "\n ]\n}\n"


def _told(reading: Reading) -> dict[str, Any]:
    report = reading.report
    return {
        "run": report.name,
        "marking": banner(report),
        "manifest": as_json(report.manifest),
        "models": list(report.models),
        "summary": {
            row.measure.name: {**as_json(row.measure), **as_json(row.measured)}
            for group in report.groups
            for row in group.rows
        },
        "lost": [{**as_json(loss), "cases": [one.id for one in loss.cases]} for loss in report.losses],
        "by label": as_json(report.by_label),
        "figures": [
            {"title": one.title, "header": list(one.header), "rows": as_json(one.rows)} for one in report.figures
        ],
        "comparison": as_json(report.contrast.comparison) if report.contrast else None,
    }


def _case(reading: Reading, outline: Outline, view: CaseView | None) -> dict[str, Any]:
    told = {
        "id": outline.id,
        "outcome": outline.outcome,
        "stage": outline.stage,
        "why": outline.why,
        "scores": reading.scores_of(outline),
    }
    if view:
        told |= {
            "judgements": as_json(view.judgements),
            "places": as_json(view.places),
            "case": as_json(view.case),
            "record": as_json(view.record),
        }
    return told
