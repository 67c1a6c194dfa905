"""Read amounts with their units and moments, and convert between units that measure the same thing.

Dutch and English notation. Currencies and counts are units of their own and are never converted into each other.
Knows nothing of courses or criteria."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import pint

from retrieval.errors import StafwijzerError
from retrieval.languages import Language
from retrieval.quantities import DATE, TIME, quantities, with_figures

_LONGEST_TEXT = 200
# What retrieval.quantities calls a unit, and pint does otherwise. A ton is metric here; pint's is the American one.
_PINT_NAMES = {
    "%": "percent",
    "percentage point": "percent",
    "kn": "knot",
    "nautical mile": "nautical_mile",
    "mi": "mile",
    "mph": "mile/hour",
    "ft": "foot",
    "yd": "yard",
    "m2": "meter**2",
    "km2": "kilometer**2",
    "m3": "meter**3",
    "ha": "hectare",
    "t": "metric_ton",
    "lb": "pound",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "s": "second",
    "°C": "degree_Celsius",
    "°F": "degree_Fahrenheit",
    "MB": "megabyte",
    "GB": "gigabyte",
    "TB": "terabyte",
}
# What staffs count. A bed and a seat hold one person each, so that people can be held against places.
_COUNTED = {
    "person": "person people persons personen persoon mensen soldier soldiers soldaat soldaten militair militairen"
    " inhabitant inhabitants inwoner inwoners bewoner bewoners resident residents casualty casualties gewonde gewonden"
    " passenger passengers passagier passagiers evacuee evacuees pax",
    "seat": "seat seats zitplaats zitplaatsen plaats plaatsen place places",
    "bed": "bed beds bedden",
    "vehicle": "vehicle vehicles voertuig voertuigen truck trucks lorry lorries vrachtauto vrachtauto's bus"
    " buses bussen",
    "meal": "meal meals maaltijd maaltijden ration rations rantsoen rantsoenen",
    "animal": "animal animals dier dieren",
    "piece": "piece pieces stuk stuks",
    "day": "etmaal etmalen",
    "dimensionless": "dimensionless rating punt punten point points score",
}
_COUNT_NAMES = {word: unit for unit, words in _COUNTED.items() for word in words.split()}
_DEFINITIONS = (
    *(f"{code} = [currency_{code}]" for code in ("EUR", "USD", "GBP")),
    "person = [person]",
    "seat = person",
    "bed = person",
    *(f"{thing} = [{thing}]" for thing in ("vehicle", "meal", "animal", "piece")),
    # Military load class (STANAG 2021): a class, no weight.
    "MLC = [military_load_class]",
)
# Anything else that pint reads as an expression may be a long computation.
_PINT_SPELLING = re.compile(r"[^\W\d_]\w*(?:\*\*-?[1-4])?(?:[*/][^\W\d_]\w*(?:\*\*-?[1-4])?){0,4}(?!\w|\*\*)")
_SCALE = r"hundred|honderd|thousand|duizend|millions?|miljoen|mln|billions?|miljard|mld"
_CURRENCY = r"us\$|\$|€|£|eur|usd|gbp|mlc"
_DIGITS = r"\d+(?:[.,]\d+|[\u00a0\u2009\u202f]\d{3}(?!\d))*"
_UNIT_WORD = r"(?:[^\W\d_][\w'’]*|€|£|%|° ?[cCfF]|°)(?:[²³]|\*\*-?[1-4])?"
_AMOUNT = re.compile(
    rf"(?<![\w.,:/-])(?P<sign>[-−])?(?:(?P<before>{_CURRENCY}) ?)?(?P<inner>[-−])?"
    rf"(?P<digits>{_DIGITS})(?![.,]?\d)(?:[ -]?(?P<scale>{_SCALE})\b)?",
    re.IGNORECASE,
)
_WORDS = re.compile(rf"[\s-]?(?P<first>{_UNIT_WORD})(?P<more>(?: [^\W\d_]+){{0,2}})", re.IGNORECASE)
_RATE = re.compile(
    rf"(?: ?/ ?| (?P<spelled>per|a|an|each|every|elke?|ieder|iedere) )(?P<below>{_UNIT_WORD})", re.IGNORECASE
)
_JOINED = re.compile(rf"{_UNIT_WORD}/{_UNIT_WORD}")
_JOIN = re.compile(r"\s*(?:,|and|en|\+)?\s*", re.IGNORECASE)


class MeasureUnreadable(StafwijzerError):
    """A text is not one amount with its unit."""


class UnitsDiffer(StafwijzerError):
    """Two amounts do not measure the same thing."""


@dataclass(frozen=True, slots=True)
class Measure:
    amount: float
    """Finite."""
    unit: str
    """As pint writes it: 'hour', 'liter/day', 'EUR'; 'dimensionless' for a bare number."""

    def to(self, unit: str) -> "Measure":
        """Return the same in another unit. Raises UnitsDiffer when the two do not measure the same thing."""
        try:
            return _measure(_registry().Quantity(self.amount, self.unit).to(unit))
        except pint.DimensionalityError as error:
            raise UnitsDiffer(
                f"'{self.unit}' cannot be converted to '{unit}'.",
                hint="Give the value in a unit that measures the same.",
            ) from error

    def plus(self, other: "Measure") -> "Measure":
        """Raises UnitsDiffer."""
        return Measure(self.amount + other.to(self.unit).amount, self.unit)

    def minus(self, other: "Measure") -> "Measure":
        """Raises UnitsDiffer."""
        return Measure(self.amount - other.to(self.unit).amount, self.unit)

    def times(self, other: "Measure") -> "Measure":
        return _measure(
            (
                _registry().Quantity(self.amount, self.unit) * _registry().Quantity(other.amount, other.unit)
            ).to_reduced_units()
        )

    def over(self, other: "Measure") -> "Measure":
        """Raises MeasureUnreadable when the other is nothing."""
        if other.amount == 0:
            raise MeasureUnreadable("An amount was divided by 0.", hint="Give a divisor that is not 0.")
        return _measure(
            (
                _registry().Quantity(self.amount, self.unit) / _registry().Quantity(other.amount, other.unit)
            ).to_reduced_units()
        )

    def alike(self, other: "Measure") -> bool:
        """Tell whether the two measure the same thing."""
        return bool(_registry().Unit(self.unit).is_compatible_with(_registry().Unit(other.unit)))

    @property
    def dimension(self) -> str:
        """What is measured, as pint writes it: '[time]', '[length] / [time]'."""
        return str(_registry().Unit(self.unit).dimensionality)

    def written(self, language: Language) -> str:
        """Return '24,000 l' or '24.000 l', with two decimals where it is not whole."""
        symbol = f"{_registry().Unit(self.unit):~P}" if self.unit != "dimensionless" else ""
        return f"{number_written(self.amount, language)} {symbol}".strip()


@dataclass(frozen=True, slots=True)
class Found:
    """An amount in a text."""

    measure: Measure
    start: int
    end: int


def parse(text: str, *, language: Language) -> Measure:
    """Return the one amount that a text is: '4,5 uur', '€ 25.000', '3 cm per uur', '1 hour 30 minutes', 'MLC 60'.

    A unit may also be written as pint does. Raises MeasureUnreadable or UnitsDiffer."""
    whole = with_figures(" ".join(text.split()), language)
    total, at = None, 0
    while at < len(whole) <= _LONGEST_TEXT and (match := _AMOUNT.match(whole, at)):
        found = _read(whole, match, language, spelled_as_pint=True)
        if found is None:
            break
        total = found.measure if total is None else total.plus(found.measure)
        rest = _JOIN.match(whole, found.end)
        at = rest.end() if rest and rest.end() > found.end else found.end
        if at == len(whole):
            return total
    raise MeasureUnreadable(
        f"'{text[:_LONGEST_TEXT]}' is not an amount with a unit.",
        hint="Write '4,5 uur' or '25.000 euro'." if language == "nl" else "Write '4.5 hours' or '25,000 euros'.",
    )


def measures(text: str, *, language: Language) -> list[Found]:
    """Return the amounts with a unit in a text, in its order. A bare number, a date and a time of day are none.

    Numbers in words are not read: put them in figures before (retrieval.quantities.with_figures)."""
    found, at = [], 0
    while match := _AMOUNT.search(text, at):
        one = _read(text, match, language, spelled_as_pint=False)
        at = max(one.end, match.end()) if one else match.end()
        # 1800 hours is a time of day.
        clock = one and one.measure.unit == "hour" and re.fullmatch(r"\d{4}", match["digits"])
        if one and one.measure.unit != "dimensionless" and not clock:
            found.append(one)
    return found


def amount_at_start(text: str, *, language: Language) -> Found | None:
    """Return the amount that a text begins with, its unit perhaps as pint writes it; None when it begins otherwise."""
    match = _AMOUNT.match(text)
    return _read(text, match, language, spelled_as_pint=True) if match else None


def unit_named(spelling: str, *, language: Language) -> str:
    """Return a unit as pint writes it: 'uur' is 'hour', 'km/u' is 'kilometer/hour', '' is 'dimensionless'.

    Raises MeasureUnreadable for what is no unit."""
    plain = " ".join(spelling.split())
    known = "dimensionless" if not plain else _known_unit(plain, language)
    if known is None and (parts := re.split(r" ?/ ?| per ", plain)) and len(parts) == 2:
        above, below = (_known_unit(part, language) for part in parts)
        known = f"{above}/{below}" if above and below else None
    known = _as_pint(known or plain)
    if known is None:
        raise MeasureUnreadable(
            f"'{spelling[:_LONGEST_TEXT]}' is not a unit.",
            hint="Use one such as hour, kilometer, liter/day, EUR or person.",
        )
    return known


def number_written(amount: float, language: Language) -> str:
    """Return '24,000' or '1.45'; in Dutch '24.000' or '1,45'. Small amounts keep three significant figures."""
    if abs(amount - round(amount)) < 1e-9 * max(1.0, abs(amount)):
        plain = f"{amount:,.0f}"
    else:
        plain = f"{amount:,.2f}".rstrip("0").rstrip(".") if abs(amount) >= 0.1 else f"{amount:.3g}"
    return plain.translate(str.maketrans(",.", ".,")) if language == "nl" else plain


def moment(text: str, *, language: Language, near: date, until: bool = False) -> datetime | None:
    """Return the moment that a text tells: '7 February 11:00', '070300A FEB 26', '16.30 uur'. None: none, or several.

    What is left out of a date is that of `near`, and so is the day of a bare time. A bare date is no moment, but with
    `until` its end. Zones are not converted: a staff writes in one."""
    found = quantities(text, language=language)
    days = [one.parts for one in found if one.unit == DATE]
    times = [one.parts for one in found if one.unit == TIME]
    if len(days) > 1 or len(times) > 1 or not (times or (days and until)):
        return None
    day = _day(*days[0], near=near) if days else near
    if day is None:
        return None
    hour, minute = (int(times[0][0]), int(times[0][1])) if times else (24, 0)
    return datetime(day.year, day.month, day.day) + timedelta(hours=hour, minutes=minute)


def between(start: datetime, end: datetime) -> Measure:
    """Return the hours from one moment to another, below 0 when it is earlier."""
    return Measure((end - start).total_seconds() / 3600, "hour")


def _day(year: str, month: str, day: str, *, near: date) -> date | None:
    """Return the day nearest to another that has these parts."""
    if not day:
        return None
    years = [int(year)] if year else [near.year - 1, near.year, near.year + 1]
    candidates = []
    for one in years:
        try:
            candidates.append(date(one, int(month or near.month), int(day)))
        except ValueError:
            continue
    return min(candidates, key=lambda one: abs(one - near), default=None)


def _read(text: str, match: re.Match[str], language: Language, *, spelled_as_pint: bool) -> Found | None:
    number = _number(match["digits"], match["scale"] or "", language)
    if number is None:
        return None
    amount = -number if match["sign"] or match["inner"] else number
    unit, end = "dimensionless", match.end()
    if match["before"]:
        unit = "MLC" if match["before"].lower() == "mlc" else _known_unit(match["before"], language) or unit
    elif told := _unit_at(text, match.end(), language, spelled_as_pint=spelled_as_pint):
        unit, end = told
    if rate := _RATE.match(text, end):
        below = _known_unit(rate["below"], language)
        # 'The convoy has 3 trucks a driver can reach': only 'per' and '/' stand before any unit.
        if below and (rate["spelled"] in (None, "per") or Measure(1, below).dimension == "[time]"):
            unit, end = f"{unit}/{below}" if unit != "dimensionless" else f"1/{below}", rate.end()
    try:
        return Found(_measure(_registry().Quantity(amount, unit)), match.start(), end)
    except MeasureUnreadable:
        return None


def _unit_at(text: str, start: int, language: Language, *, spelled_as_pint: bool) -> tuple[str, int] | None:
    match = _WORDS.match(text, start)
    if match is None:
        return None
    if (joined := _JOINED.match(text, match.start("first"))) and (unit := _known_unit(joined[0], language)):
        return unit, joined.end()
    words = f"{match['first']}{match['more']}".split(" ")
    for count in range(len(words), 0, -1):
        spelling = " ".join(words[:count])
        if unit := _known_unit(spelling, language):
            return unit, match.start("first") + len(spelling)
    pint_spelling = _PINT_SPELLING.match(text, match.start("first")) if spelled_as_pint else None
    if pint_spelling and (unit := _as_pint(pint_spelling[0])):
        return unit, pint_spelling.end()
    return None


def _number(digits: str, scale: str, language: Language) -> float | None:
    read = [one for one in quantities(f"{digits} {scale}".strip(), language=language) if not one.unit]
    value = float(read[0].parts[0]) if len(read) == 1 else None
    return value if value is not None and math.isfinite(value) else None


@cache
def _known_unit(spelling: str, language: Language) -> str | None:
    if counted := _COUNT_NAMES.get(spelling.lower()):
        return counted
    label = _label(spelling, language)
    # All of the spelling is the unit: 'm away' is not, nor is 'l/day'.
    if not label or ("/" in spelling) != ("/" in label) or label == _label(spelling.rpartition(" ")[0], language):
        return None
    return _PINT_NAMES.get(label, label)


def _label(spelling: str, language: Language) -> str:
    found = quantities(f"1 {spelling}", language=language) if spelling else ()
    label = next((one.unit for one in found), "") if len(found) == 1 and not re.search(r"\d", spelling) else ""
    return "" if label in (DATE, TIME, "ordinal") else label


def _as_pint(spelling: str) -> str | None:
    if not _PINT_SPELLING.fullmatch(spelling) or len(spelling) > 60:
        return None
    try:
        return f"{_registry().Unit(spelling):C}"
    except (pint.errors.PintError, AttributeError, ValueError, TypeError, AssertionError):
        return None


def _measure(quantity: "pint.Quantity") -> Measure:
    amount = float(quantity.magnitude)
    if not math.isfinite(amount):
        raise MeasureUnreadable("An amount is too large to reckon with.", hint="Use a larger unit.")
    return Measure(amount, f"{quantity.units:C}" or "dimensionless")


@cache
def _registry() -> pint.UnitRegistry:
    registry: pint.UnitRegistry = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    for definition in _DEFINITIONS:
        registry.define(definition)
    return registry
