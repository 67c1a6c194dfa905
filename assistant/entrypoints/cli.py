"""The command `stafwijzer`. Reads arguments, calls the service, prints; one sentence and exit code 1 for what the user
can mend, 2 for wrong usage. Decides nothing."""

import errno
import json
import os
import sys
from collections.abc import Callable
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import NoReturn

import click

from assistant.surroundings import prepare
from retrieval.errors import StafwijzerError

_EPILOG = """\b
First steps:
  stafwijzer corpus add mine ~/documents      read a folder into a corpus
  stafwijzer ask "Who approves the plan?"     an answer with its sources
  stafwijzer chat                             the same in a browser
  stafwijzer doctor                           what is in order, what is not, how to mend it
"""


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    prepare()
    as_json = "--json" in sys.argv
    code = 0
    try:
        # What a command leaves with by `context.exit`, or None.
        code = _group.main(standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except StafwijzerError as error:
        _fail(error.problem, error.hint, as_json=as_json)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): that is no error, and there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _fail("The disk is full.", "Free some space; the same command then goes on where it stopped.", as_json=as_json)
    sys.exit(code)


def _fail(problem: str, hint: str, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"error": {"problem": problem, "hint": hint}}, ensure_ascii=False))
    else:
        click.echo(f"stafwijzer: {problem} {hint}", err=True)
    sys.exit(1)


class _Group(click.Group):
    """Loads a command's module when the command is used: `--help` does not wait for the rest."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [*_COMMANDS, *sorted(point.name for point in entry_points(group="stafwijzer.commands"))]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        for point in entry_points(group="stafwijzer.commands"):
            if point.name == name:
                command: click.Command = point.load()
                return command
        return _COMMANDS[name]() if name in _COMMANDS else None


@click.group(cls=_Group, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("stafwijzer"), prog_name="stafwijzer")
@click.option(
    "--settings",
    "path",
    type=click.Path(path_type=Path),
    help="Settings file. Default: ./stafwijzer.toml, or the one in STAFWIJZER_HOME.",
)
@click.pass_context
def _group(context: click.Context, path: Path | None) -> None:
    """Answers from your own documents, with every statement quoted from its source, on this machine alone."""
    context.obj = path


def _ask() -> click.Command:
    from assistant.entrypoints.asking import ask

    return ask


def _search() -> click.Command:
    from assistant.entrypoints.asking import search

    return search


def _corpus() -> click.Command:
    from assistant.entrypoints.curating import corpus

    return corpus


def _coa() -> click.Command:
    from assistant.entrypoints.planning import coa

    return coa


def _chat() -> click.Command:
    from assistant.entrypoints.operating import chat

    return chat


def _mcp() -> click.Command:
    from assistant.entrypoints.tools.command import mcp

    return mcp


def _doctor() -> click.Command:
    from assistant.entrypoints.operating import doctor

    return doctor


def _model() -> click.Command:
    from assistant.entrypoints.operating import model

    return model


def _settings() -> click.Command:
    from assistant.entrypoints.operating import settings

    return settings


_COMMANDS: dict[str, Callable[[], click.Command]] = {
    "ask": _ask,
    "search": _search,
    "corpus": _corpus,
    "coa": _coa,
    "chat": _chat,
    "mcp": _mcp,
    "doctor": _doctor,
    "model": _model,
    "settings": _settings,
}
