"""`stafwijzer corpus watch`: take in at once what lands, changes or vanishes in the folders of a corpus."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from assistant.entrypoints.curating.filling import NoSource
from assistant.entrypoints.curating.options import say_wait
from assistant.entrypoints.curating.progress import progress_bar
from assistant.entrypoints.installed import installation_of
from assistant.entrypoints.terminal import printable
from retrieval.sources import SourceMissing

if TYPE_CHECKING:
    from assistant.journal import Journal
    from retrieval.catalog import Source
    from retrieval.lifecycle.watching_corpora import Compared, Delayed, Watched


@click.command()
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--hold", is_flag=True, help="Hold back what screening finds something grave in.")
@click.option("--polling", is_flag=True, help="Look every second: for shares that do not tell of changes.")
@click.pass_context
def watch(context: click.Context, name: str, folder: Path | None, hold: bool, polling: bool) -> None:
    """Take in what lands, changes or vanishes in a corpus's folders, until Ctrl-C.

    Begins with a comparison, as `corpus sync`. A file is taken in when it is complete: nobody writes it any more. The
    line for each tells how long it took from the last change of the file until it could be cited.

    FOLDER: only this one, which becomes a folder of the corpus. Default: all that were added to it."""
    # Imported here: what watches is not needed by the other commands.
    from retrieval.lifecycle.watching_corpora import Watching

    with installation_of(context) as installation, ExitStack() as bar:
        kept = installation.catalog.corpus(name)
        folders = _folders(name, folder, installation.catalog.sources(name))
        journal, stop = installation.journal, Event()
        on_progress = bar.enter_context(progress_bar(quiet=False))
        installation.embedder.embed_passages([name])  # Loads the model before the first file waits for it.
        watching = Watching(
            installation.ingestion, kept, folders, hold=hold, polling=polling, on_progress=on_progress, on_wait=say_wait
        )
        try:
            with closing(watching.run(stop)) as events:
                for event in events:
                    _tell(event, name, journal, first=bar.close)
        except KeyboardInterrupt:
            click.echo("Stopped watching; what was taken in is kept.", err=True)


def _folders(name: str, folder: Path | None, sources: list["Source"]) -> list[Path]:
    """Return what to watch. Raises SourceMissing or NoSource."""
    if folder is not None:
        if not folder.is_dir():
            raise SourceMissing(f"There is no folder {folder}.", hint="Check the path and try again.")
        return [folder.resolve()]
    # What is not there now may be mounted later.
    folders = [path for source in sources if not (path := Path(source.path)).is_file()]
    if not folders:
        raise NoSource(f"The corpus '{name}' has no folder yet.", hint=f"`stafwijzer corpus watch {name} FOLDER`.")
    return folders


def _tell(event: "Compared | Watched | Delayed", name: str, journal: "Journal", *, first: Callable[[], None]) -> None:
    """Print a line, and journal what was changed."""
    from retrieval.lifecycle.watching_corpora import Compared, Watched

    if isinstance(event, Compared):
        first()  # The progress bar goes when there is nothing left to show.
        told = event.report
        counts = {one: getattr(told, one) for one in ("added", "changed", "unchanged", "moved", "retired")}
        counts["not read"], counts["held back"] = len(told.refused), len(told.quarantined)
        journal.append("watched", {"corpus": name, "folder": str(event.folder), "compared": counts})
        said = ", ".join(f"{count} {word}" for word, count in counts.items())
        click.echo(printable(f"{event.folder}: {said}. Watching; Ctrl-C stops."))
    elif isinstance(event, Watched):
        one = event.outcome
        body = {"corpus": name, "document": one.key, "became": str(one.became), "reason": one.reason}
        journal.append("watched", {**body, "seconds": round(event.seconds, 3)})
        reason = f": {one.reason}" if one.reason else ""
        click.echo(printable(f"{one.key} · {one.became} · {event.seconds:.1f} s{reason}"))
    else:
        journal.append("watched", {"corpus": name, "folder": str(event.folder), "delayed": event.reason})
        click.echo(printable(f"{event.folder}: not yet; it is tried again. {event.reason}"), err=True)


COMMANDS = (watch,)
