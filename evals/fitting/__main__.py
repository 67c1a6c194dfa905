"""Fit the parameters of the answerability estimate on public test sets, and measure them on what was held out.

    python -m evals.fitting ../shared/data [--home FOLDER]     writes assistant/answerability.json

With --home the indexes are kept and found again. Changes nothing else."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import numpy as np

from assistant.answerability import probability
from assistant.surroundings import prepare
from evals.fitting.logistic import fit_logistic
from evals.fitting.measuring import Measured, measure, mix
from evals.fitting.observing import Observed, observe
from evals.fitting.sets import SEED, read_sets

_TARGET = Path(__file__).parents[2] / "assistant" / "answerability.json"
_ANSWERED_SHARE = 0.92
"""The operating point lets this share of the answerable questions through that were fitted on."""
# Left out of 'foreign': the cosine of a whole passage, which there follows the corpus more than the question.
# Left out of 'known': the margin of BM25, which adds nothing beside that of meaning, and names that are absent, which
# weighed 0.02 there.
_SIGNALS = {
    "known": ("best", "similarity", "passage", "meaning margin"),
    "foreign": ("best", "similarity", "meaning margin", "words margin", "names absent"),
}


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True), default=Path("../shared/data"))
@click.option("--home", type=click.Path(path_type=Path), help="Keep the indexes here. Default: a temporary folder.")
def main(data: Path, home: Path | None) -> None:
    """Fit, measure, write and print."""
    with tempfile.TemporaryDirectory() as temporary:
        observed = _observed(data, (home or Path(temporary)).absolute())
    fitted = {name: [one for one in observed if one.model == name and not one.held_out] for name in _SIGNALS}
    parameters = {name: _fitted(fitted[name], signals) for name, signals in _SIGNALS.items()}
    points = {name: _operating_point(fitted[name], parameters[name]) for name in _SIGNALS}
    point = round(min(points.values()), 2)
    held_out: dict[str, list[Observed]] = {}
    for one in observed:
        if one.held_out:
            held_out.setdefault(one.set, []).append(one)
    measured = {
        name: measure(some, parameters[some[0].model], operating_point=point) for name, some in held_out.items()
    }
    told = {
        "provenance": "python -m evals.fitting, on half of the articles or questions of the sets fitted on",
        "embedder": "all-MiniLM-L6-v2",
        "seed": SEED,
        "mix": "half answerable, of the others three quarters a set's own, sets the same",
        "operating point": point,
        f"passed by {_ANSWERED_SHARE:.0%} of the answerable fitted on": points,
        "fitted on": {name: _counts(some) for name, some in fitted.items()},
        "measured on held-out questions": {name: _figures(one) for name, one in measured.items()},
        "parameters": parameters,
    }
    _TARGET.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    click.echo("\n".join(_lines(measured)))


def _observed(data: Path, home: Path) -> list[Observed]:
    observed: list[Observed] = []
    for questions in read_sets(data, home):
        name = questions.source.name
        (home / name).mkdir(parents=True, exist_ok=True)
        click.echo(f"{name}: {len(questions.asked)} questions", err=True)
        observed += observe(questions, home / name)
    return observed


def _fitted(observed: Sequence[Observed], names: Sequence[str]) -> dict[str, float]:
    rows = [[one.signals[name] for name in names] for one in observed]
    solution = fit_logistic(rows, [one.answerable for one in observed], mix(observed))
    return {name: round(value, 4) for name, value in zip(("intercept", *names), solution, strict=True)}


def _operating_point(observed: Sequence[Observed], parameters: Mapping[str, float]) -> float:
    sure = [probability(one.signals, parameters) for one in observed if one.answerable]
    return round(float(np.quantile(sure, 1 - _ANSWERED_SHARE)), 3)


def _counts(observed: Sequence[Observed]) -> dict[str, int]:
    return dict(sorted(Counter(f"{one.set}, {one.kind}" for one in observed).items()))


def _figures(measured: Measured) -> dict[str, object]:
    """Return the figures as data: the value and its 95 % interval."""
    told = {
        name: [round(value, 3) for value in (one.mean, one.low, one.high) if value is not None]
        for name, one in measured.figures.items()
    }
    return {"N": measured.counts, **told}


def _lines(measured: Mapping[str, Measured]) -> Iterator[str]:
    for name, one in measured.items():
        yield f"{name}: " + ", ".join(f"{count} {kind}" for kind, count in one.counts.items())
        for figure, told in _figures(one).items():
            if figure != "N":
                yield f"    {figure:36} {told}"


if __name__ == "__main__":
    prepare()
    main()
