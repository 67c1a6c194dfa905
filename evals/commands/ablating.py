"""`stafwijzer eval ablate`: run a set with one component switched off at a time."""

from datetime import date
from functools import partial

import click

from assistant.entrypoints.installed import installation_of, json_option, print_json
from evals.ablating import COMPONENTS, component, without
from evals.commands.running import alone, carry_out, eval_journal, runs_folder
from evals.comparing import Comparison, compare_runs
from evals.sets import read_set
from evals.systems import system_of

_TOLD = ("recall@8", "answer", "abstention", "verified", "citation recall", "conflict shown", "seconds")


@click.command()
@click.argument("name", metavar="SET")
@click.option("--component", "chosen", multiple=True, help="Only this one; may be given again.")
@click.option("--seed", default=0, show_default=True, help="Of the intervals and the tests.")
@json_option
@click.pass_context
def ablate(context: click.Context, name: str, chosen: tuple[str, ...], seed: int, as_json_: bool) -> None:
    """Run a SET as it is and then with one component switched off at a time, and compare each with the first.

    Components: dense, bm25, rerank, neighbours, compose, verifier, abstention. What is not in use is said and left out.
    Runs that exist are gone on with, not asked again, when interrupted.
    """
    cases = read_set(name)
    components = [component(one) for one in chosen] or list(COMPONENTS)
    compared: dict[str, Comparison] = {}
    absent: dict[str, str] = {}
    with installation_of(context) as installation, alone(runs_folder(installation), False):
        journal = eval_journal(installation)
        settings = installation.settings
        whole = system_of("assistant", installation, journal=journal)
        ask = partial(carry_out, cases=cases, name=name, seed=seed, on_date=date.today(), quiet=as_json_)
        base = ask(installation, whole)
        for one in components:
            if reason := one.absent(settings):
                absent[one.name] = reason
                continue
            with without(settings, one, journal=journal) as (lesser, system):
                compared[one.name] = compare_runs(base, ask(lesser, system), seed=seed)
    if as_json_:
        print_json({"base": base.name, "without": compared, "not in use": absent})
        return
    click.secho(f"{'without':<14}" + "".join(f"{measure:>22}" for measure in _TOLD), bold=True)
    for label, comparison in compared.items():
        click.echo(f"{label:<14}" + "".join(f"{_cell(comparison, measure):>22}" for measure in _TOLD))
    for label, reason in absent.items():
        click.echo(f"{label:<14} not switched off: {reason}")
    click.echo("Value and difference to the whole; * where the difference is one at 5 % (Holm).")


def _cell(comparison: Comparison, measure: str) -> str:
    paired = comparison.measures.get(measure)
    if paired is None:
        return "-"
    star = "" if comparison.verdict(measure).startswith("no") else "*"
    return f"{paired.mean_b:.3f} ({paired.difference:+.3f}){star}"
