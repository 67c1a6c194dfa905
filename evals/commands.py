"""`stafwijzer eval`: run a test set and print what came of it. Scores nothing itself."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from assistant.citing import as_json
from assistant.entrypoints.installed import installation_of, json_option, print_json
from evals.metrics import Aggregate
from evals.running import Outcome, by_tag, run, summarise
from evals.sets import read_set


@click.group()
def evaluate() -> None:
    """Measure the assistant on questions with known answers."""


@evaluate.command("run")
@click.argument("name", metavar="SET")
@click.option("--failures", is_flag=True, help="List the cases that were answered wrongly.")
@json_option
@click.pass_context
def run_(context: click.Context, name: str, failures: bool, as_json_: bool) -> None:
    """Ask every question of a SET ('examples', or a JSON Lines file) as a user would, and score the answers.

    Prints recall@k and nDCG@10 over the passages that an answer was made from, whether every quote stands in its
    document (citation validity), whether the answer holds what was expected, and whether it abstained when it should
    and only then; each with its number of cases and a 95 % bootstrap interval. All answers are kept in the state
    folder under evals/.
    """
    cases = read_set(name)
    with installation_of(context) as installation:
        for corpus in sorted({corpus for case in cases for corpus in case.corpora}):
            installation.catalog.corpus(corpus)
        with click.progressbar(length=len(cases), label=name, hidden=as_json_) as bar:
            outcomes = run(
                cases,
                assistant=installation.assistant,
                principal=installation.settings.principal,
                on_date=date.today(),
                on_done=lambda outcome: bar.update(1),
            )
        kept = _keep(outcomes, name, installation.settings.home, installation.settings.fingerprint)
    summary = summarise(outcomes)
    if as_json_:
        print_json({"set": name, "settings": installation.settings.fingerprint, "metrics": summary, "kept": kept})
        return
    click.echo(f"\n{name}: {len(cases)} cases, settings {installation.settings.fingerprint}")
    for metric, measured in summary.items():
        click.echo(f"  {metric:<18} {_written(measured)}")
    click.secho("Answers by tag", bold=True)
    for tag, measured in by_tag(outcomes, "answer").items():
        click.echo(f"  {tag:<18} {_written(measured)}")
    for outcome in outcomes if failures else []:
        _show_failure(outcome)
    click.echo(f"All answers: {kept}")


def _written(measured: Aggregate) -> str:
    if measured.mean is None or measured.low is None or measured.high is None:
        return f"no case scored ({measured.unscored} unscored)"
    interval = f"[{measured.low:.3f}, {measured.high:.3f}]"
    return f"{measured.mean:.3f} {interval}  N={measured.n}, unscored={measured.unscored}"


def _show_failure(outcome: Outcome) -> None:
    wrong = [name for name in ("answer", "abstention", "citation validity") if outcome.scores.get(name, 1.0) < 1.0]
    if not (wrong or outcome.error):
        return
    case = outcome.case
    click.secho(f"\n{case.id} ({', '.join(wrong) or 'failed'}): {case.question}", bold=True)
    if outcome.answer is None:
        click.echo(f"  {outcome.error}")
        return
    probability, recall = outcome.answer.trace.answerability, outcome.scores.get("recall@8")
    click.echo(f"  expected: {' | '.join(case.expected) or 'to abstain'}; p={probability}, recall@8={recall}")
    click.echo(f"  answered: {outcome.answer.text[:300]}")


def _keep(outcomes: list[Outcome], name: str, home: Path, fingerprint: str) -> Path:
    folder = home / "evals"
    folder.mkdir(parents=True, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = folder / f"{moment}-{Path(name).stem}-{fingerprint}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for outcome in outcomes:
            file.write(json.dumps(as_json(outcome), ensure_ascii=False) + "\n")
    return path
