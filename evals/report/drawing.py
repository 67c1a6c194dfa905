"""Draw a plane with two axes, and lines and dots on it, as SVG elements.

Knows nothing of what is plotted. Colours are classes of the report's style sheet; text is escaped here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup, escape

from evals.report.showing import shown

# In SVG units. 400 wide: on a telephone of 320 px the text is still 9 px high, beside a table of the same figures.
WIDTH = 400
LEFT, RIGHT, TOP = 46, 26, 14
_BELOW = 44

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """What stands along one side: its name, its ends, and the values that are written there."""

    name: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    logarithmic: bool = False

    def share(self, value: float) -> float:
        """Return how far along the axis a value stands, 0 to 1; what lies beyond an end stands at that end."""
        held = min(max(value, self.low), self.high)
        low, high, held = (log10(one) if self.logarithmic else one for one in (self.low, self.high, held))
        return (held - low) / (high - low)


def shares(name: str) -> Axis:
    """Return an axis from 0 to 100 %."""
    return Axis(name, 0.0, 1.0, tuple((step / 4, f"{25 * step} %") for step in range(5)))


def shares_up_to(highest: float) -> Axis:
    """Return a nameless axis from 0 to the first of 5, 10, 20, 50 and 100 % that holds the highest share."""
    top = next(top for top in (5, 10, 20, 50, 100) if highest * 100 <= top or top == 100)
    return Axis("", 0.0, top / 100, tuple((top * step / 500, f"{top * step / 5:g} %") for step in range(6)))


def seconds(name: str, values: Iterable[float]) -> Axis:
    """Return a logarithmic axis that holds the values: whole powers of ten, in seconds. Zero counts as 1 ms."""
    positive = [max(value, 0.001) for value in values]
    low, high = floor(log10(min(positive))), ceil(log10(max(positive)))
    high = max(high, low + 1)
    ticks = tuple((10.0**power, f"{10.0**power:g} s") for power in range(low, high + 1))
    return Axis(name, 10.0**low, 10.0**high, ticks, logarithmic=True)


@dataclass(frozen=True, slots=True)
class Plane:
    """Two axes, and where a point stands between them."""

    across: Axis
    up: Axis
    height: int = 260
    left: int = LEFT

    @property
    def whole_height(self) -> int:
        return TOP + self.height + _BELOW

    def x(self, value: float) -> float:
        return round(self.left + self.across.share(value) * (WIDTH - self.left - RIGHT), 1)

    def y(self, value: float) -> float:
        return round(TOP + (1 - self.up.share(value)) * self.height, 1)

    def frame(self) -> Markup:
        """Return grid, ticks and the names of both axes."""
        left, right, bottom = self.left, WIDTH - RIGHT, TOP + self.height
        parts = [
            *(line((left, self.y(value)), (right, self.y(value)), "grid") for value, _ in self.up.ticks),
            *(text(left - 6, self.y(value) + 4, label, "tick end") for value, label in self.up.ticks),
            *(line((self.x(value), TOP), (self.x(value), bottom), "grid") for value, _ in self.across.ticks),
            *(text(self.x(value), bottom + 16, label, "tick middle") for value, label in self.across.ticks),
            line((left, bottom), (right, bottom), "axis"),
            line((left, TOP), (left, bottom), "axis"),
            text((left + right) / 2, bottom + 36, self.across.name, "name middle"),
        ]
        return Markup("").join(parts)

    def path(self, points: Sequence[Point], style: str) -> Markup:
        """Return a line that stays level until the next point."""
        words = [f"M{self.x(points[0][0]):g} {self.y(points[0][1]):g}"]
        words += [f"H{self.x(across):g}V{self.y(up):g}" for across, up in points[1:]]
        return element("path", d="".join(words), class_=style)

    def dot(self, point: Point, style: str, *, radius: float = 4.5) -> Markup:
        """Return a disc at the point; the radius in SVG units."""
        return circle(self.x(point[0]), self.y(point[1]), style, radius=radius)


def picture(height: float, title: str, description: str, *parts: Markup, number: int) -> Markup:
    """Return a whole SVG that a screen reader reads as its title and description. `number`: unique in the page."""
    names = f"picture-{number}-title picture-{number}-description"
    return element(
        "svg",
        element("title", escape(title), id=f"picture-{number}-title"),
        element("desc", escape(shown(description)), id=f"picture-{number}-description"),
        *parts,
        viewBox=f"0 0 {WIDTH} {height:g}",
        role="img",
        aria_labelledby=names,
        class_="picture",
    )


def line(start: Point, end: Point, style: str) -> Markup:
    return element("path", d=f"M{start[0]:g} {start[1]:g}L{end[0]:g} {end[1]:g}", class_=style)


def text(x: float, y: float, words: str, style: str) -> Markup:
    return element("text", escape(shown(words)), x=f"{x:g}", y=f"{y:g}", class_=style)


def circle(x: float, y: float, style: str, *, radius: float = 4.5) -> Markup:
    return element("circle", cx=f"{x:g}", cy=f"{y:g}", r=f"{radius:.1f}", class_=style)


def element(name: str, *children: Markup, **attributes: object) -> Markup:
    """Return an element. An attribute's underscores are hyphens, and the last one falls off: class_, aria_label."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items()
    )
    return Markup("<{name}{written}>{inside}</{name}>").format(
        name=Markup(name),  # noqa: S704 (ours: the name of an element)
        written=written,
        inside=Markup("").join(children),
    )
