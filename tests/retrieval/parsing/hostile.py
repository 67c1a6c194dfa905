"""A worker whose files say what their parser does: the double for parsers that go wrong."""

import errno
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from retrieval.limits import in_force, progress
from retrieval.loading.loaded import Kind, Loaded, NotLoaded, Span
from retrieval.parsing.worker import main


def read(path: Path, *, name: str) -> Loaded:
    """Do what the file says."""
    match path.read_text(encoding="utf-8").split():
        case ["spin"]:
            while True:
                pass
        case ["sleep", seconds]:
            time.sleep(float(seconds))
        case ["sleep", seconds, "and", "report", times]:
            for _ in range(int(times)):
                time.sleep(float(seconds))
                progress.get()()
        case ["child"]:
            subprocess.run(["sleep", "60"], check=True)
        case ["swell"]:
            return said(str(len(bytearray(4 * in_force.get().memory_bytes))))
        case ["abort"]:
            os.abort()
        case ["raise"]:
            raise KeyError("a defect")
        case ["print"]:
            print('{"loaded": ["", [], "", {}, []]}', flush=True)
        case ["lie"]:
            os.write(3, b'{"loaded": ["text", [[0, 99, "paragraph", null, 0]], "", {}, []]}\n')
            time.sleep(60)
        case ["refuse"]:
            raise NotLoaded(f"{name} is refused.")
        case ["deny"]:
            raise PermissionError(errno.EACCES, "Permission denied")
        case ["connect"]:
            return said(" ".join([refused(socket.AF_INET), refused(socket.AF_INET6), refused(socket.AF_UNIX)]))
        case ["modules"]:
            return said(" ".join(sorted(sys.modules)))
        case ["environment"]:
            return said(json.dumps(dict(os.environ)))
        case ["worker"]:
            return said(str(os.getpid()))
    return said("done")


def refused(family: socket.AddressFamily) -> str:
    """How the attempt to reach somebody ends."""
    try:
        with socket.socket(family) as opened:
            opened.connect("/nobody")
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "connected"


def said(text: str) -> Loaded:
    return Loaded(text, (Span(0, len(text), Kind.PARAGRAPH),), "")


if __name__ == "__main__":
    main(read)
