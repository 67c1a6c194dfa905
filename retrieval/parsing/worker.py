"""The worker: read one file after another, as the parent asks on standard input, until it closes that.

Run as `python -m retrieval.parsing.worker` by `worker_process`. Knows no corpus, catalog, index or model."""

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from retrieval.limits import Limits, in_force, progress
from retrieval.loading import Loaded, NotLoaded, load
from retrieval.parsing.confining import confine, restart_clock, start_clocks, stop_clock
from retrieval.parsing.wire import Failed, Progress, Reply, Request, Unopened, read_request, write_reply

Read = Callable[..., Loaded]


def load_and_screen(path: Path, *, name: str) -> Loaded:
    """Read one document and say what its owner should know of the file. Raises what `load` raises."""
    loaded = load(path, name=name)
    # Imported after loading: a file that is refused needs none of it.
    from retrieval.screening import screen

    return replace(loaded, flags=screen(name, path.read_bytes(), loaded))


def main(read: Read = load_and_screen) -> None:
    """Serve until the parent closes standard input. `read` is called as `load` is."""
    requests, replies = sys.stdin.buffer, _private_output()
    confined = False
    while line := requests.readline():
        request = read_request(line)
        if not confined:
            confine(request.limits)
            confined = True
        reply = _answer(request, read, replies)
        _send(replies, reply)
        # What a loader left half-done when memory ran out is not to be trusted with another file.
        if isinstance(reply, Failed) and reply.out_of_memory:
            return


def _private_output() -> BinaryIO:
    """Keep standard output for replies: a library that prints there would break them."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def _answer(request: Request, read: Read, replies: BinaryIO) -> Reply:
    in_force.set(request.limits)
    progress.set(_reporter(request.limits, replies))
    start_clocks(request.limits)
    try:
        return read(request.path, name=request.name)
    except NotLoaded as error:
        return NotLoaded(error.reason)
    except OSError as error:
        return Unopened(error.errno or 0, error.strerror or str(error))
    except MemoryError:
        return Failed(out_of_memory=True, trace="")
    except Exception:  # noqa: BLE001 (whatever a parser raises costs its file only; the parent logs it)
        return Failed(out_of_memory=False, trace=traceback.format_exc(limit=-20))
    finally:
        stop_clock()


def _reporter(limits: Limits, replies: BinaryIO) -> Callable[[], None]:
    def report() -> None:
        restart_clock(limits)
        _send(replies, Progress())

    return report


def _send(replies: BinaryIO, reply: Reply) -> None:
    replies.write(write_reply(reply))
    replies.flush()


if __name__ == "__main__":
    main()
