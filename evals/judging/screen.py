"""Put answers before an evaluator in a terminal and read what they say, a key at a time.

Text of documents can send the terminal nothing but characters to show. Decides nothing and keeps nothing."""

import shutil
import textwrap
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO

import click

from assistant.entrypoints.terminal import printable
from evals.cases import Case
from evals.judging.dialogue import About, Step, Task
from evals.judging.judgements import Better, Exhibit, Mark

CHOICES: Mapping[About, Mapping[str, Mark | Better]] = {
    About.CLAIM: {"r": Mark.RIGHT, "p": Mark.PARTLY, "w": Mark.WRONG, "c": Mark.UNSURE},
    About.ANSWER: {"r": Mark.RIGHT, "p": Mark.PARTLY, "w": Mark.WRONG},
    About.PAIR: {"a": Better.THIS, "b": Better.OTHER, "e": Better.EQUAL, "x": Better.NEITHER},
}
"""What each key says, by what is asked."""
SKIP, UNDO, NOTE, QUIT = "s", "u", "n", "q"

_WORDS = {
    About.CLAIM: "[r]ight [p]artly [w]rong [c]annot tell",
    About.ANSWER: "[r]ight [p]artly [w]rong",
    About.PAIR: "[a] A is better [b] B is better [e]qual [x] both bad",
}
_MOVES = "[s]kip [u]ndo [n]ote [q]uit"
_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Terminal:
    """Asks for keys, or, where input comes from no terminal, for lines of which the first character is the key."""

    lines: TextIO

    def key(self, prompt: str, keys: Collection[str]) -> str:
        """Return one of the keys; QUIT at the end of the input."""
        while True:
            click.echo(f"{prompt} › ", nl=False)
            said = self._said()
            click.echo(printable(said[:1]))
            if not said:
                return QUIT
            if said[0] in keys:
                return said[0]
            click.echo(f"  Keys: {' '.join(keys)}")

    def line(self, prompt: str) -> str:
        """Return a line that was typed, '' at the end of the input."""
        click.echo(prompt, nl=False)
        return self.lines.readline().strip()

    def _said(self) -> str:
        """Return what was typed, not empty but at the end of the input."""
        if not self.lines.isatty():
            return self.lines.readline().lower()
        try:
            return click.getchar().lower()
        except EOFError:
            return ""


def lay_out(task: Task, *, number: int, of: int, hide_expected: bool = False, width: int | None = None) -> str:
    """Return a case and its answers as lines of at most `width` columns (None: the terminal's, 100 at most).

    hide_expected hides the case's id as well: ids tend to tell what is expected."""
    width = width or min(shutil.get_terminal_size().columns, _WIDEST)
    case = task.answers[0].exhibit.case
    title = f"── {number} of {of} " + ("" if hide_expected else f"· {printable(case.id)} ")
    parts = [click.style(title.ljust(width, "─"), dim=True)]
    parts += _part("Marking", dict.fromkeys(one.exhibit.marking for one in task.answers if one.exhibit.marking), width)
    for turn in case.history:
        parts += _part("Before", [turn.question, turn.answer], width)
    parts += _part("Question", [case.question], width)
    if not hide_expected:
        parts += _part("Expected", list(expected_of(case)), width)
    for place, one in enumerate(task.answers):
        parts += _part(_name(task, place), [], width, empty_too=True) + list(_answer(one.exhibit, width))
    return "\n".join(parts)


def prompt(task: Task, step: Step) -> str:
    """Return what is asked at a step, with its keys."""
    if step.about is About.PAIR:
        asked = "Which is better?"
    elif step.about is About.CLAIM:
        text = " ".join(printable(task.answers[step.shown].exhibit.claims[step.claim].text).split())
        asked = f"{_name(task, step.shown)}, claim {step.claim + 1} “{textwrap.shorten(text, 60, placeholder=' …')}”"
    else:
        asked = f"{_name(task, step.shown)} as a whole"
    return f"{asked}\n  {_WORDS[step.about]} · {_MOVES}"


def _name(task: Task, place: int) -> str:
    return f"Answer {'AB'[place]}" if len(task.answers) > 1 else "Answer"


def _part(heading: str, texts: Collection[str], width: int, *, empty_too: bool = False) -> list[str]:
    """Return a heading over indented texts; nothing when there are none."""
    if not texts and not empty_too:
        return []
    return [click.style(heading, bold=True), *(_wrapped(text, width) for text in texts)]


def expected_of(case: Case) -> Iterator[str]:
    """Yield what a right answer is, in sentences."""
    if case.should_abstain:
        yield "To abstain: " + ("this asker may not have it." if case.refusal else "the documents do not answer it.")
    if case.expected:
        yield "Any of: " + " | ".join(case.expected)
    for nugget in case.nuggets:
        yield f"{'Holds' if nugget.vital else 'May hold'}: {' | '.join(nugget.texts)}"
    if case.conflict:
        yield "Each of, for the sources disagree: " + " | ".join(case.conflict)
    if case.must_not_contain:
        yield "None of: " + " | ".join(case.must_not_contain)
    for place in case.relevant:
        yield _quoted(place.quote, place.document, place.page)


def _answer(exhibit: Exhibit, width: int) -> Iterator[str]:
    if exhibit.abstained:
        yield _wrapped(f"(abstains) {exhibit.text}", width)
    elif not exhibit.claims:
        yield _wrapped(exhibit.text, width)
    for number, claim in enumerate(exhibit.claims, start=1):
        yield _wrapped(claim.text, width, first=f"  {number}. ")
        for cited in claim.citations:
            yield _wrapped(_quoted(cited.quote, cited.document, cited.page), width, first="       ")
    for conflict in exhibit.conflicts:
        yield _wrapped(f"Conflict: {conflict}", width)


def _quoted(quote: str, document: str, page: int | None) -> str:
    place = f"{document}, p. {page}" if page else document
    return f"“{quote}” {place}" if quote else place


def _wrapped(text: str, width: int, *, first: str = "  ") -> str:
    indent = " " * len(first)
    lines = printable(text).split("\n")
    return "\n".join(
        textwrap.fill(line, width, initial_indent=indent if number else first, subsequent_indent=indent)
        for number, line in enumerate(lines)
    )
