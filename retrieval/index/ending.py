"""End what runs for an index folder, and throw away what is in it.

For operators, tests and the rebuilding of an index. Knows nothing of points."""

import contextlib
import os
import shutil
import time
from pathlib import Path

from retrieval.index import rendezvous
from retrieval.index.greeting import START_SECONDS, say_hello
from retrieval.index.manifest import shard_folders
from retrieval.index.processes import take_lock
from retrieval.index.protocol import IndexUnavailable


def stop_owner(folder: Path, *, seconds: float = START_SECONDS) -> bool:
    """Have the owner of `folder` finish, flush and end, and wait until it has. False when there was none."""
    folder = folder.absolute()
    if not folder.exists():
        return False
    deadline = time.monotonic() + seconds
    found = False
    while (lock := rendezvous.take_ownership(folder)) is None:
        found = True
        if time.monotonic() > deadline:
            raise IndexUnavailable(
                f"The process that owns the index in {folder} did not end within {seconds:.0f} s.",
                hint=f"See {folder / 'owner.log'}, and end it by hand.",
            )
        with contextlib.suppress(FileNotFoundError, ConnectionError, BlockingIOError):  # not yet, or no longer, there
            say_hello(folder, {"stop": True}, deadline)[0].close()
        time.sleep(0.02)
    os.close(lock)
    return found


def discard(folder: Path) -> None:
    """Throw the index in `folder` away in whatever state it is, so that the next use begins with an empty one.

    Stops its owner. Raises IndexUnavailable when another process keeps it open."""
    folder = folder.absolute()
    stop_owner(folder)
    locks: list[int | None] = []
    try:
        locks += [rendezvous.take_ownership(folder), take_lock(folder / "index.lock")]
        if None in locks:
            raise IndexUnavailable(f"The index in {folder} is still in use.", hint="End what uses it, and try again.")
        (folder / "index.json").unlink(missing_ok=True)
        for shard in shard_folders(folder):
            shutil.rmtree(shard)
    except OSError as error:
        raise IndexUnavailable(
            f"The index in {folder} cannot be removed: {error.strerror}.", hint="Remove the folder by hand."
        ) from error
    finally:
        for lock in locks:
            if lock is not None:
                os.close(lock)
