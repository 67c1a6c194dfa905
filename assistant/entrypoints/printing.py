"""Print one answer in a terminal while it is being made: what is searched for, the sources, the claims, the end.

Turns the events of `Assistant.stream` into text. Decides nothing about the answer."""

import textwrap
from collections.abc import Iterable

import click

from assistant.answers import (
    Answer,
    Answered,
    Citation,
    Claim,
    ClaimChecked,
    Conflict,
    ConflictFound,
    Event,
    Evidence,
    Origin,
    Side,
    SourcesFound,
    Stage,
    StageName,
    Understood,
)
from assistant.citing import as_line
from assistant.entrypoints.phrases import counted, phrase
from assistant.entrypoints.progressing import ProgressLine
from assistant.entrypoints.showing import legend, rule_of, shown_verdicts
from assistant.entrypoints.sourcing import label_of
from assistant.entrypoints.terminal import printable
from assistant.wording import in_language, say
from retrieval.languages import Language

_STAGES = {StageName.SEARCHING: "searching", StageName.WAITING: "waiting", StageName.COMPOSING: "draft"}


def print_answer(events: Iterable[Event], language: Language) -> Answer:
    """Print events as they come, in a language, and return the answer that ends them."""
    with ProgressLine() as progress:
        printing = _Printing(language)
        for event in events:
            if isinstance(event, Stage):
                progress.show(phrase(_STAGES[event.name], language, count=event.position))
            elif told := printing.tell(event):
                progress.hide()
                click.echo(told)
            if isinstance(event, Answered):
                return event.answer
    raise AssertionError("a stream ends with its answer")


class _Printing:
    """What of one answer is on the screen."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._section = ""
        self._conflicts: list[Conflict] = []

    def tell(self, event: Event) -> str:
        """Return what an event adds to the screen; '' for nothing."""
        match event:
            case Understood():
                return self._understood(event)
            case SourcesFound(evidence) if evidence:
                heading = phrase("sources", self._language, count=len(evidence))
                return "\n".join([click.style(heading, bold=True), *map(self._source, evidence)])
            case ConflictFound(conflict):
                return self._conflict(conflict)
            case ClaimChecked(claim):
                return self._claim(claim)
            case Answered(answer):
                return "\n".join(self._end(answer))
        return ""

    def _understood(self, understood: Understood) -> str:
        if not (understood.rewritten or understood.parts):
            return ""
        lines = [phrase("searched for", self._language, query=understood.query)]
        if understood.parts:
            lines.append(phrase("searched parts", self._language, parts=" · ".join(understood.parts)))
        return "\n".join(map(_filled, lines)) + "\n"

    def _claim(self, claim: Claim) -> str:
        return self._enter("in short" if claim.origin is Origin.MODEL else "answer", _filled(as_line(claim)))

    def _conflict(self, conflict: Conflict) -> str:
        self._conflicts.append(conflict)
        wide = max(len(printable(side.value)) for side in conflict.sides)
        sides = [self._side(side, number == conflict.prevails, wide) for number, side in enumerate(conflict.sides)]
        lines = [_filled(conflict.about), *sides, _filled(rule_of(conflict, self._language))]
        return self._enter("conflicts", "\n".join(lines))

    def _side(self, side: Side, prevails: bool, wide: int) -> str:
        day = side.dated.isoformat() if side.dated else phrase("undated", self._language)
        status = phrase("prevails" if prevails else "in force", self._language)
        place = f"{label_of(side.citation.label)} {self._on_page(side.citation.title, side.citation.page)}"
        told = f"{place} · {day} · {side.marking} · {status}"
        return f"    {' '.join(printable(side.value).split()):<{min(wide, 40)}}  {printable(told)}"

    def _end(self, answer: Answer) -> Iterable[str]:
        """Yield what follows the claims, line by line."""
        yield from (self._conflict(conflict) for conflict in answer.conflicts if conflict not in self._conflicts)
        if answer.abstained:
            yield from self._abstention(answer)
        else:
            for part in answer.unanswered:
                yield _filled(say("unanswered part", self._language, part=part))
            yield self._heading("quotes")
            yield from map(self._quote, answer.citations)
        if answer.strikes and answer.withheld:
            yield "\n" + click.style(say("unverified", self._language), bold=True)
            for claim in answer.withheld:
                yield _filled(f"{as_line(claim)} ({'; '.join(claim.reasons)})")
        yield ""
        yield from self._small_print(answer)

    def _abstention(self, answer: Answer) -> Iterable[str]:
        yield "\n" + click.style(printable(answer.text), bold=True)
        if answer.abstention and answer.abstention.nearest:
            yield self._heading("nearest quotes")
            yield from map(self._quote, answer.abstention.nearest)
        if answer.evidence:
            yield phrase("nearest above", self._language)

    def _small_print(self, answer: Answer) -> Iterable[str]:
        if shown_verdicts(answer):
            yield legend(answer, self._language)
        if answer.withheld and not answer.strikes:
            yield counted("withheld", len(answer.withheld), self._language)
        if answer.unresolved:
            yield counted("unresolved", answer.unresolved, self._language)
        for note in answer.trace.notes:
            yield phrase("note", self._language, note=printable(in_language(note, self._language)))
        marking = phrase("marking", self._language, marking=printable(str(answer.marking or "-")))
        total = phrase("total", self._language, seconds=f"{answer.trace.timings.get('answered', 0.0):.1f}")
        yield f"{marking} · {total}"

    def _enter(self, section: str, text: str) -> str:
        """Return a text with the heading of its section above it, unless that stands there already."""
        before, self._section = self._section, section
        return text if before == section else f"{self._heading(section)}\n{text}"

    def _heading(self, name: str, **fields: object) -> str:
        return "\n" + click.style(phrase(name, self._language, **fields), bold=True)

    def _source(self, evidence: Evidence) -> str:
        document = evidence.document
        place = self._on_page(document.title, evidence.passage.page)
        told = f"{label_of(evidence.label)} {place} ({document.corpus}: {document.key}) · {evidence.marking}"
        return f"  {' '.join(printable(told).split())}"

    def _quote(self, citation: Citation) -> str:
        characters = phrase("characters", self._language, start=citation.start, end=citation.end)
        quote = f"{label_of(citation.label)} “{' '.join(citation.quote.split())}”"
        return _filled(f"{quote}\n    {self._on_page(citation.document, citation.page)}, {characters}")

    def _on_page(self, name: str, page: int | None) -> str:
        return name if page is None else f"{name}, {phrase('page', self._language, page=page)}"


def _filled(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, width=100, initial_indent="  ", subsequent_indent="      ")
        for line in printable(text).splitlines()
    )
