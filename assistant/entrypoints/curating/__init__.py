"""`stafwijzer corpus`: what document owners do with corpora.

Fill     create, add, sync, watch, reindex, verify
Look     list, status, show, duplicates, receipts, health
Change   supersede, validity, mark, retire, restore, release, delete
Carry    export, import"""

import click

from assistant.entrypoints.curating import carrying, changing, filling, looking, watching
from assistant.entrypoints.curating.options import for_readers_of_text


@click.group()
def corpus() -> None:
    """Add folders of documents, see what is in, and decide what holds."""


_OF_TITLES = frozenset({"list", "status", "show"})
"""What is left to those who may list and count documents, and read no text."""

for _command in (
    *filling.COMMANDS,
    *watching.COMMANDS,
    *looking.COMMANDS,
    *changing.COMMANDS,
    *carrying.COMMANDS,
):
    corpus.add_command(_command if _command.name in _OF_TITLES else for_readers_of_text(_command))

__all__ = ["corpus"]
