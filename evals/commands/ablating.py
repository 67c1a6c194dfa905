"""`stafwijzer eval ablate`: run a set with one component switched off at a time."""

from functools import partial

import click

from assistant.entrypoints.installed import installation_of, json_option, print_json
from evals.ablating import COMPONENTS, component, without
from evals.carrying_out import alone, eval_journal, next_part, runs_folder
from evals.commands.running import carry_out
from evals.comparing import Comparison, compare_runs
from evals.runs import Run
from evals.sets import read_set
from evals.systems import system_of

_TOLD = ("recall@8", "answer", "abstention", "verified", "citation recall", "conflict shown", "seconds")


@click.command()
@click.argument("name", metavar="SET")
@click.option("--component", "chosen", multiple=True, help="Only this one; may be given again.")
@click.option("--seed", default=0, show_default=True, help="Of the intervals and the tests.")
@click.option("--fresh", is_flag=True, help="Begin anew, also when the same command was interrupted.")
@json_option
@click.pass_context
def ablate(context: click.Context, name: str, chosen: tuple[str, ...], seed: int, fresh: bool, as_json_: bool) -> None:
    """Run a SET as it is and then with one component switched off at a time, and compare each with the first.

    Components: dense, bm25, rerank, neighbours, compose, verifier, abstention. What is not in use is said and left out.
    When it was interrupted and is given again, it goes on where it stopped, on the day that it began on.
    """
    cases = read_set(name)
    components = [component(one) for one in chosen] or list(COMPONENTS)
    compared: dict[str, Comparison] = {}
    with installation_of(context) as installation, alone(runs_folder(installation), False):
        journal = eval_journal(installation)
        settings = installation.settings
        absent = {one.name: reason for one in components if (reason := one.absent(settings))}
        present = [one for one in components if one.name not in absent]
        parts = ["assistant", *(f"without {one.name}" for one in present)]
        runs: list[Run] = []
        ask = partial(carry_out, cases=cases, name=name, seed=seed, fresh=fresh, quiet=as_json_)
        base = ask(installation, system_of("assistant", installation, journal=journal), command=next_part(runs, parts))
        runs.append(base)
        for one in present:
            with without(settings, one, journal=journal) as (lesser, system):
                runs.append(ask(lesser, system, command=next_part(runs, parts)))
                compared[one.name] = compare_runs(base, runs[-1], seed=seed)
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
