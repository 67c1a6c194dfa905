"""Keep the rules of criteria and values: criteria and weights stand before any value, a value fits its criterion.

A changed criterion takes its values back. Knows nothing of how values are scored or weighed."""

import ast
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from assistant.courses.measuring import Measure, parse, unit_named
from assistant.courses.workspace import Basis, Criterion, RawValue, Workspace
from retrieval.errors import StafwijzerError
from retrieval.languages import Language

LESS = "less is better"
MORE = "more is better"
_SPELLINGS = {LESS: LESS, MORE: MORE, "minder is beter": LESS, "meer is beter": MORE}
_LONGEST_FORMULA = 200
_ALLOWED = (
    *(ast.Expression, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Name, ast.Load, ast.Constant),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd, ast.And, ast.Or, ast.Not),
    *(ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq),
)
_NAMES = ("value", "benchmark")

Formula = Callable[[float, float], float]
"""From a value and a benchmark, in the criterion's unit, to a score of 0 to 1."""


class CriterionInvalid(StafwijzerError):
    """A criterion, or the set of them, cannot be compared by."""


class CriteriaNotLocked(StafwijzerError):
    """A value was given before the criteria and weights were set."""


class ValueInvalid(StafwijzerError):
    """A value does not fit its criterion."""


def direction(formula: str) -> str:
    """Return LESS or MORE, or nothing for an expression."""
    return _SPELLINGS.get(" ".join(formula.lower().split()), "")


def benchmark_of(criterion: Criterion, *, language: Language) -> Measure:
    """Return the benchmark in the criterion's unit; a bare number is in that unit.

    Raises MeasureUnreadable or UnitsDiffer."""
    return in_unit_of(criterion, criterion.benchmark, language=language)


def in_unit_of(criterion: Criterion, text: str, *, language: Language) -> Measure:
    """Return an amount in the criterion's unit; a bare number is in that unit.

    Raises MeasureUnreadable or UnitsDiffer."""
    unit, measure = unit_named(criterion.unit, language=language), parse(text, language=language)
    return Measure(measure.amount, unit) if measure.unit == "dimensionless" else measure.to(unit)


def formula_of(criterion: Criterion) -> Formula:
    """Return the expression of a criterion as a function whose results are kept within 0 and 1.

    Whitelisted: numbers, `value`, `benchmark`, arithmetic, comparison, `a if b else c`. Raises CriterionInvalid for any
    other; the function raises ValueInvalid where the expression has no result, as in a division by 0."""
    if len(criterion.formula) > _LONGEST_FORMULA:
        raise _formula_invalid(criterion)
    try:
        tree = ast.parse(criterion.formula.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise _formula_invalid(criterion) from error
    allowed = all(isinstance(node, _ALLOWED) for node in ast.walk(tree))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    numbers = all(type(value) in (int, float) and -1e300 < value < 1e300 for value in constants)  # type: ignore[operator]
    if not allowed or not names <= {*_NAMES} or "value" not in names or not numbers:
        raise _formula_invalid(criterion)

    def score(value: float, benchmark: float) -> float:
        try:
            result = _evaluate(tree.body, {"value": value, "benchmark": benchmark})
        except (ArithmeticError, RecursionError) as error:
            raise _no_result(criterion, value) from error
        if isinstance(result, complex) or not math.isfinite(result):
            raise _no_result(criterion, value)
        return min(1.0, max(0.0, float(result)))

    return score


def check_criteria(criteria: Sequence[Criterion], *, language: Language) -> None:
    """Raise CriterionInvalid, or MeasureUnreadable or UnitsDiffer, for what cannot be compared by."""
    ids = [criterion.id for criterion in criteria]
    for criterion in criteria:
        _check(criterion, language)
        if not criterion.id or ids.count(criterion.id) > 1:
            raise CriterionInvalid(f"Two criteria have the id '{criterion.id}'.", hint="Give each an id of its own.")
    if not any(criterion.weight > 0 for criterion in criteria):
        raise CriterionInvalid(
            "No criterion has a weight above 0." if criteria else "There are no criteria.",
            hint="Give at least one criterion a weight above 0.",
        )


def set_criteria(workspace: Workspace, criteria: Sequence[Criterion], *, by: str) -> Workspace:
    """Replace the criteria, which unlocks them.

    Once there are values, those of a criterion that means something else now are to be given again, those of a
    criterion that is gone go with it, and a changed weight is put down with who changed it.
    Raises as check_criteria."""
    check_criteria(criteria, language=workspace.language)
    if tuple(criteria) == workspace.criteria:
        return workspace
    before, after = ({one.id: one for one in each} for each in (workspace.criteria, criteria))
    values = tuple(
        value
        if _means_the_same(before[value.criterion], after[value.criterion])
        else _taken_back(value, by, workspace.language)
        for value in workspace.values
        if value.criterion in before and value.criterion in after
    )
    known = any(value.value for value in workspace.values)
    weighed = [
        _say("weight changed", workspace.language).format(one.title, before[one.id].weight, one.weight, by)
        for one in criteria
        if known and one.id in before and before[one.id].weight != one.weight
    ]
    return replace(
        workspace,
        criteria=tuple(criteria),
        criteria_locked_by="",
        values=values,
        notes=(*workspace.notes, *weighed),
    )


def lock_criteria(workspace: Workspace, *, by: str) -> Workspace:
    """Set criteria and weights: from now on values can be given. Raises as check_criteria."""
    if not by.strip():
        raise CriterionInvalid("Nobody is named who sets the criteria.", hint="Say who does: only a person can.")
    check_criteria(workspace.criteria, language=workspace.language)
    return replace(workspace, criteria_locked_by=by)


def enter_value(workspace: Workspace, value: RawValue) -> Workspace:
    """Put a value in the place of the one that was there.

    Raises CriteriaNotLocked; ValueInvalid for an unknown course or criterion, a fact without citation or a value that
    nobody gave; MeasureUnreadable or UnitsDiffer."""
    if not workspace.criteria_locked_by:
        raise CriteriaNotLocked(
            "The criteria and their weights are not set yet.", hint="Lock them first, so that values cannot steer them."
        )
    criterion = next((one for one in workspace.criteria if one.id == value.criterion), None)
    if criterion is None or workspace.course(value.course) is None:
        raise ValueInvalid(
            f"There is no course '{value.course}' or no criterion '{value.criterion}'.",
            hint="Give ids of this workspace.",
        )
    if value.value.strip():
        in_unit_of(criterion, value.value, language=workspace.language)
        if value.basis is Basis.GAP:
            raise ValueInvalid("A gap has no value.", hint="Leave the value empty, or say what it rests on.")
        if (value.basis is Basis.FACT and not value.citations) or not (value.citations or value.by):
            raise ValueInvalid(
                "The value rests on no citation and nobody stated it.", hint="Cite a document, or say who states it."
            )
    kept = [one for one in workspace.values if (one.course, one.criterion) != (value.course, value.criterion)]
    return replace(workspace, values=(*kept, value))


def _check(criterion: Criterion, language: Language) -> None:
    if not criterion.title.strip():
        raise CriterionInvalid("A criterion has no title.", hint="Give it one.")
    if not (math.isfinite(criterion.weight) and criterion.weight >= 0):
        raise CriterionInvalid(
            f"The weight of '{criterion.title}' is {criterion.weight}.", hint="Give a weight of 0 or more."
        )
    benchmark_of(criterion, language=language)
    if not direction(criterion.formula):
        formula_of(criterion)


def _means_the_same(one: Criterion, other: Criterion) -> bool:
    return replace(one, weight=0, title="") == replace(other, weight=0, title="")


def _taken_back(value: RawValue, by: str, language: Language) -> RawValue:
    if not value.value:
        return value
    return replace(value, value="", basis=Basis.GAP, reason=_say("taken back", language).format(value.value, by))


def _evaluate(node: ast.expr, names: dict[str, float]) -> Any:
    match node:
        case ast.Constant(value=value):
            return float(value)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=op, operand=operand):
            one = _evaluate(operand, names)
            return not one if isinstance(op, ast.Not) else -one if isinstance(op, ast.USub) else one
        case ast.BinOp(left=left, op=op, right=right):
            return _ARITHMETIC[type(op)](_evaluate(left, names), _evaluate(right, names))
        case ast.BoolOp(op=op, values=values):
            return (all if isinstance(op, ast.And) else any)(_evaluate(one, names) for one in values)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            sides = [_evaluate(one, names) for one in (left, *comparators)]
            pairs = zip(ops, sides, sides[1:], strict=False)
            return all(_COMPARISONS[type(op)](one, other) for op, one, other in pairs)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _evaluate(body if _evaluate(test, names) else orelse, names)
    raise AssertionError(f"{type(node).__name__} is not on the whitelist")


_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda one, other: one + other,
    ast.Sub: lambda one, other: one - other,
    ast.Mult: lambda one, other: one * other,
    ast.Div: lambda one, other: one / other,
    ast.Pow: lambda one, other: one**other,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: lambda one, other: one < other,
    ast.LtE: lambda one, other: one <= other,
    ast.Gt: lambda one, other: one > other,
    ast.GtE: lambda one, other: one >= other,
    ast.Eq: lambda one, other: one == other,
    ast.NotEq: lambda one, other: one != other,
}


def _formula_invalid(criterion: Criterion) -> CriterionInvalid:
    return CriterionInvalid(
        f"The formula of '{criterion.title}' is not known: {criterion.formula[:_LONGEST_FORMULA]}",
        hint="Write 'less is better', 'more is better' or arithmetic with value and benchmark: benchmark / value.",
    )


def _no_result(criterion: Criterion, value: float) -> ValueInvalid:
    return ValueInvalid(
        f"The formula of '{criterion.title}' has no result for {value:g}.", hint="Change the formula or the value."
    )


_SENTENCES: dict[str, dict[Language, str]] = {
    "taken back": {
        "en": "to be given again, was {}: the criterion was changed by {}",
        "nl": "opnieuw te geven, was {}: het criterium is gewijzigd door {}",
    },
    "weight changed": {
        "en": "weight of '{}' changed from {:g} to {:g} after values were given, by {}",
        "nl": "gewicht van '{}' gewijzigd van {:g} in {:g} nadat er waarden waren gegeven, door {}",
    },
}


def _say(name: str, language: Language) -> str:
    return _SENTENCES[name][language]
