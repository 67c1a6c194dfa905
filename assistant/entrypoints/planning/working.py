"""`stafwijzer coa new|frame|lock|develop|screen|wargame`: what is worked out from the documents, step by step."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from assistant.courses.service import CoursesOfAction
from assistant.courses.walking import statements
from assistant.courses.workspace import Basis, CourseField, CourseOfAction, Outcome, Screen, Workspace
from assistant.entrypoints.installed import json_option
from assistant.entrypoints.planning import tabling
from assistant.entrypoints.planning.opening import id_argument, planning, revision_option, run_through, tell
from assistant.entrypoints.planning.wording import word
from retrieval.access import Principal
from retrieval.errors import StafwijzerError
from retrieval.languages import LANGUAGES
from retrieval.loading import NotLoaded, load


class ProblemUnreadable(StafwijzerError):
    """The file with the problem cannot be read."""


@click.command()
@click.argument("text", nargs=-1)
@click.option("--file", "file", type=click.Path(path_type=Path), help="Read the problem from a document.")
@click.option("--corpus", "corpora", multiple=True, metavar="NAME", help="Search only this corpus; may be given again.")
@click.option("--language", type=click.Choice(LANGUAGES), default=None, help="Default: that of the problem.")
@click.option(
    "--idea", "ideas", multiple=True, metavar="TEXT", help="A course that you want worked out; again for more."
)
@click.option("--on-date", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Use what is valid on this day.")
@click.option("--go", is_flag=True, help="Frame, lock, develop, screen and wargame in one go.")
@click.option("--fresh", is_flag=True, help="Begin anew, also where the same problem was begun and not finished.")
@json_option
@click.pass_context
def new(
    context: click.Context,
    text: tuple[str, ...],
    file: Path | None,
    corpora: tuple[str, ...],
    language: Any,
    ideas: tuple[str, ...],
    on_date: datetime | None,
    go: bool,
    fresh: bool,
    as_json_: bool,
) -> None:
    """Begin with a problem: TEXT, or --file. Its framing is drafted from the documents, for you to mend and lock.

    \b
    stafwijzer coa new "Restore the supply of the battlegroup before 11:00 tomorrow."
    stafwijzer coa new --file problem.docx --corpus exercise --go
    """
    if bool(text) == bool(file):
        raise click.UsageError("Give the problem as TEXT, or name its --file.")
    problem = _read(file) if file else " ".join(text)
    with planning(context) as (service, principal):
        day = on_date.date() if on_date else None
        options: dict[str, Any] = {"corpora": corpora, "on_date": day, "language": language, "ideas": ideas}
        begun = None if fresh else service.unfinished(problem, principal=principal, **options)
        workspace = begun or service.new(problem, principal=principal, **options)
        name = "going on" if begun else "made"
        click.echo(word(name, workspace.language, id=workspace.id), err=True)
        if not workspace.framing_locked_by:
            workspace = _draft(service, workspace, principal)
        if go:
            workspace = _go_on(service, workspace, principal)
        tell(workspace, as_json_=as_json_, done=lambda: tabling.show(tabling.whole(workspace, stale={})))


@click.command()
@id_argument
@json_option
@click.pass_context
def frame(context: click.Context, id: str, as_json_: bool) -> None:
    """Draft from the documents what the framing lacks. What is there stays."""
    with planning(context) as (service, principal):
        workspace = _draft(service, service.read(id, principal=principal), principal)
        tell(workspace, as_json_=as_json_, done=lambda: tabling.show(tabling.framing(workspace, stale={})))


@click.command()
@id_argument
@click.option("--criteria", is_flag=True, help="Lock criteria and weights instead of the framing.")
@click.option("--undo", is_flag=True, help="Unlock it, if you locked it or own the workspace; the rest is kept.")
@revision_option
@json_option
@click.pass_context
def lock(context: click.Context, id: str, criteria: bool, undo: bool, revision: int | None, as_json_: bool) -> None:
    """Lock the framing, so that courses can be developed; or the criteria, so that values can be given.

    Courses that were developed on a framing that is changed then say so."""
    with planning(context) as (service, principal):
        steps = {
            (False, False): service.lock_framing,
            (False, True): service.unlock_framing,
            (True, False): service.lock_criteria,
            (True, True): service.unlock_criteria,
        }
        workspace = steps[criteria, undo](id, principal=principal, expected_revision=revision)
    shown = tabling.criteria(workspace) if criteria else tabling.framing(workspace, stale={})
    tell(workspace, as_json_=as_json_, done=lambda: tabling.show(shown))


@click.command()
@id_argument
@json_option
@click.pass_context
def develop(context: click.Context, id: str, as_json_: bool) -> None:
    """Develop courses of action from the documents, screen them and play them. What was stopped goes on."""
    with planning(context) as (service, principal):
        workspace = _develop(service, service.read(id, principal=principal), principal)
    tell(workspace, as_json_=as_json_, done=lambda: tabling.show(tabling.whole(workspace, stale={})))


@click.command()
@id_argument
@click.option("--course", default="", help="Judge this course yourself, by --screen.")
@click.option("--screen", "by", type=click.Choice([one.value for one in Screen]), default=None)
@click.option("--outcome", type=click.Choice([one.value for one in Outcome]), default=None)
@click.option("--reason", default="", help="Why you find so.")
@json_option
@click.pass_context
def screen(
    context: click.Context,
    id: str,
    course: str,
    by: str | None,
    outcome: str | None,
    reason: str,
    as_json_: bool,
) -> None:
    """Screen the courses: suitable, feasible, acceptable, distinguishable, complete, compliant.

    With --course, --screen, --outcome and --reason: say it yourself; that stands."""
    judging = [bool(course), bool(by), bool(outcome)]
    if any(judging) and not all(judging):
        raise click.UsageError("Give --course, --screen and --outcome together.")
    with planning(context) as (service, principal):
        if by and outcome:
            workspace = service.set_screen(id, course, Screen(by), Outcome(outcome), reason, principal=principal)
        else:
            workspace = service.screen(id, principal=principal)
    tell(workspace, as_json_=as_json_, done=lambda: tabling.show(tabling.whole(workspace, stale={})))


@click.command()
@id_argument
@click.option("--course", default="", help="Only this one, also when it was played before.")
@json_option
@click.pass_context
def wargame(context: click.Context, id: str, course: str, as_json_: bool) -> None:
    """Play each course against what is most likely and what is most dangerous."""
    with planning(context) as (service, principal):
        steps = service.wargame(id, course=course, principal=principal)
        workspace = service.read(id, principal=principal)
        language = workspace.language
        workspace = run_through(steps, doing="wargaming", language=language, tell=lambda _: "") or workspace
    tell(workspace, as_json_=as_json_, done=lambda: tabling.show(tabling.whole(workspace, stale={})))


COMMANDS = (new, frame, lock, develop, screen, wargame)


def _draft(service: CoursesOfAction, workspace: Workspace, principal: Principal) -> Workspace:
    language = workspace.language

    def told(now: Workspace) -> str:
        return word("framing field", language, name=word(now.framing[-1].name, language)) if now.framing else ""

    steps = service.draft_framing(workspace.id, principal=principal)
    return run_through(steps, doing="drafting", language=language, tell=told) or workspace


def _develop(service: CoursesOfAction, workspace: Workspace, principal: Principal) -> Workspace:
    language, ready = workspace.language, {course.id for course in workspace.courses if _is_filled(course)}

    def told(now: Workspace) -> str:
        made = [course for course in now.courses if _is_filled(course) and course.id not in ready]
        ready.update(course.id for course in made)
        bases = [one.basis for course in made for one in statements(course)]
        facts, gaps = bases.count(Basis.FACT), bases.count(Basis.GAP)
        return word("course ready", language, id=made[0].id, name=made[0].name, facts=facts, gaps=gaps) if made else ""

    steps = service.develop(workspace.id, principal=principal)
    workspace = run_through(steps, doing="developing", language=language, tell=told) or workspace
    if not any(one.basis is Basis.FACT for one in statements(workspace)):
        click.echo(word("nothing found", language), err=True)
    return workspace


def _is_filled(course: CourseOfAction) -> bool:
    return {*CourseField} <= {filled.name for filled in course.fields}


def _go_on(service: CoursesOfAction, workspace: Workspace, principal: Principal) -> Workspace:
    if not workspace.framing_locked_by:
        workspace = service.lock_framing(workspace.id, principal=principal)
    return _develop(service, workspace, principal)


def _read(file: Path) -> str:
    try:
        return load(file).text
    except NotLoaded as error:
        raise ProblemUnreadable(f"{file} cannot be read: {error}", hint="Give the problem as text.") from error
    except OSError as error:
        raise ProblemUnreadable(f"{file} cannot be read ({error.strerror}).", hint="Name a file.") from error
