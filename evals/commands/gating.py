"""`stafwijzer eval gate`: may this run pass? Exit code 0 yes, 1 no or undecided."""

from pathlib import Path

import click

from assistant.entrypoints.installed import json_option, print_json
from evals.commands.opening import opened
from evals.comparing import compare_runs
from evals.gating import GateUnmeasured, check, read_rules
from evals.scoring import scores_of
from evals.summaries import summarise


@click.command()
@click.argument("name", metavar="RUN")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("--baseline", metavar="RUN", help="The run that [regressions] are counted from.")
@json_option
@click.pass_context
def gate(context: click.Context, name: str, rules: Path, baseline: str | None, as_json_: bool) -> None:
    """Check a RUN against RULES in TOML: thresholds to reach, regressions to stay within.

    Exit code 0 when every rule holds, 1 when one is broken or has no case to be decided by.

    \b
    [thresholds]
    "quote exactness" = { min = 1.0 }
    leaks = { max = 0 }
    answer = { min = 0.4, of = "low" }       # the low end of its 95 % interval
    [regressions]                            # needs --baseline
    answer = 0.02
    seconds = { tolerate = 0.5, when = "significant" }
    [unscored]
    at_most = 0.1
    """
    read = read_rules(rules)
    run = opened(context, name)
    before = opened(context, baseline) if baseline else None
    if run.manifest.finished is None:
        done = len(run.done())
        raise GateUnmeasured(
            f"The run '{run.name}' was interrupted: {done} of {run.manifest.cases} cases were asked.",
            hint="Give the same `eval run` again; it goes on where it stopped.",
        )
    failed = [bool(record.error) for record in run.records() if record.asked]
    checks = check(
        read,
        summarise(scores_of(run), seed=run.manifest.seed),
        failed=sum(failed) / len(failed) if failed else 1.0,
        comparison=compare_runs(before, run) if before else None,
    )
    passed = all(one.passed for one in checks)
    if as_json_:
        print_json({"run": run.name, "passed": passed, "checks": checks})
    else:
        for one in checks:
            click.secho(
                f"{'pass' if one.passed else 'FAIL'}  {one.measure:<20} {one.told}", fg=None if one.passed else "red"
            )
        click.secho("The gate is open." if passed else "The gate stays shut.", bold=True)
    context.exit(0 if passed else 1)
