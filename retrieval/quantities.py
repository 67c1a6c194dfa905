"""Read the quantities in a text, whatever their notation: numbers with their units, dates and times.

Knows English and Dutch notation. Converts no unit into another and does no arithmetic."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

DATE = "date"
TIME = "time"

_DECIMAL_POINT = frozenset({"en", "he", "hi", "ja", "ko", "th", "zh"})
"""Languages that write 1,452.4; the others write 1.452,4."""
# What holds another spelling stands before it: km/h before km.
_UNITS = {
    "percentage point": "percentage points?|percent points?|procentpunt(?:en)?",
    "%": "%|percent|per cent|procent|pct",
    "EUR": "€|euros?|eur",
    "USD": r"us\$|\$|us dollars?|u\.s\. dollars?|amerikaanse dollars?|dollars?|usd",
    "GBP": "£|gbp|pounds? sterling|pond sterling",
    "km/h": "km/h|km/u|kmh|kph|kilomet(?:er|re)s? (?:per|an) hour|kilometers? per uur",
    "m/s": "m/s|met(?:er|re)s? per second|meters? per seconde",
    "mph": "mph|miles? per hour|mijl per uur",
    "kn": "kn|kts?|knots?|kno(?:op|pen)",
    "mm": "mm|milli(?:met(?:er|re)s?)",
    "cm": "cm|centimet(?:er|re)s?",
    "m": "m|met(?:er|re)s?",
    "km": "km|kilomet(?:er|re)s?",
    "ft": "ft|feet|foot|voet",
    "yd": "yds?|yards?",
    "mi": "mi|miles?|mijl(?:en)?",
    "nautical mile": "nm|nmi|nautical miles?|zeemijl(?:en)?",
    "m2": "m2|m²|square met(?:er|re)s?|vierkante meters?",
    "km2": "km2|km²|square kilomet(?:er|re)s?|vierkante kilometers?",
    "ha": "ha|hectares?|hectaren",
    "g": "g|grams?|gram(?:men)?",
    "kg": "kg|kilos?|kilogram(?:me)?s?",
    "t": "t|tons?|tonnes?|metric tons?",
    "lb": "lbs?|pounds?",
    "l": "l|lit(?:er|re)s?",
    "m3": "m3|m³|cubic met(?:er|re)s?|kubieke meters?|kuub",
    "s": "s|secs?|seconds?|seconden?",
    "min": "mins?|minutes?|minuut|minuten",
    "h": "h|hrs?|hours?|uur|uren",
    "d": "days?|dag(?:en)?",
    "week": "weeks?|weken",
    "month": "months?|maand(?:en)?",
    "year": "yrs?|years?|jaar|jaren",
    "°C": "° ?c|degrees? celsius|gra(?:ad|den) celsius",
    "°F": "° ?f|degrees? fahrenheit|gra(?:ad|den) fahrenheit",
    "degree": "°|degrees?|gra(?:ad|den)",
    "kWh": "kwh|kilowatt[- ]?hours?|kilowattu(?:ur|ren)",
    "kW": "kw|kilowatts?",
    "MW": "mw|megawatts?",
    "Hz": "hz|hertz",
    "kHz": "khz|kilohertz",
    "MHz": "mhz|megahertz",
    "GHz": "ghz|gigahertz",
    "MB": "mb|megabytes?",
    "GB": "gb|gigabytes?",
    "TB": "tb|terabytes?",
}
_SCALES = {
    "hundred|honderd": 10**2,
    "thousand|duizend|k": 10**3,
    "millions?|miljoen|mln|mn|m": 10**6,
    "billions?|miljard|mld|bn|b": 10**9,
    "trillions?|biljoen": 10**12,
}
_MONTHS = (
    "January Januari Jan",
    "February Februari Feb",
    "March Maart Mar Mrt",
    "April Apr",
    "May Mei",
    "June Juni Jun",
    "July Juli Jul",
    "August Augustus Aug",
    "September Sept Sep",
    "October Oktober Oct Okt",
    "November Nov",
    "December Dec",
)
# In lower case these are words: what a unit may do, and how it moves.
_NO_MONTHS = frozenset({"march", "mar", "may"})
# Without 'one' and 'een', which are articles and pronouns more often than counts.
_COUNTED = (*range(2, 21), *range(30, 100, 10))
_COUNTS = {
    "en": """
        two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
        nineteen twenty thirty forty fifty sixty seventy eighty ninety
    """.split(),
    "nl": """
        twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien
        negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig
    """.split(),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, a date or a time, whatever its notation."""

    unit: str
    """'km', 'USD', 'ordinal', DATE, TIME; empty for a bare number."""
    parts: tuple[str, ...]
    """Of a number: its value, and the figure as written when a scale stands beside it ('5.8 million').
    Of a date: year, month, day; of a time: hour, minute, zone. An empty part is not told."""


def quantities(text: str, *, language: str = "en") -> frozenset[Quantity]:
    """Return the quantities of a text. Codes such as C-130 and M1 are none; a date-time group is a date and a time.

    02/06/2026 is read with the month first in English, 02-06-2026 and all else with the day first."""
    found: list[Quantity] = []
    rest = with_figures(re.sub(r"[ \t\r\n]+", " ", text), language)
    for pattern, read in _NOTATIONS:
        kept, end = [], 0
        for match in pattern.finditer(rest):
            if told := read(match, language):
                found += told
                kept.append(rest[end : match.start()])
                end = match.end()
        rest = " | ".join([*kept, rest[end:]])
    return frozenset(found)


def with_figures(text: str, language: str) -> str:
    """Return the text with the numbers two to twenty and the tens below a hundred in figures."""
    counts = {word: str(number) for number, word in zip(_COUNTED, _COUNTS.get(language, ()), strict=False)}
    return re.sub(r"\w+", lambda word: counts.get(word[0].lower(), word[0]), text) if counts else text


def is_said_by(wanted: Quantity, found: Quantity) -> bool:
    """Tell whether a quantity found in a text is the one wanted.

    A number without a unit is said by one with any; a date or time by one that has all its parts."""
    if wanted.unit in (DATE, TIME):
        told = all(not one or one == other for one, other in zip(wanted.parts, found.parts, strict=False))
        return found.unit == wanted.unit and told
    if wanted.unit:
        return found.unit == wanted.unit and found.parts[0] == wanted.parts[0]
    figures = {DATE: found.parts[:1], TIME: ()}.get(found.unit, found.parts)
    return wanted.parts[0] in figures


def _date_time_group(match: re.Match[str], language: str) -> list[Quantity]:
    told, at = _date(match, language), _time(match, language)
    return [*told, *at] if told and at else []


def _date(match: re.Match[str], language: str) -> list[Quantity]:
    named = match.groupdict()
    year, month, day = (named.get(part) or "" for part in ("year", "month", "day"))
    year = f"20{year}" if len(year) == 2 else year
    return _valid_date(year, _MONTH_NUMBERS.get(month.lower(), month), day)


def _numeric_date(match: re.Match[str], language: str) -> list[Quantity]:
    first, mark, second, year = match.groups()
    month_first = int(second) > 12 or (language == "en" and mark == "/" and int(first) <= 12)
    return _valid_date(year, *((first, second) if month_first else (second, first)))


def _valid_date(year: str, month: str, day: str) -> list[Quantity]:
    try:
        # A leap year, so that 29 February stands without its year.
        date(int(year or 2000), int(month or 1), int(day or 1))
    except ValueError:
        return []
    return [Quantity(DATE, (year, *(str(int(part)) if part else "" for part in (month, day))))]


def _time(match: re.Match[str], language: str) -> list[Quantity]:
    named = match.groupdict()
    hour, minute = int(named["hour"]), int(named.get("minute") or 0)
    if half := (named.get("half") or "").lower():
        if not 1 <= hour <= 12:
            return []
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59:
        return []
    return [Quantity(TIME, (str(hour), str(minute), named.get("zone") or ""))]


def _number(match: re.Match[str], language: str) -> list[Quantity]:
    figure = _value(re.sub(r"[^\d.,]", "", match["digits"]), language)
    if figure is None:
        return []
    figure = -figure if match["sign"] or match["inner"] else figure
    scale = next((_SCALES[one] for one in _SCALES if re.fullmatch(one, (match["scale"] or "").lower())), 1)
    unit = "ordinal" if match["ordinal"] else _unit(match["currency"] or match["unit"] or "")
    return [Quantity(unit, tuple(dict.fromkeys(_written(value) for value in (figure * scale, figure))))]


def _value(digits: str, language: str) -> Decimal | None:
    """Return the value of a figure; None for a section number such as 3.2.1."""
    marks = re.findall(r"[.,]", digits)
    grouped = re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+(?:[.,]\d+)?", digits)
    if not marks:
        return Decimal(digits)
    last, decimal = marks[-1], "." if language in _DECIMAL_POINT else ","
    if len(set(marks)) == 2 and marks.count(last) == 1 and grouped:
        return Decimal(digits.replace("," if last == "." else ".", "").replace(",", "."))
    if len(set(marks)) == 1 and grouped and len(digits.split(last)[-1]) == 3 and (len(marks) > 1 or last != decimal):
        return Decimal(digits.replace(last, ""))
    return Decimal(digits.replace(",", ".")) if len(marks) == 1 else None


def _written(value: Decimal) -> str:
    plain = f"{value or Decimal(0):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _unit(spelling: str) -> str:
    match = _UNIT.fullmatch(spelling)
    return _UNIT_NAMES[int((match.lastgroup or "u0")[1:])] if match else ""


def _month_spellings() -> Iterator[tuple[str, str]]:
    for number, names in enumerate(_MONTHS, start=1):
        for name in names.split():
            yield from ((one, str(number)) for one in (name, name.upper()))
            if name.lower() not in _NO_MONTHS:
                yield name.lower(), str(number)


def _longest_first(spellings: Sequence[str]) -> str:
    return "|".join(sorted(spellings, key=len, reverse=True))


_UNIT_NAMES = tuple(_UNITS)
_UNIT = re.compile("|".join(f"(?P<u{at}>{spelled})" for at, spelled in enumerate(_UNITS.values())), re.IGNORECASE)
_MONTH_NUMBERS = {spelled.lower(): number for spelled, number in _month_spellings()}
_MONTH = rf"(?P<month>{_longest_first([spelled for spelled, _ in _month_spellings()])})"
_CAPITALS = rf"(?P<month>{_longest_first([spelled for spelled, _ in _month_spellings() if spelled.isupper()])})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|ste|de|e)?"
_YEAR = r"(?P<year>\d{4})"
_ZONE = r"(?P<zone>(?![KLMVW])[A-Z])"
_BEFORE = r"(?<![\w.,:/])"
_SPELLED_UNITS = "|".join(_UNITS.values())

_NOTATIONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], list[Quantity]]], ...] = (
    # 060515A FEB 26 (NATO date-time group, AAP-6), 060515Z
    (
        re.compile(
            rf"\b(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<zone>[A-Z])"
            rf"(?: ?{_CAPITALS}(?: ?(?P<year>\d{{4}}|\d\d))?)?\b"
        ),
        _date_time_group,
    ),
    (re.compile(r"(?<![\w-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])T?"), _date),
    (re.compile(rf"\b(?P<day>\d{{1,2}}) ?{_CAPITALS} ?'?(?P<year>\d\d)\b(?![:.,]\d)"), _date),
    (re.compile(rf"\b{_DAY}[ -]?(?:of )?{_MONTH}\b\.?(?:,?[ -]{_YEAR}\b)?"), _date),
    (re.compile(rf"\b{_MONTH}\.? {_DAY}\b(?![.:]\d|,\d)(?:,? {_YEAR}\b)?"), _date),
    (re.compile(rf"\b{_MONTH}\.?,? {_YEAR}\b"), _date),
    (re.compile(r"(?<![\w.,/-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4})\b"), _numeric_date),
    (
        re.compile(
            rf"{_BEFORE}(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::\d\d)?(?![\d:])"
            rf"(?: ?(?P<half>[aApP])\.?[mM]\b)?(?: ?(?:uur|hrs|hours)\b)?(?:{_ZONE}\b)?"
        ),
        _time,
    ),
    (re.compile(rf"{_BEFORE}(?P<hour>\d{{1,2}})\.(?P<minute>\d\d) ?(?:uur|u|hrs)\b"), _time),
    (re.compile(rf"{_BEFORE}(?P<hour>\d{{1,2}})[uh](?P<minute>\d\d)\b"), _time),
    (re.compile(rf"{_BEFORE}(?P<hour>\d\d)(?P<minute>\d\d)(?: ?(?:hrs|hours|uur|h)\b|{_ZONE}\b)"), _time),
    (re.compile(rf"{_BEFORE}(?P<hour>\d{{1,2}}) ?(?P<half>[aApP])\.?[mM]\b"), _time),
    (
        re.compile(
            r"(?P<sign>(?<![^\s(])[-−])?(?:(?P<currency>us\$|\$|€|£|\b(?:eur|usd|gbp)\b) ?)?(?P<inner>(?<=[ $€£])[-−])?"
            # The C-130 and the M1 are codes.
            r"(?<![\w.,:])(?-i:(?<![A-Z]-))(?P<digits>\d+(?:[.,]\d+|[\u00a0\u2009\u202f]\d{3}(?!\d))*)"
            r"(?:(?P<ordinal>st|nd|rd|th|ste|de|e)"
            rf"|(?:[\s-]?(?P<scale>(?(currency)(?:{'|'.join(_SCALES)})|(?:{'|'.join(_SCALES)})(?<![\s\d-][kmb])))\b)?"
            rf"(?:[\s-]?(?P<unit>{_SPELLED_UNITS}))?)(?!\w|[.,]\d)",
            re.IGNORECASE,
        ),
        _number,
    ),
)
