"""Show a workspace in a terminal: its parts as plain tables, each statement with what it rests on. Decides nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click
from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.answers import Citation
from assistant.courses.storing import Revision
from assistant.courses.walking import statements
from assistant.courses.workspace import Basis, CourseOfAction, Filled, Outcome, Statement, WargameRow, Workspace
from assistant.entrypoints.planning.wording import word
from assistant.entrypoints.terminal import printable
from retrieval.languages import Language

_STYLES = {
    Basis.FACT: "green",
    Basis.STATED: "",
    Basis.ASSUMPTION: "yellow",
    Basis.GAP: "red",
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.UNKNOWN: "yellow",
}
_NARROWEST, _WIDEST = 60, 120


def show(shown: Iterable[RenderableType]) -> None:
    """Print to the terminal as it is wide; 100 columns where there is none."""
    console = Console(highlight=False, markup=False, emoji=False)
    width = console.width if console.is_terminal else 100
    console = Console(width=min(max(width, _NARROWEST), _WIDEST), highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        for one in shown:
            console.print(one)
    click.echo(capture.get(), nl=False)


def whole(workspace: Workspace, *, stale: Mapping[str, Sequence[str]]) -> Iterator[RenderableType]:
    """Yield all of a workspace, in the order in which it is made."""
    language = workspace.language
    yield _plain(workspace.title, "bold")
    marking = str(workspace.marking) if workspace.marking else word("unmarked", language)
    told = f"{workspace.id} · {workspace.revision} · {workspace.owner} · {workspace.on_date}"
    yield _plain(f"{told} · {word('marking', language, marking=marking)}", "dim")
    yield from framing(workspace, stale=stale)
    for course in workspace.courses:
        yield from _course(course, language, stale)
    yield from criteria(workspace)
    yield from _gaps(workspace)
    if workspace.withheld:
        yield _heading(word("withheld", language))
        for kept in workspace.withheld:
            yield _plain(f"  {kept.part}: {kept.motivation} ({word('by', language, by=kept.by)})")
    if workspace.notes:
        yield _heading(word("notes", language))
        yield from (_plain(f"  {note}") for note in workspace.notes)
    if decision := workspace.decision:
        fields = {name: getattr(decision, name) for name in ("by", "at", "chosen", "reason")}
        recommended = decision.recommended or word("nothing", language)
        yield _plain(word("decided", language, recommended=recommended, **fields), "bold")


def framing(workspace: Workspace, *, stale: Mapping[str, Sequence[str]]) -> Iterator[RenderableType]:
    if workspace.framing:
        name, by = ("framing locked", workspace.framing_locked_by) if workspace.framing_locked_by else ("framing", "")
        yield _heading(word(name, workspace.language, by=by))
        yield _fields(workspace.framing, workspace.language, stale)


def criteria(workspace: Workspace) -> Iterator[RenderableType]:
    """Yield the criteria with their five parts and weights."""
    if not workspace.criteria:
        return
    language, by = workspace.language, workspace.criteria_locked_by
    yield _heading(word("criteria locked", language, by=by) if by else word("criteria", language))
    table = _table("id", *(word(name, language) for name in ("criterion", "weight", "unit", "benchmark", "formula")))
    for one in workspace.criteria:
        title = Text.assemble(printable(one.title), ("\n" + printable(one.definition), "dim"))
        cells = [f"{one.weight:g}", one.unit, one.benchmark, one.formula]
        table.add_row(_plain(one.id), title, *map(_plain, cells))
    yield table


def listed(every: Sequence[Revision]) -> Iterator[RenderableType]:
    """Yield one line for each workspace."""
    table = _table("id", "title", "courses", "owner", "changed", "marking")
    for one in every:
        told, marking = one.workspace, str(one.workspace.marking or "-")
        cells = (told.id[:8], told.title, str(len(told.courses)), told.owner, f"{one.at[:16]} {one.by}", marking)
        table.add_row(*map(_plain, cells))
    yield table


def compared(workspace: Workspace, matrix: Any, sensitivity: Any, recommendation: Any) -> Iterator[RenderableType]:
    """Yield the weighted matrix, how firm its first place is, and what it recommends."""
    language = workspace.language
    titles = {one.id: one.title for one in workspace.criteria}
    names = {one.id: one.name for one in workspace.courses}
    told = {(value.course, value.criterion): value.value for value in workspace.values}
    shares = {one.course: one.around for one in sensitivity.first}
    yield _heading(word("matrix", language))
    table = _table("", *(f"{titles.get(one, one)} ×{weight:.2f}" for one, weight in _weighed(matrix)))
    for name in ("total", "first share"):
        table.add_column(word(name, language), justify="right")
    for at, course in enumerate(matrix.courses):
        total = matrix.totals[at]
        range_ = f"{total.low:.2f}" if total.high - total.low < 0.005 else f"{total.low:.2f}–{total.high:.2f}"
        cells = [
            Text.assemble(
                ("–" if score is None else f"{score:.2f}"), ("\n" + printable(told.get((course, criterion), "")), "dim")
            )
            for criterion, score in zip(matrix.criteria, matrix.scores[at], strict=True)
        ]
        share = f"{shares[course]:.0%}" if course in shares else "–"
        table.add_row(_plain(f"{course} {names.get(course, '')}"), *cells, range_, share)
    yield table
    yield from _recommended(recommendation, names, language)


def _weighed(matrix: Any) -> list[tuple[str, float]]:
    return list(zip(matrix.criteria, matrix.weights, strict=True))


def _recommended(told: Any, names: Mapping[str, str], language: Language) -> Iterator[RenderableType]:
    course = f"{told.course} {names.get(told.course, '')}".strip()
    heading = word("recommended", language, course=course, confidence=told.confidence) if told.course else ""
    yield _plain(heading or word("not recommended", language), "bold")
    yield from (_plain(f"  {reason}") for reason in told.reasons)
    for name, lines in (("dissent", told.dissent), ("would change", told.what_would_change)):
        if lines:
            yield _plain(word(name, language), "bold")
            yield from (_plain(f"  {line}") for line in lines)


def _course(course: CourseOfAction, language: Language, stale: Mapping[str, Sequence[str]]) -> Iterator[RenderableType]:
    suffix = f" ({word('baseline', language)})" if course.baseline else ""
    yield _heading(f"{course.id}  {course.name}{suffix}")
    yield from (_plain(f"! {told}", "red") for told in stale.get(course.id, ()))
    if course.merged:
        yield _plain(word("merged", language, names="; ".join(course.merged)), "dim")
    yield _fields((Filled("idea", course.idea), *course.fields), language, stale)
    if course.screening:
        table = _table(word("screening", language), "", "")
        for one in course.screening:
            by = f" ({word('by', language, by=one.by)})" if one.by else ""
            sums = "".join(f"\n{calculation.text}" for calculation in one.calculations)
            outcome = Text(word(one.outcome, language), _STYLES[one.outcome])
            table.add_row(word(one.screen, language), outcome, _plain(f"{one.reason}{by}{sums}"))
        yield table
    if course.wargame:
        yield _wargame(course.wargame, language)


def _wargame(rows: Sequence[WargameRow], language: Language) -> RenderableType:
    turns = ("action", "reaction", "counteraction", "result", "decision_point")
    table = _table(word("wargame", language), *(word(turn, language) for turn in turns))
    for row in rows:
        cells = [Group(*(_statement(one, language, ()) for one in getattr(row, turn))) for turn in turns]
        table.add_row(word(row.adversary, language), *cells)
    return table


def _gaps(workspace: Workspace) -> Iterator[RenderableType]:
    gaps = {one.text: one for one in statements(workspace) if one.basis is Basis.GAP}
    if not gaps:
        return
    yield _heading(word("gaps", workspace.language, count=len(gaps)))
    for text, one in gaps.items():
        owners = f" ({word('ask', workspace.language, owners=', '.join(one.ask))})" if one.ask else ""
        yield Padding(_plain(f"- {text}{owners}"), (0, 0, 0, 2))


def _fields(fields: Iterable[Filled], language: Language, stale: Mapping[str, Sequence[str]]) -> RenderableType:
    table = Table(box=box.SIMPLE, show_header=False, padding=(0, 1), pad_edge=False)
    table.add_column(min_width=12, max_width=18)
    table.add_column(ratio=1)
    for filled in fields:
        if filled.statements:
            lines = [_statement(one, language, stale.get(one.id, ())) for one in filled.statements]
            table.add_row(Text(word(filled.name, language), "bold"), Group(*lines))
    return table


def _statement(one: Statement, language: Language, stale: Sequence[str]) -> Text:
    text = Text.assemble((f"{word(one.basis, language)} ", _STYLES[one.basis]), " ".join(printable(one.text).split()))
    told = [_place(citation, language) for citation in dict.fromkeys(one.citations)]
    told += [word("disputed", language)] * one.disputed
    told += [word("by", language, by=one.author)] if one.author else []
    told += [word("ask", language, owners=", ".join(one.ask))] if one.ask else []
    if one.test:
        tests = ((name, getattr(one.test, name)) for name in ("valid", "necessary", "if_false"))
        told += [f"{word(name, language)}: {said}" for name, said in tests if said]
    text.append(printable(f" ({'; '.join([*dict.fromkeys(told), one.id])})"), "dim")
    for reason in stale:
        text.append(printable(f" ! {reason}"), "red")
    return text


def _place(citation: Citation, language: Language) -> str:
    page = f", {word('page', language, page=citation.page)}" if citation.page else ""
    return f"{citation.title or citation.document}{page}"


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for heading in headings:
        table.add_column(_plain(heading), overflow="fold")
    return table


def _heading(text: str) -> Text:
    return Text("\n" + printable(text), "bold underline")


def _plain(text: str, style: str = "") -> Text:
    return Text(printable(text), style)
