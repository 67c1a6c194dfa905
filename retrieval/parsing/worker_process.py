"""One worker process as its parent sees it: start it, ask it for a file, and end it when it does not answer in time.

Knows nothing of formats. What a worker writes is not trusted; see `wire`."""

import errno
import logging
import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from retrieval.limits import Limits
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.parsing.wire import (
    MAX_REPLY_BYTES,
    BadReply,
    Failed,
    Progress,
    Reply,
    Request,
    Unopened,
    read_reply,
    write_request,
)

log = logging.getLogger(__name__)

WORKER = "retrieval.parsing.worker"
# Everything else stays behind: keys and passwords live in environments.
_INHERITED = ("LANG", "LC_ALL", "LC_CTYPE", "PATH", "PYTHONPATH", "TESSDATA_PREFIX", "TMPDIR")
_STEP_BYTES = 1024 * 1024
_SECONDS_TO_START = 30
_OUT_OF_MEMORY = frozenset({errno.ENOMEM, errno.EFBIG})


class Cause(StrEnum):
    """Why a worker was ended, or ended itself."""

    SLOW = "slow"
    LARGE = "large"
    CRASHED = "crashed"


class Stopped(NotLoaded):
    """A file whose reading had to be stopped. `cause` tells why, for counting."""

    def __init__(self, reason: str, cause: Cause) -> None:
        super().__init__(reason)
        self.cause = cause


class WorkerProcess:
    """Reads one file at a time. Used by one thread at a time."""

    def __init__(self, limits: Limits, *, module: str = WORKER) -> None:
        """Start the process, which runs `module`. It is ready when it first answers."""
        self.limits = limits
        self.files = 0
        self._unread = bytearray()
        # Imported here: workers import this package too, and have no use for an index or what it brings (numpy).
        from retrieval.index.processes import module_command, module_environment

        whole = module_environment()
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            module_command(module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={key: whole[key] for key in _INHERITED if key in whole} | {"OMP_THREAD_LIMIT": "1"},
            # A group of its own: what it starts is ended with it, and Ctrl-C is for the parent to handle.
            start_new_session=True,
        )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def load(self, path: Path, *, name: str) -> Loaded:
        """Read one file. Raises NotLoaded as `retrieval.loading.load` does, Stopped (the process is gone then), or
        OSError if the file cannot be opened."""
        reply = self._ask(Request(Path(os.path.abspath(path)), name, self.limits))
        self.files += 1
        match reply:
            case Loaded():
                return reply
            case NotLoaded():
                raise reply
            case Unopened(number) if number not in _OUT_OF_MEMORY:
                raise OSError(number, reply.strerror, str(path))
            case Failed(out_of_memory=False):
                log.error("Reading %s failed:\n%s", name, reply.trace)
                raise Stopped(
                    f"{name} could not be read, its reader failed on it; save it again, or as .pdf, and add that.",
                    Cause.CRASHED,
                )
        self.end()
        raise self._too_large(name)

    def kill(self) -> None:
        """End the process and whatever it started, at once. Whoever waits for an answer gets Stopped."""
        if self._process.poll() is None:
            # It leads its group, and is not waited for yet: the number cannot be another's.
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Kill the process and let go of what it held. Only for the thread that uses it."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _ask(self, request: Request) -> Reply:
        assert self._process.stdin
        try:
            os.write(self._process.stdin.fileno(), write_request(request))
        except BrokenPipeError:
            raise self._crashed(request.name) from None
        # Until a new worker first answers, part of the time is its own.
        patience = self.limits.wall_seconds + (0 if self.files else _SECONDS_TO_START)
        while isinstance(reply := self._reply(request.name, patience), Progress):
            patience = self.limits.wall_seconds
        return reply

    def _reply(self, name: str, patience: float) -> Reply:
        line, deadline = self._unread, time.monotonic() + patience
        with selectors.DefaultSelector() as ready:
            assert self._process.stdout
            ready.register(self._process.stdout, selectors.EVENT_READ)
            while (end := line.find(b"\n", max(0, len(line) - _STEP_BYTES))) < 0:
                if not ready.select(max(0.0, deadline - time.monotonic())):
                    self.end()
                    raise self._too_slow(name)
                step = os.read(self._process.stdout.fileno(), _STEP_BYTES)
                line += step
                if not step or len(line) > MAX_REPLY_BYTES:
                    raise self._crashed(name)
        # Progress and reply may arrive together.
        line, self._unread = line[:end], line[end + 1 :]
        try:
            return read_reply(bytes(line))
        except BadReply:
            raise self._crashed(name) from None

    def _too_slow(self, name: str) -> Stopped:
        seconds = min(self.limits.wall_seconds, self.limits.cpu_seconds)
        return Stopped(f"{name} took longer than {seconds:g} s to read; split it and add the parts.", Cause.SLOW)

    def _too_large(self, name: str) -> Stopped:
        return Stopped(
            f"{name} needs more than {self.limits.memory_bytes / 2**30:g} GiB of memory to read; "
            "split it and add the parts.",
            Cause.LARGE,
        )

    def _crashed(self, name: str) -> Stopped:
        # Its last words are read: it ends by itself within moments, or has been taken over.
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        ended = self._process.poll()
        self.end()
        if ended in (-signal.SIGXCPU, -signal.SIGALRM):
            return self._too_slow(name)
        if ended == -signal.SIGKILL:  # by `kill`, or by a kernel that is out of memory
            return self._too_large(name)
        log.error("The reader of %s ended with %s", name, ended)
        return Stopped(
            f"{name} made its reader crash, because it is damaged or needs more than "
            f"{self.limits.memory_bytes / 2**30:g} GiB of memory; save it again, or as .pdf, and add that.",
            Cause.CRASHED,
        )
