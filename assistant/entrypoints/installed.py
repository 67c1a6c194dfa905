"""Hand a command the installation that its settings describe, and close it afterwards. Knows no command."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from assistant.bootstrap import Installation
from assistant.citing import as_json
from assistant.settings import Settings, read_settings

json_option = click.option("--json", "as_json_", is_flag=True, help="Print JSON instead of text.")


def settings_of(context: click.Context) -> Settings:
    """Read the settings named on the command line, or the default ones. Raises SettingsInvalid."""
    return read_settings(context.find_root().obj)


@contextmanager
def installation_of(context: click.Context) -> Iterator[Installation]:
    """Open the installation for the time of a command."""
    installation = Installation(settings_of(context))
    try:
        yield installation
    finally:
        installation.close()


def print_json(value: Any) -> None:
    """Print a value as indented JSON."""
    click.echo(json.dumps(as_json(value), ensure_ascii=False, indent=2))
