"""`stafwijzer eval verifier`: how well the verifier tells supported claims from others, beside baselines."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from assistant.bootstrap import Installation
from assistant.entrypoints.installed import installation_of, json_option, print_json
from evals.metrics import Aggregate
from evals.pairs import (
    FIT,
    HELD_OUT,
    SHIPPED_PAIRS,
    Pair,
    halueval_pairs,
    read_pairs,
    scifact_pairs,
    with_a_word_replaced,
)
from evals.verifiers import Contender, Measured, accepted, contenders, measure

# SciFact pairs are whole abstracts, and the embedder reads each sentence: enough for an interval of 6 points.
_SCIFACT_CLAIMS = 200
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--set", "path", type=click.Path(path_type=Path), default=SHIPPED_PAIRS, metavar="FILE", help="Pairs.")
@click.option("--halueval", type=_FOLDER, metavar="FOLDER", help="Also on HaluEval's qa_*.json in this folder.")
@click.option("--scifact", type=_FOLDER, metavar="FOLDER", help="Also on SciFact in BEIR's layout in this folder.")
@click.option("--seed", default=0, show_default=True, help="Of the intervals and what is drawn.")
@json_option
@click.pass_context
def verifier(
    context: click.Context,
    path: Path,
    halueval: Path | None,
    scifact: Path | None,
    seed: int,
    as_json_: bool,
) -> None:
    """Measure the verifier of this installation on claims beside the text that they cite.

    Against the strict verifier, embedding cosine alone and word overlap alone, whose thresholds are chosen on the part
    'fit' of the set; figures are of the part 'held out'. Default set: 300 pairs in Dutch and English.
    """
    pairs = read_pairs(path)
    fit = [pair for pair in pairs if pair.part == FIT]
    held_out = [pair for pair in pairs if pair.part == HELD_OUT]
    if not (fit and held_out):
        raise click.UsageError("The set needs pairs of both parts: 'fit' and 'held out'.")
    with installation_of(context) as installation:
        told = _measured(installation, fit, held_out, halueval=halueval, scifact=scifact, seed=seed)
    if as_json_:
        print_json(told)
        return
    for name, rows in told.items():
        _show(name, rows)


def _measured(
    installation: Installation,
    fit: Sequence[Pair],
    held_out: Sequence[Pair],
    *,
    halueval: Path | None,
    scifact: Path | None,
    seed: int,
) -> dict[str, list[Measured]]:
    compared = contenders(installation.verifier, installation.embedder, fit=fit)
    # Words are drawn from the other texts of the same part.
    shown = [*held_out, *with_a_word_replaced(held_out, seed=seed)]
    told = {"the set, held out": [one for each in compared for one in measure(each, shown, seed=seed)]}
    if halueval:
        pairs = halueval_pairs(halueval)
        told["HaluEval qa: the answer alone as a claim"] = [
            one for each in compared for one in measure(each, pairs, seed=seed)
        ]
    if scifact:
        drawn = scifact_pairs(scifact, count=_SCIFACT_CLAIMS, seed=seed)
        told["SciFact: share called supported (no labels of support)"] = [
            _shares(each, drawn, seed=seed) for each in compared
        ]
    return told


def _shares(contender: Contender, pairs: Sequence[Pair], *, seed: int) -> Measured:
    shares = accepted(contender.decide, pairs, seed=seed)
    return Measured(contender.name, contender.threshold, "en", shares)


def _show(title: str, rows: Sequence[Measured]) -> None:
    click.secho(f"\n{title}", bold=True)
    for row in rows:
        threshold = "" if row.threshold is None else f", from {row.threshold:.3f} on"
        click.echo(f"  {row.name} ({row.language}{threshold})")
        _show_measures(row.measures)


def _show_measures(measures: Mapping[str, Aggregate]) -> None:
    for name, one in measures.items():
        interval = "" if one.low is None else f" [{one.low:.3f}, {one.high:.3f}]"
        value = "-" if one.mean is None else f"{one.mean:.3f}"
        click.echo(f"    {name:<20} {value}{interval}  N={one.n}")
