"""Put the answers of a set into words that can be recognised in a longer answer.

Whether an answer is right is decided by whether its words stand there; this gives the ways to write it."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

# They stand in nearly every text, and an answer that quotes its sources does not say them.
_SAY_NOTHING = frozenset({"yes", "no", "true", "false", "ja", "nee", "unknown", "none"})
# A number by itself: a sign, a currency or brackets around it at most.
_NUMBER = re.compile(r"[^\w(-]{0,2}\(?-?[^\w(-]{0,2}(?P<digits>\d[\d, \u00a0]*(?:\.\d+)?)\s?\)?\s?[%¢]?\)?")
_ARTICLE = re.compile(r"(?:an?|the|de|het|een)\s+", re.IGNORECASE)
_SCALES = {"thousand": Decimal(10**3), "million": Decimal(10**6), "billion": Decimal(10**9)}
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
# Beyond three decimals nobody says 'million'.
_DECIMALS = -3


def checkable(answers: Iterable[str]) -> list[str]:
    """Return the answers that can be told by their words: not 'yes' or 'no', and not a dash alone."""
    return [
        answer
        for answer in answers
        if any(letter.isalnum() for letter in answer) and answer.strip(" .").casefold() not in _SAY_NOTHING
    ]


def ways(answer: str, *, scale: str = "") -> tuple[str, ...]:
    """Return the ways to write an answer, as given first.

    A number: with and without thousands separators, at its scale ('thousand', 'million', 'billion', 'percent'), at the
    others that suit it, and in full; a negative one without its sign too, for an answer says that something fell by
    12.6. Words: without a first article and a last stop as well (both are dropped by SQuAD's normalisation)."""
    answer = answer.strip()
    match = _NUMBER.fullmatch(answer)
    if not match:
        bare = answer.rstrip(".,; ")
        return tuple(dict.fromkeys((answer, bare, _ARTICLE.sub("", bare, count=1) if _ARTICLE.match(bare) else bare)))
    value = Decimal(re.sub(r"[^\d.]", "", match["digits"]))
    forms = [answer, *_written(value)]
    if scale == "percent" or answer.endswith("%"):
        forms += [f"{form}{unit}" for form in _written(value) for unit in ("%", " %", " percent")]
    elif scale in _SCALES:
        forms += _at_scales(value * _SCALES[scale])
    return tuple(dict.fromkeys(forms))


def count_ways(answer: str) -> tuple[str, ...]:
    """Return a small count in digits and as a word."""
    number = answer.strip()
    return (number, _WORDS[int(number)]) if number.isdecimal() and int(number) < len(_WORDS) else (number,)


def _at_scales(total: Decimal) -> Iterator[str]:
    for name, unit in _SCALES.items():
        value = (total / unit).normalize()
        if value >= 1 and _decimals(value) >= _DECIMALS:
            yield from (f"{form} {name}" for form in _written(value))
    yield from _written(total)


def _written(value: Decimal) -> list[str]:
    plain = value.normalize()
    # 25.1 is also written 25.10, and $2099 as $2,099.00, next to numbers with two decimals.
    decimals = [f"{value:,.2f}", f"{value:.2f}"] if _decimals(plain) >= -2 and _decimals(value) < 0 else []
    return list(dict.fromkeys([f"{plain:,f}", f"{plain:f}", *decimals]))


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return min(0, exponent) if isinstance(exponent, int) else 0
