"""`stafwijzer coa edit|add|criteria|score|decide|withhold|memo`: what only a person can say, and the memo of it."""

import json
from pathlib import Path

import click

from assistant.courses.joining import criteria_of
from assistant.courses.workspace import AssumptionTest, Basis, Criterion, RawValue, Workspace
from assistant.entrypoints.installed import json_option, print_json
from assistant.entrypoints.planning import tabling
from assistant.entrypoints.planning.opening import id_argument, planning, revision_option, tell
from assistant.entrypoints.planning.wording import word
from retrieval.errors import StafwijzerError

_BY_HAND = click.Choice([one.value for one in (Basis.STATED, Basis.ASSUMPTION, Basis.GAP)])
_FORMATS = ("docx", "md", "odt", "pdf")


class CriteriaUnreadable(StafwijzerError):
    """A file of criteria that is none."""


class FolderUnusable(StafwijzerError):
    """The memo cannot be written where it was asked for."""


@click.command()
@id_argument
@click.argument("statement", metavar="LINE")
@click.argument("text")
@click.option(
    "--basis", type=_BY_HAND, default=Basis.STATED.value, show_default=True, help="What a person writes is no fact."
)
@click.option("--valid", default="", help="Of an assumption: why it is likely to be true.")
@click.option("--necessary", default="", help="Of an assumption: what cannot be planned without it.")
@click.option("--if-false", default="", help="Of an assumption: what then.")
@revision_option
@json_option
@click.pass_context
def edit(
    context: click.Context,
    id: str,
    statement: str,
    text: str,
    basis: str,
    valid: str,
    necessary: str,
    if_false: str,
    revision: int | None,
    as_json_: bool,
) -> None:
    """Put other words in the place of a LINE, as `show` names it; "" takes it out."""
    with planning(context) as (service, principal):
        test = AssumptionTest(valid, necessary, if_false)
        workspace = service.edit(
            id,
            statement=statement,
            text=text,
            principal=principal,
            expected_revision=revision,
            basis=Basis(basis),
            test=test,
        )
    _tell_all(workspace, as_json_)


@click.command()
@id_argument
@click.argument("field")
@click.argument("text")
@click.option("--course", default="", help="Add it to a field of this course. Default: to the framing.")
@click.option("--basis", type=_BY_HAND, default=Basis.STATED.value, show_default=True)
@revision_option
@json_option
@click.pass_context
def add(
    context: click.Context,
    id: str,
    field: str,
    text: str,
    course: str,
    basis: str,
    revision: int | None,
    as_json_: bool,
) -> None:
    """Add a statement to a FIELD of the framing or of a course; FIELD 'idea': another course to work out."""
    with planning(context) as (service, principal):
        if field == "idea" and not course:
            workspace = service.add_idea(id, text, principal=principal, expected_revision=revision)
        else:
            workspace = service.edit(
                id,
                field=field,
                text=text,
                principal=principal,
                course=course,
                basis=Basis(basis),
                expected_revision=revision,
            )
    _tell_all(workspace, as_json_)


@click.command()
@id_argument
@click.argument("file", type=click.Path(path_type=Path), required=False)
@revision_option
@json_option
@click.pass_context
def criteria(context: click.Context, id: str, file: Path | None, revision: int | None, as_json_: bool) -> None:
    """Show the criteria, or set them from a JSON FILE: a list of objects with id, title, definition, unit, benchmark,
    formula and weight.

    \b
    [{"id": "time", "title": "Time to the first litre", "definition": "From the order to the first delivery",
      "unit": "hour", "benchmark": "6 hour", "formula": "less is better", "weight": 3}]
    """
    told = _criteria_in(file) if file else None
    with planning(context) as (service, principal):
        if told is None:
            workspace = service.read(id, principal=principal)
        else:
            workspace = service.set_criteria(id, told, principal=principal, expected_revision=revision)
    if as_json_:
        print_json(workspace.criteria)
    else:
        tell(workspace, as_json_=False, done=lambda: tabling.show(tabling.criteria(workspace)))


@click.command()
@id_argument
@click.argument("course", required=False)
@click.argument("criterion", required=False)
@click.argument("value", required=False)
@click.option(
    "--basis",
    type=click.Choice([one.value for one in (Basis.STATED, Basis.ASSUMPTION)]),
    default=Basis.STATED.value,
    show_default=True,
)
@click.option("--reason", default="", help="Where the value comes from.")
@revision_option
@json_option
@click.pass_context
def score(
    context: click.Context,
    id: str,
    course: str | None,
    criterion: str | None,
    value: str | None,
    basis: str,
    reason: str,
    revision: int | None,
    as_json_: bool,
) -> None:
    """Show the weighted matrix with its sensitivity; or give the VALUE of a COURSE by a CRITERION, with its unit.

    A VALUE of "" says that it is not known."""
    if course and (criterion is None or value is None):
        raise click.UsageError("Give COURSE, CRITERION and VALUE together.")
    with planning(context) as (service, principal):
        if course and criterion is not None and value is not None:
            rests_on = Basis(basis) if value.strip() else Basis.GAP
            told = RawValue(course, criterion, value, rests_on, reason=reason)
            service.set_value(id, told, principal=principal, expected_revision=revision)
        compared = service.compare(id, principal=principal)
    if as_json_:
        parts = {name: getattr(compared, name) for name in ("matrix", "sensitivity", "recommendation")}
        print_json({"workspace": compared.workspace.id, "revision": compared.workspace.revision, **parts})
        return
    shown = tabling.compared(compared.workspace, compared.matrix, compared.sensitivity, compared.recommendation)
    tell(compared.workspace, as_json_=False, done=lambda: tabling.show(shown))


@click.command()
@id_argument
@click.argument("course")
@click.option("--reason", default="", help="Required where the choice is not what was recommended.")
@revision_option
@json_option
@click.pass_context
def decide(context: click.Context, id: str, course: str, reason: str, revision: int | None, as_json_: bool) -> None:
    """Record that you chose a COURSE: your name, the time, what was recommended, and why."""
    with planning(context) as (service, principal):
        workspace = service.decide(id, chosen=course, reason=reason, principal=principal, expected_revision=revision)
    _tell_all(workspace, as_json_)


@click.command()
@id_argument
@click.option("--to", type=click.Path(path_type=Path), default=Path(), help="Folder. Default: this one.")
@click.option("--format", "formats", multiple=True, type=click.Choice(_FORMATS), help="Default: docx and md.")
@json_option
@click.pass_context
def memo(context: click.Context, id: str, to: Path, formats: tuple[str, ...], as_json_: bool) -> None:
    """Write the decision memo; what is not public goes to a file of its own."""
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(
            f"{to} cannot be made ({error.strerror}).", hint="Name a folder where you may write."
        ) from error
    with planning(context) as (service, principal):
        files = [
            file
            for one in formats or ("docx", "md")
            for file in service.export(id, format=one, principal=principal, folder=to)
        ]
        language = service.read(id, principal=principal).language
    if as_json_:
        print_json([str(file) for file in files])
        return
    for file in files:
        click.echo(word("written", language, path=file))


@click.command()
@id_argument
@click.argument("part", metavar="LINE")
@click.option("--because", "motivation", default="", help="Why, with its legal ground; the public memo tells it.")
@click.option("--undo", is_flag=True, help="Make it public again.")
@revision_option
@json_option
@click.pass_context
def withhold(
    context: click.Context, id: str, part: str, motivation: str, undo: bool, revision: int | None, as_json_: bool
) -> None:
    """Keep a LINE out of the memo for the public; it goes to the memo's second file.

    LINE is a line as `show` names it, a field of the framing (mission), a course (coa-1) or a field of it
    (coa-1/risks), or a section of the memo: screening, wargame, comparison, advice."""
    if undo == bool(motivation.strip()):
        raise click.UsageError("Say --because WHY, or --undo.")
    with planning(context) as (service, principal):
        workspace = service.withhold(id, part, motivation, principal=principal, expected_revision=revision)
    _tell_all(workspace, as_json_)


COMMANDS = (edit, add, criteria, score, decide, withhold, memo)


def _tell_all(workspace: Workspace, as_json_: bool) -> None:
    tell(workspace, as_json_=as_json_, done=lambda: tabling.show(tabling.whole(workspace, stale={})))


def _criteria_in(file: Path) -> tuple[Criterion, ...]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(told, list):
            raise TypeError(f"a {type(told).__name__}")
        return criteria_of(told)
    except OSError as error:
        raise CriteriaUnreadable(f"{file} cannot be read ({error.strerror}).", hint="Name a JSON file.") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise CriteriaUnreadable(
            f"{file} holds no list of criteria ({error}).", hint="`stafwijzer coa criteria --help` shows one."
        ) from error
