"""What a Dutch workspace refuses is told in Dutch, whichever module refuses it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.courses.changing import NotYet
from assistant.courses.refusing import sentence, tell_in

ASSISTANT = Path(__file__).parents[3] / "assistant"
FOLDERS = ("courses", "courses/memo", "entrypoints/workspaces")
# A file that is broken, or one that somebody writes: these are about no workspace.
NOT_OF_A_WORKSPACE = {"recording.py"}


def _forms(node: ast.expr) -> Iterator[str]:
    """Yield what an expression can say, with '{}' for what is filled in."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in parts)  # type: ignore[misc]
        case ast.IfExp(body=one, orelse=other):
            yield from _forms(one)
            yield from _forms(other)


def refusals() -> list[str]:
    found = []
    for file in (file for folder in FOLDERS for file in sorted((ASSISTANT / folder).glob("*.py"))):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and file.name not in NOT_OF_A_WORKSPACE:
                for hint in (one.value for one in node.keywords if one.arg == "hint"):
                    found += [form for told in (*node.args[:1], hint) for form in _forms(told)]
    return sorted(set(found) - {""})


@pytest.mark.parametrize("form", refusals())
def test_every_refusal_has_dutch_words(form: str) -> None:
    told = form.replace("{}", "X9")
    dutch = sentence(told, "nl")
    assert dutch != told or form.startswith("Write '4,5 uur'")
    assert dutch.count("X9") == told.count("X9")
    assert sentence(told, "en") == told


def test_what_is_filled_in_is_told_in_dutch_too() -> None:
    told = sentence("The choice of 'coa-2' has no reason, and nothing was recommended.", "nl")
    assert told == "De keuze voor 'coa-2' heeft geen reden, en er was geen advies."


def test_an_error_stays_what_it_is() -> None:
    error = NotYet("The framing is not locked.", hint="Nobody knows this hint.")
    tell_in("nl", error)
    assert str(error) == "De probleemstelling is niet vastgesteld. Nobody knows this hint."
    tell_in("nl", error)
    assert error.problem == "De probleemstelling is niet vastgesteld."
