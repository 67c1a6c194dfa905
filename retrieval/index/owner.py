"""Be the one process that has an index folder open, and serve it to many over a socket.

    python -m retrieval.index.owner FOLDER --dimensions N

Started on demand by `shared.py`, ends by itself when nobody has been connected for a while. Knows the index
protocol only: no catalog, no model, no text."""

import argparse
import contextlib
import logging
import os
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import cast

from retrieval.index import rendezvous, wire
from retrieval.index.edge import TIDY_ABOVE_BYTES, EdgeIndex
from retrieval.index.owner_log import log_to
from retrieval.index.protocol import IndexUnavailable

# Long enough that a row of commands at a terminal shares one owner, short enough that a machine on which nothing runs
# any more has nothing left running.
IDLE_SECONDS = 300.0
# One thread each. Enough for a dozen workers with the pools of `shared.py`.
MOST_CONNECTIONS = 256

_TICK_SECONDS = 1.0
# How long a second owner waits for the first to answer or to finish closing (1 s at 200,000 points).
_PATIENCE_SECONDS = 60.0
_TELL_SECONDS = 5.0
# A client that was suspended never takes its answer; nobody waits for it longer than this.
_FAREWELL_SECONDS = 30.0

log = logging.getLogger("retrieval.index.owner")


class Owner:
    """Serves one index at one socket until it is told to stop, has been idle, or has lost its folder."""

    def __init__(self, index: EdgeIndex, listener: socket.socket, *, dimensions: int, idle_seconds: float) -> None:
        self._index = index
        self._listener = listener
        self._path = Path(listener.getsockname())
        self._dimensions = dimensions
        self._idle_seconds = idle_seconds
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._changes = threading.Lock()
        self._quiet_since = time.monotonic()
        self._ears, self._bell = socket.socketpair()
        self._stopping = False
        self._upkeep = threading.Thread()

    def stop(self) -> None:
        """Have `serve` return soon. Safe to call in a signal handler and from any thread."""
        self._stopping = True
        self._bell.send(b".")

    def serve(self) -> None:
        """Answer until it is time to go. Requests under way are finished and answered first."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._ears, selectors.EVENT_READ)
            while not self._stopping:
                for key, _ in selector.select(_TICK_SECONDS):
                    if key.fileobj is self._listener:
                        self._admit()
                if self._reason_to_go():
                    break
        self._listener.close()
        with self._changes:
            remaining = dict(self._connections)
        for connection in remaining:
            with contextlib.suppress(OSError):  # its client left just now
                connection.shutdown(socket.SHUT_RD)  # no further requests; the answer under way still goes out
        deadline = time.monotonic() + _FAREWELL_SECONDS
        for thread in remaining.values():
            thread.join(max(0.0, deadline - time.monotonic()))

    def _reason_to_go(self) -> bool:
        if not self._index.intact() or not self._path.exists():
            log.warning("the folder or the socket was removed, leaving")
            return True
        with self._changes:
            if self._connections or self._upkeep.is_alive():
                self._quiet_since = time.monotonic()
            idle = time.monotonic() - self._quiet_since > self._idle_seconds
        if idle:
            log.info("idle, leaving")
        return idle

    def _admit(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError as error:  # out of descriptors: the others are served on, this one keeps knocking
            log.warning("a connection could not be taken: %s", error)
            time.sleep(0.1)
            return
        with self._changes:
            full = len(self._connections) >= MOST_CONNECTIONS
            if not full:
                thread = threading.Thread(target=self._attend, args=(connection,), daemon=True)
                self._connections[connection] = thread
                thread.start()
        if full:
            log.warning("more than %d connections, one refused", MOST_CONNECTIONS)
            with connection, contextlib.suppress(OSError):
                wire.send(connection, _unavailable("The index has too many users at once.", "Try again later."))

    def _attend(self, connection: socket.socket) -> None:
        try:
            rendezvous.check_peer(connection)
            wire.send(connection, self._greet(wire.receive(connection)))
            while True:
                request = wire.receive(connection)
                if not self._index.intact():  # never answer from files that were deleted
                    self.stop()
                    return
                wire.send(connection, self._answer(request))
        except ConnectionError:
            pass  # the client is done
        except (IndexUnavailable, wire.BadFrame) as error:
            log.warning("a connection was closed: %s", error)
        finally:
            with self._changes:
                del self._connections[connection]
            connection.close()

    def _greet(self, hello: wire.Message) -> wire.Message:
        if hello.get("stop"):  # whoever asks in whatever version
            self.stop()
            return {"result": os.getpid()}
        if hello.get("protocol") != wire.PROTOCOL:
            return _unavailable(
                f"The process that owns the index (pid {os.getpid()}) is of another version of Stafwijzer.",
                f"End it with: kill {os.getpid()}",
            )
        if hello.get("dimensions") != self._dimensions:
            return _unavailable(
                f"The index is open with vectors of {self._dimensions} dimensions, "
                f"the embedding model makes {hello.get('dimensions')}.",
                "Run `stafwijzer corpus reindex` to build it again from the catalog.",
            )
        return {"result": os.getpid()}

    def _answer(self, request: wire.Message) -> wire.Message:
        try:
            return {"result": _ACTIONS[cast(str, request["do"])](self, request)}
        except IndexUnavailable as error:
            return _unavailable(error.problem, error.hint)
        except ValueError as error:
            return {"invalid": str(error)}
        except Exception:
            # One request that finds a defect must not end the index for everybody: log it, tell the client, go on.
            log.exception("defect while answering %r", request.get("do"))
            return {"defect": "see owner.log in the index folder"}

    def _upsert(self, request: wire.Message) -> None:
        self._index.upsert(wire.unpack_points(request))

    def _delete_versions(self, request: wire.Message) -> None:
        self._index.delete_versions(cast("list[str]", request["versions"]))

    def _search(self, request: wire.Message) -> wire.Message:
        dense, sparse = request["dense"], request["sparse"]
        return wire.pack_candidates(
            self._index.search(
                dense=None if dense is None else wire.unpack_vector(dense),
                sparse=None if sparse is None else wire.unpack_sparse(sparse),
                within=wire.unpack_filter(request["within"]),
                limit=cast(int, request["limit"]),
            )
        )

    def _vectors(self, request: wire.Message) -> wire.Message:
        found = self._index.vectors(cast("list[str]", request["ids"]))
        return {id: wire.pack_vector(vector) for id, vector in found.items()}

    def _points(self, request: wire.Message) -> wire.Message:
        return wire.pack_points(list(self._index.points(cast("list[str]", request["ids"])).values()))

    def _ids_page(self, request: wire.Message) -> object:
        return self._index.ids_page(cast("str | None", request["start"]))

    def _count(self, request: wire.Message) -> int:
        return self._index.count()

    def _flush(self, request: wire.Message) -> None:
        self._index.flush()

    def _maintain(self, request: wire.Message) -> None:
        with self._changes:
            if not self._upkeep.is_alive():  # the client need not wait for it
                self._upkeep = threading.Thread(target=self._maintain_now, daemon=True)
                self._upkeep.start()

    def _maintain_now(self) -> None:
        try:
            self._index.maintain()
        except IndexUnavailable as error:
            log.warning("upkeep failed: %s", error)

    def _purge(self, request: wire.Message) -> bool:
        return self._index.purge()

    def _drop(self, request: wire.Message) -> None:
        self._index.drop()

    def _health(self, request: wire.Message) -> wire.Message:
        return asdict(self._index.health())


_ACTIONS: dict[str, Callable[[Owner, wire.Message], object]] = {
    "upsert": Owner._upsert,
    "delete_versions": Owner._delete_versions,
    "search": Owner._search,
    "vectors": Owner._vectors,
    "points": Owner._points,
    "ids_page": Owner._ids_page,
    "count": Owner._count,
    "flush": Owner._flush,
    "maintain": Owner._maintain,
    "purge": Owner._purge,
    "drop": Owner._drop,
    "health": Owner._health,
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m retrieval.index.owner", description="Own and serve an index.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dimensions", type=int, required=True)
    parser.add_argument("--idle-seconds", type=float, default=IDLE_SECONDS)
    parser.add_argument("--tidy-above-bytes", type=int, default=TIDY_ABOVE_BYTES)
    options = parser.parse_args(arguments)
    folder = options.folder.absolute()
    try:
        lock = _become_owner(folder)
        if lock is None:
            return 0
        log_to(folder / "owner.log")
        listener = rendezvous.listen(folder)
    except (IndexUnavailable, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    try:
        index = EdgeIndex(folder, dimensions=options.dimensions, tidy_above_bytes=options.tidy_above_bytes)
    except IndexUnavailable as error:
        log.error("%s", error)
        _tell(listener, error)
        return 1
    owner = Owner(index, listener, dimensions=options.dimensions, idle_seconds=options.idle_seconds)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: owner.stop())
    log.info("open, %d points", index.count())
    owner.serve()
    try:
        index.close()
    except IndexUnavailable as error:
        log.error("%s", error)
        return 1
    log.info("closed")
    return 0  # the lock goes with the process, after all else


def _become_owner(folder: Path) -> int | None:
    """Wait for the lock. None when another owner turns out to be answering."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (lock := rendezvous.take_ownership(folder)) is None:
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(rendezvous.socket_path(folder)))
            return None
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise IndexUnavailable(
                f"Another process keeps the index in {folder} locked and does not answer.", hint="End that process."
            )
        time.sleep(0.05)
    return lock


def _tell(listener: socket.socket, error: IndexUnavailable) -> None:
    """Tell those who are waiting why the index cannot be opened."""
    deadline = time.monotonic() + _TELL_SECONDS
    listener.settimeout(_TELL_SECONDS)
    told = False
    while not told and time.monotonic() < deadline:
        try:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(1.0)
                wire.receive(connection)
                wire.send(connection, _unavailable(error.problem, error.hint))
                told = True
        except (OSError, wire.BadFrame):
            continue


def _unavailable(problem: str, hint: str) -> wire.Message:
    return {"unavailable": [problem, hint]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
