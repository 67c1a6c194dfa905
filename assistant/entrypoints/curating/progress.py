"""Show on standard error how far a command is, how fast it goes and how long it will take. Knows no command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from retrieval.ingesting import Progress


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[["Progress"], None]]:
    """Give a function that shows progress. Stopped by Ctrl-C, say how to go on."""
    try:
        if quiet:
            yield lambda progress: None
        else:
            yield from _bar()
    except KeyboardInterrupt:
        click.echo("What was read is kept; run the same command again to go on.", err=True)
        raise


def _bar() -> Iterator[Callable[["Progress"], None]]:
    # Imported here: the progress bar is not needed to list corpora.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[passages]} passages, {task.fields[rate]:.0f}/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None, passages=0, rate=0.0)

        def show_progress(progress: "Progress") -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            bar.update(
                task,
                total=progress.files_total,
                completed=progress.files_done,
                passages=progress.passages,
                rate=progress.passages / elapsed if elapsed else 0.0,
                description=progress.current[-40:],
            )

        yield show_progress
