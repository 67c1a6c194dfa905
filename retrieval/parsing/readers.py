"""Hand files to worker processes that are kept and used again, and hand back what they read in the order asked for.

Knows nothing of formats, and nothing of corpora."""

import atexit
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType

from retrieval.limits import Limits
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.parsing.worker_process import WORKER, WorkerProcess

# A worker starts anew after so many files: what a library leaks, or a file left behind in it, does not last.
_FILES_TO_A_WORKER = 200

Outcome = Loaded | NotLoaded | OSError
"""What came of a file: its text, or why there is none."""


class Readers:
    """A few workers. Any thread may ask; each file has a worker to itself, so there are as many as files at once."""

    def __init__(self, *, workers: int = 1, limits: Limits | None = None, module: str = WORKER) -> None:
        """Start nothing yet: a worker (0.3 s) starts with the first file it is needed for, and runs `module`."""
        self._limits = limits or Limits()
        self._module = module
        self._workers = workers
        self._idle: SimpleQueue[WorkerProcess] = SimpleQueue()
        self._busy: set[WorkerProcess] = set()

    def __enter__(self) -> "Readers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def load(self, path: Path, *, name: str | None = None) -> Loaded:
        """Read one document as `retrieval.loading.load` does. Raises NotLoaded, and Stopped (a NotLoaded) when the
        file took too long, too much memory or made its reader crash; OSError if it cannot be opened."""
        with self._worker() as worker:
            return worker.load(path, name=name or path.name)

    def load_many(
        self, files: Iterable[tuple[Path, str]], *, ahead: int | None = None
    ) -> Generator[Outcome, None, None]:
        """Yield for each (path, name) in order what came of it, while the workers read on, `ahead` files at most
        (four to a worker): what waits to be taken is bounded. `files` is taken from as needed."""
        ahead = ahead or 4 * self._workers
        pending: deque[Future[Outcome]] = deque()
        rest = iter(files)
        threads = ThreadPoolExecutor(self._workers, thread_name_prefix="reader")
        try:
            for path, name in rest:
                pending.append(threads.submit(self._outcome, path, name))
                if len(pending) > ahead:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            # Whoever stops early does not wait for files that nobody will take.
            threads.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End the workers. Whoever still waits for one gets Stopped."""
        for worker in tuple(self._busy):
            worker.kill()
        with suppress(Empty):
            while True:
                self._idle.get_nowait().end()

    def _outcome(self, path: Path, name: str) -> Outcome:
        try:
            return self.load(path, name=name)
        except (NotLoaded, OSError) as outcome:
            return outcome

    @contextmanager
    def _worker(self) -> Iterator[WorkerProcess]:
        worker = self._take()
        self._busy.add(worker)
        answered = False
        try:
            yield worker
            answered = True
        except (NotLoaded, OSError):
            answered = True
            raise
        finally:
            self._busy.discard(worker)
            # Interrupted half-way (Ctrl-C), its next answer would be that to an older question.
            if answered and worker.is_alive and worker.files < _FILES_TO_A_WORKER:
                self._idle.put(worker)
            else:
                worker.end()

    def _take(self) -> WorkerProcess:
        with suppress(Empty):
            while True:
                worker = self._idle.get_nowait()
                if worker.is_alive:
                    return worker
                worker.end()
        return WorkerProcess(self._limits, module=self._module)


def load_isolated(path: Path, *, name: str | None = None, limits: Limits | None = None) -> Loaded:
    """Read one document in a worker that this process shares and keeps until it ends. Raises as `Readers.load`."""
    return _shared(limits or Limits()).load(path, name=name)


@cache
def _shared(limits: Limits) -> Readers:
    readers = Readers(limits=limits)
    atexit.register(readers.close)
    return readers
