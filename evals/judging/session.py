"""Hear one evaluator on one case after another; each judgement is on disk before the next case is shown.

Knows neither how a case looks nor where judgements lie."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import click

from evals.judging.dialogue import Said, Step, Task, judgements_of
from evals.judging.judgements import Better, Judgement, Mark, append_judgement
from evals.judging.screen import CHOICES, NOTE, QUIT, SKIP, UNDO, Terminal, lay_out, prompt
from evals.runs import Run, now

Kept = list[tuple[Run, Judgement]]


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a session, in cases."""

    judged: int
    skipped: int


class _Move(Enum):
    SKIP = SKIP
    BACK = UNDO
    QUIT = QUIT


def hold(tasks: Sequence[Task], *, evaluator: str, terminal: Terminal, hide_expected: bool = False) -> Tally:
    """Ask about the tasks in turn until they are done or the evaluator stops, and keep each judgement."""
    done: list[Kept] = []
    while len(done) < len(tasks):
        task = tasks[len(done)]
        click.echo(lay_out(task, number=len(done) + 1, of=len(tasks), hide_expected=hide_expected))
        heard = _hear(task, terminal)
        if heard is _Move.QUIT:
            break
        if heard is _Move.BACK:
            _withdraw(done.pop()) if done else click.echo("This is the first case.")
        elif heard is _Move.SKIP:
            done.append([])
        else:
            said, note = heard
            done.append(_keep(judgements_of(task, said, evaluator=evaluator, at=now(), note=note)))
    judged = sum(bool(kept) for kept in done)
    return Tally(judged, len(done) - judged)


def _hear(task: Task, terminal: Terminal) -> tuple[Said, str] | _Move:
    """Ask all steps of a task; return what was said and the note, or where else the evaluator wants to go."""
    steps, said, note = task.steps, dict[Step, Mark | Better](), ""
    while len(said) < len(steps):
        step = steps[len(said)]
        choices = CHOICES[step.about]
        key = terminal.key(prompt(task, step), [*choices, SKIP, UNDO, NOTE, QUIT])
        if key in choices:
            said[step] = choices[key]
        elif key == NOTE:
            note = terminal.line("  Note: ") or note
        elif key == UNDO and said:
            said.popitem()
        else:
            return _Move(key)
    return said, note


def _keep(judgements: Kept) -> Kept:
    for run, judgement in judgements:
        append_judgement(run, judgement)
    return judgements


def _withdraw(kept: Kept) -> None:
    for run, judgement in kept:
        append_judgement(run, replace(judgement, at=now(), withdrawn=True))
