"""Write a report as one HTML page that asks nothing of any host and runs no script, a case at a time.

Everything that is put into the page passes `shown` and is escaped. Decides nothing about what is told."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.report import wording
from evals.report.contents import Outcome, Report
from evals.report.reading import Reading
from evals.report.showing import shown
from evals.runs import Manifest

UNMARKED = "No marking: the run put no evidence before the model"
_HASH = 12


def html(reading: Reading) -> Iterator[str]:
    """Yield the page in pieces, in order."""
    report = reading.report
    template = _environment().get_template("report.html")
    yield from template.generate(
        report=report,
        manifest=report.manifest,
        contrast=report.contrast,
        views=reading.views(),
        facts=facts(report),
        banner=banner(report),
        marking_for_print=_for_style_sheet(banner(report)),
        scored=len(report.outlines) - report.count(Outcome.UNSCORED),
        included=len(report.outlines) - report.left_out,
        unasked=[one for one in report.outlines if one.outcome is Outcome.UNSCORED and not one.asked],
        numbers={one.id: one.number if one.included else 0 for one in report.outlines},
    )


def banner(report: Report) -> str:
    """Return what stands at the top and the bottom of each page."""
    return report.marking or UNMARKED


def facts(report: Report) -> list[tuple[str, str]]:
    """Return what it takes to know what was measured, and to measure it again."""
    manifest = report.manifest
    return [
        ("Test set", f"{manifest.set_name} ({manifest.set_sha256[:_HASH]})"),
        ("System", manifest.system),
        ("Settings", manifest.settings_fingerprint),
        ("Model", ", ".join(model[:_HASH] for model in report.models) or "none was called"),
        ("Index", manifest.index_snapshot[:64] or wording.NONE),
        ("Asked", _period(manifest)),
        ("As of", f"{manifest.on_date}, by {manifest.asker}"),
        ("Stafwijzer", f"{manifest.version}, seed {manifest.seed}"),
        ("Machine", manifest.machine),
    ]


def _period(manifest: Manifest) -> str:
    day, start = _moment(manifest.started)
    if not manifest.finished:
        return f"{day} {start} UTC, interrupted"
    last_day, end = _moment(manifest.finished)
    return f"{day} {start} to {end if day == last_day else f'{last_day} {end}'} UTC"


def _moment(written: str) -> tuple[str, str]:
    """Return the day and the minute."""
    day, _, time = written.partition("T")
    return day, time[:5]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_fit,
        trim_blocks=True,
        keep_trailing_newline=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": wording.count,
        "figure": wording.figure,
        "interval": wording.interval,
        "percent": wording.percent,
        "seconds": wording.seconds,
        "signed": wording.signed,
    }
    return environment


def _fit(value: object) -> object:
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _for_style_sheet(text: str) -> Markup:
    """Return a string for a style sheet: whatever is no letter, digit or space as its number (CSS Syntax 3, 4.3.7)."""
    written = [one if one.isascii() and (one.isalnum() or one == " ") else f"\\{ord(one):x} " for one in shown(text)]
    return Markup("".join(written))  # noqa: S704 (nothing that could end a string or an element is left)
