"""`stafwijzer eval compare`: what changed between two runs, and whether it is more than chance."""

import click

from assistant.entrypoints.installed import json_option, print_json, settings_of
from evals.comparing import Comparison, compare_runs
from evals.metrics import Paired
from evals.runs import open_run

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
    folder = settings_of(context).home / "evals"
    compared = compare_runs(open_run(folder, before), open_run(folder, after), seed=seed)
    if as_json_:
        print_json(compared)
    else:
        show_comparison(compared)


def show_comparison(compared: Comparison) -> None:
    """Print a comparison."""
    click.echo(f"A: {compared.a}\nB: {compared.b}\n{compared.cases} cases in both.")
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
    differing = [(label, name, one) for label, name, one in labelled if one.difference]
    if differing:
        click.secho("\nBy label, where they differ (p not corrected)", bold=True)
    for label, name, paired in differing:
        click.echo(f"  {label:<18} {name:<14}{_row(paired, paired.p)}")


def _row(paired: Paired, p: float | None) -> str:
    interval = f"[{paired.low:+.3f}, {paired.high:+.3f}]" if paired.low is not None else "-"
    told_p = "-" if p is None else f"{p:.4f}"
    return (
        f"{paired.mean_a:>9.3f}{paired.mean_b:>9.3f}{paired.difference:>+9.3f}   {interval:<19}{told_p:>7}  {paired.n}"
    )


def _word(better: bool) -> str:
    return "better" if better else "worse"
