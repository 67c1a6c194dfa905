"""An evaluator sees the answer and nothing of its maker, and a document cannot touch their terminal."""

import io
import unicodedata
from dataclasses import replace
from pathlib import Path

import click
import pytest

from evals.cases import Asker, Case, Exchange, Nugget, Relevant
from evals.judging.dialogue import PAIR, About, Step, Task, plan
from evals.judging.judgements import exhibits, in_common
from evals.judging.screen import CHOICES, NOTE, QUIT, SKIP, UNDO, Terminal, lay_out, prompt
from evals.records import Record
from retrieval.access import Marking
from tests.evals.judging.answered import CASES, a_run, a_statement, an_abstention, an_answer

HOSTILE = "a\x1b]0;owned\x07\x1b[2J\x9b31m\r\n\u202eb\tc\x00\x7f\u00ad\u2028d"


def tasks(tmp_path: Path, *records: Record, others: tuple[Record, ...] = (), cases: list[Case] = CASES) -> list[Task]:
    run = a_run(tmp_path, *records, cases=cases, system="closed-book")
    if not others:
        return plan([[(one, run)] for one in exhibits(run)], evaluator="ann", given=[], seed=0)
    second = a_run(tmp_path, *others, cases=cases, system="our-assistant")
    pairs = in_common(exhibits(run), exhibits(second))
    return plan([[(one, run), (two, second)] for one, two in pairs], evaluator="ann", given=[], seed=0)


def shown(task: Task, *, hide_expected: bool = False, width: int = 80) -> str:
    return click.unstyle(lay_out(task, number=1, of=9, hide_expected=hide_expected, width=width))


def test_hostile_text_is_harmless_wherever_it_stands(tmp_path: Path) -> None:
    case = Case(
        id=f"id {HOSTILE}",
        question=HOSTILE,
        language="en",
        history=(Exchange(HOSTILE, HOSTILE),),
        expected=(HOSTILE,),
        nuggets=(Nugget((HOSTILE,)),),
        conflict=(HOSTILE,),
        must_not_contain=(HOSTILE,),
        relevant=(Relevant(HOSTILE, 1, HOSTILE),),
    )
    record = Record(
        case.id,
        text=HOSTILE,
        statements=(a_statement(HOSTILE, HOSTILE, document=HOSTILE),),
        conflicts=(HOSTILE,),
        markings=(Marking("NLD", HOSTILE),),
    )
    (task,) = tasks(tmp_path, record, cases=[case])
    for text in (shown(task), *(prompt(task, step) for step in task.steps)):
        assert all(one == "\n" or unicodedata.category(one) not in {"Cc", "Cf"} for one in text)


def test_a_case_is_shown_with_what_was_expected_and_its_quotes(tmp_path: Path) -> None:
    case = replace(
        CASES[0],
        history=(Exchange("Where?", "North."),),
        nuggets=(Nugget(("held",)), Nugget(("since dawn",), vital=False)),
        must_not_contain=("Ochre",),
        relevant=(Relevant("order.md", 2, "hold the Amber bridge"),),
    )
    record = Record(
        "bridge", statements=(a_statement("It holds Amber.", "hold\nAmber"),), markings=(Marking("NLD", "Stg. Geheim"),)
    )
    (task,) = tasks(tmp_path, record, cases=[case])
    assert shown(task, width=60).splitlines() == [
        "── 1 of 9 · bridge ─────────────────────────────────────────",
        "Marking",
        "  Stg. Geheim",
        "Before",
        "  Where?",
        "  North.",
        "Question",
        "  Which bridge?",
        "Expected",
        "  Any of: the Amber bridge",
        "  Holds: held",
        "  May hold: since dawn",
        "  None of: Ochre",
        "  “hold the Amber bridge” order.md, p. 2",
        "Answer",
        "  1. It holds Amber.",
        "       “hold",
        "       Amber” order.md, p. 2",
    ]


def test_what_was_expected_can_be_hidden_with_the_id_that_may_tell_it(tmp_path: Path) -> None:
    task = tasks(tmp_path, an_answer("bridge", "It is Ochre."))[0]
    assert "the Amber bridge" in shown(task)
    hidden = shown(task, hide_expected=True)
    assert "Amber" not in hidden
    assert "· bridge" not in hidden
    assert "It is Ochre." in hidden


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (Case(id="x", question="?", language="en", answerable=False), "To abstain: the documents do not answer it."),
        (
            Case(id="x", question="?", language="en", expected=("y",), refusal=True),
            "To abstain: this asker may not have it.",
        ),
        (
            Case(id="x", question="?", language="en", conflict=("12", "14")),
            "Each of, for the sources disagree: 12 | 14",
        ),
    ],
)
def test_an_expected_abstention_or_conflict_is_told(tmp_path: Path, case: Case, told: str) -> None:
    case = replace(case, principal=Asker("guest"))
    (task,) = tasks(tmp_path, an_abstention("x"), cases=[case])
    assert told in shown(task)


def test_an_abstention_is_shown_as_one_and_a_bare_text_as_it_is(tmp_path: Path) -> None:
    _, bare, abstention = tasks(
        tmp_path, an_answer("bridge", "x"), Record("plan", text="De chef."), an_abstention("tanks")
    )
    assert "(abstains) The documents do not answer this." in shown(abstention)
    assert "Answer\n  De chef." in shown(bare)
    assert bare.steps == [Step(About.ANSWER)]


def test_nothing_shown_names_a_run_a_system_or_a_verdict(tmp_path: Path) -> None:
    (task,) = tasks(tmp_path, an_answer("bridge", "Amber"), others=(an_answer("bridge", "Ochre"),))
    text = shown(task) + "".join(prompt(task, step) for step in task.steps)
    assert "Answer A" in text
    assert "Answer B" in text
    for told in ("closed-book", "our-assistant", "supported", *(one.run.name for one in task.answers)):
        assert told not in text


def test_no_line_is_wider_than_the_terminal(tmp_path: Path) -> None:
    long = "woord " * 200 + "x" * 300
    record = Record("bridge", text=long, statements=(a_statement(long, long),), conflicts=(long,))
    task = tasks(tmp_path, record)[0]
    assert max(map(len, shown(task, width=50).splitlines())) <= 50


def test_every_key_that_is_offered_means_one_thing() -> None:
    for about in About:
        keys = [*CHOICES[about], SKIP, UNDO, NOTE, QUIT]
        assert len(set(keys)) == len(keys)


def test_each_prompt_names_every_key(tmp_path: Path) -> None:
    (task,) = tasks(tmp_path, an_answer("bridge", "Amber"), others=(an_answer("bridge", "Ochre"),))
    for step in task.steps:
        for key in (*CHOICES[step.about], SKIP, UNDO, NOTE, QUIT):
            assert f"[{key}]" in prompt(task, step)
    assert prompt(task, PAIR).startswith("Which is better?")


def test_where_input_is_no_terminal_a_line_is_a_key() -> None:
    terminal = Terminal(io.StringIO("z\n\nRight\nan escape \x1b[31m\nw\n"))
    assert terminal.key("?", "rw") == "r"
    assert terminal.line("Note: ") == "an escape \x1b[31m"
    assert terminal.key("?", "rw") == "w"
    assert terminal.key("?", "rw") == QUIT
    assert terminal.line("Note: ") == ""
