"""`stafwijzer eval compare`: what changed between two runs, and whether it is more than chance."""

from collections.abc import Sequence

import click

from assistant.citing import as_json
from assistant.entrypoints.installed import json_option, print_json
from evals.commands.opening import opened
from evals.comparing import Comparison, compare_runs
from evals.metrics import Paired
from evals.runs import Manifest

# A terminal shows this many; --json shows all.
_SHOWN = 20


@click.command()
@click.argument("before", metavar="RUN_A")
@click.argument("after", metavar="RUN_B")
@click.option("--seed", default=0, show_default=True, help="Of the tests.")
@json_option
@click.pass_context
def compare(context: click.Context, before: str, after: str, seed: int, as_json_: bool) -> None:
    """Compare two runs of the same set, case by case.

    Each measure: both means over the cases scored in both, the difference with its 95 % bootstrap interval, and the
    p value of a paired permutation test, corrected for how many measures there are (Holm).
    """
    a, b = opened(context, before), opened(context, after)
    compared, differing = compare_runs(a, b, seed=seed), unlike(a.manifest, b.manifest)
    if as_json_:
        print_json({**as_json(compared), "differ": differing})
    else:
        show_comparison(compared, differing)


def unlike(a: Manifest, b: Manifest) -> list[str]:
    """Return what else than the system and its settings is not the same in two runs."""
    told = {
        "corpora": (a.corpora_sha256, b.corpora_sha256),
        "model": (a.model_sha256, b.model_sha256),
        "index": (a.index_snapshot, b.index_snapshot),
        "version": (a.version, b.version),
    }
    return [name for name, (before, after) in told.items() if before != after]


def show_comparison(compared: Comparison, differing: Sequence[str]) -> None:
    """Print a comparison, and what `unlike` says of its runs."""
    click.echo(f"A: {compared.a}\nB: {compared.b}\n{compared.cases} cases in both.")
    if differing:
        click.echo(f"What else is not the same in A and B: {', '.join(differing)}.")
    if compared.changed:
        click.echo(f"{len(compared.changed)} cases ask or expect something else in B and are left out.")
    click.secho(f"\n{'measure':<21}{'A':>9}{'B':>9}{'B - A':>9}   {'95 % interval':<19}{'p':>7}  N", bold=True)
    for name, paired in compared.measures.items():
        verdict = compared.verdict(name)
        click.secho(
            f"{name:<21}{_row(paired, compared.adjusted.get(name))}  {'' if verdict.startswith('no') else verdict}",
            fg={"better": "green", "worse": "red"}.get(verdict),
        )
    if compared.flipped:
        click.secho(f"\nCases that flipped ({len(compared.flipped)})", bold=True)
    for flip in compared.flipped[:_SHOWN]:
        click.echo(f"  {flip.case}: {flip.measure} {flip.before:g} → {flip.after:g}  {_word(flip.better)}")
    if len(compared.flipped) > _SHOWN:
        click.echo(f"  … and {len(compared.flipped) - _SHOWN} more (--json)")
    labelled = [(label, name, one) for label, parts in compared.by_label.items() for name, one in parts.items()]
    labelled = [(label, name, one) for label, name, one in labelled if one.difference]
    if labelled:
        click.secho("\nBy label, where they differ (p not corrected)", bold=True)
    for label, name, paired in labelled:
        click.echo(f"  {label:<18} {name:<14}{_row(paired, paired.p)}")


def _row(paired: Paired, p: float | None) -> str:
    interval = f"[{paired.low:+.3f}, {paired.high:+.3f}]" if paired.low is not None else "-"
    told_p = "-" if p is None else f"{p:.4f}"
    return (
        f"{paired.mean_a:>9.3f}{paired.mean_b:>9.3f}{paired.difference:>+9.3f}   {interval:<19}{told_p:>7}  {paired.n}"
    )


def _word(better: bool) -> str:
    return "better" if better else "worse"
