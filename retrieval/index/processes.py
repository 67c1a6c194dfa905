"""Start a module of this package in an interpreter of its own, hold lock files, and be killed with one's parent.

Knows nothing of what the modules do."""

import ctypes
import fcntl
import os
import signal
import sys
import sysconfig
from pathlib import Path

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def module_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs `module`. -P keeps the working directory off the import path."""
    return [sys.executable, "-P", "-m", module, *arguments]


def module_environment() -> dict[str, str]:
    """Return the environment in which a child imports the same package as this process."""
    environment = dict(os.environ)
    if _PACKAGE_ROOT not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        # A checkout. An installed package is found anyway, and must not be put in front of the standard library.
        paths = [_PACKAGE_ROOT, environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return environment


def take_lock(path: Path) -> int | None:
    """Take an exclusive lock on a file for as long as the returned descriptor is open; None when another has it.

    Raises OSError when the file cannot be opened. The file stays: removing it would let two processes hold it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def die_with_parent(parent: int) -> None:
    """End this process as soon as `parent` ends, even while an extension holds the interpreter. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the line above
            os._exit(1)
