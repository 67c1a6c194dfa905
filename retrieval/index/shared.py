"""Let many processes use one index folder: ask its owner, and start an owner when there is none.

Implements the index protocol by passing every call on. Knows nothing of the engine, which only the owner loads."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from retrieval.index import wire
from retrieval.index.checking import check_points, check_query
from retrieval.index.ending import discard
from retrieval.index.greeting import START_SECONDS, say_hello
from retrieval.index.processes import module_command, module_environment
from retrieval.index.protocol import Candidates, IndexHealth, IndexUnavailable, Point, PointFilter, SparseVector, Vector

READ_SECONDS = 30.0
# A writer may wait for a copy of the whole shard (`maintain`) and a flush for the disk.
WRITE_SECONDS = 300.0

# An empty shard takes some megabytes; with less than this free, a full disk is why it did not open.
_LEAST_FREE_BYTES = 16 * 1024**2

_MOST_IDLE = 8
_MOST_FAILED_STARTS = 3
_MOST_STARTS = 20  # an owner that finds another one answering ends at once, without having failed


class SharedEdgeIndex:
    """The points in `folder`, shared. Implements `retrieval.index.protocol.Index`.

    Connects at the first call. May be used from many threads, and after a fork."""

    def __init__(
        self, folder: Path, *, dimensions: int, start_seconds: float = START_SECONDS, owner_options: Sequence[str] = ()
    ) -> None:
        """`owner_options` are passed to an owner that this client starts: see `python -m retrieval.index.owner -h`."""
        self._folder = folder.absolute()
        self._dimensions = dimensions
        self._start_seconds = start_seconds
        self._owner_options = tuple(owner_options)
        self._idle: list[socket.socket] = []
        self._idle_lock = threading.Lock()
        self._process = os.getpid()
        self._closed = False

    def upsert(self, points: Sequence[Point]) -> None:
        check_points(points, dimensions=self._dimensions)  # all of them, before the first frame leaves
        for start in range(0, len(points), wire.UPSERT_POINTS):
            batch = points[start : start + wire.UPSERT_POINTS]
            self._ask("upsert", wire.pack_points(batch), seconds=WRITE_SECONDS)

    def delete_versions(self, versions: Sequence[str]) -> None:
        for start in range(0, len(versions), wire.NAMES):
            batch = list(versions[start : start + wire.NAMES])
            self._ask("delete_versions", {"versions": batch}, seconds=WRITE_SECONDS)

    def search(
        self, *, dense: Vector | None, sparse: SparseVector | None, within: PointFilter, limit: int
    ) -> Candidates:
        check_query(dense, sparse, dimensions=self._dimensions)
        request = {
            "dense": None if dense is None else wire.pack_vector(dense),
            "sparse": None if sparse is None else wire.pack_sparse(sparse),
            "within": wire.pack_filter(within),
            "limit": limit,
        }
        return wire.unpack_candidates(cast(wire.Message, self._ask("search", request)))

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        vectors: dict[str, Vector] = {}
        for start in range(0, len(ids), wire.NAMES):
            found = self._ask("vectors", {"ids": list(ids[start : start + wire.NAMES])})
            for id, packed in cast(wire.Message, found).items():
                vectors[id] = wire.unpack_vector(packed)
        return vectors

    def points(self, ids: Sequence[str]) -> dict[str, Point]:
        found: dict[str, Point] = {}
        for start in range(0, len(ids), wire.UPSERT_POINTS):
            packed = self._ask("points", {"ids": list(ids[start : start + wire.UPSERT_POINTS])})
            found.update((point.id, point) for point in wire.unpack_points(cast(wire.Message, packed)))
        return found

    def ids(self) -> set[str]:
        found: set[str] = set()
        following: str | None = None
        while True:
            page, following = cast("tuple[list[str], str | None]", self._ask("ids_page", {"start": following}))
            found.update(page)
            if following is None:
                return found

    def count(self) -> int:
        return cast(int, self._ask("count"))

    def flush(self) -> None:
        self._ask("flush", seconds=WRITE_SECONDS)

    def maintain(self) -> None:
        """Have the owner tidy up in the background; returns at once."""
        self._ask("maintain")

    def purge(self) -> bool:
        return cast(bool, self._ask("purge", seconds=WRITE_SECONDS))

    def drop(self) -> None:
        """Remove all points, also those of an index that is too damaged to be opened."""
        try:
            self._ask("drop", seconds=WRITE_SECONDS)
        except IndexUnavailable:
            if self._closed:
                raise
            discard(self._folder)
            self._ask("count")  # begins the new one

    def health(self) -> IndexHealth:
        health = cast("dict[str, object]", self._ask("health"))
        return IndexHealth(
            engine=cast(str, health["engine"]),
            points=cast(int, health["points"]),
            segments=cast("int | None", health["segments"]),
            bytes_on_disk=cast("int | None", health["bytes_on_disk"]),
        )

    def close(self) -> None:
        """Disconnect. The owner goes on for other clients, and ends by itself when it has none."""
        with self._idle_lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    # Asking

    def _ask(self, do: str, request: wire.Message | None = None, *, seconds: float = READ_SECONDS) -> object:
        """Ask the owner; once more when it went away meanwhile. Every request can be done twice without harm."""
        message = {"do": do, **(request or {})}
        try:
            return self._ask_once(message, seconds)
        except ConnectionError:
            self._forget_idle()
        try:
            return self._ask_once(message, seconds)
        except ConnectionError as error:
            raise IndexUnavailable(
                f"The process that owns the index in {self._folder} went away twice during one request.",
                hint=f"See {self._folder / 'owner.log'}.",
            ) from error

    def _ask_once(self, message: wire.Message, seconds: float) -> object:
        connection = self._take()
        try:
            connection.settimeout(seconds)
            wire.send(connection, message)
            answer = wire.receive(connection)
        except TimeoutError as error:
            connection.close()
            raise IndexUnavailable(
                f"The process that owns the index in {self._folder} did not answer within {seconds:.0f} s.",
                hint=f"See {self._folder / 'owner.log'}; end the process if it hangs, it is started again by itself.",
            ) from error
        except BaseException:
            connection.close()  # an answer may still be under way in it
            raise
        self._put_back(connection)
        return _result(answer)

    def _take(self) -> socket.socket:
        with self._idle_lock:
            if self._closed:
                raise IndexUnavailable(f"The index in {self._folder} is closed.", hint="Open it again.")
            if self._process != os.getpid():
                self._idle, self._process = [], os.getpid()  # after a fork these are the parent's conversations
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _put_back(self, connection: socket.socket) -> None:
        with self._idle_lock:
            if not self._closed and len(self._idle) < _MOST_IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _forget_idle(self) -> None:
        with self._idle_lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    # Finding or starting the owner

    def _connect(self) -> socket.socket:
        deadline = time.monotonic() + self._start_seconds
        pause = 0.01
        starts: list[subprocess.Popen[bytes]] = []
        while True:
            try:
                return self._greet(deadline)
            except (FileNotFoundError, ConnectionError, BlockingIOError):
                pass  # nobody listens, or just stopped to
            if not starts or starts[-1].poll() is not None:
                failed = sum(bool(start.returncode) for start in starts)
                if failed >= _MOST_FAILED_STARTS or len(starts) >= _MOST_STARTS:
                    raise self._not_started("could not be started")
                starts.append(self._start_owner())
            if time.monotonic() > deadline:
                raise self._not_started(f"did not answer within {self._start_seconds:.0f} s")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.25)

    def _greet(self, deadline: float) -> socket.socket:
        hello = {"protocol": wire.PROTOCOL, "dimensions": self._dimensions}
        connection, answer = say_hello(self._folder, hello, deadline)
        try:
            _result(answer)
        except BaseException:
            connection.close()
            raise
        return connection

    def _start_owner(self) -> subprocess.Popen[bytes]:
        options = ["--dimensions", str(self._dimensions), *self._owner_options]
        try:
            with (self._folder / "owner.log").open("ab") as log:
                owner = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                    module_command("retrieval.index.owner", str(self._folder), *options),
                    env=module_environment(),
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                    start_new_session=True,  # it outlives this process and the terminal
                )
        except OSError as error:
            raise self._not_started(f"could not be started ({error.strerror})") from error
        # Collects the exit code when it ends before this process does.
        threading.Thread(target=owner.wait, daemon=True).start()
        return owner

    def _not_started(self, what: str) -> IndexUnavailable:
        if self._folder.exists() and shutil.disk_usage(self._folder).free < _LEAST_FREE_BYTES:
            return IndexUnavailable(
                f"The index in {self._folder} cannot be opened: the disk is full.",
                hint="Free some space, and run the same command again.",
            )
        return IndexUnavailable(
            f"The process that owns the index in {self._folder} {what}.",
            hint=f"See {self._folder / 'owner.log'}.",
        )


def _result(answer: wire.Message) -> object:
    if "unavailable" in answer:
        problem, hint = cast("list[str]", answer["unavailable"])
        raise IndexUnavailable(problem, hint=hint)
    if "invalid" in answer:
        raise ValueError(answer["invalid"])
    if "defect" in answer:
        raise RuntimeError(f"the owner of the index failed: {answer['defect']}")
    return answer["result"]
