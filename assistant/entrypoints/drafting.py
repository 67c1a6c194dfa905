"""Write the request for information that an abstention comes to into a file, and never over one that is there."""

from datetime import date
from pathlib import Path

import click

from assistant.abstaining import request_for_information
from assistant.answers import Answer
from assistant.entrypoints.phrases import phrase
from assistant.entrypoints.terminal import printable
from retrieval.errors import StafwijzerError

_SCREEN = "-"


class RequestNotWritten(StafwijzerError):
    """A request for information cannot be written where it was wanted."""


def check_request_file(name: str) -> None:
    """Refuse a file that is there, before the time for an answer is spent. Raises RequestNotWritten."""
    if name != _SCREEN and Path(name).exists():
        raise RequestNotWritten(f"{printable(name)} exists and is not overwritten.", hint="Name a new file.")


def write_request(name: str, answer: Answer, *, asker: str, to_stderr: bool) -> None:
    """Write the request to a new file, or to the screen for '-', and say so; or say that none is needed.

    Raises RequestNotWritten."""
    text = request_for_information(answer, asker=asker, asked_on=date.today())
    if not text:
        click.echo(f"\n{phrase('no request', answer.language)}", err=to_stderr)
    elif name == _SCREEN:
        click.echo(f"\n{printable(text)}")
    else:
        _write_new(Path(name), text)
        click.echo(f"\n{phrase('request written', answer.language, path=printable(name))}", err=to_stderr)


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(f"{text}\n")
    except OSError as error:
        raise RequestNotWritten(
            f"{printable(str(path))} cannot be written: {error.strerror}.", hint="Name a file in a folder of yours."
        ) from error
