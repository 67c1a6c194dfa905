"""What the `coa` commands share: who works, the options they take, what comes next, and how a run is stopped.

Decides nothing that the service decides."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from assistant.courses.refusing import tell_in
from assistant.courses.service import CoursesOfAction
from assistant.courses.workspace import Workspace
from assistant.entrypoints.installed import installation_of, print_json
from assistant.entrypoints.planning.wording import word
from assistant.entrypoints.progressing import ProgressLine
from retrieval.access import Principal
from retrieval.errors import StafwijzerError
from retrieval.languages import Language, detect_language

_Command = TypeVar("_Command", bound=Callable[..., object])

id_argument = click.argument("id", metavar="ID")


def revision_option(command: _Command) -> _Command:
    """Add --revision: the one that was looked at."""
    told = "Change this revision only: what somebody changed since is told and kept. Default: the last."
    return click.option("--revision", type=int, default=None, help=told)(command)


@contextmanager
def planning(context: click.Context) -> Iterator[tuple[CoursesOfAction, Principal]]:
    """Open the service, and say who works with it. What it refuses about a workspace is told in that one's language."""
    with installation_of(context) as installation:
        service, principal = installation.courses, installation.settings.principal
        try:
            yield service, principal
        except StafwijzerError as error:
            tell_in(_language(context, service, principal), error)
            raise


def _language(context: click.Context, service: CoursesOfAction, principal: Principal) -> Language:
    """Return the language of the workspace that a command is about, of the problem for one that there is not yet."""
    told = context.params
    if "id" not in told:
        return told.get("language") or detect_language(" ".join(told.get("text") or ()))
    try:
        return service.read(told["id"], principal=principal).language
    except StafwijzerError:
        return "en"


def run_through(
    steps: Iterable[Workspace], *, doing: str, language: Language, tell: Callable[[Workspace], str]
) -> Workspace | None:
    """Take steps to their end, showing what each brings, and return the last. Stopped: what is done is kept."""
    last = None
    with ProgressLine() as progress:
        progress.show(word(doing, language))
        try:
            for last in steps:
                if told := tell(last):
                    progress.hide()
                    click.echo(f"  {told}", err=True)
                progress.show(word(doing, language))
        except KeyboardInterrupt:
            progress.hide()
            click.echo(word("stopped", language), err=True)
            raise
    return last


def tell_next(workspace: Workspace) -> None:
    """Say which command comes next."""
    click.echo("\n" + word(f"next {next_step(workspace)}", workspace.language, id=workspace.id[:8]))


def next_step(workspace: Workspace) -> str:
    """Return which step comes next, as `wording` names it."""
    worked_out = [course for course in workspace.courses if course.fields]
    steps = {
        "frame": bool(workspace.framing),
        "lock": bool(workspace.framing_locked_by),
        "develop": bool(worked_out),
        "screen": all(course.screening for course in worked_out),
        "criteria": bool(workspace.criteria),
        "lock criteria": bool(workspace.criteria_locked_by),
        "score": bool(workspace.values),
        "decide": workspace.decision is not None,
    }
    return next((step for step, done in steps.items() if not done), "memo")


def tell(workspace: Workspace, *, as_json_: bool, done: Callable[[], None]) -> None:
    """Print a workspace as JSON, or what was done to it and what comes next."""
    if as_json_:
        print_json(workspace)
        return
    done()
    tell_next(workspace)
