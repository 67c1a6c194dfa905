"""Take away from this process what a parser has no use for: memory without end, and the network.

The network is closed on Linux on x86-64 and ARM; elsewhere the limits of POSIX hold and it stays open.
Knows nothing of files or formats."""

import ctypes
import errno
import math
import platform
import resource
import signal
import sys

from retrieval.limits import Limits

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | errno.EACCES
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
# Of the 32-bit interface that x86-64 kernels may offer beside their own: its calls have other numbers.
_X32 = 0x40000000
_IO_URING_SETUP = 425  # a ring can open sockets without the call
# AUDIT_ARCH of linux/audit.h, and the number of socket(2).
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def confine(limits: Limits) -> None:
    """Bound this process and whatever it starts, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.unpacked_bytes, limits.unpacked_bytes))
    # A core dump would leave the text of a document behind.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _close_network()


def start_clocks(limits: Limits) -> None:
    """Give this process its seconds for one file. Linux ends it when they are used up, whatever it is doing; the
    parent does too, so this only matters once the parent is gone."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(usage.ru_utime + usage.ru_stime) + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
    restart_clock(limits)


def restart_clock(limits: Limits) -> None:
    """A slow step is done: the wall clock begins again."""
    # Later than the parent, which can say why.
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds + 10)


def stop_clock() -> None:
    """Waiting for the next file is not working."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def _close_network() -> None:
    """Refuse to make sockets from here on (seccomp, filter mode). No right is needed for that, and there is no way
    back; children inherit it."""
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return
    architecture, socket = _MACHINES[platform.machine()]
    steps = [
        _Instruction(_LOAD, 0, 0, _ARCHITECTURE),
        _Instruction(_EQUAL, 0, 5, architecture),
        _Instruction(_LOAD, 0, 0, _NUMBER),
        _Instruction(_AT_LEAST, 3, 0, _X32),
        _Instruction(_EQUAL, 2, 0, socket),
        _Instruction(_EQUAL, 1, 0, _IO_URING_SETUP),
        _Instruction(_RETURN, 0, 0, _ALLOW),
        _Instruction(_RETURN, 0, 0, _DENY),
    ]
    program = _Program(len(steps), (_Instruction * len(steps))(*steps))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)
