"""Reckon with amounts and their units, as an officer writes it: '24,000 l / (16,500 l/day) >= 1 day'.

Its own small grammar: amounts, names, + - * / and parentheses, one comparison. Nothing is evaluated as a program. Knows
nothing of courses or criteria."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assistant.courses.measuring import Measure, MeasureUnreadable, amount_at_start, parse
from retrieval.languages import Language

_LONGEST_EXPRESSION = 500
_DEEPEST = 30
_NAME = re.compile(r"[^\W\d]\w*")
_SIGN = re.compile(r"<=|>=|==|[<>=≤≥+*/×:()−-]")
_SPACE = re.compile(r"\s*")
# A length and the same length reckoned another way differ in the last digits.
_EQUAL = 1e-9
_Comparison = Callable[[float, float], bool]
_COMPARISONS: dict[str, _Comparison] = {
    "<": lambda one, other: one < other and not _equal(one, other),
    ">": lambda one, other: one > other and not _equal(one, other),
    "<=": lambda one, other: one < other or _equal(one, other),
    ">=": lambda one, other: one > other or _equal(one, other),
    "=": lambda one, other: _equal(one, other),
}
_SPELLINGS = {"≤": "<=", "≥": ">=", "==": "=", "×": "*", ":": "/", "−": "-"}


@dataclass(frozen=True, slots=True)
class Calculated:
    """What an expression comes to."""

    value: Measure
    """Of a comparison: its left side."""
    holds: bool | None
    """Of a comparison. None: it was none."""
    text: str
    """The expression and its result: '24,000 l / (16,500 l/day) = 1.45 d'."""


def calculate(expression: str, values: Mapping[str, str | Measure] | None = None, *, language: Language) -> Calculated:
    """Return what an expression comes to, with names replaced by their values.

    A number and the unit behind it are one amount: 24,000 l / 16,500 l/day are days. Numbers are read in the notation
    of the language. Raises MeasureUnreadable for what cannot be read or has no result, UnitsDiffer where units do not
    fit."""
    amounts = {
        name: parse(value, language=language) if isinstance(value, str) else value
        for name, value in (values or {}).items()
    }
    plain = " ".join(expression.split())
    if len(plain) > _LONGEST_EXPRESSION:
        raise _unreadable(plain)
    reader = _Reader(plain, amounts, language)
    left = reader.sum()
    relation = _SPELLINGS.get(reader.sign, reader.sign)
    if relation in _COMPARISONS:
        reader.take()
        right = reader.sum()
        reader.end()
        holds = _COMPARISONS[relation](left.amount, right.to(left.unit).amount)
        return Calculated(left, holds, f"{plain}: {left.written(language)} {relation} {right.written(language)}")
    reader.end()
    return Calculated(left, None, f"{plain} = {left.written(language)}")


@dataclass(slots=True)
class _Reader:
    """Reads an expression from left to right."""

    text: str
    amounts: Mapping[str, Measure]
    language: Language
    at: int = 0
    depth: int = 0
    sign: str = field(default="", init=False)
    """The operator or parenthesis that comes next; empty for anything else."""

    def __post_init__(self) -> None:
        self.go(0)

    def go(self, at: int) -> None:
        space = _SPACE.match(self.text, at)
        self.at = space.end() if space else at
        sign = _SIGN.match(self.text, self.at)
        self.sign = sign[0] if sign else ""

    def take(self) -> None:
        self.go(self.at + len(self.sign))

    def end(self) -> None:
        if self.at < len(self.text):
            raise _unreadable(self.text)

    def sum(self) -> Measure:
        value = self.product()
        while (sign := _SPELLINGS.get(self.sign, self.sign)) in ("+", "-"):
            self.take()
            other = self.product()
            value = value.plus(other) if sign == "+" else value.minus(other)
        return value

    def product(self) -> Measure:
        value = self.amount()
        while (sign := _SPELLINGS.get(self.sign, self.sign)) in ("*", "/"):
            self.take()
            other = self.amount()
            value = value.times(other) if sign == "*" else value.over(other)
        return value

    def amount(self) -> Measure:
        if self.sign == "(" and self.depth < _DEEPEST:
            self.depth += 1
            self.take()
            value = self.sum()
            if self.sign != ")":
                raise _unreadable(self.text)
            self.take()
            self.depth -= 1
            return value
        if found := amount_at_start(self.text[self.at :], language=self.language):
            self.go(self.at + found.end)
            return found.measure
        name = _NAME.match(self.text, self.at)
        if name is None or name[0] not in self.amounts:
            raise _unreadable(self.text)
        self.go(name.end())
        return self.amounts[name[0]]


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= _EQUAL * max(abs(one), abs(other))


def _unreadable(expression: str) -> MeasureUnreadable:
    return MeasureUnreadable(
        f"This cannot be calculated: {expression[:_LONGEST_EXPRESSION]}",
        hint="Write amounts with units, names that have a value, + - * / ( ) and at most one comparison.",
    )
