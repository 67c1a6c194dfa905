"""`stafwijzer eval judge` and `agreement`: hear evaluators on a run's answers, and say how far they agree.

Shows an evaluator no system's name, no automatic score and nobody else's judgement."""

import sys
from collections.abc import Collection, Sequence
from math import isnan

import click

from assistant.entrypoints.installed import json_option, print_json, settings_of
from assistant.entrypoints.terminal import printable
from evals.commands.opening import beside, opened, warn
from evals.judging.agreeing import Compared, compare_evaluators, compare_with_measure, evaluators
from evals.judging.dialogue import plan
from evals.judging.grouping import Group, groups_of
from evals.judging.judgements import (
    Judgement,
    NothingToJudge,
    about,
    standing,
    standing_in,
)
from evals.judging.screen import Terminal
from evals.judging.session import hold
from evals.runs import Run
from evals.scoring import Scores, is_wrong, scores_of

_MEASURE = "answer"
"""The automatic measure that evaluators are set beside."""


@click.command()
@click.argument("names", metavar="RUN [RUN2]", nargs=-1, required=True)
@click.option("--evaluator", metavar="NAME", help="Who judges. Default: access.name in the settings.")
@click.option(
    "--only",
    type=click.Choice(["failures", "all"]),
    default="all",
    show_default=True,
    help="Judge every answer, or those that the automatic measures find wrong in one of the runs.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Judge at most this many cases now.")
@click.option("--case", "again", metavar="ID", multiple=True, help="Judge this case, even again; may be given again.")
@click.option("--hide-expected", is_flag=True, help="Do not show what was expected.")
@click.pass_context
def judge(
    context: click.Context,
    names: tuple[str, ...],
    evaluator: str | None,
    only: str,
    limit: int | None,
    again: tuple[str, ...],
    hide_expected: bool,
) -> None:
    """Judge the answers of a RUN case by case, without seeing which system gave them.

    Say of each claim whether it is right, partly right or wrong, or that you cannot tell; then of the answer as a
    whole. With two runs of the same set, the two answers to a case stand side by side as A and B, in an order drawn
    for each case, and you say which is better.

    One key an answer; where input is no terminal, one line. 's' skips the case, 'u' goes a question back (from the
    first: takes back the case before), 'n' adds a note, 'q' quits. Each judgement is on disk before the next case is
    shown. The same answer is not asked about again when another run gives it; what others judged is not shown.
    """
    if len(names) > 2:
        raise click.UsageError("Give one run, or two to compare.")
    who = (settings_of(context).principal.name if evaluator is None else evaluator).strip()
    if not who:
        raise click.BadParameter("it is empty.", param_hint="--evaluator")
    runs = [opened(context, name) for name in names]
    if len({run.path.resolve() for run in runs}) < len(runs):
        raise click.UsageError("The two runs are one and the same.")
    groups = _chosen(groups_of(runs), runs, failures=only == "failures", again=again)
    given = standing_in(runs, beside(context), on_damaged=warn)
    tasks = plan(groups, evaluator=who, given=given, seed=runs[0].manifest.seed, again=again)
    click.echo(f"{printable(who)} judges. {_counted(len(tasks), 'case')} to judge, of {len(groups)}.")
    _tell_reused(groups, runs, [one for one in given if one.evaluator == who and one.case not in again])
    terminal = Terminal(sys.stdin)
    tally = hold(tasks[:limit], evaluator=who, terminal=terminal, hide_expected=hide_expected)
    left = len(tasks) - tally.judged
    ahead = f"{left} left: the same command goes on." if left else "None left."
    click.echo(f"{tally.judged} judged, {tally.skipped} skipped. {ahead}")


@click.command("agreement")
@click.argument("name", metavar="RUN")
@json_option
@click.pass_context
def agreement(context: click.Context, name: str, as_json_: bool) -> None:
    """Tell how far the evaluators of a RUN agree with each other, and with the automatic measure 'answer'.

    For answers, claims and preferences: how many both judged, the share with the same label, and Cohen's kappa (1 is
    full agreement, 0 what chance gives) with a 95 % interval over cases; then what was judged differently.
    """
    run = opened(context, name)
    judgements = about(run, beside(context), on_damaged=warn)
    if not judgements:
        raise NothingToJudge(f"Nobody judged the run '{run.name}'.", hint=f"Judge it: `stafwijzer eval judge {name}`.")
    names, pairs = evaluators(judgements), compare_evaluators(judgements)
    measured = compare_with_measure(judgements, _scored(scores_of(run), _MEASURE))
    if as_json_:
        told = {"run": run.name, "settings": run.manifest.settings_fingerprint, "evaluators": names}
        print_json({**told, "pairs": pairs, "measure": _MEASURE, "with_measure": measured})
        return
    cases = _counted(len({one.case for one in judgements}), "case")
    click.echo(f"{run.name}: {cases} judged by {', '.join(map(printable, names))}")
    if not pairs:
        click.echo("Agreement between evaluators needs a second one.")
    for pair in pairs:
        _show_heading(f"{pair.first} and {pair.second}")
        _show("answers", pair.answers)
        _show("claims", pair.claims)
        _show("preferences", pair.preferences)
    for one in measured:
        _show_heading(f"{one.evaluator} and the measure '{_MEASURE}'")
        _show("answers", one.answers)


def _chosen(groups: list[Group], runs: Sequence[Run], *, failures: bool, again: Collection[str]) -> list[Group]:
    """Return the groups to judge: the cases named, if any are, and the failures, if only those are wanted."""
    answered = {_case_of(group) for group in groups}
    if unknown := [case for case in again if case not in answered]:
        raise NothingToJudge(f"There is no answer to the case '{unknown[0]}'.", hint="Give the id of an answered case.")
    wanted = set(again) or answered
    if failures:
        wanted &= {case for run in runs for case in _failures(run)}
    return [group for group in groups if _case_of(group) in wanted]


def _case_of(group: Group) -> str:
    return group[0][0].case.id


def _failures(run: Run) -> set[str]:
    scores = scores_of(run)
    measured = {name: _scored(scores, name) for name in scores.columns}

    def given(case: str) -> dict[str, float]:
        return {name: column[case] for name, column in measured.items() if case in column}

    return {case.id for case in run.cases() if is_wrong(case, given(case.id))}


def _scored(scores: Scores, measure: str) -> dict[str, float]:
    """Return a measure by case, of the cases that it applies to."""
    column = scores.columns[measure]
    return {case: float(score) for case, score in zip(scores.ids, column, strict=True) if not isnan(score)}


def _tell_reused(groups: Sequence[Group], runs: Sequence[Run], own: Sequence[Judgement]) -> None:
    """Say how many answers this evaluator judged before, and how many of them as answers of other runs."""
    answers = {exhibit.key for group in groups for exhibit, _ in group}
    here = {judgement.key for run in runs for judgement in standing(run)}
    before = answers & {judgement.key for judgement in own}
    if before:
        elsewhere = len(before - here)
        click.echo(
            f"{_counted(len(before), 'answer')} judged before, {elsewhere} of them in other runs: not asked again."
        )
    same = sum(len({exhibit.key for exhibit, _ in group}) < len(group) for group in groups)
    if same:
        click.echo(f"In {_counted(same, 'case')} both runs give the same answer: there is nothing to prefer.")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _show_heading(text: str) -> None:
    click.secho(printable(text), bold=True)


def _show(name: str, compared: Compared) -> None:
    if compared.raw is None:
        click.echo(f"  {name:<12} none judged by both")
        return
    kappa = "undefined" if compared.kappa is None else f"{compared.kappa:.3f}"
    interval = "" if compared.low is None else f" [{compared.low:.3f}, {compared.high:.3f}]"
    click.echo(f"  {name:<12} N={compared.n}  agree {compared.raw:.3f}  kappa {kappa}{interval}")
    for one in compared.differences:
        click.echo(printable(f"    {one.case}, {one.about}: {one.first} | {one.second}"))
