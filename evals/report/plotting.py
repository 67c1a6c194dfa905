"""Plot what a run measured: risk against coverage, calibration, waiting times, and a measure by tag.

Each figure carries its own numbers as a table. Computes no measure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from evals.metrics import Aggregate, Bin
from evals.report import drawing
from evals.report.drawing import TOP, Axis, Plane, Point, line, picture, text
from evals.report.showing import shortened
from evals.report.wording import figure, interval, percent, seconds

_SERIES = ("line first", "line second", "line third")
# More points cannot be told apart on 340 units, and 10,000 of them weigh 200 kB.
_POINTS = 200
_ROW = 24
_LABELS = 128


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot, with what a reader needs who does not see it."""

    title: str
    reading: str
    """How to read it, and what it says here."""
    picture: Markup
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plot_risk_coverage(points: Sequence[Point], *, area: float | None, number: int) -> Figure:
    """Plot the share of wrong answers (risk) against the share of the answers that are kept (coverage).

    `points`: (coverage, risk), rising in coverage. `area`: AURC.
    Source: Geifman & El-Yaniv 2017, Selective classification for deep neural networks."""
    coverages = [coverage for coverage, _ in points]
    plane = Plane(
        drawing.shares("answers kept, the surest first"), drawing.shares_up_to(max(risk for _, risk in points))
    )
    parts = [plane.frame(), plane.path(_thinned(points), _SERIES[0])]
    said = f"Of all answers {percent(points[-1][1])} are wrong; of the surer half {_risk_at(points, coverages, 0.5)}."
    if area is not None:
        said += f" Area under the curve (AURC): {figure(area)}; lower is better."
    return Figure(
        "Risk and coverage",
        f"How many answers are wrong (upwards) when only those are given that the system is surest of. {said}",
        picture(plane.whole_height, "Risk against coverage", said, *parts, number=number),
        ("Answers kept", "Of those, wrong"),
        tuple((percent(tenth / 10), _risk_at(points, coverages, tenth / 10)) for tenth in range(1, 11)),
    )


def plot_calibration(bins: Sequence[Bin], *, error: float | None, number: int) -> Figure:
    """Plot how often the evidence held the answer against the probability that the system gave: a reliability diagram.

    `error`: expected calibration error. Source: Guo et al. 2017, On calibration of modern neural networks."""
    plane = Plane(drawing.shares("probability that the system gave"), drawing.shares(""))
    largest = max(one.n for one in bins)
    parts = [plane.frame(), line((plane.x(0), plane.y(0)), (plane.x(1), plane.y(1)), "line reference")]
    for one in bins:
        at = (plane.x(one.confidence), plane.y(one.confidence)), (plane.x(one.confidence), plane.y(one.right))
        parts.append(line(*at, "line gap"))
        # The area of a dot tells the number of its cases.
        parts.append(plane.dot((one.confidence, one.right), "dot series", radius=3 + 7 * (one.n / largest) ** 0.5))
    said = "On the dashed diagonal it is honest, below it too sure, above it too modest. A larger dot: more cases."
    if error is not None:
        said += f" Expected calibration error: {figure(error)}; lower is better."
    return Figure(
        "Calibration",
        f"How often the evidence held the answer (upwards) for each probability of it that the system gave. {said}",
        picture(plane.whole_height, "Calibration", said, *parts, number=number),
        ("Probability given", "Evidence held it", "Cases"),
        tuple((percent(one.confidence), percent(one.right), str(one.n)) for one in bins),
    )


def plot_waiting(series: Mapping[str, Sequence[float]], *, number: int) -> Figure:
    """Plot, for up to three series of seconds, the share of cases that took no longer: the empirical distribution."""
    ordered = {name: sorted(values) for name, values in series.items()}
    scale = drawing.seconds("seconds, on a logarithmic scale", [value for one in ordered.values() for value in one])
    plane = Plane(scale, drawing.shares("share of the cases"))
    parts = [plane.frame()]
    for style, values in zip(_SERIES, ordered.values(), strict=False):
        steps = [(value, (rank + 1) / len(values)) for rank, value in enumerate(values)]
        parts.append(plane.path([(values[0], 0.0), *_thinned(steps)], style))
    rows = tuple(
        (name, *(seconds(quantile(values, share)) for share in (0.5, 0.9, 0.95, 1.0)), str(len(values)))
        for name, values in ordered.items()
    )
    said = "; ".join(f"to the {row[0]} {row[1]} in half of the cases, {row[3]} at most in 95 %" for row in rows)
    return Figure(
        "Waiting",
        f"The share of the cases (upwards) in which no more than so much time passed: {said}.",
        picture(plane.whole_height + 26, "Waiting", said, *parts, *_legend(list(ordered), plane), number=number),
        ("Until", "50 %", "90 %", "95 %", "Longest", "Cases"),
        rows,
    )


def plot_by_label(measured: Mapping[str, Aggregate], *, measure: str, overall: float | None, number: int) -> Figure:
    """Plot a measure of 0 to 1 with its 95 % interval for each tag and language, lowest first."""
    known = [(one.mean, name, one) for name, one in measured.items() if one.mean is not None]
    known.sort(key=lambda told: told[:2])
    plane = Plane(drawing.shares(measure), Axis("", 0, 1), height=_ROW * len(known) + 6, left=_LABELS)
    parts = [plane.frame()]
    if overall is not None:
        parts.append(line((plane.x(overall), TOP), (plane.x(overall), TOP + plane.height), "line reference"))
    for row, (mean, name, one) in enumerate(known):
        height = TOP + _ROW * (row + 0.5) + 3
        parts.append(text(_LABELS - 8, height + 4, shortened(name, 18), "tick end"))
        if one.low is not None and one.high is not None:
            parts.append(line((plane.x(one.low), height), (plane.x(one.high), height), "whisker"))
        parts.append(drawing.circle(plane.x(mean), height, "dot series"))
    lowest, highest = known[0], known[-1]
    said = f"Lowest: {lowest[1]}, {percent(lowest[0])}; highest: {highest[1]}, {percent(highest[0])}."
    return Figure(
        f"By tag: {measure}",
        f"The mean and its 95 % interval for each tag and language; the dashed line is the mean of all cases. {said}",
        picture(plane.whole_height, f"By tag: {measure}", said, *parts, number=number),
        ("Tag", "Mean", "95 % interval", "N", "Unscored"),
        tuple((name, figure(mean), interval(one), str(one.n), str(one.unscored)) for mean, name, one in known),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that is no less than that share of the values (nearest rank)."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def _thinned(points: Sequence[Point]) -> list[Point]:
    """Return at most _POINTS of the points, the first and the last among them."""
    if len(points) <= _POINTS:
        return list(points)
    step = (len(points) - 1) / (_POINTS - 1)
    return [points[round(index * step)] for index in range(_POINTS)]


def _risk_at(points: Sequence[Point], coverages: Sequence[float], coverage: float) -> str:
    # The curve has a point only where the system's probabilities differ.
    index = bisect_right(coverages, coverage + 1e-9) - 1
    return percent(points[index][1]) if index >= 0 else "too few to tell"


def _legend(names: Sequence[str], plane: Plane) -> list[Markup]:
    parts, x, y = [], 6.0, plane.whole_height + 12.0
    for style, name in zip(_SERIES, names, strict=False):
        parts += [line((x, y - 4), (x + 22, y - 4), style), text(x + 27, y, name, "tick")]
        x += 27 + 7.6 * len(name) + 10
    return parts
