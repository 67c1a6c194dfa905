"""`stafwijzer corpus`: what document owners do with corpora.

Fill     create, add, sync, watch, reindex, verify
Look     list, status, show, duplicates, receipts, health
Change   supersede, validity, mark, retire, restore, release, delete
Carry    export, import"""

import click

from assistant.entrypoints.curating import carrying, changing, filling, looking, watching


@click.group()
def corpus() -> None:
    """Add folders of documents, see what is in, and decide what holds."""


for _command in (
    *filling.COMMANDS,
    *watching.COMMANDS,
    *looking.COMMANDS,
    *changing.COMMANDS,
    *carrying.COMMANDS,
):
    corpus.add_command(_command)

__all__ = ["corpus"]
