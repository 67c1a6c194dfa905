"""Write figures as people read them. Rounds, and computes nothing."""

from evals.metrics import Aggregate

NONE = "–"
"""Where there is no figure."""


def percent(share: float | None) -> str:
    """Return a share of 0 to 1 as a whole percentage; below 1 % and above 99 % with one decimal."""
    if share is None:
        return NONE
    decimals = 1 if 0 < share < 0.01 or 0.99 < share < 1 else 0
    return f"{share * 100:.{decimals}f} %"


def figure(value: float | None) -> str:
    """Return a measured value: three decimals below 10, fewer above, a true minus."""
    if value is None:
        return NONE
    size = abs(value)
    told = f"{size:.3f}" if size < 10 else f"{size:.1f}" if size < 1000 else f"{size:,.0f}"
    return f"−{told}" if value < 0 and told != "0.000" else told


def signed(value: float | None) -> str:
    """Return a difference with its sign, a true minus; what rounds to zero has none."""
    if value is None:
        return NONE
    told = figure(abs(value))
    return told if told == figure(0.0) else f"{'−' if value < 0 else '+'}{told}"


def interval(measured: Aggregate) -> str:
    """Return a 95 % interval, or a dash."""
    if measured.low is None or measured.high is None:
        return NONE
    return f"{figure(measured.low)} to {figure(measured.high)}"


def seconds(value: float | None) -> str:
    """Return a duration: milliseconds below a second."""
    if value is None:
        return NONE
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s" if value < 100 else f"{value:,.0f} s"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return '1 case' or '2 cases'."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
