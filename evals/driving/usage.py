"""Read what a process of this machine has used: memory and processor time. Linux only, from /proc; changes nothing."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
# /proc/net/tcp: the state of a socket that listens.
_LISTENS = "0A"


@dataclass(frozen=True, slots=True)
class Reading:
    """A process at one moment."""

    process: int
    memory_mebibytes: float
    """Resident."""
    peak_mebibytes: float
    """The most it ever was resident, since the process began."""
    processor_seconds: float
    """In user and in system mode, of all its threads and not of its children."""


@dataclass(frozen=True, slots=True)
class Usage:
    """A process during some time."""

    process: int
    memory_before_mebibytes: float
    memory_mebibytes: float
    peak_mebibytes: float
    """Since the process began, which may be before that time."""
    processor_seconds: float
    cores: float
    """Processor seconds for each second that passed."""


def read_usage(process: int) -> Reading | None:
    """Return what a process has used until now, or None where that cannot be read."""
    try:
        status = (_PROC / str(process) / "status").read_text(encoding="utf-8", errors="replace")
        times = (_PROC / str(process) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    memory = {name: int(size) / 1024 for name, size in re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB", status, re.MULTILINE)}
    if len(memory) < 2:
        # A process that has ended and is not yet fetched has no memory.
        return None
    # After the name in brackets come fields 3 and on; utime and stime are 14 and 15 (proc_pid_stat(5)).
    ticks = int(times[11]) + int(times[12])
    return Reading(process, memory["VmRSS"], memory["VmHWM"], ticks / os.sysconf("SC_CLK_TCK"))


def usage_between(before: Reading | None, after: Reading | None, *, seconds: float) -> Usage | None:
    """Return what a process used between two readings; None when one of them is missing."""
    if before is None or after is None or before.process != after.process:
        return None
    spent = after.processor_seconds - before.processor_seconds
    return Usage(
        after.process,
        before.memory_mebibytes,
        after.memory_mebibytes,
        after.peak_mebibytes,
        spent,
        spent / seconds if seconds > 0 else 0.0,
    )


def listening_process(port: int) -> int | None:
    """Return the process of this machine that listens on a port, where this user may know it."""
    sockets = _listening_sockets(port)
    numbers = sorted(int(path.name) for path in _PROC.glob("[0-9]*")) if sockets else []
    return next((number for number in numbers if sockets & _open_files(number)), None)


def _listening_sockets(port: int) -> set[str]:
    """Return the names under which a listening socket shows among a process's open files."""
    found = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = (_PROC / "net" / table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for fields in map(str.split, lines):
            if fields[3] == _LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(f"socket:[{fields[9]}]")
    return found


def _open_files(process: int) -> set[str]:
    """Return what a process has open; nothing of one that has ended or belongs to another user."""
    names = set()
    with suppress(OSError):
        for path in list((_PROC / str(process) / "fd").iterdir()):
            # One that was closed since it was listed.
            with suppress(OSError):
                names.add(os.readlink(path))
    return names
