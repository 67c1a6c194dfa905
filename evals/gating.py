"""Decide from a run, and from another to compare with, whether a change may pass. Reads its rules from TOML.

[thresholds]                         what the run must reach by itself
"quote exactness" = { min = 1.0 }
leaks = { max = 0 }
answer = { min = 0.45, of = "low" }  of: mean (default), low or high end of its interval

[regressions]                        how much worse than the baseline it may be
answer = 0.02                        in the measure's own unit
seconds = { tolerate = 0.5, when = "significant" }   only if the difference is one (Holm, 5 %)

[unscored]
at_most = 0.1                        share of the cases asked without an answer; 0 if not given"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evals.comparing import Comparison
from evals.metrics import Aggregate
from evals.scoring import BY_NAME
from retrieval.errors import StafwijzerError


class GateInvalid(StafwijzerError):
    """The rules of a gate cannot be used."""


class GateUnmeasured(StafwijzerError):
    """A rule names a measure that has no case in the run: nothing can be decided."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Threshold(_Table):
    """What a measure must reach."""

    min: float | None = None
    max: float | None = None
    of: Literal["mean", "low", "high"] = "mean"


class Regression(_Table):
    """How much worse a measure may become."""

    tolerate: Annotated[float, Field(ge=0)] = 0.0
    when: Literal["always", "significant"] = "always"

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, told: object) -> object:
        return {"tolerate": told} if isinstance(told, int | float) and not isinstance(told, bool) else told


class Unscored(_Table):
    at_most: Annotated[float, Field(ge=0, le=1)] = 0.0


class Rules(_Table):
    """A gate."""

    thresholds: dict[str, Threshold] = Field(default_factory=dict)
    regressions: dict[str, Regression] = Field(default_factory=dict)
    unscored: Unscored = Unscored()


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and what came of it."""

    measure: str
    passed: bool
    told: str
    """What was asked and what was found."""


def read_rules(path: Path) -> Rules:
    """Read the rules of a gate. Raises GateInvalid, naming the key."""
    try:
        rules = Rules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise GateInvalid(f"{path} cannot be read ({error.strerror}).", hint="Give a TOML file with rules.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GateInvalid(f"{path} is not valid TOML: {error}.", hint="Mend that line.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        hint = "The form is in docs/evaluating.md."
        raise GateInvalid(f"{path}, '{key}': {first['msg'].lower()}.", hint=hint) from error
    for name in (*rules.thresholds, *rules.regressions):
        if name not in BY_NAME:
            raise GateInvalid(f"{path}: there is no measure '{name}'.", hint=f"Measures: {', '.join(BY_NAME)}.")
    for name, threshold in rules.thresholds.items():
        if threshold.min is None and threshold.max is None:
            raise GateInvalid(f"{path}: the threshold of '{name}' sets neither min nor max.", hint="Set one of them.")
    if not (rules.thresholds or rules.regressions):
        raise GateInvalid(f"{path} holds no rule.", hint="Give [thresholds] or [regressions].")
    return rules


def check(
    rules: Rules, summary: Mapping[str, Aggregate], *, failed: float, comparison: Comparison | None
) -> list[Check]:
    """Return what came of every rule. `failed` is the share of the cases asked that have no answer.

    Raises GateUnmeasured for a measure without a case, and for regressions without a comparison."""
    return [
        *_thresholds(rules, summary),
        *_regressions(rules, comparison),
        Check("unscored", failed <= rules.unscored.at_most, f"{failed:.1%}, at most {rules.unscored.at_most:.1%}"),
    ]


def _thresholds(rules: Rules, summary: Mapping[str, Aggregate]) -> Iterator[Check]:
    for name, threshold in rules.thresholds.items():
        measured = summary.get(name)
        if measured is None or measured.mean is None:
            raise _unmeasured(name)
        found: float = measured.mean
        if threshold.of != "mean":
            bound = measured.low if threshold.of == "low" else measured.high
            if bound is None:
                raise GateUnmeasured(
                    f"'{name}' has no interval in this run (N={measured.n}).", hint='Use of = "mean", or more cases.'
                )
            found = bound
        passed = (threshold.min is None or found >= threshold.min) and (threshold.max is None or found <= threshold.max)
        limits = [f"at least {threshold.min}"] if threshold.min is not None else []
        limits += [f"at most {threshold.max}"] if threshold.max is not None else []
        yield Check(name, passed, f"{threshold.of} {found:.4f}, {' and '.join(limits)} (N={measured.n})")


def _regressions(rules: Rules, comparison: Comparison | None) -> Iterator[Check]:
    if rules.regressions and comparison is None:
        raise GateUnmeasured("The gate has regressions and no run to compare with.", hint="Give --baseline RUN.")
    for name, rule in rules.regressions.items():
        assert comparison is not None
        paired = comparison.measures.get(name)
        if paired is None or paired.difference is None:
            raise _unmeasured(name)
        worse = -paired.difference if BY_NAME[name].better == "higher" else paired.difference
        beyond = worse > rule.tolerate + 1e-12
        if rule.when == "significant":
            beyond = beyond and comparison.adjusted.get(name, 1.0) < 0.05
        told_p = f"p={comparison.adjusted.get(name, 1.0):.3f}"
        yield Check(
            name,
            not beyond,
            f"{paired.mean_a:.4f} → {paired.mean_b:.4f}, worse by {max(0.0, worse):.4f}, tolerated {rule.tolerate} "
            f"({told_p}, N={paired.n})",
        )


def _unmeasured(name: str) -> GateUnmeasured:
    return GateUnmeasured(
        f"'{name}' has no scored case in this run, so the gate can decide nothing.",
        hint="Run a set that has cases for it, or take the rule out.",
    )
